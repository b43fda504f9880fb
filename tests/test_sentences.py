"""Sentence spans: what ends a sentence and what does not, and the law that nothing is lost."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.normalize import normalize
from nlp.sentences import sentence_spans

PIECES = st.sampled_from(
    [
        "Ông A.",
        " ",
        "\n",
        "\n\n",
        "TP.",
        "Đến nay",
        "ấy",
        "…",
        "...",
        "!",
        "?”",
        "”",
        "(",
        "- ",
        ":",
        ";",
        "3.5",
        "x",
    ]
)


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "marked",
    [
        "Hội nghị kết thúc.| Đến dự có ông A.",
        "Xã họp.| Ở đó đông người.| Ấp nào cũng tới.| Ủy ban ghi nhận.",
        "TP. Hồ Chí Minh họp.| ThS. Nguyễn Văn A. nói.",
        "GS.TS. Trần B và TS. Lê C cùng dự.",
        "“Được rồi!”| Bà cười.",
        "Ông hỏi: “Có không?”| Không ai đáp.",
        "Gồm:|\n- một;|\n- hai.",
        "TIÊU ĐỀ|\n\nThân bài.",
        "Giá 3.500 đồng, tăng 2,5%.| 27 người nhận.",
        "Chờ mãi...| Rồi cũng xong.",
        "Chờ mãi... rồi cũng xong.",
        "Kết thúc hội nghị./.|\nHồng Gấm",
        "Ông K. Văn B. và bà N.T.H. tới.",
        "Họp ngày 3.| – Vâng, ông nói.",
        "Theo UBND. Xã họp.",
    ],
)
def test_bars_stand_between_sentences(marked: str) -> None:
    expected = [piece.strip() for piece in marked.split("|")]
    assert sentences(marked.replace("|", "")) == expected


@given(st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_spans_are_in_order_and_cover_every_visible_character(text: str) -> None:
    text = normalize(text)
    spans = sentence_spans(text)
    covered = "".join(text[start:end] for start, end in spans)
    assert "".join(covered.split()) == "".join(text.split())
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.lists(PIECES, max_size=30).map("".join))
def test_a_span_begins_and_ends_visibly_and_holds_no_line_break(text: str) -> None:
    text = normalize(text)
    for start, end in sentence_spans(text):
        piece = text[start:end]
        assert piece == piece.strip() != ""
        assert "\n" not in piece
