"""The array pass against the plain one: the same syllables, the same sentences."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.normalize import match_key, normalize
from nlp.scan import Scan, scan, syllables
from nlp.sentences import sentence_spans
from nlp.types import LabelledText, Span

NASTY = [
    "",
    " ",
    "a",
    ".",
    "...!",
    "Ông A. nói: \n- “Được!” (Anh B.) ... Rồi. TP. HCM…",
    "QUÝ hoà Khoẻ thuỷ quỳ HOÀ quạ loà oà ỳ",
    "İstanbul ςΣ ÐĐ ß 123 12a ² ٣٤",
    "“Đó”. « Được ». [x] ;\n\ny",
    "𝒜 b. ế: 日本語。 k.",
    "x.( TP. Đ/c. v.v. Hết) . - Rồi",
    "ThS.BS. Lê A. Đỗ B.\nHết:\nLời.",
    "một_hai ba-bốn 1.234,5 a.b.c",
    "A",
]
LETTERS = st.text(alphabet='aàảoòóuúyỳqQOÀđĐ .!?…:;\n"”“(-1²_ếß', max_size=60)


def sentences_of(found: Scan, article: int) -> list[Span]:
    rows = np.flatnonzero(found.article == article)
    return [Span(int(found.sentence_starts[row]), int(found.sentence_ends[row])) for row in rows]


def check_one_by_one(texts: list[str], names: dict[str, int]) -> None:
    """Every array of a scan against the plain functions; ``names`` gathers a hash for each syllable."""
    found = scan(texts)
    assert [sentences_of(found, n) for n in range(len(texts))] == [
        list(sentence_spans(text)) for text in texts
    ]
    expected = [syllable for text in texts for syllable in syllables(text)]
    assert len(found.hashes) == len(expected)
    article = found.article[found.sentence]
    for row, syllable in enumerate(expected):
        assert names.setdefault(syllable, int(found.hashes[row])) == int(found.hashes[row])
        surface = texts[article[row]][found.starts[row] : found.ends[row]]
        assert syllables(surface) == [syllable]


def test_real_articles_and_nasty_strings(labelled_texts: list[LabelledText]) -> None:
    names: dict[str, int] = {}
    check_one_by_one([*NASTY, *(article.text for article in labelled_texts), *NASTY], names)
    assert len(set(names.values())) == len(names), "two syllables share a hash"


@settings(deadline=None, max_examples=200)
@given(st.lists(LETTERS, min_size=1, max_size=4))
def test_any_text(texts: list[str]) -> None:
    check_one_by_one([normalize(text) for text in texts], {})


@pytest.mark.parametrize("text", NASTY)
def test_a_batch_changes_nothing(text: str) -> None:
    alone, among = scan([text]), scan(["Một câu.", text, "Hai câu."])
    rows = among.article[among.sentence] == 1 if len(among.sentence) else np.zeros(0, dtype=bool)
    np.testing.assert_array_equal(among.hashes[rows], alone.hashes)
    assert sentences_of(among, 1) == sentences_of(alone, 0)


def test_spellings_of_one_word_share_a_hash() -> None:
    found = scan(["Hoà HÒA hoà thuý THÚY"])
    assert found.hashes[0] == found.hashes[1] == found.hashes[2]
    assert found.hashes[3] == found.hashes[4]
    assert match_key("Hoà") == match_key("HÒA")
