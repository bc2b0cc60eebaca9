"""What a copy of a later round began with, for those who check what came back of it."""

from __future__ import annotations

from collections.abc import Mapping

from xlplan.ledger import Ledger
from xlplan.pipeline.carried import begun_cells, read_record
from xlplan.pipeline.check import check_file
from xlplan.pipeline.forms import FormOf, form_with
from xlplan.pipeline.issued_values import differing, with_rows
from xlplan.pipeline.opening import Context, Result
from xlplan.pipeline.versions import carried_behind, issued_copy


class Begun:
    """Asks the ledger with what a copy began. In another process there is nobody to ask: there it is None."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __call__(
        self, form: FormOf, school_key: str | None, issue: int | None
    ) -> Mapping[str, object] | None:
        """The cells of a copy of this form by slot path; None where it began empty, or where that was erased.

        `issue`: None where the file does not say its own; it is taken for the newest then.
        """
        if school_key is None:
            return None
        template = form.model.form.name
        if issue is None:
            record = self.ledger.carried(school_key, template)
        else:
            record = carried_behind(self.ledger, issued_copy(self.ledger, school_key, template, issue))
        carried = read_record(record, form.model) if record is not None else None
        if carried is None or carried.round != form.layout.spec.facts.round:
            return None
        return begun_cells(form, carried)

    def __reduce__(self) -> tuple[type[None], tuple[()]]:
        return type(None), ()


def held(result: Result, content: bytes, context: Context) -> Result:
    """The result of a file that was checked where nobody knew what its copy began with: as it is, if that still stands
    in all locked boxes, else of checking it again by one who knows.
    """
    checked, facts = result.checked, result.facts
    if result.locked is None or context.begun is None or facts is None or checked.template is None:
        return result
    form = form_with(context.model(checked.template), facts)
    issue = result.identity.issue if result.identity else None
    if result.came_as == checked.version:
        issued = context.begun(form, checked.school_id, issue)
        if issued is None:
            return result
        moved = with_rows(form.layout, result.cells, issued)
        if moved == issued and not differing(form.layout, result.locked, issued):
            return result
    return check_file(content, checked.file, context)
