"""The mistakes of whoever writes a template, each said with the place where it is made, before a workbook is built."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from xlplan.errors import TemplateError
from xlplan.form.plan import PEOPLE
from xlplan.form.rounds import ADDED
from xlplan.form.spec import AS_TEXT, Field, FormSpec, Group
from xlplan.form.text import folded
from xlplan.form.translate import YES_NO
from xlplan.languages import LANGUAGES

SHEET_LENGTH = 31  # characters of a sheet's name (Excel)
TEXT_LENGTH = 255  # characters of an input message, a list entry, a text in a formula (Excel)
NOT_IN_NAMES = re.compile(r"[\\/?*\[\]:]|^'|'$")
RESERVED = (
    "start", "guide", "plan", "review", "to fix", "left over", "lists", "live", "meta", "history",
)  # fmt: skip
RESERVED_KEYS = ("start", "pl", "lists", "live", "meta")


def check_spec(spec: FormSpec) -> None:
    """Nothing, or a TemplateError that names every mistake, a line each."""
    found = [*_sheets(spec), *_paths(spec)]
    for path, group in spec.walk():
        found += _group(spec, path, group)
        for field in group.fields:
            found += _field(spec, path, group, field)
    if found:
        language = spec.facts.language
        found += [f"This is so in its translation into {LANGUAGES.get(language, language)}."] * bool(language)
        raise TemplateError("\n".join(dict.fromkeys(found)))


def _sheets(spec: FormSpec) -> Iterator[str]:
    groups = dict(spec.walk())
    titles, keys = Counter[str](), Counter[str]()
    held: Counter[str] = Counter()
    for sheet in spec.form.sheets:
        unknown = [path for path in sheet.holds if path not in groups]
        yield from (
            f"Sheet {sheet.title!r} holds {path!r}, and the plan has no such group." for path in unknown
        )
        if sheet.reviews and sheet.reviews not in groups:
            yield f"Sheet {sheet.title!r} reviews {sheet.reviews!r}, and the plan has no such group."
        if not sheet.holds and not sheet.reviews:
            yield f"Sheet {sheet.title!r} holds nothing."
        held.update(sheet.holds)
        many = "{n}" in sheet.title
        if many and not unknown and sheet.holds and not groups[sheet.holds[0]].slots:
            yield f"Sheet {sheet.title!r} is numbered, and {sheet.holds[0]} does not repeat."
        sheeted = [path for path in sheet.holds if path in groups and groups[path].display == "sheets"]
        if sheeted and not many:
            yield f'Sheet {sheet.title!r}: {sheeted[0]} has a sheet for each row, so write "{{n}}" into the title.'
        count = groups[sheet.holds[0]].slots or 1 if many and sheet.holds and not unknown else 1
        for number in range(1, count + 1):
            title = sheet.title.replace("{n}", str(number))
            titles[title.casefold()] += 1
            keys[f"{sheet.key}{number}" if many else sheet.key] += 1
            yield from _title(title, reviews=bool(sheet.reviews))
    yield from (f"Two sheets have the title {title!r}." for title, count in titles.items() if count > 1)
    yield from (f"Two sheets have the key {key!r}." for key, count in keys.items() if count > 1)
    yield from (f"The sheet key {key!r} is taken; choose another." for key in keys if key in RESERVED_KEYS)
    yield from (f"{path} stands on two sheets." for path, count in held.items() if count > 1)
    for path, group in groups.items():
        on_its_own = path and "." not in path and path not in PEOPLE
        if (on_its_own or group.companion) and path not in held:
            yield f"{path} stands on no sheet."


def _title(title: str, *, reviews: bool) -> Iterator[str]:
    if not 0 < len(title) <= SHEET_LENGTH:
        yield f"The sheet title {title!r} has {len(title)} characters; Excel takes 1 to {SHEET_LENGTH}."
    if NOT_IN_NAMES.search(title):
        yield f"The sheet title {title!r} holds one of \\ / ? * [ ] : or begins or ends with an apostrophe."
    if title.casefold() in RESERVED and not (reviews and title == "Review"):
        yield f"The sheet title {title!r} is taken; choose another."


def _paths(spec: FormSpec) -> Iterator[str]:
    """Slot paths that a campaign's settings name."""
    fields = {_path(path, group, field.name) for path, group in spec.walk() for field in group.fields}
    for setting, paths in (
        ("optional", spec.facts.optional),
        ("help", [path for path, _ in spec.facts.help]),
    ):
        yield from (
            f"{setting}: there is no field {path!r} in {spec.name}." for path in paths if path not in fields
        )
    for path, count in spec.facts.slots:
        if count < 1:
            yield f"slots: {path} = {count}; a group has at least 1."


def _path(path: str, group: Group, name: str) -> str:
    return f"{path}{'[]' if group.slots is not None else ''}.{name}" if path else name


def _group(spec: FormSpec, path: str, group: Group) -> Iterator[str]:
    if group.slots is not None:
        if group.slots < max(1, group.minimum):
            yield f"{path}: {group.slots} slots, and at least {max(1, group.minimum)} must be filled in."
        yield from _noun(path, group.noun)
        if group.total and not isinstance(group.member(group.total), Field):
            yield f"{path}: the total of {group.total!r} is asked for, and there is no such field."
        if group.total and group.display != "table":
            yield f"{path}: only a table shows a total; its display is {group.display!r}."
        if group.display == "letters" and (group.slots > 26 or not group.plain):
            yield f"{path}: lettered boxes hold one text each, A to Z."
        labels = Counter(field.label for field in group.fields if not field.ticks)
        labels.update(choice for field in group.fields if field.ticks for choice in field.choices)
        yield from (
            f"{path}: two columns have the header {label!r}." for label, count in labels.items() if count > 1
        )
        if group.unless:
            yield from _unless(spec, path, group.unless)
        for name in group.one_of:
            if not isinstance(group.member(name), Field):
                yield f"{path}: one of {name!r} and others is asked for, and there is no such field."
    if group.display == "outline":
        yield from _outline(path, group)
    if group.slots is None or group.display in ("sheets", "cards"):
        boxes = [field.name for field in group.fields if field.ticks]
        if boxes:
            yield f"{path or 'The plan'}: {boxes[0]} has a cell a choice; that takes a row of a table or block."
    if group.companion:
        row = spec.group(path.rsplit(".", 1)[0].removesuffix("[]")) if "." in path else spec.root
        if not isinstance(row.member(group.companion), Field):
            yield f"{path}: it carries {group.companion!r}, and its row has no such field."
    tags = Counter(field.tag for field in group.fields if group.slots is None)
    yield from (
        f"{path or 'The plan'}: two fields have the tag {tag!r}: give one a tag of its own."
        for tag, count in tags.items()
        if count > 1 and path  # the plan's header fields have tags of their own
    )


def _outline(path: str, group: Group) -> Iterator[str]:
    """A bold row shares the columns of the rows under it."""
    inner = [item for item in group.groups if item.slots is not None]
    if len(inner) != 1:
        yield f"{path}: an outline has one table of inner rows, not {len(inner)}."
        return
    known = {field.name for field in inner[0].fields}
    for field in group.fields[1:]:
        if field.name not in known and field.name not in ADDED:
            yield f"{path}: {field.name} has no column in {inner[0].name}, whose columns it shares in an outline."


def _unless(spec: FormSpec, path: str, unless: tuple[str, tuple[str, ...]]) -> Iterator[str]:
    name, choices = unless
    row = spec.group(path.rpartition("[].")[0]) if "[]." in path else spec.root
    field = row.member(name)
    if not isinstance(field, Field):
        yield f"{path}: rows are needed unless {name!r} says otherwise, and there is no such field beside it."
    elif unknown := [choice for choice in choices if choice not in field.choices]:
        yield f"{path}: {name} has no choice {unknown[0]!r}."


def _field(spec: FormSpec, path: str, group: Group, field: Field) -> Iterator[str]:
    where = path if group.plain else _path(path, group, field.name)
    if not field.label.strip():
        yield f"{where}: the label is empty."
    if len(field.label) > TEXT_LENGTH:
        yield f"{where}: the label has {len(field.label)} characters; at most {TEXT_LENGTH}."
    if len(field.message) > TEXT_LENGTH:
        yield f"{where}: the input message has {len(field.message)} characters; Excel shows {TEXT_LENGTH}."
    if not field.message and len(field.guide) > TEXT_LENGTH:
        yield f"{where}: the guide has {len(field.guide)} characters; give a message of {TEXT_LENGTH} beside it."
    if not group.plain:
        yield from _noun(where, field.noun)
    if field.limit is not None and not 0 < field.limit <= 32_767:
        yield f"{where}: a cell holds 1 to 32,767 characters, not {field.limit:,}."
    for choice in field.choices:
        if len(choice) > TEXT_LENGTH:
            yield f"{where}: the choice {choice[:40]!r}… has {len(choice)} characters; at most {TEXT_LENGTH}."
        if not folded(choice):
            yield f"{where}: the choice {choice!r} has no letter or digit."
    for name, count in Counter(map(folded, field.choices)).items():
        if count > 1 and name:
            yield f"{where}: two choices read the same, {name!r}."
    yield from _words(where, field)
    if field.refers_to is not None:
        yield from _reference(spec, path, where, field)


def _words(where: str, field: Field) -> Iterator[str]:
    """What a copy in another language shows for each choice must be that choice's alone, and no other one's English."""
    shown = dict(zip(field.choices or YES_NO, field.words, strict=True)) if field.words else {}
    for choice, word in shown.items():
        if not folded(word):
            yield f"{where}: the choice {choice!r} is called {word!r}, which has no letter or digit."
        for other, its_word in shown.items():
            if other != choice and folded(word) in (folded(other), folded(its_word)):
                yield f"{where}: the choice {choice!r} is called {word!r}, as {other!r} is. Call them differently."


def _noun(where: str, noun: str) -> Iterator[str]:
    """What stands in lists of words that formulas put together and take apart again."""
    if not noun.strip() or "," in noun or ": " in noun or '"' in noun:
        yield f"{where}: the noun {noun!r} is empty, or holds a comma, a colon or a quotation mark."
    if len(noun) > 40:
        yield f"{where}: the noun {noun!r} is too long to stand in a Check."


def _reference(spec: FormSpec, path: str, where: str, field: Field) -> Iterator[str]:
    assert field.refers_to is not None
    target, by = field.refers_to.target, field.refers_to.by
    groups = dict(spec.walk())
    around = path.rpartition(".")[0]
    if by == AS_TEXT and spec.facts.part:
        return  # to rows of another part, which the whole plan has
    table, _, name = target.rpartition(".") if by == "name" else (target, "", "")
    near = f"{around}.{table}" if around else table
    if by not in ("name", "letter", "number"):
        yield f"{where}: a reference is by name, letter or number, not by {by!r}."
    elif by == "name" and (table not in groups or not isinstance(groups[table].member(name), Field)):
        yield f"{where}: it refers to {target!r}, and the plan has no such field."
    elif by == "name" and "[]" in table:
        yield f"{where}: a reference by name goes to a table that the plan has once, not to {table}."
    elif by == "number" and (near != path or groups[path].display != "table" or path.count("[]") > 1):
        yield f"{where}: a reference by number goes to the rows of its own table, which stands directly on a sheet."
    elif by != "name" and (near not in groups or groups[near].slots is None):
        yield f"{where}: it refers to the rows of {target!r}, and there are none beside it."
