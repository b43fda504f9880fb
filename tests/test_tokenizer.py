from __future__ import annotations

import re
from itertools import pairwise

import pytest

from nlp.normalize import normalize
from nlp.tokenizer import frequent_words, word_spans
from nlp.types import LabelledText

NAUGHTY = [
    "",
    "P.Bến Nghé, Q.1, TP.HCM",
    "hoà hòa thuý THÚY",
    "😀😀👍🏽 ok",
    "TTÐT Ðà Nẵng",
    "a  b\n\nc",
    "1.234,5% (theo QĐ số 12/2017/QĐ-TTg)",
    "http://example.vn/a?b=c#d e@f.vn",
    "“Được!” – ông nói…",
]


@pytest.mark.parametrize("text", NAUGHTY)
def test_segmenting_loses_nothing(text: str) -> None:
    check(normalize(text))


def test_segmenting_real_articles_loses_nothing(labelled_texts: list[LabelledText]) -> None:
    for article in labelled_texts[:10]:
        check(article.text)


def check(text: str) -> None:
    """Spans are in order, do not overlap, and cover every visible character."""
    spans = list(word_spans(text))
    assert all(start < end for start, end in spans)
    assert all(left[1] <= right[0] for left, right in pairwise(spans))
    assert "".join(re.sub(r"\s", "", text[start:end]) for start, end in spans) == re.sub(r"\s", "", text)


def test_long_words_of_a_corpus(labelled_texts: list[LabelledText]) -> None:
    words = frequent_words([article.text for article in labelled_texts])
    assert words == tuple(sorted(words))
    assert all(len(word.split()) in (3, 4) for word in words)
    assert "hội đồng kỷ luật" in words
