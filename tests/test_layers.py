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
    package, order = "", []
    for line in ARCHITECTURE.split("```")[1].splitlines():
        if entry := re.match(r"(  |    )([a-z_]+)(\.py|/) ", line):
            indent, name, kind = entry.groups()
            if kind == "/":
                package = name
            else:
                order.append(f"{package}.{name}" if indent == "    " else name)
    return {name: rank for rank, name in enumerate(order)}


def modules() -> dict[str, Path]:
    """Every module of the library by its dotted name below ``nlp``; a package's name means its door."""
    return {
        ".".join(path.relative_to(ROOT / "nlp").with_suffix("").parts): path
        for path in sorted((ROOT / "nlp").rglob("[!_]*.py"))
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
            package, _, module = name.partition(".")
            if package == "nlp":
                found |= {module} & MODULES.keys() | doors(module)
            elif package in ("desk", "train", "classify", "serve"):
                found.add("desk" if package == "desk" else "doors")
    return found


def doors(package: str) -> set[str]:
    """What a package's `__init__` brings, where the package itself is imported from."""
    init = ROOT / "nlp" / package / "__init__.py"
    return imports(init) if package and init.exists() else set()


MODULES = modules()


@pytest.mark.parametrize("name", MODULES)
def test_imports_point_down(name: str) -> None:
    rank = ranks()
    assert name in rank, f"{name} stands in no line of docs/architecture.md"
    for other in imports(MODULES[name]):
        assert other in rank, f"{name} imports {other}, which is above the library"
        assert rank[other] < rank[name], f"{name} imports {other} from a line below its own"


def test_the_tree_names_no_module_that_is_gone() -> None:
    assert ranks().keys() == MODULES.keys()


def test_the_desk_imports_no_door() -> None:
    for path in (ROOT / "desk").rglob("*.py"):
        assert "doors" not in imports(path), path
