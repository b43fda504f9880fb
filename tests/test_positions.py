"""The grammar of posts: where a post begins, where its body ends, and on which side it stands."""

from __future__ import annotations

import pytest

from nlp.officials.positions import find_heads, find_posts, surroundings


def posts_in(text: str) -> list[tuple[str, str]]:
    key = text.lower()
    return [(text[post.start : post.end], post.side) for post in find_posts(text, key, find_heads(key), [])]


@pytest.mark.parametrize(
    ("text", "post"),
    [
        ("Phó chủ tịch UBND TP HCM cho rằng", "Phó chủ tịch UBND TP HCM"),
        ("Chủ tịch UBND TP.HCM nói", "Chủ tịch UBND TP.HCM"),
        ("Chánh thanh tra Q.Tân Phú, nói", "Chánh thanh tra Q.Tân Phú"),
        ("nguyên Phó Giám đốc Sở Văn hóa, Thể thao và Du lịch tỉnh Lào Cai nói", None),
        ("Bộ trưởng Bộ NN&amp;PTNT nói", "Bộ trưởng Bộ NN&amp;PTNT"),
        ("Trưởng phòng Tài nguyên nước thuộc Sở TN&MT nói", "Trưởng phòng Tài nguyên nước thuộc Sở TN&MT"),
        ("Trưởng phòng Cải cách hành chính, Sở Nội vụ nói", "Trưởng phòng Cải cách hành chính, Sở Nội vụ"),
        ("Phó Trưởng Ban Văn hóa - Xã hội HĐND tỉnh, nói", "Phó Trưởng Ban Văn hóa - Xã hội HĐND tỉnh"),
        ("Vụ trưởng Vụ Tiền lương, nói", "Vụ trưởng Vụ Tiền lương"),
        ("Chủ tịch UBND phường Xuân Trường - Đà Lạt nói", "Chủ tịch UBND phường Xuân Trường - Đà Lạt"),
        ("Phó trưởng phòng Giáo dục quận Hai Bà Trưng nói", "Phó trưởng phòng Giáo dục quận Hai Bà Trưng"),
        ("Chính trị viên Hải đội 137, nói", "Chính trị viên Hải đội 137"),
        ("Chủ tịch UBND huyện 45 tuổi", "Chủ tịch UBND huyện"),
        ("Chủ tịch UBND tỉnh Yên Bái Ông nói", "Chủ tịch UBND tỉnh Yên Bái"),
        ("Trưởng ban Kinh tế Trung ương Những năm qua", "Trưởng ban Kinh tế Trung ương"),
        ("Giám đốc Công an tỉnh Yên Bái - Thiếu tướng Chiến", "Giám đốc Công an tỉnh Yên Bái"),
        ("Chủ tịch UBND xã\nHà Nội họp", "Chủ tịch UBND xã"),
    ],
)
def test_a_post_ends_where_its_words_end(text: str, post: str | None) -> None:
    assert posts_in(text)[0][0] == (post or text.removesuffix(" nói"))


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("Giám đốc Sở Y tế", "public"),
        ("Giám đốc Công ty Cấp nước tỉnh", "private"),
        ("Giám đốc Bệnh viện Đa khoa tỉnh", "private"),
        ("Chủ tịch Công đoàn Công ty May", "public"),
        ("Bí thư Đảng ủy Bệnh viện", "public"),
        ("Chủ tịch huyện Phú Quốc", "unit"),
        ("Chủ tịch xã Chiềng Khoa", "unit"),
        ("Phó phòng", ""),
        ("Chủ tịch Liên đoàn Lao động tỉnh", "public"),
        ("Chủ tịch Liên đoàn Bóng đá", "private"),
        ("Giám đốc Ngân hàng Nhà nước chi nhánh tỉnh", "public"),
    ],
)
def test_the_first_body_tells_the_side(text: str, side: str) -> None:
    assert posts_in(text)[0][1] == side


def test_two_posts_side_by_side_are_two() -> None:
    text = "Ủy viên Ban Thường vụ Tỉnh ủy, Chủ nhiệm Ủy ban Kiểm tra Tỉnh ủy"
    assert [post for post, _ in posts_in(text)] == text.split(", ")


def test_chuc_vu_pho_bi_thu_holds_no_vu_pho() -> None:
    assert [post for post, _ in posts_in("giữ chức vụ Phó Bí thư Tỉnh ủy")] == ["Phó Bí thư Tỉnh ủy"]


def test_a_post_runs_into_no_name() -> None:
    text = "Chủ tịch UBND tỉnh Hà Giang Nguyễn Văn Sơn"
    key = text.lower()
    (post,) = find_posts(text, key, find_heads(key), [text.index("Nguyễn")])
    assert text[post.start : post.end] == "Chủ tịch UBND tỉnh Hà Giang"


def test_surroundings_weigh_bodies_and_not_common_words() -> None:
    text = "Báo cáo của Sở Nội vụ và UBND huyện về giải pháp của Công ty Hòa Bình."
    assert surroundings(text, text.lower(), 0, len(text)) == 1
