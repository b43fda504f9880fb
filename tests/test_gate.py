"""The quality gate: what ships, on articles kept apart, against floors that only a person lowers.

``data/gate.json`` holds the digest of the set, a tolerance (``epsilon``) for each kind of figure and a
floor for each figure: what was measured less the tolerance, which is what two flipped articles move of
topics, and a few names of officials and places. ``python -m bench.gate --update`` sets the floors. When
the set changes, its digest no longer matches and they must be looked at again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.gate import figures_now, update
from nlp.corpus import read_corpus
from nlp.files import file_digest

ROOT = Path(__file__).resolve().parent.parent
GATE = json.loads((ROOT / "data" / "gate.json").read_text(encoding="utf-8"))
TEST_SET = ROOT / "data" / "portal-test.jsonl"


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    return figures_now()


def test_the_set_is_the_one_the_floors_were_measured_on() -> None:
    assert file_digest(TEST_SET) == GATE["digest"], (
        "portal-test.jsonl changed: measure again and set the floors anew, python -m bench.gate --update"
    )


def test_the_set_was_not_fitted_on() -> None:
    fitted = {article.text for article in read_corpus([ROOT / "data" / "corpus"]).articles}
    assert not fitted & {article.text for article in read_corpus([TEST_SET]).articles}


def test_every_figure_has_a_floor(figures: dict[str, float]) -> None:
    assert figures.keys() == GATE["floors"].keys()


@pytest.mark.parametrize("name", GATE["floors"])
def test_no_figure_falls_below_its_floor(figures: dict[str, float], name: str) -> None:
    assert figures[name] >= GATE["floors"][name], figures


OLD = {"digest": "a", "epsilon": {"topics": 0.01}, "floors": {"topics.micro": 0.9}, "reason": "a harder set"}


def test_a_floor_rises_freely() -> None:
    new = update(OLD, {"topics.micro": 0.95}, "b")
    assert new == OLD | {"digest": "b", "floors": {"topics.micro": 0.94}}


def test_small_losses_do_not_add_up() -> None:
    assert update(OLD, {"topics.micro": 0.901}, "b")["floors"] == OLD["floors"]


@pytest.mark.parametrize("figures", [{"topics.micro": 0.895}, {"topics.reform": 0.99}])
def test_a_floor_falls_with_a_reason_only(figures: dict[str, float]) -> None:
    with pytest.raises(SystemExit, match=r"topics\.micro"):
        update(OLD, figures, "b")
    assert update(OLD, figures, "b", "labels were wrong")["reason"] == "labels were wrong"
