"""Posts beside a name that are somebody else's."""

from __future__ import annotations

import pytest

from nlp.officials.otherposts import n_of_others, names_a_foreigner
from nlp.officials.positions import Post, find_heads, find_posts


def posts_of(text: str, name: str = "") -> list[Post]:
    key = text.lower()
    return find_posts(text, key, find_heads(key), [text.index(name)] if name else [])


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("Thừa ủy quyền của Chủ tịch nước, Bí thư Tỉnh ủy Đinh Văn Khang trao", 1),
        ("Thừa ủy quyền của Ủy viên Bộ Chính trị, Thủ tướng, Bí thư Tỉnh ủy Đinh Văn Khang trao", 2),
        ("KT. Chủ tịch UBND tỉnh, Phó Chủ tịch Đinh Văn Khang", 1),
        ("Làm việc với Chủ tịch UBND tỉnh, Bí thư Huyện ủy Đinh Văn Khang xin vốn", 1),
        ("Làm việc với Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh Đinh Văn Khang có", 0),
        ("Có mặt Phó Bí thư Tỉnh ủy, Chủ tịch UBND tỉnh Đinh Văn Khang trao", 0),
        ("Thừa ủy quyền của Chủ tịch nước; Bí thư Tỉnh ủy Đinh Văn Khang", 1),
        ("Thừa ủy quyền của Chủ tịch nước Đinh Văn Khang", 0),
    ],
)
def test_only_a_post_that_is_acted_for_or_met_is_anothers(text: str, n: int) -> None:
    name = "Đinh Văn Khang"
    assert n_of_others(text, posts_of(text, name), text.index(name) + len(name)) == n


@pytest.mark.parametrize(
    ("text", "is_foreign"),
    [
        ("Thủ tướng Shinzo Abe", True),
        ("Chủ tịch TQ Tập Cận Bình", True),
        ("Bộ trưởng Kinh tế", False),
        ("Chủ tịch huyện Ea Kar", False),
        ("Chủ tịch UBND xã Krông Jing", False),
    ],
)
def test_a_foreigner_stands_in_letters_of_his_own(text: str, is_foreign: bool) -> None:
    (post,) = posts_of(text)
    assert names_a_foreigner(text, post) is is_foreign
