"""What `--to` and `--format` of an export mean together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xlplan.errors import UsageError
from xlplan.rollup.exports.as_csv import write_csv
from xlplan.rollup.exports.as_frictionless import write_frictionless
from xlplan.rollup.exports.as_json import write_json
from xlplan.rollup.exports.as_parquet import write_parquet
from xlplan.rollup.exports.as_postgresql import SCHEMES, shown, write_postgresql
from xlplan.rollup.exports.as_sqlite import guard, write_sqlite
from xlplan.rollup.exports.as_xlsx import write_xlsx
from xlplan.rollup.exports.model import About, ExportTable, Written

Writer = Callable[[Sequence[ExportTable], Path, About], list[Written]]
IN_FOLDERS: dict[str, Writer] = {
    "csv": write_csv, "json": write_json, "parquet": write_parquet, "frictionless": write_frictionless,
}  # fmt: skip
IN_FILES: dict[str, Writer] = {"xlsx": write_xlsx, "sqlite": write_sqlite}
FILE_WRITERS = IN_FOLDERS | IN_FILES
ENDINGS = {"parquet": "parquet", "json": "json"}  # of a table's file, else csv
POSTGRESQL = "postgresql"
_CSV = (
    b"plan,",
    b"district_id,district,school_id,school,template,version,draft,",
)  # the other: of version 0.2
HEADS = {"csv": _CSV, "frictionless": _CSV, "json": (b'{\n "schema": 1,\n "table": ',)}
"""What the files of an export begin with."""
FORMATS = (*IN_FOLDERS, *IN_FILES, POSTGRESQL)
BY_ENDING = {".xlsx": "xlsx", ".sqlite": "sqlite", ".sqlite3": "sqlite", ".db": "sqlite"}


@dataclass(frozen=True, slots=True)
class Target:
    """Where an export goes, and as what: a folder, a file, or a database's address."""

    format: str
    to: Path | str

    def write(self, tables: Sequence[ExportTable], about: About) -> list[Written]:
        """Write the tables; what each became. Raises UsageError if something that is no export stands in the way."""
        self._check(tables)
        if isinstance(self.to, str):
            return write_postgresql(tables, self.to, about)
        return FILE_WRITERS[self.format](tables, self.to, about)

    def planned(self, tables: Sequence[ExportTable]) -> list[Written]:
        """The same without writing."""
        self._check(tables)
        return [Written(table=table.name, rows=table.count, file=self._file(table)) for table in tables]

    def _check(self, tables: Sequence[ExportTable]) -> None:
        """A roster may be called as a table is."""
        if self.format == "sqlite" and isinstance(self.to, Path):
            guard(self.to)
        for head in filter(None, [HEADS.get(self.format)]):
            for path in (Path(self._file(table)) for table in tables):
                if path.is_file() and not read_head(path).startswith(head):
                    raise UsageError(
                        f"{path}: stands there and is no export of xlplan, so it was left as it is. "
                        "Take another folder."
                    )

    def _file(self, table: ExportTable) -> Path | str:
        if isinstance(self.to, str):
            return shown(self.to)
        return (
            self.to / f"{table.name}.{ENDINGS.get(self.format, 'csv')}"
            if self.format in IN_FOLDERS
            else self.to
        )


def target_of(to: str, format: str | None, campaign: str) -> Target:
    """The target that a person named; an absent format is told from the address or the file's ending, else csv.

    A workbook or database file for which a folder is named is called after the campaign. Raises UsageError.
    """
    if not to.strip():
        raise UsageError("--to: name a folder, a file or a database.")
    url = to.startswith(SCHEMES)
    known = POSTGRESQL if url else BY_ENDING.get(Path(to).suffix.lower(), "csv")
    format = format or known
    if format not in FORMATS:
        raise UsageError(f"--format: “{format}” is none of {', '.join(FORMATS)}.")
    if url != (format == POSTGRESQL):
        told = "needs an address: --to postgresql://user@host/database" if not url else "is no database"
        raise UsageError(f"--format {format} {told}.")
    if url:
        return Target(format, to)
    path = Path(to)
    if format in IN_FILES and BY_ENDING.get(path.suffix.lower()) != format:
        path = path / f"{campaign}.{format}"
    return Target(format, path)


def read_head(path: Path) -> bytes:
    """The first bytes of a file, none where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(100)
    except OSError:
        return b""
