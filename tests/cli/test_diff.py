"""diff, history, receipt, mark and review as a coordinator types them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from tests.cli.runner import ADAMS, BROWNE, Done, bad_plan, copy_of, filled, plan, run, start
from tests.pipeline.readers import DUE, OWNER


@pytest.fixture(scope="module")
def autumn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A campaign in which Adams has sent a plan, another one, and one with an error."""
    folder = start(tmp_path_factory.mktemp("round") / "autumn", contact="plans@district.example")
    assert run("generate", "-C", folder).code == 0
    second = plan()
    second["challenges"][0]["description"] += " We met <b>twice</b>.\nAnd more."
    second["challenges"][0]["strategies"][0]["steps"][0]["owner"] = "A. Nkosi"
    for number, data in enumerate((plan(), second, bad_plan()), 1):
        file = folder / "returns" / f"adams {number}.xlsx"
        filled(copy_of(folder, ADAMS), file, data)
        assert run("collect", "-C", folder, file, "-q").code == (1 if number == 3 else 0)
    return folder


def diff(autumn: Path, *what: object) -> Done:
    done = run("diff", *what, "-C", autumn)
    assert done.code == 0, done.err
    return done


def test_references_of_every_kind_name_the_same_plans(autumn: Path) -> None:
    """Two files, two numbers, hashes, and what counts: one answer; order matters, and itself is no change."""
    first, second = (autumn / "returns" / f"adams {number}.xlsx" for number in (1, 2))
    wanted = diff(autumn, first, second, "--json").json
    assert [(item["path"], item["kind"]) for item in wanted["changes"]] == [
        ("challenges[0].description", "changed"), (OWNER, "changed")
    ]  # fmt: skip
    assert wanted["changes"][1] == {
        "path": OWNER, "sheet": "Challenge 1", "cell": "F34", "kind": "changed", "a": "T. Brandt, PBIS coach",
        "b": "A. Nkosi",
    }  # fmt: skip
    sha = hashlib.sha256(first.read_bytes()).hexdigest()
    for one, other in ((f"{ADAMS}:1", f"{ADAMS}:2"), (sha[:12], ADAMS), (first, f"{ADAMS}:2")):
        assert diff(autumn, one, other, "--json").json == wanted
    back = diff(autumn, second, first, "--json").json["changes"]
    assert [(item["a"], item["b"]) for item in back] == [(item["b"], item["a"]) for item in wanted["changes"]]
    assert diff(autumn, first, first).out.endswith("No answer differs.\n")
    assert run("diff", first, second, "--json").json == wanted  # without a campaign, too


def test_people_read_places_and_words(autumn: Path, tmp_path: Path) -> None:
    page = tmp_path / "new" / "page.html"
    done = diff(autumn, f"{ADAMS}:1", f"{ADAMS}:2", "--html", page)
    assert done.out.splitlines()[2:] == [
        "2 changed.",
        "Challenge 1",
        "  ~ D8    Description of Challenge/Problem: … and being sent out costs them lessons."
        "{+ We met <b>twice</b>. ⏎ And more.+}",
        "  ~ F34   step 1.1, By Who?: T. Brandt, PBIS coach → A. Nkosi",
    ]
    text = page.read_text("utf-8")
    assert "<ins> We met &lt;b&gt;twice&lt;/b&gt;.\nAnd more.</ins>" in text and "<b>" not in text
    based = diff(autumn, f"{ADAMS}:2").out
    assert based.startswith("Before: copy 1, issued empty\n") and " added.\n" in based
    assert based == diff(autumn, f"{ADAMS}:2", "--base").out


def test_what_cannot_be_compared_is_said(autumn: Path, tmp_path: Path) -> None:
    first = autumn / "returns" / "adams 1.xlsx"
    (tmp_path / "no.xlsx").write_bytes(b"nothing")
    for arguments, said in (
        ((first, first, "--base"), "Leave B or --base away"),
        ((first, tmp_path / "no.xlsx"), "not an Excel workbook"),
        ((first, f"{ADAMS}:9"), "has 3 returns"),
        ((first, BROWNE), "no return of this school counts"),
        ((first, "nowhere"), "no such file, school or return"),
    ):
        done = run("diff", *arguments, "-C", autumn)
        assert (done.code, done.out) == (2, "") and said in done.err
    done = run("diff", first)
    assert done.code == 2 and "name the campaign with -C" in done.err


def test_history_and_receipt_tell_what_counts(autumn: Path, tmp_path: Path) -> None:
    """The same facts for people, for programs, and as a text to forward."""
    done = run("history", ADAMS, "-C", autumn, "-v")
    assert done.code == 0
    assert "Return 2 counts: it is the newest that was accepted." in done.out
    assert (
        "→  2  " in done.out
        and "since return 1: 2 changed" in done.out
        and "since return 2: 3 changed" in done.out
    )
    assert "~ E34   step 1.1, By When?: 2026-09-18 → TBD" in done.out
    (told,) = run("history", ADAMS, "-C", autumn, "--json").json["plans"]
    assert (told["counts"], told["state"]) == (2, "accepted")
    assert [(item["number"], item["outcome"], item["since_former"]) for item in told["returns"]] == [
        (1, "accepted", None),
        (2, "accepted", {"added": 0, "removed": 0, "changed": 2}),
        (3, "rejected", {"added": 0, "removed": 0, "changed": 3}),
    ]
    out = tmp_path / "receipt.txt"
    assert run("receipt", ADAMS, "--return", 2, "-C", autumn, "-o", out).code == 0
    text, file = out.read_text("utf-8"), autumn / "returns" / "adams 2.xlsx"
    assert hashlib.sha256(file.read_bytes()).hexdigest() in text and f"{file.stat().st_size:,} bytes" in text
    assert 'shasum -a 256 "adams 2.xlsx"' in text and "This return counts now." in text
    assert "Questions: plans@district.example" in text
    newest = run("receipt", ADAMS, "-C", autumn).out
    assert "is not accepted yet. Asked for:\n  ▲ Challenge 1, E34: “TBD” is not a day." in newest
    assert run("receipt", BROWNE, "-C", autumn).code == run("history", "1234", "-C", autumn).code == 2


def test_people_decide_and_the_record_says_who(autumn: Path) -> None:
    """A mark, a review, and the states that follow; a wrong word records nothing."""
    for wrong in (
        ("mark", ADAMS, "1", "--counts"),
        ("mark", ADAMS, "1", "--reason", "So"),
        ("mark", ADAMS, "1", "--counts", "--reason", " "),
        ("review", ADAMS),
        ("review", "--approve"),
        ("review", ADAMS, "--approve", "--return", "No"),
        ("review", ADAMS, "--on", "no sign"),
        ("review", ADAMS, "--return", ""),
        ("review", "--from", "nowhere.csv"),
    ):
        assert run(*wrong, "-C", autumn).code == 2, wrong
    before = run("history", ADAMS, "-C", autumn, "--json").json
    foretold = run("mark", ADAMS, "1", "--counts", "--reason", "So", "--dry-run", "-C", autumn)
    assert foretold.code == 0 and "would record that return 1 counts" in foretold.out
    assert run("history", ADAMS, "-C", autumn, "--json").json == before
    marked = run(
        "mark", ADAMS, "1", "--counts", "--reason", "The board saw it", "--by", "J. Doe", "-C", autumn
    )
    assert marked.code == 0 and "Return 1 counts: J. Doe said so on" in marked.out
    assert "(“The board saw it”)" in run("status", "-C", autumn).out
    sent = run(
        "review",
        ADAMS,
        "--return",
        "Who leads?",
        "--on",
        f"{DUE}=Too early",
        "--by",
        "R.",
        "-C",
        autumn,
        "--json",
    )
    (told,) = sent.json["reviews"]
    assert (told["return"], told["decision"]) == (1, "returned")
    assert told["remarks"] == [{"path": None, "remark": "Who leads?"}, {"path": DUE, "remark": "Too early"}]
    assert (autumn / told["correction"]).is_file()
    status = {item["school_id"]: item for item in run("status", "-C", autumn, "--json").json["schools"]}
    assert status[ADAMS]["state"] == "in-review"
    assert [item["answered"] for item in status[ADAMS]["remarks"]] == [False, False]
    assert run("review", ADAMS, "--approve", "-C", autumn).code == 0
    assert json.loads(run("history", ADAMS, "-C", autumn, "--json").out)["plans"][0]["state"] == "approved"
