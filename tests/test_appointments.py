"""Posts told farther from their person: by a verb, in a later sentence, before the name."""

from __future__ import annotations

import pytest

from nlp.gazetteer import Gazetteer
from nlp.officials.finder import OfficialFinder

FINDER = OfficialFinder(Gazetteer.load())


def positions_in(text: str) -> dict[str, tuple[str, ...]]:
    return {official.name: official.positions for official in FINDER.find(text)}


@pytest.mark.parametrize(
    ("text", "positions"),
    [
        ("Ông Lê An được bầu giữ chức Chủ tịch HĐND huyện.", {"Lê An": ("Chủ tịch HĐND huyện",)}),
        ("Ông Lê An thôi làm Bí thư Huyện ủy.", {"Lê An": ("Bí thư Huyện ủy",)}),
        ("Kỷ luật cách chức Bí thư Đảng ủy xã đối với bà Vũ Mai.", {"Vũ Mai": ("Bí thư Đảng ủy xã",)}),
        (
            "Ông Lê An ký quyết định bổ nhiệm bà Vũ Mai giữ chức Trưởng phòng Nội vụ.",
            {"Vũ Mai": ("Trưởng phòng Nội vụ",)},
        ),
        ("Ông Lê An gửi đơn lên Chủ tịch UBND huyện.", {}),
        ("Ông Lê An bán cá. Người ta bàn việc bầu Chủ tịch UBND xã.", {}),
    ],
)
def test_a_verb_ties_a_post_to_its_person(text: str, positions: dict[str, tuple[str, ...]]) -> None:
    assert positions_in(text) == positions


def test_a_career_goes_on_in_sentences_without_the_name() -> None:
    text = (
        "Ông Lê An, Bí thư Huyện ủy, quê Thái Bình. Năm 2009 ông giữ chức Trưởng phòng Nội vụ huyện. "
        "Đến năm 2015, ông Lê An làm Phó Chủ tịch UBND huyện."
    )
    assert positions_in(text) == {
        "Lê An": ("Bí thư Huyện ủy", "Trưởng phòng Nội vụ huyện", "Phó Chủ tịch UBND huyện")
    }


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ("Chủ tịch UBND huyện nhắc dân giữ rừng. Ông Lê An cũng hứa trồng lại.", True),
        ("Chủ tịch UBND huyện nhắc dân giữ rừng. Ông Lê An, nông dân, hứa trồng lại.", False),
        ("Chủ tịch UBND huyện nhắc dân giữ rừng. Ông Lê An trú ở bản Mù.", False),
        ("Dân gặp Chủ tịch UBND huyện. Ông Lê An cũng hứa trồng lại.", False),
        ("Chủ tịch UBND huyện nhắc dân.\n\nTrời mưa.\n\nÔng Lê An cũng hứa trồng lại.", False),
    ],
)
def test_a_post_that_opens_a_sentence_may_be_named_in_the_next(text: str, is_told: bool) -> None:
    assert bool(positions_in(text)) is is_told
