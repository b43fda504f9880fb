"""Persons' names: their edges, and the ways in which one person is written."""

from __future__ import annotations

import pytest

from nlp.adminunits import name_key
from nlp.gazetteer import Gazetteer
from nlp.officials.names import find_names
from nlp.officials.positions import find_heads


def is_unit(name: str, levels: str) -> bool:
    return any(unit.level[0] in levels for unit in Gazetteer.load().named(name_key(name)))


def names_in(text: str, units: dict[int, int] | None = None) -> list[str]:
    titles = {start: end for start, (end, _) in find_heads(text.lower()).items()}
    return [text[name.start : name.end] for name in find_names(text, titles, is_unit, units or {})]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("UBND tỉnh Hà Giang Nguyễn Văn Sơn đến", ["Nguyễn Văn Sơn"]),
        ("Công an Thạch Hà Nguyễn Văn Khoa đến", ["Nguyễn Văn Khoa"]),
        ("UBND TP HCM Lê Văn Khoa đến", ["Lê Văn Khoa"]),
        ("HĐND tỉnh Kim Ngọc Thái Sơn đến", ["Kim Ngọc Thái Sơn"]),
        ("Trung ương Đoàn Lê Quốc Phong đến", ["Lê Quốc Phong"]),
        ("ông Đoàn Văn Mẫn đến", ["Đoàn Văn Mẫn"]),
        ("ông Điểu K'Ré đến", ["Điểu K'Ré"]),
        ("ông K' Brểu đến", ["K' Brểu"]),
        ("bà H'Yar Mlô đến", ["H'Yar Mlô"]),
        ("ông Y Thanh Hà Niê Kđăm đến", ["Y Thanh Hà Niê Kđăm"]),
        ("ông Lê Thành Được Trước đó ông", ["Lê Thành Được"]),
        ("ông Trần Huy Sáng Sáng nay", ["Trần Huy Sáng"]),
        ("Ông Nguyễn Văn A Phó Chủ tịch", ["Nguyễn Văn A"]),
        ("Nguyễn Thị Bé Ba đến", ["Nguyễn Thị Bé Ba"]),
    ],
)
def test_a_name_is_cut_where_it_begins_and_ends(text: str, names: list[str]) -> None:
    assert names_in(text) == names


@pytest.mark.parametrize(
    "text",
    [
        "tỉnh Hà Nam và huyện Đồng Phú",
        "xã Quế Trung có 900 hộ",
        "bản Tà Chử có 40 hộ",
        "đường Nguyễn Trãi, trường THPT Lê Hồng Phong",
        "Đồn Biên phòng A Đớt",
        "Đoàn Ủy ban Quân vụ",
        "BAN QUẢN LÝ DỰ ÁN HUYỆN",
        "bà Kim Eun-kyung",
        "Thủ tướng Hà Lan Mark Rutte",
        "Ảnh: Doãn Tấn và VGP/Quang Hiếu",
        "Sở Công Thương, Bộ Tư Pháp",
    ],
)
def test_what_only_looks_like_a_name_is_none(text: str) -> None:
    assert names_in(text) == []


def test_units_that_the_text_names_come_off_the_front() -> None:
    text = "UBND xã Lạc Nguyễn Văn Tám đến"
    start = text.index("Lạc")
    assert names_in(text, {start: start + len("Lạc")}) == ["Nguyễn Văn Tám"]


def test_a_name_without_surname_is_short_for_the_full_one() -> None:
    text = "Bí thư Xuân Anh trăn trở. Ông Nguyễn Xuân Anh nói."
    first, second = find_names(text, {0: 6}, is_unit, {})
    assert first.person == second.person == "nguyễn xuân anh"
    assert not first.full
    assert second.full


def test_a_name_that_runs_on_ends_where_it_ends_elsewhere() -> None:
    assert names_in("Ông Vũ Văn Tám Xin phép. Ông Vũ Văn Tám về.") == ["Vũ Văn Tám", "Vũ Văn Tám"]


def test_a_shouted_name_counts_where_the_text_confirms_it() -> None:
    assert names_in("TRẦN ĐỨC QUÝ: KHÔNG VÙNG CẤM\nÔng Trần Đức Quý đến.") == ["TRẦN ĐỨC QUÝ", "Trần Đức Quý"]


def test_a_rank_of_a_namesake_unit_is_no_short_mention() -> None:
    text = "Ông Nguyễn Công Thành đến. Phó Bí thư Thành ủy nói."
    assert names_in(text) == ["Nguyễn Công Thành"]
