"""Where the name of a post's body ends: what joins its pieces, and what it never runs into."""

from __future__ import annotations

import pytest

from nlp.officials.bodynames import body_above, body_end


def name_in(text: str) -> str:
    """What is read as a body's name behind the blank that a text begins with."""
    return text[: body_end(text, text.lower(), 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        " UBND huyện Thoại Sơn| nói",
        " Sở Văn hóa và Du lịch| nói",
        " các cơ quan Trung ương| nói",  # "các" opens a field here
        " của Sở Y tế| nói",  # and "của" joins
        " Ban Kinh tế - Ngân sách| nói",
        " Sở TN&MT| nói",
        " UBND TP.HCM| nói",
        " Công an Q.9| nói",
        " Công an| 9 ngày",
        " Cục Thuế Hà Nội tại TP.HCM| nói",
        " UBND tỉnh| Phó Chủ tịch",
        " UBND tỉnh Yên Bái| Ông nói",
        " UBND tỉnh Yên Bái| - Thiếu tướng Chiến",
        " Vụ Tiền lương|, nói",
        " VP HĐND&UBND huyện| nói",
        " tổ công tác Y7/141| nói",
        " UBND tỉnh| và 2 phó chủ tịch",
        "| nói",
        "|, Sở Y tế",
        "|-- Sở",
    ],
)
def test_a_name_ends_where_no_piece_of_it_follows(text: str) -> None:
    assert name_in(text.replace("|", "")) == text.partition("|")[0]


def test_a_name_ends_at_the_limit() -> None:
    text = " UBND huyện Thoại Sơn"
    assert body_end(text, text.lower(), 0, len(" UBND huyện")) == len(" UBND huyện")
    assert body_end(text, text.lower(), 0, 0) == 0


@pytest.mark.parametrize(
    ("text", "above", "post"),
    [
        (" Tổ chức|, Sở Nội vụ tỉnh", "Sở Nội vụ tỉnh", " Tổ chức, Sở Nội vụ tỉnh"),
        (" quản lý| điện lưới (Sở Công nghiệp)", "Sở Công nghiệp", " quản lý điện lưới"),
        (" quản lý| điện lưới (thuộc Sở Công nghiệp)", "Sở Công nghiệp", " quản lý điện lưới"),
        (" Kiểm lược| hồ sơ - Viện KSND tỉnh, nói", "Viện KSND tỉnh", " Kiểm lược hồ sơ - Viện KSND tỉnh"),
        (" quản lý| thi Sở Giáo dục Lê An", "Sở Giáo dục", " quản lý thi Sở Giáo dục"),
        (" Nội vụ| đề nghị Sở Nội vụ Lê An", "", ""),
        (" Nội vụ| thi Sở Nội vụ, Lê An", "", ""),
        (" Nội vụ| (Trần Bé)", "", ""),
    ],
)
def test_the_body_of_a_department_is_told_by_what_parts_them(text: str, above: str, post: str) -> None:
    end, plain = text.index("|"), text.replace("|", "")
    limit = plain.find("Lê An") if "Lê An" in plain else len(plain)
    found = body_above(plain, plain.lower(), end, limit)
    assert (found and (plain[found.start : found.end], plain[: found.post_end])) == (
        (above, post) if above else None
    )
