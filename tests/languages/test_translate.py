"""A district's own template in another language: a file beside it, checked, inherited, completed bit by bit."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from tests.cli.runner import ROSTER, run
from xlplan.errors import TemplateError
from xlplan.form.inspect import spec_of, translatable, untranslated
from xlplan.form.spec import FormFacts
from xlplan.form.translate import languages_of, place_of, skeleton, speaks
from xlplan.templates import TEMPLATES, template
from xlplan.templates.own import load

OURS = """
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, ClassVar

from annotated_types import MinLen
from pydantic import Field

from xlplan.form.markers import Help, Label, Prose, Table
from xlplan.form.plan import Form, Plan, Row, SheetOf


class Mood(StrEnum):
    GOOD = "Good, mostly"
    BAD = "Bad"


class Goal(Row):
    text: Annotated[Prose, Label("Goal", noun="goal"), Help(message="What you want.")]
    mood: Annotated[Mood | None, Label("Mood", noun="mood")] = None


class OurPlan(Plan):
    form: ClassVar[Form] = Form(
        name="ours", version=1, title="Our plan", purpose="Our goals.", source="Ours",
        sheets=(SheetOf(key="go", title="Goals", holds=("goals",), purpose="What we want.", guide=("Be brief.",)),),
    )
    goals: Annotated[list[Goal], MinLen(1), Table(label="Goals", slots=4, noun="goal", tag="g")]
"""
SPANISH = """
[form]
title = "Nuestro plan"

[sheets.go]
title = "Metas"
guide = ["Sea breve."]

[fields."goals[].text"]
label = "Meta"

[fields."goals[].mood".choices]
"Good, mostly" = "Bueno, casi siempre"
"""


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    (tmp_path / "ours.py").write_text(OURS, "utf-8")
    (tmp_path / "ours.es.toml").write_text(SPANISH, "utf-8")
    return tmp_path


def test_sfss_is_complete() -> None:
    """Every text of the shipped form has its Spanish one."""
    assert languages_of(template("sfss")) == ("es",)
    assert untranslated(template("sfss"), "es") == {}
    assert len(translatable(template("sfss"))) > 150


def test_a_file_beside_the_template_is_its_translation(ours: Path) -> None:
    """What is translated is Spanish, what is not stays English, and choices keep their value."""
    model = load(f"{ours}/ours.py:OurPlan")
    assert speaks(model, "es")
    spec = spec_of(model, FormFacts(language="es"))
    goals = spec.group("goals")
    assert (spec.form.title, spec.form.sheets[0].title, spec.form.sheets[0].guide) == (
        "Nuestro plan",
        "Metas",
        ("Sea breve.",),
    )
    assert [item.label for item in goals.fields] == ["Meta", "Mood"]
    assert goals.fields[1].choices == ("Good, mostly", "Bad")
    assert goals.fields[1].offered == ("Bueno, casi siempre", "Bad")
    assert spec.group("team").label == "El equipo"  # what every plan has is translated with every plan
    assert spec_of(model).group("goals").fields[0].label == "Goal"


def test_what_is_missing_is_named_and_can_be_written(ours: Path) -> None:
    """The list of it, and a skeleton that holds just that and is a file again."""
    model = load(f"{ours}/ours.py:OurPlan")
    places = [place_of(key) for key in untranslated(model, "es")]
    assert "[form] purpose" in places and '[fields."goals[].mood"] label' in places
    assert '[fields."goals[].mood".choices] Bad' in places and "[sheets.go] title" not in places
    data = tomllib.loads(skeleton(translatable(model)))
    assert data["sheets"]["go"]["guide"] == [""] and data["fields"]["goals[].mood"]["choices"] == {
        "Good, mostly": "",
        "Bad": "",
    }
    (ours / "ours.es.toml").write_text(skeleton(untranslated(model, "es")), "utf-8")
    assert spec_of(load(f"{ours}/ours.py:OurPlan"), FormFacts(language="es")).form.title == "Our plan"


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_skeleton_is_a_file_of_that_template(name: str) -> None:
    """Written with the English words themselves, it is read back as all that there is."""
    every = translatable(template(name))
    assert tomllib.loads(skeleton(every))
    assert len({place_of(key) for key in every}) == len(every)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '[fields."goals[].txt"]\nlabel = "Meta"',
            'no [fields."goals[].txt"] label. The nearest is [fields."goals[].text"] label.',
        ),
        ('[fields."goals[].mood".choices]\n"Godo" = "Bueno"', "no [fields."),
        ("[sheets.go]\ntitle = 3", "[sheets.go] title must be a text."),
        ("[sheets.go\n", "cannot be read"),
        ('[sheets.go]\ntitle = "a\\u0007b"', "[sheets.go] title holds a control character"),
        ('[sheets.go]\ntitles = "Metas"', "The nearest is [sheets.go] title."),
    ],
)  # fmt: skip
def test_a_place_that_is_none_is_told_with_the_nearest(ours: Path, text: str, said: str) -> None:
    """A translation loses nothing silently."""
    (ours / "ours.es.toml").write_text(text, "utf-8")
    with pytest.raises(TemplateError) as told:
        spec_of(load(f"{ours}/ours.py:OurPlan"), FormFacts(language="es"))
    assert said in str(told.value) and "ours.es.toml" in str(told.value)


@pytest.mark.parametrize(
    ("good", "bad"), [("Así", "así."), ("Bad", "Malo"), ("Bad", "Good, mostly"), ("Bueno", "good mostly")]
)
def test_two_choices_with_one_word_are_refused(ours: Path, good: str, bad: str) -> None:
    """Nobody could tell which of them was chosen; `templates` says so before any copy is out."""
    text = f'[fields."goals[].mood".choices]\n"Good, mostly" = "{good}"\n"Bad" = "{bad}"\n'
    (ours / "ours.es.toml").write_text(text, "utf-8")
    done = run("templates", "ours.py:OurPlan", "--language", "es", cwd=ours)
    assert done.code == 4 and "goals[].mood: the choice" in done.err and "Call them differently" in done.err
    assert "translation into español" in done.err


def test_a_translation_that_notepad_saved_is_read(ours: Path) -> None:
    (ours / "ours.es.toml").write_text(SPANISH, "utf-8-sig")
    assert spec_of(load(f"{ours}/ours.py:OurPlan"), FormFacts(language="es")).form.title == "Nuestro plan"


def test_a_template_inherits_what_is_still_said(tmp_path: Path) -> None:
    """One that builds on sfss speaks Spanish but for the words that it changed."""
    (tmp_path / "mine.py").write_text(
        "from dataclasses import replace\nfrom typing import Annotated, ClassVar\n"
        "from xlplan.form.markers import Label\nfrom xlplan.form.plan import Form\n"
        "from xlplan.templates.sfss import Monitoring, SfssPlan\n"
        "class Mine(SfssPlan):\n"
        "    form: ClassVar[Form] = replace(SfssPlan.form, name='mine', version=1, title='My plan')\n"
        "    monitoring: Annotated[Monitoring, Label('Watching')]\n",
        "utf-8",
    )
    model = load(f"{tmp_path}/mine.py:Mine")
    spec = spec_of(model, FormFacts(language="es"))
    assert spec.form.title == "My plan" and spec.form.sheets[0].title == "Desafío {n}"
    assert spec.group("monitoring").label == "Watching" and spec.group("challenges").label == "Desafíos"
    assert [place_of(key) for key in untranslated(model, "es")] == [
        "[form] title",
        "[fields.monitoring] label",
        "[fields.monitoring] noun",
    ]


def test_a_language_that_a_template_does_not_speak() -> None:
    with pytest.raises(TemplateError, match="data-team does not speak español; it speaks English"):
        spec_of(template("data-team"), FormFacts(language="es"))
    with pytest.raises(TemplateError, match=r"does not speak ../x"):
        spec_of(template("sfss"), FormFacts(language="../x"))


def test_the_command_tells_and_writes(ours: Path) -> None:
    """`xlplan templates NAME --language es`, with --skeleton FILE; an old file is never overwritten."""
    done = run("templates", "sfss", "--language", "es", "--json")
    assert done.code == 0 and done.json["missing"] == [] and done.json["texts"] > 150
    assert run("templates", "--json").json["templates"][0]["languages"] == ["en", "es"]
    told = run("templates", "ours.py:OurPlan", "--language", "es", "--skeleton", "new.toml", cwd=ours)
    assert told.code == 0 and "purpose" in (ours / "new.toml").read_text("utf-8")
    assert (
        run("templates", "ours.py:OurPlan", "--language", "es", "--skeleton", "new.toml", cwd=ours).code == 2
    )
    assert run("templates", "sfss", "--language", "xx").code == 2
    assert run("templates", "--language", "es").code == 2


def test_a_campaign_takes_the_translation_along(ours: Path) -> None:
    """`init` copies it beside the template; schools get the language that the roster says, or are named."""
    lines = [
        line + "," + language
        for line, language in zip(
            ROSTER.splitlines(), ("language", "Español", "", "Somali", "es-US", ""), strict=True
        )
    ]
    (ours / "schools.csv").write_text("\n".join(lines), "utf-8")
    window = ("--plan-from", "2026-09-01", "--plan-to", "2027-06-30")
    assert (
        run("init", "c", "--template", "ours.py:OurPlan", "--roster", "schools.csv", *window, cwd=ours).code
        == 0
    )
    assert (ours / "c" / "ours.es.toml").read_bytes() == (ours / "ours.es.toml").read_bytes()
    done = run("generate", "-C", "c", "--json", cwd=ours)
    assert "“Somali” is no language that forms speak" in done.err and "Finch Elementary" in done.err
    files = {item["school_id"]: ours / "c" / item["file"] for item in done.json["copies"]}
    sheets = {
        key: {cell["sheet"] for cell in run("cells", file, "-C", ours / "c", "--json").json["cells"]}
        for key, file in files.items()
    }
    assert [key for key, titles in sheets.items() if "Metas" in titles] == ["530825001378", "530825001381"]
