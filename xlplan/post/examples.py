"""Letters of an invented school in every situation: for the documentation, and for looking a wording through."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from xlplan.findings import Finding, Severity, finding, said
from xlplan.form.upgrade import NO_BOX, UPGRADED
from xlplan.languages.speech import phrases
from xlplan.post.days import SPANISH, day_in_words, short_day
from xlplan.post.words import Item, PartWords, PlanWords, SchoolWords, Words

DUE = date(2026, 12, 18)
_COPY = "530825001378_spokane-adams-elementary"


@dataclass(frozen=True, slots=True)
class Example:
    """A situation, the letter that is for it, and its facts."""

    title: str
    letter: str
    words: Words


def examples(language: str = "") -> Iterator[Example]:
    """Every situation that a letter speaks of, the commonest first."""
    yield from _distribute(language)
    yield from _letters(language)
    yield from _reminders(language)


def _distribute(language: str) -> Iterator[Example]:
    plan = PlanWords(title=_title(language), state="new", file=f"{_COPY}.xlsx")
    parts = replace(plan, file="", parts=_parts(language, ("new",) * 3))
    told = _words(language, plan)
    yield Example("One workbook", "distribute", told)
    yield Example(
        "A split plan, no deadline, nobody to ask", "distribute", _bare(replace(told, plans=(parts,)))
    )
    yield Example(
        "A later round, with a later day agreed on",
        "distribute",
        replace(told, round="carried", extended=True),
    )
    yield Example("The mid-year check", "distribute", replace(told, round="status"))
    schools = tuple(
        SchoolWords(name=name, id=key, files=(f"{key}_spokane-{name.split()[0].lower()}.xlsx",))
        for name, key in (("Browne Elementary", "530825001379"), ("Finch Elementary", "530825001380"))
    )
    cover = replace(told, school="", plans=(), schools=schools, pack="5308250_spokane.zip")
    yield Example("To a district, for its schools without an address", "cover", cover)


def _letters(language: str) -> Iterator[Example]:
    fix = PlanWords(
        title=_title(language), state="fix", file=f"{_COPY}-fix2.xlsx", received=short_day(date(2026, 12, 1), language),
        fix=2, check=1, items=_items(language), more=4, to_fix=_to_fix(language),
    )  # fmt: skip
    remarks = replace(
        fix, state="remarks", file=f"{_COPY}-fix3.xlsx", remarks=1, items=_remarks(language), more=0
    )
    accepted = replace(fix, state="accepted", file="", items=(), more=0, fix=0, check=0, to_fix="")
    parts = replace(accepted, state="parts", received="", parts=_parts(language, ("in", "fix", "missing")))
    told = replace(_words(language), days=14)
    yield Example("Accepted", "letter", replace(told, plans=(accepted,)))
    yield Example("Things to correct", "letter", replace(told, plans=(fix,)))
    yield Example("Accepted, with points to look at", "letter", replace(told, plans=(replace(
        accepted, check=1, items=_items(language)[2:]),)))  # fmt: skip
    moved = replace(
        accepted, file=f"{_COPY}-fix3.xlsx", place=2, items=_to_place(language), to_fix=_to_fix(language)
    )
    yield Example("Accepted, and the form has changed since", "letter", replace(told, plans=(moved,)))
    yield Example("Sent back by a reader", "letter", replace(told, plans=(remarks,)))
    yield Example("A split plan", "letter", replace(told, plans=(parts,)))
    yield Example("Approved", "letter", replace(told, plans=(replace(accepted, state="approved"),)))
    yield Example("Two versions", "letter", replace(told, plans=(replace(accepted, state="waiting"),)))


def _reminders(language: str) -> Iterator[Example]:
    nothing = PlanWords(title=_title(language), state="nothing", file=f"{_COPY}.xlsx")
    fix = PlanWords(
        title=_title(language), state="fix", file=f"{_COPY}-fix2.xlsx", received=short_day(date(2026, 12, 1), language),
        fix=2, check=1, items=_items(language)[:2], more=1, to_fix=_to_fix(language),
    )  # fmt: skip
    remarks = replace(fix, state="remarks", remarks=1, items=_remarks(language), more=0)
    parts = replace(nothing, state="parts", file="", parts=_parts(language, ("in", "fix", "missing")))
    told = replace(_words(language, nothing), days=7)
    yield Example("Nothing came yet", "remind", told)
    yield Example("Nothing came yet, and the day is over", "remind", replace(told, days=-3))
    yield Example("Corrections are open", "remind", replace(told, plans=(fix,)))
    yield Example(
        "A reader's remarks are open, on the last day", "remind", replace(told, plans=(remarks,), days=0)
    )
    yield Example(
        "Parts are missing, with a later day agreed on",
        "remind",
        replace(told, plans=(parts,), extended=True),
    )
    again = replace(nothing, state="again")
    yield Example(
        "What came cannot count; no deadline, nobody to ask", "remind", _bare(replace(told, plans=(again,)))
    )


def _words(language: str, *plans: PlanWords) -> Words:
    return Words(
        school="Adams Elementary", district="Spokane School District", year="2026-27",
        contact="plans@district.example", due=day_in_words(DUE, language), due_day=short_day(DUE, language),
        plans=plans,
    )  # fmt: skip


def _bare(words: Words) -> Words:
    return replace(words, contact="", due="", due_day="", days=None)


def _title(language: str) -> str:
    if language == SPANISH:
        return "Sistemas para el Éxito Estudiantil: plan de acción"
    return "Systems for Student Success: action plan"


def _to_fix(language: str) -> str:
    return phrases(language)["To fix"] if language else "To fix"


def _items(language: str) -> tuple[Item, ...]:
    challenge, resources = ("Desafío 1", "Recursos") if language == SPANISH else ("Challenge 1", "Resources")
    far = finding(
        "date-outside-window", found="Oct 2, 2062", beyond="after the last plan date, June 30, 2027",
        todo="Enter a date from September 1, 2026 to June 30, 2027. Did you mean Oct 2, 2026?",
    )  # fmt: skip
    owner = "Responsable of paso 1.3" if language == SPANISH else "By Who? of step 1.3"
    empty = finding("missing", label=owner, todo="Fill it in.")
    found = (
        (f"{challenge}, E34", far),
        (f"{challenge}, F36", empty),
        (f"{resources}, E6", finding("cost-unknown", found="Autobús" if language == SPANISH else "Bus")),
    )
    return tuple(_item(place, item, language) for place, item in found)


def _item(place: str, item: Finding, language: str) -> Item:
    message, remedy = said(item, language)
    kind = "fix" if item.severity is Severity.ERROR else "advice"
    return Item(kind=kind, place=place, message=message, remedy=remedy)


def _to_place(language: str) -> tuple[Item, ...]:
    """Answers to the draft Section 2 of sfss, which version 2 asks for in another way."""
    texts = ("Las mañanas de la especialista.", "La consejera dirige el equipo de asistencia.")
    if language != SPANISH:
        texts = ("The specialist’s mornings go to grade 6.", "The counselor leads the attendance team.")
    todo = (
        "Put what has to be paid for, or moved, on the sheet Resources, a row for each item.",
        "Put it on the sheet Roles, a row for each role, with what it will do differently.",
    )
    found = [
        (cell, finding(UPGRADED, found=text, said=NO_BOX, todo=one))
        for cell, text, one in zip(("D7", "D11"), texts, todo, strict=True)
    ]
    return tuple(
        replace(_item(f"Resource Alignment, {cell}", item, language), kind="place") for cell, item in found
    )


def _remarks(language: str) -> tuple[Item, ...]:
    if language == SPANISH:
        return (Item(kind="remark", place="Recursos, E5", message="¿De dónde sale esta cantidad?"),)
    return (Item(kind="remark", place="Resources, E5", message="Where does this sum come from?"),)


def _parts(language: str, states: tuple[str, ...]) -> tuple[PartWords, ...]:
    spanish = language == SPANISH
    titles = ("Plan", "Desafíos", "Recursos") if spanish else ("Plan", "Challenges", "Resources")
    made = []
    for number, (title, state) in enumerate(zip(titles, states, strict=True), 1):
        slug = ("plan", "challenge-1", "resources")[number - 1]
        fix = state == "fix"
        file = "" if state == "in" else f"{_COPY}-{slug}{'-fix5' if fix else ''}.xlsx"
        made.append(
            PartWords(
                number=number,
                of=3,
                title=title,
                state=state,
                file=file,
                fix=int(fix),
                items=_items(language)[1:2] if fix else (),
                to_fix=_to_fix(language) if fix else "",
            )
        )
    return tuple(made)
