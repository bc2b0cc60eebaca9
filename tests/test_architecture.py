"""The import law of DESIGN: a module imports only lower packages, and heavy libraries have one home each."""

from __future__ import annotations

import ast
import importlib
import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import xlplan

ROOT = Path(xlplan.__file__).parent
ORDER = (
    "errors", "cycles", "languages", "catalogue", "findings", "form", "templates", "layout", "excel", "intake",
    "checks", "campaign", "ledger", "merge",
    "post", "rollup", "samples", "pipeline", "notebook", "cli",
)  # fmt: skip
NEVER = {
    "layout": {"templates"},
    "intake": {"excel"},
    "checks": {"excel"},
    "campaign": {"excel"},
    "ledger": {"excel"},
}
HOMES = {
    "openpyxl": {"excel"}, "python_calamine": {"excel"}, "zipfile": {"excel", "post"}, "xml": {"excel"},
    "lxml": {"excel"},
    "docx": {"rollup"},
    "pandas": {"rollup"}, "xlsxwriter": {"rollup"}, "typer": {"cli"}, "rich": {"cli"}, "click": {"cli"},
    "sqlalchemy": {"ledger"}, "weasyprint": {"rollup"},
    "fsspec": {"campaign"}, "paramiko": {"campaign"}, "s3fs": {"campaign"}, "distributed": {"pipeline"},
}  # fmt: skip
MODULES = sorted(ROOT.rglob("*.py"))


def package_of(path: Path) -> str:
    """ "intake" for xlplan/intake/values.py, "errors" for xlplan/errors.py, "" for the root's own two files."""
    name = path.relative_to(ROOT).parts[0].removesuffix(".py")
    return "" if name in ("__init__", "__main__") else name


@cache
def imports_of(path: Path) -> tuple[str, ...]:
    """Every module named in an import statement, those for type checkers and those within functions too."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are absolute"
            if node.module == "xlplan":
                yield from (f"xlplan.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def ours(path: Path) -> Iterator[str]:
    """The packages of xlplan that a module imports."""
    for name in imports_of(path):
        parts = name.split(".")
        if parts[0] == "xlplan" and len(parts) > 1 and parts[1] != "__version__":
            yield parts[1]


def test_there_is_something_to_look_at() -> None:
    """The laws below are not kept by an empty set."""
    assert len(MODULES) > 80
    assert {package_of(path) for path in MODULES} - {""} <= set(ORDER)


@pytest.mark.parametrize(
    "path", [path for path in MODULES if package_of(path)], ids=lambda path: str(path.relative_to(ROOT))
)
def test_a_module_imports_only_lower_packages(path: Path) -> None:
    """Data flows one way: nobody imports what stands above."""
    package = package_of(path)
    assert [name for name in ours(path) if name not in ORDER] == []
    assert [name for name in ours(path) if ORDER.index(name) > ORDER.index(package)] == []
    assert [name for name in ours(path) if name in NEVER.get(package, ())] == []


@pytest.mark.parametrize("library", HOMES)
def test_a_library_has_one_home(library: str) -> None:
    """What can be swapped later is imported in one package only."""
    users = {
        package_of(path) for path in MODULES if library in {name.split(".")[0] for name in imports_of(path)}
    }
    assert users <= HOMES[library]


def test_modules_of_a_package_do_not_import_each_other_in_circles() -> None:
    """At import time every module can be loaded first."""
    names = {
        ".".join(("xlplan", *path.relative_to(ROOT).with_suffix("").parts)).removesuffix(".__init__"): path
        for path in MODULES
    }
    graph = {
        name: {used for used in at_import(path) if used in names and not f"{name}.".startswith(f"{used}.")}
        for name, path in names.items()
    }  # a package's own __init__ is being loaded already, so it does not count
    while free := [name for name, used in graph.items() if not used & graph.keys()]:
        for name in free:
            del graph[name]
    assert graph == {}


def at_import(path: Path) -> Iterator[str]:
    """Modules imported when the module is loaded: neither in functions nor for type checkers."""
    waiting: list[ast.AST] = [ast.parse(path.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            waiting += node.orelse
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        waiting += ast.iter_child_nodes(node)


def test_only_the_command_line_prints_or_exits() -> None:
    """The library never prints, and never ends the program; the reader's child process speaks on its own pipe."""
    guilty = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if package_of(path) not in ("cli", "")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("print", "sys.exit", "exit", "quit", "input")
    ]
    assert guilty == []


def test_no_module_reads_the_environment_but_the_command_line() -> None:
    """What happens follows from arguments; only NO_COLOR and the like are the terminal's affair."""
    readers = {
        str(path.relative_to(ROOT))
        for path in MODULES
        if package_of(path) != "cli"
        and any(
            word in path.read_text(encoding="utf-8") for word in ("os.environ[", "os.getenv", "environ.get")
        )
    }
    assert readers <= {"excel/unlock.py"}  # what the child process is given of it


@pytest.mark.parametrize("argument", ["--version", "--help"])
def test_a_quick_question_loads_nothing_heavy(argument: str) -> None:
    """`--version` and `--help` answer at once: of ours they load the list of commands, of others Typer alone."""
    code = (
        "import sys, json\nsys.argv = ['xlplan', sys.argv[1]]\nfrom xlplan.cli import main\n"
        "try:\n    main()\nexcept SystemExit as stop:\n    assert not stop.code\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, text=True, check=True)
    loaded = set(json.loads(done.stderr.splitlines()[-1]))
    ours = {name for name in loaded if name.partition(".")[0] == "xlplan"}
    assert ours == {
        "xlplan",
        "xlplan.cli",
        "xlplan.cli.app",
        "xlplan.cli.main",
        "xlplan.cycles",
        "xlplan.errors",
    }
    assert not {name.partition(".")[0] for name in loaded} & {"pydantic", "rich", "sqlalchemy", "tomllib"}


def test_exports_are_exactly_the_list() -> None:
    """One door: `__all__` is sorted, each name is there, and nothing public is beside it."""
    assert list(xlplan.__all__) == sorted(xlplan.__all__)
    for name in xlplan.__all__:
        assert getattr(xlplan, name) is not None
    declared = {
        node.targets[0].id
        for node in ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8")).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    } - {"__all__"}
    public = {name for name in declared if not name.startswith("_") or name == "__version__"} | set(
        xlplan._HOMES
    )
    assert public == set(xlplan.__all__)
    assert set(dir(xlplan)) >= set(xlplan.__all__)


def test_exports_come_from_where_the_type_checker_sees_them() -> None:
    """The lazy table and the TYPE_CHECKING imports say the same."""
    tree = ast.parse((ROOT / "__init__.py").read_text(encoding="utf-8"))
    seen = {
        alias.name: node.module
        for block in tree.body
        if isinstance(block, ast.If)
        for node in block.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert seen == xlplan._HOMES
    for name, home in xlplan._HOMES.items():
        assert getattr(xlplan, name) is getattr(importlib.import_module(home), name)
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = xlplan.no_such_name
