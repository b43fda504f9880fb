"""The READMEs promise what the program does: what they show is its output, what they call is there."""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from nlp.commandline import parser
from nlp.display import describe
from nlp.modelfolder import load_tagger
from nlp.readers.sources import read_articles
from nlp.records import to_record

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("README.md", "README.vi.md")
# The terminal whose lines the READMEs show.
WIDTH = 100
# What another fit of the shipped model changes without making the example untrue.
FITTED = re.compile(r'"score": [\d.]+|"evidence": [\[\], \d]+|@[0-9a-f]{12}')


def blocks(name: str, language: str) -> list[str]:
    page = (ROOT / name).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The README's article as a file of its own, in the folder where the commands run."""
    monkeypatch.chdir(tmp_path)
    (article,) = blocks(name, "text")
    path = tmp_path / "tin.txt"
    path.write_text(article, encoding="utf-8")
    return path


def test_the_output_shown_is_the_output(name: str, page: Path) -> None:
    (shown,) = blocks(name, "console")
    (record,) = blocks(name, "json")
    tags = load_tagger().tag(next(read_articles(page)))
    assert without_fit(describe(tags, WIDTH).strip()) == without_fit(shown.strip())
    assert without_fit(json.dumps(json.loads(record))) == without_fit(json.dumps(to_record(tags)))


def without_fit(text: str) -> str:
    return re.sub(r"\d\.\d\d ", "", FITTED.sub("", text))


def test_the_python_shown_runs(name: str, page: Path) -> None:
    (program,) = blocks(name, "python")
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        exec(program, {})
    assert told.getvalue() == "reform ['Trần Văn Mẫn']\n"


def test_the_commands_shown_are_commands(name: str) -> None:
    lines = "\n".join([*blocks(name, "sh"), *blocks(name, "bat")])
    calls = re.findall(r"python classify\.py ([^#\n]*)", lines)
    assert len(calls) >= 6
    for call in calls:
        parser().parse_args(call.split())
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", lines, re.MULTILINE)) <= targets


def test_every_page_linked_is_there(name: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / name).read_text(encoding="utf-8"))
    assert links and not [link for link in links if not (ROOT / link).exists()]


def test_the_messages_explained_are_messages() -> None:
    """The table for who reads no English quotes what the program, or the system, says."""
    table = (
        (ROOT / "README.vi.md")
        .read_text(encoding="utf-8")
        .partition("### Đọc thông báo")[2]
        .partition("## ")[0]
    )
    quoted = [
        words
        for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
        for words in re.findall("`(.*?)`", row)
    ]
    said = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "nlp").rglob("*.py"))
    said += "\n".join(map(os.strerror, (errno.ENOSPC, errno.EACCES, errno.EROFS)))
    assert len(quoted) > 10
    assert [words for words in quoted if words not in said] == []


def test_both_readmes_show_the_same() -> None:
    def shown(name: str) -> dict[str, Any]:
        return {language: blocks(name, language) for language in ("text", "console", "json", "python", "bat")}

    assert shown(NAMES[0]) == shown(NAMES[1])
