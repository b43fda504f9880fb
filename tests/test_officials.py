"""Officials: who is one, under which name, with which posts, of which unit."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.gazetteer import Gazetteer
from nlp.normalize import normalize
from nlp.officials.finder import OfficialFinder
from nlp.places.finder import PlaceFinder
from nlp.types import Official

ROOT = Path(__file__).resolve().parent.parent
CASES = json.loads((ROOT / "data" / "cases" / "officials.json").read_text(encoding="utf-8"))
CORPUS = ROOT / "data" / "portal-test.jsonl"
DAY = date(2024, 5, 20)


@pytest.fixture(scope="module")
def finder() -> OfficialFinder:
    return OfficialFinder(Gazetteer.load())


@pytest.fixture(scope="module")
def places() -> PlaceFinder:
    return PlaceFinder(Gazetteer.load())


def marked(case: dict) -> object:
    marks = [pytest.mark.xfail(strict=True, reason="a known failure")] if case["expect"] == "fail" else []
    return pytest.param(case, id=case["label"], marks=marks)


def as_case(officials: tuple[Official, ...]) -> list[dict]:
    return [{"name": one.name, "positions": list(one.positions)} for one in officials]


@pytest.mark.parametrize("case", [marked(case) for case in CASES])
def test_case(case: dict, finder: OfficialFinder) -> None:
    found = as_case(finder.find(case["text"]))
    assert found == case["expected"], f"\n{case['text']}\nexpected {case['expected']}\nfound    {found}"


def test_a_third_of_the_cases_is_negative_and_none_stands_twice() -> None:
    assert len(CASES) >= 170
    assert 3 * sum(not case["expected"] for case in CASES) >= len(CASES)
    assert len({case["label"] for case in CASES}) == len({case["text"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_every_mention_and_position_is_a_stretch_of_the_text(case: dict, finder: OfficialFinder) -> None:
    check_laws(case["text"], finder.find(case["text"]))


def check_laws(text: str, officials: tuple[Official, ...]) -> None:
    for official in officials:
        assert official.positions
        assert all(position in text and position == position.strip() for position in official.positions)
        assert official.name in {text[start:end] for start, end in official.mentions}
        assert list(official.mentions) == sorted(official.mentions)
        assert all(0 <= start < end <= len(text) for start, end in official.mentions)
    firsts = [official.mentions[0] for official in officials]
    assert firsts == sorted(firsts)
    assert len({official.name for official in officials}) == len(officials)


PIECES = (
    "Chủ tịch UBND huyện|Lê Kim Bình|ông Bình|, |\n| và |nguyên Phó Bí thư|Tỉnh ủy|(|)|TP.HCM|K'Ré|TRẦN VĂN A|: | là |"
    "các ông|Giám đốc|Sở Y tế|Công ty|Hà Giang|Nguyễn Văn Sơn|Văn Sơn|giữ chức|đối với|. |Đoàn Ủy ban|İ|đại tá|Y Thanh"
).split("|")


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=24))
def test_the_laws_hold_on_any_string_of_posts_and_names(finder: OfficialFinder, pieces: list[str]) -> None:
    text = normalize(" ".join(pieces))
    check_laws(text, finder.find(text))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=200))
def test_any_text_is_read_without_a_crash(finder: OfficialFinder, text: str) -> None:
    check_laws(text, finder.find(text))


def test_short_mentions_belong_to_the_full_name(finder: OfficialFinder) -> None:
    text = (
        "Bà Lê Kim Bình, Chủ tịch UBND huyện, dự họp. Theo bà Bình, đồng chí Bình đã ký. Chủ tịch Bình nói."
    )
    (official,) = finder.find(text)
    surfaces = [text[start:end] for start, end in official.mentions]
    assert surfaces == ["Lê Kim Bình", "bà Bình", "đồng chí Bình", "Bình"]


def test_a_short_mention_is_of_the_last_person_of_that_given_name(finder: OfficialFinder) -> None:
    text = (
        "Ông Lê Văn Hòa, Bí thư Huyện ủy, khai mạc. Ông Hòa dặn dò. "
        "Ông Trần Đức Hòa, Chủ tịch UBND huyện, bế mạc. Ông Hòa cảm ơn."
    )
    first, second = finder.find(text)
    assert (len(first.mentions), len(second.mentions)) == (2, 2)
    assert second.mentions[1].start > text.index("cảm ơn") - 10


def test_two_tone_placements_of_a_name_are_one_person(finder: OfficialFinder) -> None:
    text = "Bí thư Huyện ủy Lê Thị Hoà phát biểu. Bà Lê Thị Hòa, Bí thư Huyện ủy, cảm ơn."
    (official,) = finder.find(text)
    assert len(official.mentions) == 2


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Chủ tịch UBND huyện Thoại Sơn, tỉnh An Giang, ông Lê Kim Bình ký.", "894"),
        ("Huyện Thoại Sơn (An Giang) họp. Chủ tịch UBND huyện Lê Kim Bình kết luận.", "894"),
        ("Huyện Thoại Sơn (An Giang) họp. Bí thư Huyện ủy Lê Kim Bình kết luận.", "894"),
        ("An Giang: Giám đốc Sở Nội vụ Lê Kim Bình kết luận.", "89"),
        (
            "Ở tỉnh An Giang, huyện Châu Phú và huyện Thoại Sơn thi đua. Chủ tịch UBND huyện Lê Kim Bình khen.",
            "894",
        ),
        ("Tại tỉnh An Giang, Thủ tướng Lê Kim Bình dự lễ.", None),
        ("Chủ tịch UBND huyện Lê Kim Bình kết luận.", None),
    ],
)
def test_the_unit_is_the_posts_own_or_what_the_article_fixes(
    text: str, unit: str | None, finder: OfficialFinder, places: PlaceFinder
) -> None:
    (official,) = finder.find(text, places.find(text, DAY))
    assert official.unit == unit


def test_a_place_without_a_code_fixes_no_unit(finder: OfficialFinder, places: PlaceFinder) -> None:
    text = "Huyện Thoại Sơn (An Giang) họp. Chủ tịch UBND huyện Lê Kim Bình kết luận."
    found = tuple(replace(place, code=None) for place in places.find(text, DAY))
    assert finder.find(text, found)[0].unit is None


def test_without_a_gazetteer_the_places_given_tell_unit_from_person(places: PlaceFinder) -> None:
    text = "Phó Chủ tịch UBND tỉnh Hà Giang Nguyễn Văn Sơn đã đến."
    (official,) = OfficialFinder(None).find(text, places.find(text, DAY))
    assert (official.name, official.positions) == ("Nguyễn Văn Sơn", ("Phó Chủ tịch UBND tỉnh Hà Giang",))


def test_the_portals_articles_are_read_well(finder: OfficialFinder, places: PlaceFinder) -> None:
    """A floor far below the measured 0.98, so that only a real break trips it."""
    rows = [json.loads(line) for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    rows = [row for row in rows if "officials" in row]
    hits = found = wanted = 0
    for row in rows:
        text = normalize(row["text"])
        got = {one.name for one in finder.find(text, places.find(text, date.fromisoformat(row["published"])))}
        gold = {normalize(one["name"]) for one in row["officials"]}
        hits, found, wanted = hits + len(got & gold), found + len(got), wanted + len(gold)
    assert 2 * hits / (found + wanted) > 0.93
