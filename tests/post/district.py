"""A district in mid-campaign, in which each school stands somewhere else."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any, cast

from tests.cli.runner import Done, run
from tests.pipeline.people import typed
from tests.pipeline.test_split import part_of
from xlplan.campaign import Campaign, open_campaign
from xlplan.campaign.files import write_safely
from xlplan.pipeline.fill import fill_bytes
from xlplan.pipeline.generate import parts_for
from xlplan.samples import sample_plans

NAMES = (
    "nothing", "rejected", "accepted", "approved", "returned", "waiting", "unsent", "withdrawn", "parts", "split",
    "spanish", "several", "addressless", "worse", "answered", "remarkable",
)  # fmt: skip
DISTRICT = "1234567"
OWNER = "challenges[0].strategies[0].steps[0].owner"


def key_of(name: str) -> str:
    """The id of the school of that name."""
    return f"{DISTRICT}{NAMES.index(name):05}"


@dataclass(frozen=True)
class Mail:
    """A draft, opened."""

    path: Path
    message: EmailMessage

    @property
    def text(self) -> str:
        body = self.message.get_body(("plain",))
        assert body is not None
        return str(body.get_content()).replace("\r\n", "\n")

    @property
    def files(self) -> dict[str, bytes]:
        return {str(item.get_filename()): item.get_content() for item in self.message.iter_attachments()}


def opened(path: Path) -> Mail:
    message = cast(EmailMessage, message_from_bytes(path.read_bytes(), policy=default))
    assert not message.defects
    return Mail(path, message)


class Office:
    """The campaign's folder and who works in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def campaign(self) -> Campaign:
        return open_campaign(self.folder)

    def says(self, *words: object, code: int = 0) -> Done:
        done = run(*words, "-C", self.folder)
        assert done.code == code, (words, done.code, done.out, done.err)
        return done

    def asks(self, *words: object, code: int = 0) -> dict[str, Any]:
        return self.says(*words, "--json", code=code).json

    def mails(self, made: dict[str, Any]) -> dict[str, Mail]:
        """The drafts of a command, by the name of the school."""
        return {
            next(name for name in (*NAMES, "district") if name == item["school"].casefold()):
            opened(self.folder / item["file"])
            for item in made["drafts"]
        }  # fmt: skip

    def sends(
        self, name: str, plan: dict[str, Any], file: str = "", *, changed: dict[str, Any] | None = None
    ) -> None:
        """A school fills in its copy and sends it, with these boxes typed over."""
        campaign = self.campaign
        copy = campaign.root / campaign.copy_path(campaign.plans_of(key_of(name))[0])
        content, refused = fill_bytes(copy.read_bytes(), plan, copy.name)
        assert refused is None, refused
        path = campaign.returns / (file or copy.name)
        write_safely(path, content)
        if changed:
            write_safely(path, typed(path, changed))

    def sends_part(
        self, name: str, plan: dict[str, Any], number: int, *, changed: dict[str, Any] | None = None
    ) -> None:
        campaign = self.campaign
        school = campaign.school(key_of(name))
        part = parts_for(campaign, school)[number]
        assert part is not None
        copy = campaign.root / campaign.copy_path(school, part.slug)
        content, refused = fill_bytes(copy.read_bytes(), part_of(plan, part), copy.name)
        assert refused is None, refused
        path = campaign.returns / copy.name
        write_safely(path, content)
        if changed:
            write_safely(path, typed(path, changed))


def roster(path: Path) -> None:
    head = ("district_id", "district", "school_id", "school", "template", "email", "language")
    with path.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(head)
        for name in NAMES:
            email = "" if name in ("addressless", "remarkable") else f"{name}@school.example"
            language = "es" if name == "spanish" else ""
            lines.writerow((DISTRICT, "District", key_of(name), name.capitalize(), "", email, language))
        lines.writerow((DISTRICT, "District", key_of("several"), "Several", "data-team", "", ""))
        lines.writerow((DISTRICT, "District", "", "", "", "office@district.example", ""))


def begun(folder: Path) -> Office:
    """Copies are out to all but one; nothing has come back."""
    roster(folder.parent / "schools.csv")
    done = run(
        "init", folder, "--template", "sfss", "--roster", folder.parent / "schools.csv", "--plan-from", "2026-09-01",
        "--plan-to", "2027-06-30", "--return-by", "2026-12-18", "--contact", "plans@district.example",
    )  # fmt: skip
    assert done.code == 0, done.err
    office = Office(folder)
    split = [part for name in ("parts", "split") for part in ("--school", key_of(name))]
    office.says("generate", "--split", *split)
    there = [part for name in NAMES if name != "unsent" for part in ("--school", key_of(name))]
    office.says("generate", *there, "--school", DISTRICT)
    return office


def in_mid_campaign(folder: Path) -> Office:
    """A state for each school, and every state at some school."""
    office, plan = begun(folder), sample_plans("sfss")[1]
    for name in (
        "accepted",
        "approved",
        "returned",
        "waiting",
        "withdrawn",
        "several",
        "worse",
        "answered",
        "remarkable",
    ):
        office.sends(name, plan)
    office.sends("rejected", plan, changed={OWNER: None})
    office.sends("spanish", plan, changed={OWNER: None})
    office.sends_part("parts", plan, 0)
    office.sends_part("parts", plan, 1, changed={OWNER: None})
    office.says("collect", "--received", "2026-12-01", code=1)
    office.sends("waiting", plan, "b.xlsx", changed={OWNER: "B. Other"})
    office.sends("worse", plan, "c.xlsx", changed={OWNER: None})
    office.says("collect", "--received", "2026-12-02", code=1)
    office.says("review", key_of("approved"), "--approve")
    for name in ("returned", "answered", "remarkable"):
        office.says(
            "review", key_of(name), "--on", f"{OWNER}=Is this one person?", "--return", "Please be brief."
        )
    office.sends("answered", plan, "d.xlsx", changed={OWNER: "C. Answer"})
    office.says("collect", "--received", "2026-12-03", code=1)
    office.says("mark", key_of("withdrawn"), "1", "--not", "--reason", "It was a draft.")
    office.says("merge", key_of("waiting"), code=1)
    return office
