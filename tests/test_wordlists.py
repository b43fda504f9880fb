"""Lexicons: every one is read whole, and a pattern finds the longest of its words."""

from __future__ import annotations

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp import wordlists
from nlp.errors import NlpError
from nlp.officials.positions import Kind
from nlp.wordlists import one_of, read_words, spellings

LEXICONS = {
    "positions": set(get_args(Kind)),
    "bodies": {"public", "private", "unit", "field", "department", "link"},
    "surnames": {"common", "rare", "ethnic"},
    "honorifics": {"honorific", "rank", "degree"},
    "countries": {"foreign", "near", "home", "former"},
    "persons": {"history", "foreign"},
}


@pytest.mark.parametrize("name", LEXICONS)
def test_a_lexicon_has_known_kinds_and_each_word_once_in_lower_case(name: str) -> None:
    words = read_words(name)
    assert set(words) == LEXICONS[name]
    listed = [word for kind in words.values() for word in kind]
    assert len(listed) == len(set(listed))
    assert all(word == word.lower().strip() and word for word in listed)


@pytest.mark.parametrize("name", LEXICONS)
def test_every_line_names_its_source(name: str) -> None:
    lines = (wordlists.DATA / f"{name}.csv").read_text(encoding="utf-8").splitlines()
    assert not [line for line in lines if line.rstrip().endswith(",")]


def test_a_missing_lexicon_is_told_with_the_remedy() -> None:
    with pytest.raises(NlpError, match="reinstall thetin"):
        read_words("nowhere")


def test_a_lexicon_with_another_header_is_refused(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "odd.csv").write_text("word,meaning\nsở,x\n", encoding="utf-8")
    monkeypatch.setattr(wordlists, "DATA", tmp_path)
    with pytest.raises(NlpError, match="header"):
        read_words("odd")


@given(st.lists(st.text(st.sampled_from("abủy "), min_size=1).map(str.strip).filter(bool), min_size=1))
def test_a_pattern_matches_each_of_its_words_in_both_spellings(words: list[str]) -> None:
    pattern = re.compile(one_of(words))
    for word in words:
        for spelling in spellings(word):
            assert pattern.fullmatch(spelling), (words, spelling)


def test_a_word_ends_where_no_letter_follows() -> None:
    pattern = re.compile(one_of(["sở", "sở y tế"]))
    assert pattern.match("sở y tếm").group() == "sở"
    assert pattern.match("sởi") is None


@pytest.mark.parametrize(
    ("old", "new"), [("ủy ban", "uỷ ban"), ("hòa", "hoà"), ("khỏe", "khoẻ"), ("tòa án", "toà án")]
)
def test_both_tone_placements_are_found(old: str, new: str) -> None:
    assert spellings(old) == (old, new)


@pytest.mark.parametrize("word", ["quý", "toàn", "sở", "huyện"])
def test_a_word_of_one_spelling_stays_one(word: str) -> None:
    assert spellings(word) == (word,)
