"""One vocabulary over all templates: the tables that every rollup is made from, column by column."""

from __future__ import annotations

from dataclasses import dataclass

DONE, OVERDUE, SOON, GOING, OPEN, UNDATED = STATUSES = (
    "Done", "Overdue", "Due within 30 days", "In progress", "Not started", "No date",
)  # fmt: skip
"""How an activity or benchmark stands on the day of the report; "In progress" and "Not started" are due later."""
SOON_DAYS = 30
PROCESS, EVIDENCE = "Process", "Early evidence"
"""The kinds of benchmarks."""
COST, FREED = "Cost", "Freed"
"""The roles of an amount."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactColumn:
    """One column. `kind` is text prose day money (integer cents) count yes-no; `about` stands in the dictionary.

    `inner`: of use to formulas and queries, and left out of what people read.
    """

    name: str
    kind: str
    label: str
    about: str
    inner: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTable:
    """One table of the vocabulary; `per_plan` tables hold rows of plans, each with its lineage."""

    name: str
    title: str
    about: str
    columns: tuple[FactColumn, ...]
    per_plan: bool = True

    def column(self, name: str) -> FactColumn:
        """The column of that name. Raises KeyError."""
        for column in (*WHOSE, *self.columns, *LINEAGE):
            if column.name == name:
                return column
        raise KeyError(name)


def _code(name: str, of: str) -> FactColumn:
    """A number for each text of a column, by which formulas compare: no text from outside stands in one."""
    return FactColumn(
        name=name, kind="count", label=f"{of} no.", about=f"Numbers the texts of {of}.", inner=True
    )


def _column(name: str, kind: str, label: str, about: str, *, inner: bool = False) -> FactColumn:
    return FactColumn(name=name, kind=kind, label=label, about=about, inner=inner)


WHOSE = (
    _column("plan", "count", "Plan no.", "The plan's number in this rollup, as on Data schools."),
    _column("region", "text", "Region", "The region on the roster, where it names any.", inner=True),
    _column("district_id", "text", "District id", "The district's id on the roster."),
    _column("district", "text", "District", "The district's name on the roster."),
    _column(
        "school_id", "text", "School id", "The school's id on the roster; empty for a district's own plan."
    ),
    _column(
        "school", "text", "School", "The school's name on the roster, or the district's for its own plan."
    ),
    _column("template", "text", "Template", "The template that the school's plan follows."),
    _column("draft", "yes-no", "Draft", "Whether the plan is not accepted yet."),
)
"""Stand before the columns of every table of plans; the store keeps them once a plan."""

LINEAGE = (
    _column(
        "row", "text", "Row", "Names the row for “xlplan trace”: the school's key, and the path in its plan."
    ),
    _column("path", "text", "Path", "Where the row stands in the plan, slots counted from 0.", inner=True),
    _column("file", "text", "File", "The returned file that the row was read from."),
    _column("sheet", "text", "Sheet", "The sheet of that file."),
    _column("cell", "text", "Cell", "The cell of that sheet; the link opens the file there."),
)
"""Stand behind them."""

_GOAL = _column(
    "goal", "prose", "Goal or challenge", "What the activity serves: a challenge, goal or objective."
)
_STRATEGY = _column(
    "strategy", "prose", "Strategy or initiative", "The strategy, initiative or deliverable it is part of."
)
CODES = {"owner_key": "owner_no", "strategy": "strategy_no", "step": "step_no", "source_key": "source_no",
         "item": "item_no"}  # fmt: skip
"""The columns whose texts are numbered, with the column of the numbers."""
_STANDING = (
    _column("due", "day", "Due", "The day by which it is to be done."),
    _column("month", "day", "Month due", "The first day of the month in which it is due.", inner=True),
    _column("status", "text", "Status", f"How it stands on the day of the report: {', '.join(STATUSES)}."),
    _column(
        "said",
        "text",
        "As the school says",
        "The status in the school's own choice, where the form asks for one.",
    ),
    _column(
        "derived",
        "yes-no",
        "Status derived",
        "The form asks for no status: it is told from “done” and the due date.",
    ),
    _column("days_late", "count", "Days late", "Days past due on the day of the report, of what is overdue."),
)

PLANS = FactTable(
    name="plans",
    title="Schools",
    about="One row for each school and template on the roster, whether its plan has come back or not.",
    per_plan=False,
    columns=(
        _column("campaign", "text", "Campaign", "The id of the campaign."),
        _column("region", "text", "Region", "The region on the roster, where it names any."),
        _column("district_id", "text", "District id", "The district's id on the roster."),
        _column("district", "text", "District", "The district's name on the roster."),
        _column("school_id", "text", "School id", "The school's id; empty for a district's own plan."),
        _column("school", "text", "School", "The school's name, or the district's for its own plan."),
        _column("template", "text", "Template", "The template of the plan."),
        _column("form", "text", "Form", "The template's title.", inner=True),
        _column(
            "state",
            "text",
            "State",
            "not-issued, issued, rejected, accepted, in-review, approved or waiting.",
        ),
        _column("late", "yes-no", "Late", "Whether nothing acceptable had come by the day it was due."),
        _column("counted", "yes-no", "Counted", "Whether the plan is in the figures."),
        _column("draft", "yes-no", "Draft", "Whether what came is not accepted yet."),
        _column("version", "count", "Version", "The version of the form it came on."),
        _column("issued", "count", "Issue", "The number of the last copy sent."),
        _column("returns", "count", "Returns", "How many files came back."),
        _column("received", "day", "Received", "The day on which the file behind the figures came."),
        _column("filled", "count", "Answers in", "Required answers that are in."),
        _column("required", "count", "Answers asked", "Required answers asked for."),
        _column(
            "errors",
            "count",
            "Errors",
            "Findings that keep the plan from being accepted, waived ones left out.",
        ),
        _column("warnings", "count", "Warnings", "Warnings, waived ones left out."),
        _column("advice", "count", "Advice", "Advice, waived pieces left out."),
        _column("file", "text", "File", "The returned file."),
        _column("sha256", "text", "SHA-256", "The hash of that file's bytes."),
        _column("folder", "text", "Folder", "The campaign's folder.", inner=True),
        _column(
            "key", "text", "Key", "The school's id, of a district's own plan the district's.", inner=True
        ),
    ),
)
ACTIVITIES = FactTable(
    name="activities",
    title="Activities",
    about="Every step, action or benchmark with an owner and a day, of all templates; dropped ones left out.",
    columns=(
        _column("kind", "text", "Kind", "What the template calls it: Step, Action step, Process benchmark …"),
        _column(
            "number", "text", "Number", "Its number in the plan, with those of the rows around it: 1.2.3."
        ),
        _GOAL,
        _STRATEGY,
        _column("step", "prose", "Step", "What is to be done."),
        _column("owner", "text", "Owner", "The person who sees to it."),
        _column(
            "owner_key", "text", "Owner folded", "The owner without regard to case and spaces.", inner=True
        ),
        _column("start", "day", "Start", "The day on which it begins, where the form asks for it."),
        _column("baseline_due", "day", "First due", "The day first planned, in rounds after the first."),
        *_STANDING,
        _column("cost", "money", "Cost", "What its row says it costs, where the form asks for it."),
        _column("funding", "text", "Funding", "The source its row names, where the form asks for it."),
        _column(
            "priority",
            "text",
            "Priorities",
            "The priorities that it or its strategy connects to, with “; ” between.",
        ),
        _code("owner_no", "Owner"),
        _code("strategy_no", "Strategy"),
        _code("step_no", "Step"),
    ),
)
MONEY = FactTable(
    name="money",
    title="Money",
    about="Every line that asks for an amount: what is spent, and apart from it what is freed.",
    columns=(
        _column("role", "text", "Role", f"{COST}: to be spent. {FREED}: released by what is given up."),
        _column("kind", "text", "Kind", "Of a resource: people, time, materials or money."),
        _column("number", "text", "Number", "Its number in the plan, with those of the rows around it."),
        _column("item", "prose", "Item", "What it is for."),
        _STRATEGY,
        _column("amount", "money", "Amount", "The amount, empty where it is not known yet."),
        _column("source", "text", "Source", "The funding source as typed."),
        _column(
            "source_key", "text", "Source folded", "The source without regard to case and spaces.", inner=True
        ),
        _column("reallocated", "yes-no", "Reallocated", "Whether it is paid by reallocating what there is."),
        _column(
            "open", "yes-no", "Open", "Whether the amount, or a source that the form asks for, is missing."
        ),
        _code("source_no", "Source"),
    ),
)
CAUSES = FactTable(
    name="causes",
    title="Causes",
    about="Every root cause in the schools' own words.",
    columns=(
        _GOAL,
        _column("number", "text", "Number", "Its number or letter in the plan."),
        _column("name", "text", "Name", "Its short name, where the form asks for one."),
        _column("cause", "prose", "Cause", "The cause."),
        _column("addressed", "count", "Addressed by", "Rows of the plan that say they address it."),
        _column(
            "controllable", "yes-no", "Controllable", "Whether the team can change it, where the form asks."
        ),
        _column("systemic", "yes-no", "Systemic", "Whether it is systemic, where the form asks."),
        _column(
            "themes",
            "text",
            "Themes",
            "The themes whose words stand in it, with “; ” between; Other if none does.",
        ),
    ),
)
BENCHMARKS = FactTable(
    name="benchmarks",
    title="Benchmarks",
    about="Every benchmark: of the process, and of early evidence that it helps.",
    columns=(
        _column("kind", "text", "Kind", f"{PROCESS} or {EVIDENCE}."),
        _column("number", "text", "Number", "Its number in the plan."),
        _GOAL,
        _STRATEGY,
        _column("benchmark", "prose", "Benchmark", "The benchmark."),
        _column("owner", "text", "Owner", "The person who sees to it."),
        *_STANDING,
    ),
)
PEOPLE = FactTable(
    name="people",
    title="People",
    about="Everybody a plan names, by what they do in it.",
    columns=(
        _column("name", "text", "Name", "The person as typed."),
        _column("name_key", "text", "Name folded", "The name without regard to case and spaces.", inner=True),
        _column("part", "text", "Part", "Prepared by, Team, Sign-off or Owner."),
        _column("detail", "text", "Detail", "The role given on the team, who signs for, or what is owned."),
    ),
)
NEEDS = FactTable(
    name="needs",
    title="Needs",
    about="What plans ask for: rules to change, roles to shift, supports, resources.",
    columns=(
        _column("kind", "text", "Kind", "Rules, Roles, Resources … as the template names its table."),
        _column("item", "prose", "What", "The rule, role or resource, or the need itself."),
        _column("need", "prose", "Needed", "What is needed for it, in the school's words."),
        _STRATEGY,
        _code("item_no", "What"),
    ),
)
PRIORITIES = FactTable(
    name="priorities",
    title="Priorities",
    about="One row for each connection of a strategy with a priority.",
    columns=(
        _column("priority", "text", "Priority", "The priority."),
        _GOAL,
        _STRATEGY,
    ),
)
COMPLETENESS = FactTable(
    name="completeness",
    title="Completeness",
    about="How much of the required answers is in, by sheet of the plan that came back.",
    columns=(
        _column("section", "text", "Section", "The sheet; of sheets that repeat, their name in the plural."),
        _column("filled", "count", "Answers in", "Required answers that are in."),
        _column("required", "count", "Answers asked", "Required answers asked for."),
    ),
)
FINDINGS = FactTable(
    name="findings",
    title="Findings",
    about="What was found in the return that counts, or else in the newest.",
    columns=(
        _column("code", "text", "Rule", "The rule's code, as in the reference."),
        _column("severity", "text", "Severity", "error, warning, advice or note."),
        _column("message", "prose", "What we found", "The finding."),
        _column("remedy", "prose", "What to do", "The remedy."),
        _column("waived", "text", "Waived", "Until when and why, where the district waived it."),
    ),
)
PROGRESS = FactTable(
    name="progress",
    title="Progress",
    about="In rounds after the first: what became of each activity since, and what the school says of it.",
    columns=(
        _column("label", "text", "Kind", "What the template calls it."),
        _column("number", "text", "Number", "Its number in the plan."),
        _column("step", "prose", "What", "What is to be done."),
        _column("counts", "yes-no", "Asked", "Whether the form asks how far it is.", inner=True),
        _column("last", "text", "Then", "How it stood in the round before."),
        _column("now", "text", "Now", "How it stands now."),
        _column("was_done", "yes-no", "Done then", "Whether it was done in the round before."),
        _column("done", "yes-no", "Done now", "Whether it is done now."),
        _column("first_due", "day", "First due", "The day first planned."),
        _column("due", "day", "Due now", "The day planned now."),
        _column("days", "count", "Days later", "By how many days it is due later than at first."),
        _column("learned", "prose", "What they learned", "What the school learned."),
        _column("changes", "prose", "What they change", "What the school changes."),
    ),
)
FACTS = (ACTIVITIES, MONEY, CAUSES, BENCHMARKS, PEOPLE, NEEDS, PRIORITIES)
"""The tables that are read out of counted plans."""
TABLES = (PLANS, *FACTS, COMPLETENESS, FINDINGS, PROGRESS)


def table_named(name: str) -> FactTable:
    """The table of that name. Raises KeyError."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError(name)
