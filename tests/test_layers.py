"""Imports point downwards: a module imports only from rows below its own."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# docs/architecture.md, bottom up. A module that stands in no row fails the test.
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def rows() -> dict[str, int]:
    """Rank of every module, read from the architecture page so that page and code can't drift."""
    block = ARCHITECTURE.split("`tests/test_layers.py` holds it so:\n", 1)[1].split("\n\n", 1)[0]
    return {
        name: rank
        for rank, row in enumerate(block.replace(".\n", " ").replace("\n", " ").rstrip(".").split("·"))
        for name in row.split()
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
            if package == "nlp" and module and (ROOT / "nlp" / f"{module}.py").exists():
                found.add(module)
            elif package == "desk":
                found.add("desk")
            elif package in ("train", "classify", "serve"):
                found.add("doors")
    return found


@pytest.mark.parametrize("path", sorted((ROOT / "nlp").glob("[!_]*.py")), ids=lambda path: path.stem)
def test_imports_point_down(path: Path) -> None:
    rank = rows()
    assert path.stem in rank, f"{path.name} stands in no layer of docs/architecture.md"
    for name in imports(path):
        assert name in rank, f"{path.name} imports {name}, which is above the library"
        assert rank[name] <= rank[path.stem], f"{path.name} imports {name} from a row above its own"


def test_the_desk_imports_no_door() -> None:
    for path in (ROOT / "desk").rglob("*.py"):
        assert "doors" not in imports(path), path
