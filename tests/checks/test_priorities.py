"""The seven questions about each action step (002)."""

from __future__ import annotations

import pytest

from tests.checks.plans import SCORED, codes, found, process, put

NAME = "planning-process"
QUESTIONS = [name for name in SCORED if name != "decision"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_open_question_is_named(question: str) -> None:
    (item,) = found(NAME, put(process(), f"action_steps.0.priority.{question}", None))
    assert (item.code, item.severity) == ("not-scored", "warning")
    assert item.path == f"action_steps[0].priority.{question}"
    assert item.message.startswith("“Embed coaching”: 1 of the 7 priority questions is not answered: ")


def test_all_open_questions_are_one_finding() -> None:
    (item,) = found(NAME, put(process(), "action_steps.1.priority", {"decision": "do later"}))
    assert item.path == "action_steps[1].priority.targets_root_cause"
    assert item.message == "“Hire two coaches”: 7 of the 7 priority questions are not answered."


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_is_an_answer_and_so_is_what_cannot_be_read(question: str) -> None:
    assert codes(NAME, put(process(), f"action_steps.0.priority.{question}", False)) == []
    assert codes(NAME, put(process(), f"action_steps.0.priority.{question}", "maybe")) == []


def test_a_step_that_is_not_begun_is_not_scored() -> None:
    data = process()
    data["action_steps"].append(None)
    assert codes(NAME, data) == []
