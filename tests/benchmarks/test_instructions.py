"""What the comparison of instruction counts says; the counting itself is one of `python -m tests.all_checks`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import instructions

KEPT = {"a fresh copy, stamped": 1_000_000}


@pytest.mark.parametrize(
    ("count", "code", "said"),
    [
        (1_040_000, 0, "+4.0%"),
        (1_060_000, 1, "Slower by more than 5%"),
        (960_000, 0, "-4.0%"),
        (900_000, 0, "New or faster: a fresh copy, stamped. Keep that"),
    ],
)
def test_what_takes_more_fails_and_what_takes_less_asks_to_be_kept(
    count: int, code: int, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert instructions.compared({"a fresh copy, stamped": count}, KEPT) == code
    assert said in capsys.readouterr().out


def test_work_that_was_never_counted_asks_to_be_kept(capsys: pytest.CaptureFixture[str]) -> None:
    assert instructions.compared(KEPT | {"something new": 1}, KEPT) == 0
    assert "something new. Keep that" in capsys.readouterr().out


def test_figures_of_another_machine_say_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where Python or a library is another one, it says which, and does not fail."""
    kept = json.loads(instructions.RESULTS.read_text(encoding="utf-8"))
    for entry in kept.values():
        entry["conditions"]["expat"] = "expat_1.0"
    (tmp_path / "kept.json").write_text(json.dumps(kept), encoding="utf-8")
    monkeypatch.setattr(instructions, "RESULTS", tmp_path / "kept.json")
    monkeypatch.setattr("sys.argv", ["instructions"])
    assert instructions.main() == 0
    assert capsys.readouterr().out.startswith("Cannot judge: ")


def test_every_piece_of_work_is_kept() -> None:
    """Of each Python version that there are figures of."""
    kept = json.loads(instructions.RESULTS.read_text(encoding="utf-8"))
    assert kept
    for entry in kept.values():
        assert set(instructions.WORKS) < set(entry["instructions"])
