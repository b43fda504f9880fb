"""Imports point one way: a module imports only from lines above its own in docs/architecture.md."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def ranks() -> dict[str, int]:
    """Rank of every module, read from the tree of the architecture page so that page and code can't drift."""
    root, package, order = "", "", []
    for line in ARCHITECTURE.split("```")[1].splitlines():
        if top := re.match(r"([a-z]+)/ ", line):
            root = top[1]
        elif entry := re.match(r"(  |    )([a-z_]+)(\.py|/) ", line):
            indent, name, kind = entry.groups()
            if kind == "/":
                package = name
            else:
                order.append(f"{root}.{package}.{name}" if indent == "    " else f"{root}.{name}")
    return {name: rank for rank, name in enumerate(order)}


def modules() -> dict[str, Path]:
    """Every module of the library and the desk by its dotted name; a package's name means its door."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for root in ("nlp", "desk")
        for path in sorted((ROOT / root).rglob("[!_]*.py"))
        if "migrations" not in path.parts  # Alembic loads these by their paths
    }


def imports(path: Path) -> set[str]:
    """Modules of the project that a file imports, `if TYPE_CHECKING` and function bodies included."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            if name in ("train", "classify", "serve"):
                found.add(name)
            elif name.partition(".")[0] in ("nlp", "desk"):
                found |= {name} & MODULES.keys() | doors(name)
    return found


def doors(package: str) -> set[str]:
    """What a package's `__init__` brings, where the package itself is imported from."""
    init = ROOT.joinpath(*package.split("."), "__init__.py")
    return imports(init) if "." in package and init.exists() else set()


MODULES = modules()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    rank = ranks()
    assert name in rank, f"{name} stands in no line of docs/architecture.md"
    for other in imports(MODULES[name]):
        assert other in rank, f"{name} imports {other}, which is above the library and the desk"
        assert rank[other] < rank[name], f"{name} imports {other} from a line below its own"


def test_the_tree_names_no_module_that_is_gone() -> None:
    assert ranks().keys() == MODULES.keys()
