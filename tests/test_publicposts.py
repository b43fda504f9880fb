"""Which posts make an official, where the post alone does not tell."""

from __future__ import annotations

import pytest

from nlp.officials.finder import OfficialFinder

FINDER = OfficialFinder(None)


def has_official(text: str) -> bool:
    return bool(FINDER.find(text))


@pytest.mark.parametrize(
    ("around", "is_official"),
    [
        ("UBND huyện và Sở Nội vụ kiểm tra.", True),
        ("Công ty TNHH An Bình và Ngân hàng Đông Á kiểm tra.", False),
        ("Trời nắng to.", False),
    ],
)
def test_a_bare_title_is_what_the_bodies_around_it_are(around: str, is_official: bool) -> None:
    assert has_official(f"{around} Ông Trần Bá Long, Phó phòng, vắng mặt.") is is_official


def test_a_director_of_a_company_stays_one_where_a_sentence_leaves_the_company_out() -> None:
    text = "UBND huyện họp. Ông Lê Hữu An, Giám đốc Công ty Điện, đến. Giám đốc Lê Hữu An nói với Sở Công Thương."
    assert not has_official(text)


def test_a_party_post_beside_a_companys_counts_alone() -> None:
    (official,) = FINDER.find("Ông Lê Hữu An, Bí thư Đảng ủy, Giám đốc Công ty Điện lực, đến.")
    assert official.positions == ("Bí thư Đảng ủy",)


@pytest.mark.parametrize(
    "post", ["cán bộ", "công chức", "cán bộ nghiệp vụ", "cán bộ Sở Xây dựng", "nhân viên"]
)
def test_a_cadre_without_a_field_has_no_post(post: str) -> None:
    assert not has_official(f"Ông Trần Bá Long, {post}, vắng mặt.")


@pytest.mark.parametrize(
    "post", ["cán bộ địa chính xã", "công chức tư pháp - hộ tịch", "chuyên viên Sở Xây dựng"]
)
def test_a_cadre_with_a_field_has_one(post: str) -> None:
    assert has_official(f"Ông Trần Bá Long, {post}, vắng mặt.")


@pytest.mark.parametrize(
    ("post", "is_official"),
    [
        ("Bộ trưởng Tư Pháp", True),
        ("Bí thư Tỉnh ủy Lào Cai", True),
        ("Chủ tịch UBND xã Hồng Đức", True),
        ("Bộ trưởng Tư pháp Lào", False),
        ("Thủ tướng Vương quốc Campuchia", False),
        ("Đại sứ Trung Quốc", False),
        ("Đại sứ Việt Nam tại Trung Quốc", True),
    ],
)
def test_a_country_at_the_end_makes_a_post_foreign(post: str, is_official: bool) -> None:
    assert has_official(f"Ông Trần Bá Long, {post}, đến.") is is_official
