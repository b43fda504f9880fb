"""The record is the contract of docs/record.md."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

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
        Official(name="Trần Thử", positions=("Giám đốc",), unit=None, mentions=(Span(2, 3),)),
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
    documented = json.loads(re.search(r"```json\n(.*?)```", page, re.DOTALL)[1])  # type: ignore[index]
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
    assert row["officials"] == "Lê Thử; Trần Thử"
    assert row["positions"] == "Chủ tịch, Bí thư; Giám đốc"
    assert row["official_units"] == "894; "
    assert row["place_codes"] == "894; "
    assert row["current_codes"] == "30682, 30685; "


def test_the_digest_is_of_the_words_and_not_of_the_place() -> None:
    said = TAGS.article
    moved = Article(id=said.id, text=said.text, title=said.title, published=said.published, source="b.html")
    other = Article(id=said.id, text=said.text + "!", title=said.title, published=said.published)
    assert article_digest(moved) == article_digest(said) != article_digest(other)
