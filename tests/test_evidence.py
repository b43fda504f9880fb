from __future__ import annotations

import pytest

from nlp.evidence import marked_sentences
from nlp.sentences import sentence_spans
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
