"""Normalization: cases as data, and the laws that spans and look-ups rely on."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import STEPS, match_key, normalize

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data" / "cases" / "normalize.json").read_text(encoding="utf-8")
)
# Letters, marks, blanks and invisible characters in the mixtures that pages hold.
SPICES = st.sampled_from(
    "aeođĐÐðƉ \n\r\t\v\f\x00\x1f\x85\xa0\xad\u034f\u180e\u200b\u200e\u2028\u2029\u3000\ufeff"
    "\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323İỵ.,-\U0001f600"
)
TEXTS = st.one_of(st.text(), st.lists(SPICES, max_size=40).map("".join))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["label"])
def test_case(case: dict[str, Any]) -> None:
    assert normalize(case["text"]) == case["expected"], case["comment"]


@given(TEXTS)
def test_normalize_is_a_fixed_point(text: str) -> None:
    once = normalize(text)
    assert normalize(once) == once


@given(TEXTS)
def test_each_step_leaves_normalized_text_alone(text: str) -> None:
    clean = normalize(text)
    for step in STEPS:
        assert step(clean) == clean, step.__name__


@given(TEXTS)
def test_match_key_keeps_the_length_of_normalized_text(text: str) -> None:
    clean = normalize(text)
    assert len(match_key(clean)) == len(clean)


@given(TEXTS)
def test_match_key_of_a_key_is_the_key(text: str) -> None:
    key = match_key(normalize(text))
    assert match_key(key) == key


@given(TEXTS)
def test_composed_and_decomposed_text_are_one(text: str) -> None:
    assert normalize(unicodedata.normalize("NFD", text)) == normalize(unicodedata.normalize("NFC", text))


@given(TEXTS)
def test_no_line_has_blanks_at_its_edges(text: str) -> None:
    clean = normalize(text)
    assert all(line == line.strip() and "  " not in line for line in clean.split("\n"))
    assert "\n\n\n" not in clean


@pytest.mark.parametrize(
    ("old", "new"),
    [("hòa", "hoà"), ("KHỎE", "KHOẺ"), ("Thúy", "thuý"), ("Hóa", "hoá"), ("lũy", "luỹ")],
)
def test_old_and_new_tone_placement_share_a_key(old: str, new: str) -> None:
    assert match_key(old) == match_key(new)


@pytest.mark.parametrize("word", ["quý", "hoàn", "toán", "thuỷnh", "loét"])
def test_other_syllables_keep_their_tone_where_it_is(word: str) -> None:
    assert match_key(word) == word
