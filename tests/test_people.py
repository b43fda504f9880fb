"""Bonds: which post belongs to which name."""

from __future__ import annotations

import pytest

from nlp.officials.names import find_names
from nlp.officials.people import tie
from nlp.officials.positions import find_heads, find_posts


def bonds_in(text: str) -> dict[str, list[str]]:
    key = text.lower()
    heads = find_heads(key)
    titles = {start: end for start, (end, _) in heads.items()}
    names = find_names(text, titles, lambda name, levels: False, {})
    bonds, _ = tie(text, find_posts(text, key, heads, [name.start for name in names]), names)
    found: dict[str, list[str]] = {}
    for bond in bonds:
        found.setdefault(bond.name.person, []).extend(text[post.start : post.end] for post in bond.posts)
    return found


@pytest.mark.parametrize(
    ("text", "bonds"),
    [
        ("ông Lê An, Bí thư Huyện ủy, bà Vũ Mai", {"lê an": ["Bí thư Huyện ủy"], "vũ mai": []}),
        ("ông Lê An, Bí thư Vũ Mai", {"lê an": [], "vũ mai": ["Bí thư"]}),
        (
            "ông Lê An, Bí thư Huyện ủy, Chủ tịch UBND huyện Vũ Mai",
            {"lê an": ["Bí thư Huyện ủy"], "vũ mai": ["Chủ tịch UBND huyện"]},
        ),
        (
            "Bí thư Lê An, Ủy viên Bộ Chính trị, Phó Thủ tướng Vũ Mai",
            {"lê an": ["Bí thư"], "vũ mai": ["Ủy viên Bộ Chính trị", "Phó Thủ tướng"]},
        ),
        ("Bí thư Huyện ủy. Ông Lê An, nông dân, nói", {"lê an": []}),
        ("Lê An ở\nBí thư Huyện ủy nói", {"lê an": []}),
        ("Chủ tịch UBND xã đã nhận đơn của bà Lê An", {"lê an": []}),
        ("Chủ tịch UBND xã, bà Lê An (nông dân)", {"lê an": ["Chủ tịch UBND xã"]}),
        ("cách chức Bí thư Đảng ủy đối với ông Lê An", {"lê an": ["Bí thư Đảng ủy"]}),
        ("ông Lê An báo cáo lên Thủ tướng Chính phủ", {"lê an": []}),
        ("Ông Lê An kể chuyện nhà. Trời mưa. Người ta bầu Chủ tịch UBND xã", {"lê an": []}),
    ],
)
def test_the_words_between_tell_whose_post_it_is(text: str, bonds: dict[str, list[str]]) -> None:
    assert bonds_in(text) == bonds


def test_a_person_with_a_description_is_not_the_post_of_the_sentence_before() -> None:
    text = "Chủ tịch UBND huyện nhắc nhở. Ông Lê An, nông dân, vỗ tay."
    assert bonds_in(text) == {"lê an": []}


def test_a_person_met_before_is_not_the_post_of_the_sentence_before() -> None:
    text = "Ông Lê An đến. Chủ tịch UBND huyện nhắc nhở. Ông Lê An vỗ tay."
    assert bonds_in(text) == {"lê an": []}
