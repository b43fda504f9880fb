"""Places: cases as data, and the laws that every answer keeps."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.gazetteer import TWO_TIERS_SINCE, Gazetteer
from nlp.normalize import normalize
from nlp.places.finder import PlaceFinder
from nlp.types import Place

ROOT = Path(__file__).parent.parent
CASES: list[dict[str, Any]] = [
    case
    for path in sorted((ROOT / "data" / "cases").glob("places*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))
]
GAZETTEER = Gazetteer.load()
FINDER = PlaceFinder(GAZETTEER)
ARTICLES = [
    json.loads(line)
    for line in (ROOT / "data" / "corpus" / "portal.jsonl").read_text(encoding="utf-8").splitlines()
]
# Words that texts about places are made of, to be shuffled into nonsense.
WORDS = st.sampled_from(
    "UBND huyện tỉnh xã phường thành phố thị TP. TP.HCM Q. P. TT. các hai và , ( ) . : - – \n cũ trước đây 5 12 "
    "Châu Thành Tân Lập An Giang Hà Nội Nguyễn Văn Hồ Chí Minh Bà Rịa Vũng Tàu Ia H’Drai NÔNG NAM ĐỊNH Đà Lạt V.".split(
        " "
    )
)


def found(case: dict[str, Any]) -> list[dict[str, str | None]]:
    places = FINDER.find(
        case["text"],
        date.fromisoformat(case["as_of"]),
        source=case.get("hint", ""),
        dated=case.get("dated", True),
    )
    return [
        {"name": place.name, "level": place.level, "code": place.code, "province": place.province}
        for place in places
    ]


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(
            case,
            id=case["label"],
            marks=[pytest.mark.xfail(strict=True, reason=case["comment"])]
            if case["expect"] == "fail"
            else [],
        )
        for case in CASES
    ],
)
def test_case(case: dict[str, Any]) -> None:
    assert sorted(map(str, found(case))) == sorted(map(str, case["expected"])), case["text"]


def test_three_cases_in_ten_name_no_place() -> None:
    assert len(CASES) >= 170
    assert 10 * sum(not case["expected"] for case in CASES) >= 3 * len(CASES)


def check_laws(text: str, places: tuple[Place, ...]) -> None:
    assert [place.mentions[0] for place in places] == sorted(place.mentions[0] for place in places)
    spans = [span for place in places for span in place.mentions]
    assert len(spans) == len(set(spans))
    for place in places:
        assert list(place.mentions) == sorted(place.mentions)
        assert place.name
        assert place.level in ("province", "district", "commune")
        assert not (place.code and place.candidates)
        assert len(place.candidates) != 1
        assert not (place.code is None and place.current)
        for start, end in place.mentions:
            surface = text[start:end]
            assert surface == surface.strip()
            assert surface
        if place.code:
            assert GAZETTEER.states(place.code)


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article["id"])
def test_laws_hold_on_the_corpus(article: dict[str, Any]) -> None:
    text = normalize(article["text"])
    check_laws(text, FINDER.find(text, date.fromisoformat(article["published"])))


@given(st.lists(WORDS, max_size=30).map(" ".join), st.dates())
def test_laws_hold_on_nonsense_of_any_date(text: str, day: date) -> None:
    text = normalize(text)
    check_laws(text, FINDER.find(text, day))


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    text = normalize(text)
    check_laws(text, FINDER.find(text, date(2026, 1, 1), dated=False))


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_a_second_look_gives_the_same_answer(text: str) -> None:
    text = normalize(text)
    day = date(2019, 5, 1)
    assert FINDER.find(text, day) == PlaceFinder(GAZETTEER).find(text, day)


@pytest.mark.parametrize("day", [date.min, date.max, date(1945, 9, 2)])
def test_a_date_outside_the_table_is_no_error(day: date) -> None:
    (place,) = FINDER.find("UBND tỉnh Lạng Sơn họp.", day)
    assert (place.name, place.code) == ("Lạng Sơn", "20")


def test_candidates_of_an_open_name_bear_it() -> None:
    (place,) = FINDER.find("UBND huyện Châu Thành họp.", date(2018, 1, 1))
    assert place.code is None
    assert place.province == ""
    assert len(place.candidates) > 5
    assert {GAZETTEER.states(code)[0].name for code in place.candidates} == {"Châu Thành"}


def test_a_former_district_tells_what_stands_there_today() -> None:
    (place,) = FINDER.find("UBND huyện Thoại Sơn họp.", date(2018, 12, 26))
    first = place.current[0]
    assert (first.name, first.type, first.province) == ("Thoại Sơn", "xã", "An Giang")
    assert len(place.current) == 6


def test_every_mention_is_gathered_under_its_unit() -> None:
    text = "Thoại Sơn họp dân. UBND huyện Thoại Sơn khen. THOẠI SƠN ĐI ĐẦU. Tỉnh An Giang."
    thoai_son = next(place for place in FINDER.find(text, date(2018, 1, 1)) if place.level == "district")
    assert [text[start:end] for start, end in thoai_son.mentions] == ["Thoại Sơn", "Thoại Sơn", "THOẠI SƠN"]


def test_the_name_is_a_span_of_the_text_without_its_type_word() -> None:
    text = "Họp tại UBND huyện Thoại Sơn."
    (place,) = FINDER.find(text, date(2018, 1, 1))
    (span,) = place.mentions
    assert text[span.start : span.end] == "Thoại Sơn"
    assert place.type == "huyện"


def test_the_boundary_of_july_2025_moves_the_province() -> None:
    text = "UBND xã Lao Bảo, tỉnh Quảng Trị, họp."
    before = FINDER.find(text, TWO_TIERS_SINCE - timedelta(days=1))
    after = FINDER.find(text, TWO_TIERS_SINCE)
    assert [place.code for place in before if place.level == "province"] == ["45"]
    assert [place.code for place in after if place.level == "province"] == ["44"]


def test_an_article_of_another_language_names_no_unit() -> None:
    text = (
        "The committee met in Geneva on Monday. Mr. Tan An of Vinh Long Corp. spoke about reform in Ha Noi."
    )
    assert FINDER.find(text, date(2020, 1, 1)) == ()


def test_real_articles_stay_above_the_floor(shared: Path) -> None:
    score = _scorer(shared)
    gold = {
        row["id"]: row
        for row in map(json.loads, (shared / "data" / "dev.jsonl").read_text("utf-8").splitlines())
        if "places" in row
    }
    tagged = {key: {"places": _as_gold(row["text"])} for key, row in gold.items()}
    figures = score.score_places(gold, tagged, [])
    assert figures["places.f1"] >= 0.98
    assert figures["places.province"] >= 0.98


def _as_gold(text: str) -> list[dict[str, str]]:
    places = FINDER.find(normalize(text), date(2026, 7, 1), dated=False)
    return [{"name": place.name, "level": place.level, "province": place.province} for place in places]


def _scorer(shared: Path) -> Any:
    import importlib.util

    spec = importlib.util.spec_from_file_location("score", shared / "measure" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
