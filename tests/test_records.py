"""The record is the contract of docs/record.md."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nlp.records import COLUMNS, article_digest, dump_line, from_record, to_record, to_row
from nlp.types import Article, CurrentUnit, Official, Place, Span, Tags, TopicTag

ROOT = Path(__file__).resolve().parent.parent
TAGS = Tags(
    article=Article(
        id="a-1",
        text="Huyện Thoại Sơn họp.",
        title="Họp",
        published=date(2018, 12, 26),
        source="portal/a.html",
    ),
    as_of=date(2018, 12, 26),
    topics=(
        TopicTag(topic="reform", score=0.98765, band="auto", evidence=(Span(0, 20), Span(3, 9))),
        TopicTag(topic="awards", score=0.61, band="suggest", evidence=(Span(0, 20),)),
    ),
    primary="reform",
    officials=(
        Official(name="Lê Thử", positions=("Chủ tịch", "Bí thư"), unit="894", mentions=(Span(1, 2),)),
        Official(
            name="Trần Thử", positions=("Giám đốc Sở Văn hóa, Thể thao",), unit=None, mentions=(Span(2, 3),)
        ),
    ),
    places=(
        Place(
            name="Thoại Sơn",
            level="district",
            type="huyện",
            code="894",
            province="An Giang",
            current=(
                CurrentUnit(name="Thoại Sơn", type="xã", code="30682", province="An Giang"),
                CurrentUnit(name="Phú Hòa", type="xã", code="30685", province="An Giang"),
            ),
            mentions=(Span(6, 15),),
        ),
        Place(
            name="Bình An",
            level="commune",
            type="xã",
            code=None,
            province="",
            candidates=("1", "2"),
            mentions=(Span(4, 5),),
        ),
    ),
    model="default@3f2a9c1b7e04",
)


def test_keys_stand_as_documented() -> None:
    page = (ROOT / "docs" / "record.md").read_text(encoding="utf-8")
    _article, shown = re.findall(r"```json\n(.*?)```", page, re.DOTALL)
    documented = json.loads(shown)
    record = to_record(TAGS)
    assert list(record) == list(documented)
    for name in ("topics", "officials", "places"):
        assert list(record[name][0]) == list(documented[name][0])
    assert list(record["places"][0]["current"][0]) == list(documented["places"][0]["current"][0])


def test_candidates_are_told_only_where_the_code_is_open() -> None:
    decided, open_ = to_record(TAGS)["places"]
    assert "candidates" not in decided
    assert (open_["code"], open_["candidates"]) == (None, ["1", "2"])


def test_a_record_tells_its_tags_again() -> None:
    told = from_record(json.loads(dump_line(to_record(TAGS, with_text=True))))
    rounded = TopicTag(topic="reform", score=0.9877, band="auto", evidence=TAGS.topics[0].evidence)
    assert told.topics == (rounded, TAGS.topics[1])
    assert (told.article, told.officials, told.places) == (TAGS.article, TAGS.officials, TAGS.places)


def test_a_line_is_readable_vietnamese_and_ends_once() -> None:
    line = dump_line(to_record(TAGS)).decode()
    assert "Thoại Sơn" in line
    assert line.count("\n") == 1


@pytest.mark.parametrize("odd", ["\ud800", "a\u2028b", "\x85", "\N{GRINNING FACE}"])
def test_a_line_holds_any_character(odd: str) -> None:
    line = dump_line({"text": odd})
    assert json.loads(line) == {"text": odd}
    assert line.count(b"\n") == 1


def test_lists_that_belong_together_keep_their_places() -> None:
    row = to_row(to_record(TAGS))
    assert tuple(row) == COLUMNS
    assert row["topics"] == "reform; awards"
    assert row["scores"] == "0.9877; 0.61"
    assert row["evidence"] == "0..20 | 3..9; 0..20"
    assert row["officials"] == "Lê Thử; Trần Thử"
    assert row["positions"] == "Chủ tịch | Bí thư; Giám đốc Sở Văn hóa, Thể thao"
    assert row["official_units"] == "894; "
    assert row["place_codes"] == "894; "
    assert row["place_candidates"] == "; 1 | 2"
    assert row["current_codes"] == "30682 | 30685; "


def split(cell: str, mark: str = "; ") -> list[str]:
    return cell.split(mark) if cell else []


def spans(cell: str) -> list[list[int]]:
    return [[int(end) for end in span.split("..")] for span in split(cell, " | ")]


def record_of(row: dict[str, str]) -> dict[str, Any]:
    """The record of a row, as who reads a table of ours would put it together."""

    def items(cell: str, count: int) -> list[str]:
        return cell.split("; ") if count else []

    topics, officials, places = (split(row[name]) for name in ("topics", "officials", "places"))
    told: dict[str, Any] = {name: row[name] for name in ("id", "title", "source", "as_of", "model")}
    told |= {"published": row["published"] or None, "primary": row["primary"] or None}
    told["topics"] = [
        {"topic": topic, "score": float(score), "band": band, "evidence": spans(evidence)}
        for topic, score, band, evidence in zip(
            topics, *(items(row[name], len(topics)) for name in ("scores", "bands", "evidence")), strict=True
        )
    ]
    columns = ("positions", "official_units", "official_mentions")
    told["officials"] = [
        {"name": name, "positions": split(posts, " | "), "unit": unit or None, "mentions": spans(mentions)}
        for name, posts, unit, mentions in zip(
            officials, *(items(row[column], len(officials)) for column in columns), strict=True
        )
    ]
    columns = (
        "place_levels",
        "place_types",
        "place_codes",
        "place_candidates",
        "provinces",
        "place_mentions",
    )
    now = ("current", "current_types", "current_codes", "current_provinces")
    told["places"] = []
    for name, level, kind, code, candidates, province, mentions, *current in zip(
        places, *(items(row[column], len(places)) for column in (*columns, *now)), strict=True
    ):
        units = zip(*(split(cell, " | ") for cell in current), strict=True)
        place = {"name": name, "level": level, "type": kind, "code": code or None, "province": province}
        place |= {
            "current": [dict(zip(("name", "type", "code", "province"), unit, strict=True)) for unit in units]
        }
        place |= {"candidates": split(candidates, " | ")} if candidates else {}
        told["places"].append(place | {"mentions": spans(mentions)})
    return told


def test_a_row_tells_all_that_its_record_tells() -> None:
    record = to_record(TAGS)
    assert record_of(to_row(record)) == record


def test_a_separator_in_the_words_of_an_item_gives_way() -> None:
    odd = Official(name="Lê; Thử", positions=("Chủ tịch | Bí thư; X",), unit=None, mentions=(Span(1, 2),))
    row = to_row(to_record(replace(TAGS, officials=(odd, odd))))
    assert row["officials"] == "Lê, Thử; Lê, Thử"
    assert row["positions"] == "Chủ tịch / Bí thư, X; Chủ tịch / Bí thư, X"


def test_the_digest_is_of_the_words_and_not_of_the_place() -> None:
    said = TAGS.article
    moved = Article(id=said.id, text=said.text, title=said.title, published=said.published, source="b.html")
    other = Article(id=said.id, text=said.text + "!", title=said.title, published=said.published)
    assert article_digest(moved) == article_digest(said) != article_digest(other)
