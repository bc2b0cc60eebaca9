"""The same answers in another file: known for what they are, recorded, and answered by the copy that is out already."""

from __future__ import annotations

from pathlib import Path

from tests.pipeline.loop import DAY, NOW, begun
from tests.pipeline.people import saved_by, sent
from xlplan.findings import Checked
from xlplan.ledger import Ledger
from xlplan.pipeline.collect import collect
from xlplan.pipeline.generate import generate

KEYS = ("530825001378", "530825001379")


def test_the_same_answers_in_other_bytes(tmp_path: Path) -> None:
    campaign = begun(tmp_path / "fall", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        copies = [campaign.root / campaign.copy_path(campaign.school(key)) for key in KEYS]

        def collected(*paths: Path) -> list[Checked]:
            return collect(campaign, ledger, paths, received=DAY, now=NOW)

        answers = {"prepared_by": "Ann Lee", "rules[0].item": "Late buses"}
        first = sent(campaign, copies[0], answers, name="one.xlsx")
        again = campaign.returns / "two.xlsx"
        again.write_bytes(saved_by(first.read_bytes(), "Ann"))
        other = sent(campaign, copies[1], answers, name="other school.xlsx")
        one, two, three = collected(first, again, other)
        assert [item.unchanged for item in (one, two, three)] == [False, True, False]
        assert one.correction == two.correction != three.correction
        assert (two.outcome, two.already) == ("rejected", False)

        later = campaign.returns / "three.xlsx"
        later.write_bytes(saved_by(first.read_bytes(), "Bo"))
        (told,) = collect(campaign, ledger, [later], received=DAY, now=NOW, dry_run=True)
        (same,) = collected(later)
        assert (told.unchanged, told.correction) == (same.unchanged, same.correction)
        assert same.unchanged and same.correction == one.correction
        (changed,) = collected(sent(campaign, copies[0], answers | {"prepared_by": "Bo"}, name="four.xlsx"))
        assert not changed.unchanged and changed.correction != one.correction
        assert len(ledger.returns(school_key=KEYS[0])) == 4
        assert len([copy for copy in ledger.copies(KEYS[0]) if copy.kind == "correction"]) == 2


def test_the_copy_that_answers_the_same_answers_is_there_each_time(tmp_path: Path) -> None:
    """A second file with the same answers names the first one's copy again, and has it written again if it is gone."""
    campaign = begun(tmp_path / "fall", "sfss")
    with Ledger.open(campaign.ledger_url) as ledger:
        list(generate(campaign, ledger, campaign.roster.schools, now=NOW))
        copy = campaign.root / campaign.copy_path(campaign.school(KEYS[0]))
        first = sent(campaign, copy, {"prepared_by": "Ann Lee"}, name="one.xlsx")
        files = [first]
        for name in ("two", "three"):
            files.append(campaign.returns / f"{name}.xlsx")
            files[-1].write_bytes(saved_by(first.read_bytes(), name))

        def collected(path: Path) -> Checked:
            (found,) = collect(campaign, ledger, [path], received=DAY, now=NOW)
            assert found.correction is not None and (campaign.root / found.correction).exists()
            return found

        one, two = collected(files[0]), collected(files[1])
        content = (campaign.root / str(one.correction)).read_bytes()
        for path in (files[2], files[1], files[0]):
            (campaign.root / str(one.correction)).unlink()
            assert collected(path).correction == one.correction == two.correction
            assert (campaign.root / str(one.correction)).read_bytes() == content
