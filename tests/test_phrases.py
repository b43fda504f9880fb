"""Evidence widened to whole words: by the bonds between syllables, never over a comma or into a name."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.scan import scan
from nlp.topics.cues import Cues
from nlp.topics.features import FeatureSpace
from nlp.topics.phrases import WholeWords
from nlp.types import Span

# Pairs within words are as rare as their rarer syllable, pairs across words rarer than both.
WORDS = ("kết quả", "cải cách", "cách hành", "hành chính", "chủ tịch", "tịch nước", "trưởng phòng", "lê an")
NEIGHBOURS = ("trả kết", "được trả", "quả hồ", "ông lê", "của chủ", "của ông")
SYLLABLES = sorted({syllable for pair in (*WORDS, *NEIGHBOURS) for syllable in pair.split()})
RARITY = {
    **dict.fromkeys(SYLLABLES, 4.0),
    **dict.fromkeys(WORDS, 4.5),
    **dict.fromkeys(NEIGHBOURS, 7.5),
    "ông lê": 4.2,
    "cải cách": 4.1,
}


def widened(text: str, *phrases: str) -> list[str]:
    space = FeatureSpace(tuple(RARITY), Cues.from_json({"triggers": [], "classes": {}}))
    idf = np.zeros(space.n_features, dtype=np.float32)
    idf[: len(RARITY)] = list(RARITY.values())
    words = WholeWords(text, scan([text]), space, idf)
    spans = [Span(text.index(phrase), text.index(phrase) + len(phrase)) for phrase in phrases]
    return [text[span.start : span.end] for span in words.widen(spans)]


CASES = [
    ("an end inside a word", "Xã trả kết quả hồ sơ", "trả kết", "trả kết quả"),
    ("a beginning inside a word", "Lời của chủ tịch nước", "tịch nước", "tịch nước"),
    ("a word as it is", "Xã trả kết quả hồ sơ", "kết quả", "kết quả"),
    ("no further than to the end of the word", "Lời của chủ tịch nước", "của chủ", "của chủ tịch"),
    ("not over a comma", "Xã trả kết, quả hồ", "trả kết", "trả kết"),
    ("not over the end of a sentence", "Xã trả kết. Quả hồ", "trả kết", "trả kết"),
    ("not into a name", "Lời của ông Lê An", "của ông", "của ông"),
    ("though it would without capitals", "Lời của ông lê an", "của ông", "của ông lê"),
    ("the words of a headline in capitals", "TRẢ KẾT QUẢ", "TRẢ KẾT", "TRẢ KẾT QUẢ"),
    ("unknown syllables", "Xã trả kết luận", "trả kết", "trả kết"),
    ("no pair", "Xã trả kết quả hồ sơ", "kết", "kết"),
    ("at the text's end", "Xã trả kết", "trả kết", "trả kết"),
]


@pytest.mark.parametrize(
    ("text", "phrase", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_phrase_is_shown_to_its_whole_words(text: str, phrase: str, expected: str) -> None:
    assert widened(text, phrase) == [expected]


@given(st.lists(st.sampled_from([*SYLLABLES, "xã", "Lê", "UBND", ",", "."]), min_size=2, max_size=12))
def test_a_span_only_grows_by_whole_syllables(syllables: Iterable[str]) -> None:
    text = " ".join(syllables)
    found = scan([text])
    starts, ends = found.starts.tolist(), found.ends.tolist()
    for start, end in zip(starts, ends[1:], strict=False):
        (shown,) = widened(text, text[start:end])
        assert text[start:end] in shown
        assert len(shown.split()) <= 6


def test_the_shipped_model_knows_words() -> None:
    from nlp.modelfolder import DEFAULT_MODEL, load_tagger

    classifier = load_tagger(DEFAULT_MODEL).topics
    text = "UBND xã trả kết quả hồ sơ qua bưu điện, rút ngắn thủ tục hành chính cho người dân."
    given = classifier.explain(text, "reform", limit=200)
    shown = {each.term: each for each in classifier.whole_words(text, given)}
    for term, whole in {
        "trả kết": "trả kết quả",
        "kết quả": "kết quả",
        "tục hành": "thủ tục hành chính",
    }.items():
        assert [text[span.start : span.end] for span in shown[term].spans] == [whole]
    assert [each.weight for each in shown.values()] == [each.weight for each in given]
