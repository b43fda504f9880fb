from __future__ import annotations

import numpy as np
import pytest

from nlp.sentences import sentence_spans
from nlp.topics.evidence import marked_sentences, rank_evidence
from nlp.types import LabelledText

TEXT = (
    "Trao bằng khen (NLĐ) - Sáng 3-2, UBND huyện trao giấy khen.\nÔng Hoà dự. TP. HCM họp; tặng cờ thi đua."
)


@pytest.mark.parametrize(
    ("marks", "expected"),
    [
        (("Trao bằng khen",), (0,)),
        (("Sáng 3-2, UBND huyện",), (0,)),
        (("ông hòa dự...", "TP. HCM họp; tặng…"), (1, 2)),
        (("Không có câu này",), ()),
        (("",), ()),
        ((), ()),
    ],
)
def test_marks_are_found_where_their_words_stand(marks: tuple[str, ...], expected: tuple[int, ...]) -> None:
    article = LabelledText(id="a", text=TEXT, topics=("awards",), evidence={"awards": marks})
    assert marked_sentences(article, "awards", sentence_spans(TEXT)) == expected
    assert marked_sentences(article, "reform", sentence_spans(TEXT)) == ()


@pytest.mark.parametrize(
    ("values", "first"),
    [([2.0, 1.5, -3.0], 1), ([2.0, -3.0, -4.0], 0), ([1.0], 0), ([1.0, 1.0, 3.0], 2)],
)
def test_a_sentence_is_shown_before_a_headline_that_is_hardly_stronger(
    values: list[float], first: int
) -> None:
    order, ranked = rank_evidence(np.array(values))
    assert order[0] == first
    assert sorted(order.tolist()) == list(range(len(values)))
    assert (np.diff(ranked) <= 0).all()
