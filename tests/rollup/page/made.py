"""Reports made by hand: one with every kind of block, one of hostile texts, one as large as a large district's."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from xlplan.rollup.report.model import (
    Chart,
    Column,
    Folded,
    Heading,
    Link,
    Marked,
    Number,
    Part,
    PlanKey,
    Report,
    Row,
    Share,
    State,
    Table,
    Text,
    Tile,
    Tiles,
)

AS_OF = date(2027, 1, 31)
STATUSES = ("Overdue", "Due soon", "Done")
MEANS = {
    "Overdue": State("▲ Overdue", "bad"),
    "Due soon": State("○ Due soon", "look"),
    "Done": State("✓ Done", "good"),
}
ATTACKS = (
    "</script><script>document.title='taken'</script>", "<img src=x onerror=\"document.title='taken'\">",
    "javascript:document.title='taken'", "']\"><svg onload=document.title='taken'>", "]]>--><!--", "{{ 7*7 }}{% raw %}",
    "&lt;b&gt;", "a\u2028b\u2029c", "\u202egnp.exe\u202c", "\x00\x07\x1b[2J", "W" * 10_000,
    "</title></style></textarea>", "http://tracker.example/x.png", "\ud800half",
)  # fmt: skip


def by(values: dict[int, int | Decimal], kind: str = "count") -> Number:
    """A number of what plans add."""
    start = Decimal(0) if kind == "money" else 0
    return Number(value=sum(values.values(), start), by=values, kind=kind)


def keys(many: int = 6) -> tuple[PlanKey, ...]:
    """Plans in two districts, of two templates."""
    return tuple(
        PlanKey(
            plan=n, district_id=f"53{n % 2}", district=("East", "West")[n % 2], school=f"School {n}",
            template=("Systems", "Data team")[n % 3 == 0], state=("✓ Accepted", "▲ Needs corrections")[n % 4 == 0],
        )
        for n in range(1, many + 1)
    )  # fmt: skip


def every_block() -> Report:
    """A report with every kind of block and cell."""
    plans = range(1, 7)
    done, late = by({n: n for n in plans}), by({2: 3, 5: 1})
    cost = by({1: Decimal("1200.50"), 2: Decimal("0.01"), 6: Decimal("99")}, "money")
    mixed = Table(
        name="mixed", title="Everything", note="A note.",
        columns=(
            Column("What"), Column("In words", "prose"), Column("Count", "count"), Column("Money", "money"),
            Column("Share", "share"), Column("Day", "day"), Column("State", "state"),
        ),
        rows=[
            Row(("First", Marked("So many words", ((3, 7),)), late, cost, Share(late, done), AS_OF, MEANS["Done"])),
            Row((Link("Second", "#plan-2"), None, 4, Decimal("5"), Share(late, done, "of"), None, None), plan=2),
            Row(("Third", "x", by({}), None, None, None, State("Plain"))),
            Row(("Longest", None, by({1: 9, 2: 30}), None, None, None, None)),
        ],
        total=("All", None, done, cost, Share(late, done), None, None),
    )  # fmt: skip

    def parts() -> Iterator[Part]:
        yield Part(
            id="summary", title="Summary", finding="Three of six.",
            blocks=[
                Text("A sentence."), Text("An answer.", "A label"), Heading("A heading"), Heading("Below it", 4),
                Tiles((
                    Tile(label="Done", number=Share(late, done, "of"), note="of all"), Tile(label="Costs", number=cost),
                    Tile(label="Said once", number=Number(value=7)),
                )),
                bars(), months(), Folded("More", (mixed,)), Table(name="none", title="Nothing", columns=(), rows=()),
            ],
        )  # fmt: skip

    def schools() -> Iterator[Part]:
        for n in plans:
            yield Part(id=f"plan-{n}", title=f"School {n}", finding="Well.", about="East", plan=n,
                       blocks=[Heading("Challenge"), Text(f"Word{n}", "What", strong=True)])  # fmt: skip

    return Report(
        title="Harbor Ridge", kind="District summary", about="As of January 31, 2027.", as_of=AS_OF, parts=parts,
        schools=schools, plans=keys(), statuses=STATUSES,
    )  # fmt: skip


def bars() -> Chart:
    """Bars of two parts, one label longer than a line."""
    return Chart(
        name="bars", title="Most are West", heading="By side", axis="Side", parts=("Done", "Open"),
        rows=(
            ("East", (by({2: 4, 4: 1}), by({6: 2}))),
            ("A side whose name is much longer than what one line of a label can hold", (by({1: 9}), by({3: 1}))),
            ("Nowhere", (by({}), by({}))),
        ),
    )  # fmt: skip


def months() -> Chart:
    """Columns of three parts over fifteen months, in money."""
    return Chart(
        name="months", title="Spring is busy", heading="By month", axis="Month", parts=STATUSES, upright=True,
        rows=tuple(
            (f"M{n}", (by({1: Decimal(n)}, "money"), by({2: Decimal(2 * n)}, "money"), by({}, "money")))
            for n in range(15)
        ),
    )  # fmt: skip


def hostile() -> Report:
    """Every attack at every place where a text of a school's may stand."""
    columns = (Column("Who"), Column("What", "prose"), Column("State", "state"))
    chart = Chart(
        name="themes", title="".join(ATTACKS[:3]), heading="Themes", axis="Theme", parts=("Plans",),
        rows=tuple((attack, (by({n: n}),)) for n, attack in enumerate(ATTACKS, 1)),
    )  # fmt: skip

    def table(name: str) -> Table:
        rows = [
            Row((Link(attack, attack), Marked(attack, ((0, min(5, len(attack))),)), State(attack, "bad")),
                plan=n, status=attack)
            for n, attack in enumerate(ATTACKS, 1)
        ]  # fmt: skip
        return Table(name=name, title=ATTACKS[0], note=ATTACKS[1], columns=columns, rows=rows * 2)

    def parts() -> Iterator[Part]:
        yield Part(id="summary", title=ATTACKS[0], finding=ATTACKS[1],
                   blocks=[*(Text(one, one) for one in ATTACKS), *map(Text, ATTACKS), chart, table("t")])  # fmt: skip

    def schools() -> Iterator[Part]:
        for n, attack in enumerate(ATTACKS, 1):
            yield Part(
                id=f"plan-{n}", title=attack, finding=attack, about=attack, plan=n, blocks=[table(f"t-{n}")]
            )

    plans = tuple(
        PlanKey(plan=n, district_id=attack, district=attack, school=attack, template=attack, state=attack)
        for n, attack in enumerate(ATTACKS, 1)
    )
    return Report(title=ATTACKS[0], kind=ATTACKS[1], about=ATTACKS[2], as_of=AS_OF, parts=parts, schools=schools,
                  plans=plans, statuses=ATTACKS)  # fmt: skip


def large(schools: int = 100, activities: int = 40) -> Report:
    """So many plans with so many activities each, listed by school and once more in each plan."""
    columns = (
        Column("School"),
        Column("Step", "prose"),
        Column("State", "state"),
        Column("Due", "day"),
        Column("Days late", "count"),
    )

    def row(plan: int, n: int) -> Row:
        status = STATUSES[(plan + n) % 3]
        step = f"Step {n} of the team that meets each week about reading, attendance and {plan * n % 97} more"
        whose = Link(f"School {plan}", f"#plan-{plan}")
        return Row((whose, step, MEANS[status], AS_OF + timedelta(days=n), n), plan=plan, status=status)

    def parts() -> Iterator[Part]:
        every = (row(plan, n) for plan in range(1, schools + 1) for n in range(activities))
        statuses = [
            Row(
                (
                    f"Group {n}",
                    *(by({plan: plan % n + at for plan in range(1, schools + 1)}) for at in range(4)),
                )
            )
            for n in range(2, 40)
        ]
        heads = (Column("Group"), *(Column(name, "count") for name in "ABCD"))
        steps = Table(name="steps", title="Steps", columns=columns, rows=every)
        groups = Table(name="groups", title="Groups", columns=heads, rows=statuses)
        yield Part(id="due", title="Due", blocks=[steps, groups, bars()])

    def plans() -> Iterator[Part]:
        for plan in range(1, schools + 1):
            table = Table(
                name=f"plan-{plan}-1",
                title="Steps",
                columns=columns,
                rows=(row(plan, n) for n in range(activities)),
            )
            yield Part(id=f"plan-{plan}", title=f"School {plan}", plan=plan, blocks=[table])

    return Report(title="A large district", kind="District summary", about="", as_of=AS_OF, parts=parts, schools=plans,
                  plans=keys(schools), statuses=STATUSES)  # fmt: skip
