"""Posts that several persons share, and bare posts that a neighbour's says more of."""

from __future__ import annotations

import pytest

from nlp.officials.names import find_names
from nlp.officials.people import tie
from nlp.officials.positions import find_heads, find_posts


def posts_in(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return each name of a text with its posts and their sides."""
    key = text.lower()
    heads = find_heads(key)
    titles = {start: end for start, (end, _) in heads.items()}
    names = find_names(text, titles, lambda name, levels: False, {})
    bonds, _ = tie(text, find_posts(text, key, heads, [name.start for name in names]), names)
    return [
        (
            text[bond.name.start : bond.name.end],
            [(text[post.start : post.end], post.side) for post in bond.posts],
        )
        for bond in bonds
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("các Phó Chủ tịch tỉnh Lê An, Vũ Mai và Đỗ Văn Tú", ["Lê An", "Vũ Mai", "Đỗ Văn Tú"]),
        ("hai ông Lê An và Vũ Mai đều là Ủy viên Bộ Chính trị", ["Lê An", "Vũ Mai"]),
        (
            "Ba ủy viên Bộ Chính trị (Thủ tướng Lê An, Bí thư Vũ Mai). Bộ trưởng Đỗ Văn Tú",
            ["Lê An", "Vũ Mai"],
        ),
        ("các Ủy viên Bộ Chính trị: Lê An, Thủ tướng; Vũ Mai, Bí thư. Ông Đỗ Văn Tú", ["Lê An", "Vũ Mai"]),
        ("các Ủy viên Bộ Chính trị: Lê An, Thủ tướng; các Ủy viên dự khuyết: Vũ Mai", ["Lê An"]),
        ("các Ủy viên Bộ Chính trị: Lê An, Thủ tướng; lãnh đạo sở; ông Vũ Mai, Bí thư", ["Lê An"]),
        ("các Phó Chủ tịch UBND tỉnh: Lê An; Giám đốc Sở Y tế Vũ Mai", ["Lê An"]),
        ("Ủy viên Bộ Chính trị (Lê An, Vũ Mai)", []),
    ],
)
def test_a_post_said_of_several_is_shared_as_far_as_its_list_goes(text: str, names: list[str]) -> None:
    found = [(name, [post.lower() for post, _ in posts]) for name, posts in posts_in(text)]
    shared = ("phó chủ tịch tỉnh", "ủy viên bộ chính trị", "phó chủ tịch ubnd tỉnh")
    assert [name for name, posts in found if not set(posts).isdisjoint(shared)] == names


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Chủ tịch UBND huyện Lê An và Phó chủ tịch Vũ Mai", "public"),
        ("Lê An, nguyên chủ tịch UBND tỉnh; Vũ Mai, nguyên phó chủ tịch", "public"),
        ("Giám đốc Công ty Bia Lê An và phó giám đốc Vũ Mai", "private"),
        ("Bí thư Huyện ủy Lê An và Phó chủ tịch Vũ Mai", ""),
        ("Chủ tịch UBND huyện Lê An mời Phó chủ tịch Vũ Mai", ""),
    ],
)
def test_a_bare_deputy_is_of_his_chiefs_body_beside_him(text: str, side: str) -> None:
    assert [posts[0][1] for name, posts in posts_in(text) if name == "Vũ Mai"] == [side]
