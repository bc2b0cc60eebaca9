"""Invented campaigns, put straight into the store: plans in any state, with any texts, days and money."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from hypothesis import strategies as st

from xlplan.rollup.deck import Deck
from xlplan.rollup.facts import (
    ACTIVITIES,
    CAUSES,
    COST,
    DONE,
    FREED,
    MONEY,
    NEEDS,
    OVERDUE,
    PLANS,
    PRIORITIES,
    PROGRESS,
    SOON,
    UNDATED,
)
from xlplan.rollup.store import Store

DAY = date(2027, 1, 31)
STATES = ("not-issued", "issued", "rejected", "accepted", "in-review", "approved", "waiting")
COMES = ("rejected", "accepted", "approved")
CHOICES = ("Strong Climate & Culture", "[Families](javascript:alert(1))", "3 | 4")
HOSTILE = (
    "# not a heading",
    "[a](javascript:alert(1)) is a link that must not be one.",
    "<script>alert(1)</script> stands here.",
    "a | b | c",
    "`code` and ``more``",
    "text with a note [^1] in it, and more words behind it.",
    "1. no list",
    "- no point",
    "> no quotation",
    "\x00\x0b\x1b[31mred\ufffe\ud800 and a long enough sentence around it.",
    "\u202eright to left\u2066 and back again, in a sentence that is long enough.",
    "x" * 10_000,
    "=1+1",
    "***",
    "&lt;b&gt; &#65;",
    "https://evil.example/ and www.evil.example and a@b.example",
    "~~gone~~ $x^2$ :smile: #12 @you",
    "---",
    "    indented code",
)
PLAIN = (
    "Absences are reviewed once a term.",
    "Families hear from an automatic call only, and never from a person who knows them.",
    "Grading habits vary from room to room; a missing paper may count as 0 or as 50.",
    "Bus passes",
)


@dataclass(frozen=True)
class Invented:
    """A campaign as rows of plans, each with the rows of its tables."""

    plans: tuple[dict[str, Any], ...]
    rows: tuple[dict[str, tuple[dict[str, Any], ...]], ...] = field(default=())
    counting: str = "accepted"

    @staticmethod
    def of_states(states: Sequence[str], counting: str = "accepted") -> Invented:
        """Plans that hold nothing."""
        plans = tuple(_plan(at, state, counting) for at, state in enumerate(states))
        return Invented(plans, tuple({} for _ in plans), counting)


def _plan(
    at: int, state: str, counting: str, school: str = "", district: int = 0, form: int = 0
) -> dict[str, Any]:
    counted = state in ("accepted", "approved") or (counting == "readable" and state in COMES)
    return {
        "campaign": "c",
        "district_id": f"53{district}",
        "district": f"District {district}",
        "school_id": f"00{at}",
        "school": school or f"School {at}",
        "template": f"form-{form}",
        "form": f"Form {form}",
        "state": state,
        "late": at % 3 == 1,
        "counted": counted,
        "draft": counted and state == "rejected",
        "returns": int(state in COMES),
        "key": f"00{at}",
        "folder": "/",
        "file": "returns/a.xlsx",
    }


_text = st.one_of(
    st.sampled_from((*HOSTILE, *PLAIN)), st.text(st.characters(codec="utf-8"), min_size=1, max_size=300)
)
_some = st.one_of(st.none(), _text)
_money = st.one_of(st.none(), st.integers(0, 10**9))
_status = st.sampled_from((DONE, OVERDUE, SOON, UNDATED, "Not started"))


@st.composite
def _activity(draw: st.DrawFn) -> dict[str, Any]:
    status, days = draw(_status), draw(st.integers(1, 300))
    return {
        "kind": draw(st.sampled_from(("Step", "Benchmark"))),
        "step": draw(_text),
        "owner": draw(_some),
        "status": status,
        "due": None if status == UNDATED else DAY - timedelta(days),
        "days_late": days if status == OVERDUE else None,
    }


@st.composite
def _line(draw: st.DrawFn) -> dict[str, Any]:
    source = draw(_some)
    return {
        "role": draw(st.sampled_from((COST, COST, FREED))),
        "item": draw(_text),
        "amount": draw(_money),
        "source": source,
        "source_key": source.casefold() if source else None,
        "reallocated": draw(st.booleans()),
        "open": draw(st.booleans()),
    }


_tables = st.fixed_dictionaries(
    {
        "activities": st.lists(_activity(), max_size=3),
        "money": st.lists(_line(), max_size=3),
        "causes": st.lists(
            st.fixed_dictionaries({"cause": _text, "theme": st.sampled_from(("", "Attendance", "# Time"))}),
            max_size=3,
        ),
        "needs": st.lists(
            st.fixed_dictionaries(
                {"kind": st.sampled_from(("Rules", "Roles")), "item": _text, "need": _some}
            ),
            max_size=3,
        ),
        "priorities": st.lists(
            st.fixed_dictionaries({"priority": st.sampled_from(CHOICES), "strategy": _text}), max_size=3
        ),
        "progress": st.lists(
            st.fixed_dictionaries(
                {
                    "counts": st.booleans(),
                    "was_done": st.booleans(),
                    "done": st.booleans(),
                    "days": st.sampled_from((None, 0, 9)),
                    "learned": _some,
                    "changes": _some,
                }
            ),
            max_size=2,
        ),
    }
)


@st.composite
def invented(draw: st.DrawFn) -> Invented:
    """Up to five plans in any state."""
    counting = draw(st.sampled_from(("accepted", "readable")))
    many = draw(st.integers(0, 5))
    plans, rows = [], []
    for at in range(many):
        school = draw(st.one_of(st.just(""), st.sampled_from(HOSTILE)))
        place = draw(st.tuples(st.integers(0, 1), st.integers(0, 1)))
        plan = _plan(at, draw(st.sampled_from(STATES)), counting, school, *place)
        plans.append(plan)
        rows.append({name: tuple(found) for name, found in draw(_tables).items()} if plan["counted"] else {})
    return Invented(tuple(plans), tuple(rows), counting)


def _stored(value: Any) -> Any:
    """What the form would have let through: text that a database can hold."""
    return value.encode("utf-8", "replace").decode().replace("\x00", "") if isinstance(value, str) else value


@contextmanager
def deck_of_invented(drawn: Invented) -> Iterator[Deck]:
    """Its deck."""
    tables = {table.name: table for table in (ACTIVITIES, MONEY, CAUSES, NEEDS, PRIORITIES, PROGRESS)}
    with Store(DAY) as store:
        forms = dict.fromkeys(plan["template"] for plan in drawn.plans)
        for form in forms:
            store.offer(form, CHOICES[:2])
        for number, (plan, rows) in enumerate(zip(drawn.plans, drawn.rows, strict=True), start=1):
            store.add(PLANS, number, [{key: _stored(value) for key, value in plan.items()}])
            for name, found in rows.items():
                for at, row in enumerate(found):
                    place = {
                        "row": f"{plan['key']}:{name}[{at}]",
                        "path": f"{name}[{at}]",
                        "sheet": "Sheet",
                        "cell": f"D{at}",
                    }
                    own = {key: _stored(value) for key, value in row.items() if key != "theme"}
                    store.add(tables[name], number, [own | place])
                    if row.get("theme"):
                        store.theme(number, place["row"], [(row["theme"], "word")])
        store.index()
        yield Deck(
            store=store,
            as_of=DAY,
            whose="Spokane",
            forms=tuple(f"{form}, version 1" for form in forms),
            year="2026-27",
            counting=drawn.counting,
        )


__all__ = ["HOSTILE", "Invented", "deck_of_invented", "invented"]
