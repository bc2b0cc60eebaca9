"""From a campaign's ledger to the tables of an export, a few plans at a time."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path

from xlplan.campaign import Campaign
from xlplan.errors import UsageError
from xlplan.ledger import Ledger
from xlplan.pipeline.destination import in_records
from xlplan.pipeline.rolling import Source, deck_from
from xlplan.rollup.exports.gather import TemplateTables, fact_tables, names_for
from xlplan.rollup.exports.model import About, ExportTable
from xlplan.rollup.exports.spool import Spool


@contextmanager
def tables_of(campaign: Campaign, ledger: Ledger, as_of: date) -> Iterator[list[ExportTable]]:
    """The tables of the vocabulary, the plans first, and those of each template; gone with their files at the end."""
    with ExitStack() as held:
        source = Source(campaign, ledger, as_of)
        store = held.enter_context(deck_from([source], as_of)).store
        spool = held.enter_context(Spool())
        shapes = [source.shape(template) for template in source.templates]
        made = {
            shape.template: TemplateTables(shape, names, spool)
            for shape, names in zip(shapes, names_for(shapes), strict=True)
        }
        numbers = {
            (row["key"], row["template"]): row["plan"]
            for row in store.rows("SELECT key, template, plan FROM plans WHERE counted")
        }
        for item, record in source.records():
            number = numbers.get((item.school.key, item.template))
            if number is not None:
                made[item.template].add(number, record)
        own = [table for one in made.values() for table in one.tables()]
        yield [*own, *fact_tables(store)]


def about(campaign: Campaign, as_of: date) -> About:
    """What an export of this campaign says of itself."""
    owner = hashlib.sha256(b"export:" + campaign.key).hexdigest()[:16]
    titles = campaign.settings.title or campaign.model(campaign.template).form.title
    return About(campaign=campaign.settings.id, title=titles, as_of=as_of, owner=owner)


def check_place(campaign: Campaign, to: Path) -> None:
    """Refuse to write where the campaign keeps its own files: a table may be called as one of them."""
    if to.resolve() == campaign.root.resolve() or in_records(campaign, to):
        raise UsageError(
            f"{to}: holds the campaign's own files. Take a folder for tables alone, such as tables."
        )
