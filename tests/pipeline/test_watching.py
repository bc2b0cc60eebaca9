"""Following returns/ round by round, with a clock that the test holds: what is collected, told and tried again."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.pipeline.loop import NOW, add, begun
from xlplan.campaign import Campaign
from xlplan.excel.plate import pour
from xlplan.intake.pour import poured
from xlplan.ledger import Ledger
from xlplan.pipeline import watching
from xlplan.pipeline.collect import collect
from xlplan.pipeline.forms import form_for, identity_for, personal, plate_of
from xlplan.pipeline.generate import generate
from xlplan.pipeline.settling import Settling
from xlplan.pipeline.watching import Collected, Event, Reread, Solved, Trouble, Waits, Watch, Written
from xlplan.samples import sample_plans

ADAMS, BROWNE, FINCH = "530825001378", "530825001379", "530825001380"


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, bytes]]:
    """A campaign whose copies are out, and what its three schools will send: good, with an error, good."""
    campaign = begun(tmp_path_factory.mktemp("made") / "plans", "sfss")
    plans: list[dict[str, Any]] = json.loads(json.dumps(sample_plans("sfss")[:3]))
    plans[1]["challenges"][0]["evidence"] = None
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
    files = {}
    for school, plan in zip(campaign.roster.schools, plans, strict=True):
        form = form_for(campaign, school)
        values = personal(school, identity_for(campaign, school, form, 1), campaign.key, "")
        files[school.key] = pour(plate_of(form, ""), values, poured(form.layout, plan))
    return campaign.root, files


class Desk:
    """A campaign's folder that is watched. `at`: by a clock that never jumps; `now`: by the one on the wall."""

    def __init__(self, root: Path, files: dict[str, bytes]) -> None:
        self.root, self.files = root, files
        self.at, self.now = 0.0, NOW
        self.watch = Watch(
            root,
            now=lambda: self.now,
            clock=lambda: self.at,
            settling=Settling(settled=3, patience=600),
            busy=0.05,
        )

    def comes(self, key: str, name: str = "", content: bytes | None = None) -> Path:
        """A file stands in returns/."""
        path = self.root / "returns" / (name or f"{key}.xlsx")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(self.files[key] if content is None else content)
        return path

    def later(self, seconds: float = 4) -> list[Event]:
        """What a round tells after so many seconds, the page apart."""
        self.at += seconds
        self.now += timedelta(seconds=seconds)
        return [event for event in self.watch.round() if not isinstance(event, Written)]

    def settled(self) -> list[Event]:
        """What two rounds tell: the first one sees a file, the second finds it unchanged."""
        return [*self.later(), *self.later()]

    def outcomes(self, events: list[Event]) -> list[tuple[str, str | None, str]]:
        return [
            (item.file, item.school_id, item.outcome)
            for event in events
            if isinstance(event, Collected)
            for item in event.items
        ]

    def recorded(self) -> list[str]:
        with Ledger.open_to_ask(f"sqlite:///{self.root}/ledger.sqlite") as ledger:
            return [f"{item.school_key} {item.outcome}" for item in ledger.returns()]

    @property
    def page(self) -> str:
        return (self.root / "reports" / "status.html").read_text(encoding="utf-8")


@pytest.fixture
def desk(issued: tuple[Path, dict[str, bytes]], tmp_path: Path) -> Desk:
    root, files = issued
    shutil.copytree(root, tmp_path / "plans")
    return Desk(tmp_path / "plans", files)


def test_what_comes_is_collected_once_and_the_page_is_current(desk: Desk) -> None:
    """A correct plan, one with an error, a stranger: each is told once, and stands on the page."""
    assert desk.settled() == [] and "3 not returned" in desk.page
    desk.comes(ADAMS)
    desk.comes(BROWNE, "week 1/browne.xlsx")
    desk.comes("", "note.txt", b"Dear district,")
    assert desk.later() == []
    (told,) = desk.later()
    assert isinstance(told, Collected)
    assert desk.outcomes([told]) == [
        (f"returns/{ADAMS}.xlsx", ADAMS, "accepted"), ("returns/note.txt", None, "refused"),
        ("returns/week 1/browne.xlsx", BROWNE, "rejected"),
    ]  # fmt: skip
    assert (desk.root / (told.items[2].correction or "")).is_file()
    assert "1 of 3 plans are in, 1 to correct, 1 not returned" in desk.page and "note.txt" in desk.page
    assert desk.settled() == [] and len(desk.recorded()) == 3
    desk.comes(ADAMS, "again.xlsx")  # the same bytes under another name
    assert desk.settled() == [Collected((), 1)]
    desk.comes(BROWNE, "week 1/browne.xlsx", desk.files[FINCH])  # another plan under the same name
    assert desk.outcomes(desk.settled()) == [("returns/week 1/browne.xlsx", FINCH, "accepted")]


def test_half_a_file_is_never_recorded(desk: Desk) -> None:
    """Over a slow share it stands still for a while: it waits, that is told once, and it is collected when whole."""
    content = desk.files[ADAMS]
    path = desk.comes(ADAMS, content=content[: len(content) // 2])
    assert desk.settled() == [Waits(f"returns/{ADAMS}.xlsx", "incomplete")]
    assert desk.later(300) == [] and desk.recorded() == []
    path.write_bytes(content)
    assert desk.outcomes(desk.settled()) == [(f"returns/{ADAMS}.xlsx", ADAMS, "accepted")]
    assert desk.recorded() == [f"{ADAMS} accepted"]


def test_what_stays_half_is_told_as_what_it_is_in_the_end(desk: Desk) -> None:
    """After ten minutes without a change nobody is writing any more."""
    desk.comes(ADAMS, content=desk.files[ADAMS][:-100])
    assert desk.settled() and desk.later(580) == []
    (told,) = desk.later(20)
    assert isinstance(told, Collected) and told.items[0].outcome == "refused"
    assert told.items[0].findings[0].code == "damaged"


def test_a_file_that_changes_while_it_is_read_is_left_for_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the reading somebody puts another version in its place."""
    path = desk.comes(ADAMS)
    reads = watching.content_of

    def replaced(asked: Path, passwords: tuple[str, ...]) -> object:
        path.write_bytes(desk.files[ADAMS][:5000])
        return reads(asked, passwords)

    with monkeypatch.context() as patch:
        patch.setattr(watching, "content_of", replaced)
        assert desk.settled() == [] and desk.recorded() == []
    path.write_bytes(desk.files[ADAMS])
    assert desk.outcomes(desk.settled()) == [(f"returns/{ADAMS}.xlsx", ADAMS, "accepted")]


def test_a_ledger_in_use_is_told_and_tried_again(desk: Desk) -> None:
    """Another program writes to it for a while: nothing is lost, and nothing is told twice."""
    desk.comes(ADAMS)
    desk.later()
    with closing(sqlite3.connect(desk.root / "ledger.sqlite", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = [event for event in desk.later() if isinstance(event, Trouble)]
        assert told and all("Another program is using it" in event.text for event in told)
        assert desk.later() == []
        other.execute("ROLLBACK")
    events = desk.later()
    assert desk.outcomes(events) == [(f"returns/{ADAMS}.xlsx", ADAMS, "accepted")]
    assert [event for event in events if isinstance(event, Solved)] and desk.watch.troubles == ()


def test_one_file_that_cannot_be_collected_does_not_stop_the_others(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a correction copy that is open in Excel cannot be replaced: the other schools go on."""
    for key in (ADAMS, BROWNE, FINCH):
        desk.comes(key)
    gathered = watching.collect

    def failing(campaign: Campaign, ledger: Ledger, paths: list[Path], **more: Any) -> object:
        if any(BROWNE in path.name for path in paths):
            raise PermissionError(13, "Permission denied", "corrections/browne-fix2.xlsx")
        return gathered(campaign, ledger, paths, **more)

    with monkeypatch.context() as patch:
        patch.setattr(watching, "collect", failing)
        events = [event for _ in range(5) for event in desk.later()]
        assert [event.text for event in events if isinstance(event, Trouble)] == [
            "corrections/browne-fix2.xlsx: Permission denied."
        ]
        assert sorted(desk.recorded()) == [f"{ADAMS} accepted", f"{FINCH} accepted"]
    assert desk.outcomes(desk.later()) == [(f"returns/{BROWNE}.xlsx", BROWNE, "rejected")]


def test_what_was_recorded_in_a_round_that_failed_is_told_in_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk may be full for what follows recording; nobody has heard of the file yet."""
    desk.comes(ADAMS)
    gathered = watching.collect

    def recorded(*arguments: Any, **more: Any) -> object:
        gathered(*arguments, **more)
        raise OSError(28, "No space left on device", "corrections/x.xlsx")

    with monkeypatch.context() as patch:
        patch.setattr(watching, "collect", recorded)
        desk.settled()
    assert desk.outcomes(desk.later()) == [(f"returns/{ADAMS}.xlsx", ADAMS, "accepted")]


@pytest.mark.parametrize("broken", ["campaign.toml", "roster.csv"])
def test_settings_that_are_broken_for_a_while_stop_nothing_for_good(desk: Desk, broken: str) -> None:
    """Somebody saves half an edit: that is told, and what came meanwhile is collected when it is mended."""
    assert desk.settled() == []
    whole = (desk.root / broken).read_text(encoding="utf-8")
    (desk.root / broken).write_text(
        "[campaign\n" if broken.endswith("toml") else "school\nx\n", encoding="utf-8"
    )
    desk.comes(ADAMS)
    (told,) = desk.settled()
    assert isinstance(told, Trouble) and told.setup and broken in told.text
    (desk.root / broken).unlink()
    assert [event for event in desk.later() if isinstance(event, Trouble)]
    (desk.root / broken).write_text(whole, encoding="utf-8")
    events = [*desk.settled(), *desk.later()]
    assert desk.outcomes(events) == [(f"returns/{ADAMS}.xlsx", ADAMS, "accepted")]
    assert any(isinstance(event, Reread) and broken in event.files for event in events)


def test_an_edit_holds_from_the_next_round_on(desk: Desk) -> None:
    """A day of return is set: the page says who is late without anything coming in."""
    desk.settled()
    assert "0 late" in desk.page
    add(desk.root, "[extension]\n" + f'"{ADAMS}" = 2026-11-15')
    assert desk.later() == [Reread(("campaign.toml",))]
    assert "1 late" in desk.page and "16 days late" in desk.page


def test_a_collect_beside_it_makes_the_page_anew(desk: Desk) -> None:
    """And what is recorded by then is told as recorded before."""
    desk.settled()
    path = desk.comes(ADAMS)
    assert desk.watch.campaign is not None
    with Ledger.open(desk.watch.campaign.ledger_url) as ledger:
        collect(desk.watch.campaign, ledger, [path], received=NOW.date(), now=NOW)
    assert desk.later() == [] and "1 of 3 plans are in" in desk.page
    assert desk.later() == [Collected((), 1)]


def test_the_page_is_left_alone_while_it_says_the_same(desk: Desk) -> None:
    """Not for the time alone, not by another process; for another day, and where it is gone, it is written."""
    page = desk.root / "reports" / "status.html"
    assert any(isinstance(event, Written) for event in desk.watch.round())
    page.touch()
    before = page.stat().st_mtime_ns
    desk.settled()
    again = Desk(desk.root, desk.files)
    again.now = desk.now + timedelta(hours=2)
    assert [*again.watch.round()] == [] and page.stat().st_mtime_ns == before
    again.now += timedelta(days=1)
    assert [*again.watch.round()] == [Written(page)]
    assert "Wednesday, December 2, 2026, at 11:00" in again.page
    page.unlink()
    assert [*again.watch.round()] == [Written(page)] and not list(page.parent.glob("*.tmp"))


def test_a_page_that_cannot_be_written_stops_no_collecting(desk: Desk) -> None:
    """That is told, and tried again."""
    shutil.rmtree(desk.root / "reports")
    (desk.root / "reports").write_text("in the way", encoding="utf-8")
    desk.comes(ADAMS)
    events = desk.settled()
    assert desk.outcomes(events) and [event for event in events if isinstance(event, Trouble)]
    (desk.root / "reports").unlink()
    assert [type(event) for event in desk.later()] == [Solved] and "1 of 3" in desk.page


def test_returns_may_be_taken_away_and_come_back(desk: Desk) -> None:
    """A share that is not there for a while: told, and nothing is collected twice or lost."""
    desk.comes(ADAMS)
    assert desk.outcomes(desk.settled())
    (desk.root / "returns").rename(desk.root.parent / "away")
    (told,) = desk.settled()
    assert isinstance(told, Trouble) and "returns: is not there" in told.text
    (desk.root.parent / "away").rename(desk.root / "returns")
    desk.comes(FINCH)
    events = [*desk.settled(), *desk.settled()]
    assert isinstance(events[0], Solved) and len(desk.recorded()) == 2
    assert desk.outcomes(events) == [(f"returns/{FINCH}.xlsx", FINCH, "accepted")]


def test_a_school_that_is_added_to_the_roster_gets_its_file(desk: Desk) -> None:
    """What was refused is looked at again when settings or roster change."""
    roster = desk.root / "roster.csv"
    whole = roster.read_text(encoding="utf-8")
    roster.write_text("".join(line for line in whole.splitlines(True) if FINCH not in line), encoding="utf-8")
    desk.comes(FINCH)
    ((_, _, before),) = desk.outcomes(desk.settled())
    roster.write_text(whole, encoding="utf-8")
    after = desk.outcomes([*desk.settled(), *desk.later()])
    assert (before, after) == ("refused", [(f"returns/{FINCH}.xlsx", FINCH, "accepted")])


def test_nothing_is_read_again_that_is_known(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """In rounds in which nothing comes no file is opened."""
    for number in range(40):
        desk.comes("", f"{number:02}.txt", b"x%d" % number)
    assert len(desk.outcomes(desk.settled())) == 40
    monkeypatch.setattr(watching, "collect", _never)
    monkeypatch.setattr("xlplan.pipeline.settling.is_whole", _never)
    monkeypatch.setattr(watching, "status_report", _never)
    assert desk.settled() == []


def _never(*_: object, **__: object) -> object:
    raise AssertionError("there was nothing to do")


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)])
def test_a_clock_that_jumps_makes_no_difference(desk: Desk, jump: timedelta) -> None:
    """Files settle by a clock of their own."""
    desk.comes(ADAMS)
    desk.later()
    desk.now = (desk.now + jump).astimezone(UTC)
    assert desk.outcomes(desk.later(1)) == [] and desk.outcomes(desk.later(2))


def test_what_was_collected_when_the_end_is_asked_for_stands_on_the_page(desk: Desk) -> None:
    """A round that is left behind its first event: `finish` makes the page that it would have made."""
    desk.settled()
    desk.comes(ADAMS)
    desk.later()
    desk.at += 4
    for event in desk.watch.round():
        assert isinstance(event, Collected)
        break
    assert "3 not returned" in desk.page
    assert [type(event) for event in desk.watch.finish()] == [Written]
    assert "2 not returned" in desk.page and list(desk.watch.finish()) == []


def test_a_page_that_another_command_wrote_is_made_anew(desk: Desk) -> None:
    """`status --format html --as-of` may write in the same place."""
    desk.settled()
    page = desk.root / "reports" / "status.html"
    page.write_text("As of another day", encoding="utf-8")
    desk.later()
    assert "3 not returned" in desk.page
