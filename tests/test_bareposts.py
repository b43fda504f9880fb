"""Later mentions by the post alone: whose they are, and when they are nobody's."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nlp.gazetteer import Gazetteer
from nlp.officials.finder import OfficialFinder
from nlp.places.finder import PlaceFinder

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "data" / "cases" / "officials-mentions.json").read_text(encoding="utf-8"))
DAY = date(2024, 5, 20)


@pytest.fixture(scope="module")
def finders() -> tuple[OfficialFinder, PlaceFinder]:
    gazetteer = Gazetteer.load()
    return OfficialFinder(gazetteer), PlaceFinder(gazetteer)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict, finders: tuple[OfficialFinder, PlaceFinder]) -> None:
    officials, places = finders
    text = case["text"]
    found = officials.find(text, places.find(text, DAY))
    surfaces = [
        {"name": one.name, "mentions": [text[start:end] for start, end in one.mentions]} for one in found
    ]
    assert surfaces == case["expected"]


def test_no_case_stands_twice_and_half_of_them_gather_nothing() -> None:
    assert len({case["label"] for case in CASES}) == len({case["text"] for case in CASES}) == len(CASES)
    bare = [all(len(one["mentions"]) == 1 for one in case["expected"]) for case in CASES]
    assert 2 * sum(bare) >= len(CASES)


@pytest.mark.parametrize("n_units", [1, 2])
def test_a_post_without_its_unit_is_the_named_ones_where_the_article_names_one_unit(
    n_units: int, finders: tuple[OfficialFinder, PlaceFinder]
) -> None:
    officials, places = finders
    other = "Huyện Châu Phú xin góp ý. " if n_units == 2 else ""
    text = f"Chủ tịch UBND huyện Tri Tôn Lê Văn Ba nói. {other}Chủ tịch UBND huyện tiếp thu."
    (official,) = officials.find(text, places.find(text, DAY))
    assert len(official.mentions) == 3 - n_units
