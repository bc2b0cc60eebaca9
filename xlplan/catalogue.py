"""The catalogue of codes: severity, sentence and remedy of each. Codes are stable for ever.

Sentences and remedies are `str.format` texts over a finding's facts; `{found}` comes quoted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How much a finding weighs, heaviest first. A refusal means that the file was not read at all."""

    REFUSAL = "refusal"
    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"
    NOTE = "note"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One code of the catalogue."""

    code: str
    severity: Severity
    sentence: str
    remedy: str
    structural: bool = False  # follows from the fields: a campaign cannot turn it down


R, E, W, A, N = Severity  # heaviest first
STRUCTURAL = frozenset(
    {"missing", "type", "choice", "range", "too-long", "too-few", "unknown-reference", "duplicate"}
) | {"part-missing"}

# fmt: off
_ROWS: tuple[tuple[str, Severity, str, str], ...] = (
    # --- structural: they follow from the fields, and a campaign cannot turn them down
    ("missing", E, "{label} is empty.{quote}", "{todo}"),
    ("type", E, "{found} is not {wanted}.", "{todo}"),
    ("choice", E, "{found} is not one of the choices.", "Choose one of: {choices}.{did_you_mean}"),
    ("range", E, "{found} is {beyond}.", "{todo}"),
    ("too-long", E, "The text has {length} characters; this box takes {limit}.",
     "Shorten it by {over}, or move part of it to another box."),
    ("too-few", E, "{label}: {count} filled, and at least {minimum} needed.", "{todo}"),
    ("unknown-reference", E, "{found} is not among {targets}.", "{todo}"),
    ("duplicate", E, "{found} stands in two rows of {label}.", "Give each row a name of its own."),
    # --- what stands in cells
    ("error-cell", E, "The cell shows {found} instead of an answer.",
     "Type the value itself into the cell."),
    ("formula-no-value", E, "The cell holds a formula whose result was not saved.",
     "Type the result itself, or open the file in Excel, save it and return it again."),
    ("stray", E, "{found} stands where nothing is read.", "{todo}"),
    ("contradiction", E, "{found} {said}.{more}",
     "Type the answers into the white boxes that they belong to, in a fresh copy."),
    ("section-missing", E, "The sheet “{section}” is no longer in the file.",
     "Copy your answers into a fresh copy of the workbook, or ask the district for one."),
    ("part-missing", E, "The part “{section}” has not come back yet.", "Ask whoever fills it in to return it."),
    ("blank", E, "Nothing has been filled in.", "Fill in the white boxes and return the file."),
    # --- rules of the originals
    ("date-outside-window", E, "{found} is {beyond}.", "{todo}"),
    ("end-before-start", E, "{found} is before the start of the same row, {start}.",
     "Make the due date the start date or later."),
    ("outside-deliverable", W, "{found} is {beyond}.",
     "Move the step within the days of its deliverable, or change the deliverable's days."),
    ("owner-not-one-person", W, "{found} names {several}.",
     "Name the one person who answers for it. Others can be named in the text itself."),
    ("step-order", W, "{found} {why}.", "List the steps in order of completion, or change a deadline."),
    ("strategy-needs-no-plan", A, "{count} given for a strategy that is {found}.",
     "Such a strategy needs no action plan: remove the steps, or change its status."),
    ("last-step-not-at-due", W, "{found} is when the last step is due; its deliverable is due on {due}.",
     "Let both be the same day."),
    ("starts-before-previous-ends", A, "{found} is before the step above is due, {due}.",
     "Start it once the step above is done, unless the two can go on side by side."),
    ("same-dates", A, "{count} of this deliverable all start on {found} and are due on {due}.",
     "Give each step the days that it takes, usually one after the other."),
    ("step-count", W, "{found} {said}.", "{todo}"),
    ("not-observable", A, "Of {found} one cannot say Yes or No to “was this done?”.",
     "Say what will be done, so that someone else can see it: by whom, with whom, how often, with what result."),
    ("too-fine", A, "{found} is on the way to a step, and names no result.",
     "Name the step that it serves, and keep such details in a list of your own."),
    ("weak-deliverable", A, "{found} shows that people met, not how well the work is done.",
     "Name a work product that tells about quality, such as common formative assessments."),
    ("root-cause-unaddressed", W, "No {by} addresses {found}.",
     "Mark it at the {by} that addresses it, or add {another}."),
    ("symptom-as-root", A, "{found} aims only at {causes}, which {why}.",
     "Aim it at a deeper root cause that you can control, or add such a cause to it."),
    ("trend-unexplained", W, "No root cause contributes to {found}, a concerning trend.",
     "Choose the trend at the root cause that contributes to it, or add a root cause."),
    ("no-evidence-number", A, "There is no figure in {found}.", "Add a figure, with its source and date."),
    ("benchmark-overdue", W, "{found} was due on {due}, and its status is {status}.",
     "Say whether it was Met or Not met, or agree on a new date."),
    ("unfunded", W, "{found} {lacks}.", "{todo}"),
    ("cost-unknown", A, "{found} has no amount.", "Enter the cost in dollars; an estimate is welcome."),
    ("not-scored", W, "{found}: {count} priority questions {are} not answered{which}.",
     "Answer each of them with Yes or No."),
    ("priority-uncovered", A, "No strategy connects to “{priority}”.",
     "Mark it at a strategy that serves it, or leave it for a later plan."),
    ("dropped-but-funded", W, "{found} is to be dropped, and has {has}.",
     "Remove what belongs to it, or decide to do it now or later."),
    # --- what the importer mended
    ("mended-space", N, "Stray blanks or invisible characters were removed from {found}.{more}", "Nothing to do."),
    ("mended-number", N, "{found} was read as {read}.{more}", "Nothing to do."),
    ("mended-date", N, "{found} was read as {read}.{more}", "Nothing to do, if that is the day you mean."),
    ("mended-money", N, "{found} was read as {read}.{more}", "Nothing to do, if that is the amount you mean."),
    ("mended-choice", N, "{found} was read as {read}.{more}", "Nothing to do."),
    ("mended-newline", N, "A line break in {found} became a blank.{more}", "Nothing to do."),
    ("identity-unverified", N, "The file's identity was not checked, since the campaign's key is not at hand.",
     "Check the file within its campaign to verify it."),
    ("seal-unchecked", N, "Locked texts were not compared, since the form as issued is not at hand.{more}",
     "Nothing to do, unless an answer was typed over a locked text."),
    ("guide-missing", N, "The sheet “{section}” is gone; it holds no answers.", "Nothing to do."),
    # --- about the file
    ("formula", W, "The cell holds a formula; its value {found} was taken.{more}", "Type the value itself."),
    ("moved", W, "{found} was read away from its place: it stands at {at}.{more}", "{todo}"),
    ("sheet-renamed", W, "The sheet “{section}” is now named {found}.",
     "Nothing to do; its answers were read."),
    ("sheet-twice", W, "The sheet “{section}” is in the file twice; {found} was not read.{more}",
     "Keep one of the two sheets."),
    ("label-changed", W, "A locked text was changed: it was “{was}”, it is {now}.{more}",
     "Use a fresh copy for later changes."),
    ("list-changed", W, "A choice list was changed: {said}.{more}", "Use a fresh copy for later changes."),
    ("validation-gone", W, "Some boxes no longer check what is typed: {cells}.",
     "Paste with Paste Special, Values, so that boxes stay as they are."),
    ("protection-gone", W, "The protection of {sheets} was removed.", "Use a fresh copy for later changes."),
    ("macros", W, "The file holds macros; they were not run.", "Return it as an .xlsx file."),
    ("extra-sheet", W, "The sheet {found} is not part of the form and was not read.{more}",
     "Move its answers into the form's own sheets, if it holds any."),
    ("identity-weak", W, "Some of the file's identities are gone: the one on {gone}.",
     "Use a fresh copy for later changes."),
    ("identity-missing", W, "The file no longer says which school it is for.{more}",
     "Tell the district which school it is for, or use a fresh copy."),
    ("school-matched", W, "It shows {shown}, and was taken for the plan of {school}.",
     "Nothing to do, if it is; if not, tell the district, which names the school (xlplan collect FILE --as SCHOOL)."),
    ("school-said", W, "The district said that it is the plan of {school}.{more}",
     "Nothing to do, if it is; if not, tell the district."),
    ("school-closed", W, "{school} left the roster on {since}.{more}",
     "Nothing to do; if the school is open, the district puts it back on the roster."),
    ("upgraded", W, "{found} {said}", "{todo}"),
    ("table-full", W, "All {rows} of {label} are used.", "More rows? Ask the district for a larger copy."),
    ("merged", W, "Cells were merged: {cells}. Excel keeps only the first answer of each.",
     "Unmerge them, so that each answer stands in its own box."),
    ("remark", W, "A reader’s remark: {text}",
     "Change what it asks for. If the answer should stay as it is, tell the district why."),
    # --- refusals: the file was not read
    ("not-a-workbook", R, "This is not an Excel workbook{detail}.", "{todo}"),
    ("unsupported-format", R, "{detail} cannot carry a plan.", "{todo}"),
    ("encrypted", R, "The file is protected by a password for opening{detail}.",
     "Save it without a password and return it again; the district can also read it with its password (--password)."),
    ("damaged", R, "The file is damaged{detail}.",
     "Open it in Excel, save it under a new name and return that; if Excel cannot open it, send it once more."),
    ("too-big", R, "The file is far larger than a plan can be{detail}.",
     "Copy your answers into a fresh copy of the workbook."),
    ("hostile", R, "The file holds something that no spreadsheet program writes{detail}, so it was not opened.",
     "Copy your answers into a fresh copy of the workbook."),
    ("not-ours", R, "This workbook was not made from one of the district's plan forms.",
     "Return the workbook that the district sent."),
    ("unknown-template", R, "The form “{detail}” is not known here.{todo}",
     "Ask the district which form to use."),
    ("newer-version", R, "The form is of version {detail}, newer than this program knows.",
     "Update xlplan and check again."),
    ("forged", R, "The file's identity does not bear this campaign's signature.",
     "Use the copy that the district sent."),
    ("other-campaign", R, "The file belongs to another campaign{detail}.",
     "Return the copy made for this campaign."),
    ("unknown-school", R, "The school {detail} is not on this campaign's roster.",
     "Check the school, or add it to the roster."),
    ("unknown-issue", R, "No copy number {detail} was issued to this school.",
     "Use the copy that the district sent."),
    ("identity-conflict", R, "The file carries two identities: {detail}.",
     "Return the copy made for your school."),
)
# fmt: on

CATALOGUE: Mapping[str, Entry] = {
    code: Entry(code=code, severity=severity, sentence=sentence, remedy=remedy, structural=code in STRUCTURAL)
    for code, severity, sentence, remedy in _ROWS
}

# What a fresh copy with the school's answers has put right by itself: code → what stands there now
PUT_RIGHT: Mapping[str, str] = {
    "mended-space": "The answer without the stray blanks.",
    "mended-number": "The answer as it was read.",
    "mended-date": "The day as it was read.",
    "mended-money": "The amount as it was read.",
    "mended-choice": "The choice as the list has it.",
    "mended-newline": "The answer on one line.",
    "identity-unverified": "",
    "seal-unchecked": "",
    "guide-missing": "The sheet is back.",
    "formula": "The value that the formula had.",
    "moved": "The answers in their places.",
    "sheet-renamed": "The sheet under its own name.",
    "label-changed": "The text as it was.",
    "list-changed": "The lists as they were.",
    "validation-gone": "Boxes that check what is typed.",
    "protection-gone": "Sheets that are protected again.",
    "merged": "Boxes that stand each by itself.",
    "macros": "No macros.",
    "identity-weak": "Everything that tells for whom the copy is.",
    "identity-missing": "Everything that tells for whom the copy is.",
    "section-missing": "The sheet, with empty boxes: its answers did not come with the file.",
}
