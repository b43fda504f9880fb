"""What the pages of docs/ and data/ show is so: the record, the interfaces, the list of data files."""

from __future__ import annotations

import ast
import importlib
import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest

from nlp.modelfolder import load_tagger
from nlp.readers.sources import read_articles
from nlp.records import to_record

ROOT = Path(__file__).resolve().parent.parent
# What another fit of the shipped model changes without making the example untrue.
FITTED = re.compile(r'"score": [\d.]+|"evidence": [\[\], \d]+|@[0-9a-f]{12}')


def blocks(page: str, language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", (ROOT / page).read_text(encoding="utf-8"), re.DOTALL)


def test_the_record_shown_is_the_record(tmp_path: Path) -> None:
    line, record = blocks("docs/record.md", "json")
    path = tmp_path / "tin.jsonl"
    path.write_text(line, encoding="utf-8")
    told = to_record(load_tagger().tag(next(read_articles(path))))
    assert FITTED.sub("", json.dumps(json.loads(record))) == FITTED.sub("", json.dumps(told))


def test_every_data_file_is_explained() -> None:
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    entries = {path.name + "/" * path.is_dir() for path in (ROOT / "data").iterdir()}
    assert {name for name in entries - {"README.md", "__pycache__/"} if f"`{name}`" not in page} == set()


def interfaces() -> list[tuple[str, str]]:
    """Lines of the architecture page's block, each with the module or class it belongs to."""
    (block,) = blocks("docs/architecture.md", "python")
    found, owner = [], ""
    for line in block.splitlines():
        if line.startswith("# "):
            owner = line.removeprefix("# ")
        else:
            found.append((owner, line.partition("  #")[0]))
    return found


@pytest.mark.parametrize(("owner", "line"), interfaces(), ids=lambda each: each)
def test_the_interfaces_shown_are_those_of_the_code(owner: str, line: str) -> None:
    (shown,) = ast.parse(f"{line}: ...").body
    assert isinstance(shown, ast.FunctionDef)
    signature = inspect.signature(getattr(found(owner), shown.name))
    real = [each for each in signature.parameters.values() if each.name != "cls"]
    assert [each.name for each in real if each.kind is not each.KEYWORD_ONLY] == [
        each.arg for each in shown.args.args
    ]
    assert [each.name for each in real if each.kind is each.KEYWORD_ONLY] == [
        each.arg for each in shown.args.kwonlyargs
    ]
    n_defaults = len(shown.args.defaults) + sum(each is not None for each in shown.args.kw_defaults)
    assert n_defaults == sum(each.default is not each.empty for each in real)


def found(owner: str) -> Any:
    """A module, or a class in one, by its dotted name."""
    try:
        return importlib.import_module(owner)
    except ModuleNotFoundError:
        module, _, name = owner.rpartition(".")
        return getattr(importlib.import_module(module), name)
