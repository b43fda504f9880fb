"""The corpus that the project ships: what data/corpus/README.md promises of it is measured here."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from datetime import date
from pathlib import Path

import pytest

from nlp.gazetteer import Gazetteer
from nlp.normalize import match_key, normalize

ROOT = Path(__file__).resolve().parent.parent
FIT = ROOT / "data" / "corpus" / "portal.jsonl"
TEST = ROOT / "data" / "portal-test.jsonl"
PHRASES = ROOT / "data" / "corpus" / "phrases.txt"
MIN_ARTICLES = 900
MIN_SUPPORT = {"reform": 250, "awards": 180, "discipline": 180, "none": 250}
YEARS = range(2018, 2027)
GRAM = 8
# The longest run of phrases of office, in syllables, that the articles share among them ("... năm tù về tội lợi dụng
# chức vụ, quyền hạn trong khi thi hành công vụ").
LONGEST_PHRASE = 20
MIN_KNOWN_PLACES = 0.985

Row = dict[str, object]


def read(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


ROWS = read(FIT) + read(TEST)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def test_there_are_enough_articles_of_every_kind() -> None:
    assert len(ROWS) >= MIN_ARTICLES
    support = Counter(topic for row in ROWS for topic in row["topics"] or ["none"])
    assert all(support[topic] >= n for topic, n in MIN_SUPPORT.items()), support
    years = Counter(int(row["published"][:4]) for row in ROWS)
    assert all(years[year] >= 50 for year in YEARS), years


def test_about_a_quarter_is_kept_apart() -> None:
    assert 0.2 < len(read(TEST)) / len(ROWS) < 0.3
    assert not {row["id"] for row in read(FIT)} & {row["id"] for row in read(TEST)}


def test_ids_are_unique_and_texts_normalized() -> None:
    assert len({row["id"] for row in ROWS}) == len(ROWS)
    assert [row["id"] for row in ROWS if row["text"] != normalize(row["text"])] == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_labels_hold_together(row: dict) -> None:
    text = match_key(row["text"])
    date.fromisoformat(row["published"])
    assert row["primary"] is None or row["primary"] in row["topics"]
    assert set(row["evidence"]) == set(row["topics"])
    for topic, starts in row["evidence"].items():
        assert starts, f"no evidence for {topic}"
        for start in starts:
            assert match_key(start) in text, start
    for official in row["officials"]:
        assert official["positions"], official
        assert match_key(official["name"]) in text, official


def test_no_two_articles_share_more_than_a_phrase_of_office() -> None:
    """A shared 8-gram must lie within a phrase of data/corpus/phrases.txt, each read by a person."""
    phrases = [line.split() for line in PHRASES.read_text(encoding="utf-8").splitlines() if line[:1] != "#"]
    assert max(map(len, phrases)) <= LONGEST_PHRASE
    allowed = {" ".join(p[n : n + GRAM]) for p in phrases for n in range(len(p) - GRAM + 1)}
    seen: dict[str, set[str]] = defaultdict(set)
    for row in ROWS:
        syllables = words(row["text"])
        for n in range(len(syllables) - GRAM + 1):
            seen[" ".join(syllables[n : n + GRAM])].add(row["id"])
    shared = {gram: sorted(ids) for gram, ids in seen.items() if len(ids) > 1 and gram not in allowed}
    assert not shared


def test_labelled_places_are_true_units() -> None:
    """Labelled places are units of the gazetteer, at their level, on or before the article's date.

    The few that are not are communes merged away between 2019 and 2025, which the official lists of
    2025 no longer hold; they were read one by one.
    """
    gazetteer = Gazetteer.load()
    known = [
        any(
            unit.valid_from is None or unit.valid_from <= date.fromisoformat(row["published"])
            for unit in gazetteer.find(place["name"], place["level"])
        )
        for row in ROWS
        for place in row["places"]
    ]
    assert sum(known) / len(known) >= MIN_KNOWN_PLACES
