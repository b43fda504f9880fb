"""The words before a place's name."""

from __future__ import annotations

import json
from itertools import product

import pytest

from nlp.files import DATA
from nlp.places.spans import find_runs
from nlp.places.typewords import may_follow_type, type_before
from nlp.unittypes import TYPES


@pytest.mark.parametrize("word", [*TYPES, "huyện đảo", "xã biên giới", "Huyện ủy", "Tỉnh đoàn", "TP", "Xã"])
def test_a_type_word_is_never_overlooked_at_the_first_glance(word):
    for opening, gap in product([" ", "(", "\n", "“", "–", "UBND "], [" ", ". ", ": ", ' "', " “", "."]):
        text = f"họp ở{opening}{word}{gap}Long Xuyên"
        start = text.index("Long")
        assert may_follow_type(text, start) or not type_before(text, start)[0], text


def test_nor_in_a_corpus():
    lines = (DATA / "corpus" / "portal.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    places = [(text, start) for text in texts for start, _ in find_runs(text)]
    overlooked = [
        text[start - 20 : start + 10]
        for text, start in places
        if not may_follow_type(text, start) and type_before(text, start)[0]
    ]
    assert not overlooked
    # That is what the glance is for.
    assert sum(may_follow_type(text, start) for text, start in places) < len(places) / 3
