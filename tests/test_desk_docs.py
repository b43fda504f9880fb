"""docs/api.md says what the API does: its paths, its actions and its problems are the program's."""

from __future__ import annotations

import re
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import ROOT, desk

from desk.problems import STATUS, kind_of
from desk.state import ACTIONS, REASONS

PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


def test_every_operation_is_on_the_page(sqlite_url: str, tiny_model: Any) -> None:
    with desk(sqlite_url, tiny_model) as client:
        paths = client.get("/api/v1/openapi.json").json()["paths"]
    told = PAGE.replace("{id}", "{article_id}")
    missing = [path for path in paths if path not in told and path.removeprefix("/api/v1") not in told]
    assert missing == []


def test_every_problem_on_the_page_is_one_that_the_program_tells() -> None:
    made = {kind_of(kind()).rpartition(":")[2] for kind, _ in STATUS} | {"invalid"}
    rows = re.findall(r"^\| \d{3}[\d, ]* \| (.*?) \|", PAGE, re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`([\w-]+)`", row)}
    assert told and told <= made


@pytest.mark.parametrize("word", [*ACTIONS, *REASONS])
def test_every_action_and_reason_is_on_the_page(word: str) -> None:
    assert f"`{word}`" in PAGE
