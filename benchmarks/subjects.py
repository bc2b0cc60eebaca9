"""What is measured: the sfss form, schools to make copies for, and copies filled with the sample plans."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xlplan.campaign import School, read_roster
from xlplan.excel.plate import Plate, pour, stamp
from xlplan.form.identity import Identity
from xlplan.form.spec import FormFacts
from xlplan.intake.pour import poured
from xlplan.pipeline.forms import FormOf, form_of, personal, plate_of
from xlplan.samples import roster_file, sample_plans
from xlplan.samples.variation import varied

KEY = b"benchmark"
WASHINGTON = 2_525  # public schools of the state


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The form with its plate, and of some schools: what differs, what is typed, and the copies that come of it."""

    form: FormOf
    plate: Plate
    personals: tuple[dict[str, str], ...]
    typed: tuple[dict[str, Any], ...]
    fresh: tuple[bytes, ...]
    filled: tuple[bytes, ...]


def subject(count: int) -> Subject:
    """The form with `count` schools and as many different plans."""
    form = form_of("sfss", FormFacts())
    plate = plate_of(form, "")
    schools = read_roster(roster_file()).schools[:count]
    plans = sample_plans("sfss")
    personals = tuple(_personal(form, school) for school in schools)
    typed = tuple(
        poured(form.layout, varied(plans[number % len(plans)], number, form.layout.spec))
        for number in range(len(schools))
    )
    return Subject(
        form=form, plate=plate, personals=personals, typed=typed,
        fresh=tuple(stamp(plate, person) for person in personals),
        filled=tuple(pour(plate, *pair) for pair in zip(personals, typed, strict=True)),
    )  # fmt: skip


def _personal(form: FormOf, school: School) -> dict[str, str]:
    identity = Identity(
        campaign="benchmark", school=school.key, template="sfss", version=form.model.form.version, issue=1,
        digest=form.digest,
    )  # fmt: skip
    return personal(school, identity, KEY, "Friday, December 18, 2026")


def many_schools(file: Path, count: int) -> Path:
    """A roster of that many schools at `file`: the one that ships, over and over, each time with other ids."""
    with roster_file().open(encoding="utf-8-sig", newline="") as source:
        lines = list(csv.DictReader(source))
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, lines[0])
        writer.writeheader()
        for number in range(count):
            line = dict(lines[number % len(lines)])
            district = str(9_000_000 + number // len(lines))
            line |= {"district_id": district, "district": f"District {district}"}
            line["school_id"] = f"{district}{number % len(lines):05}"
            writer.writerow(line)
    return file
