"""The register: persons kept apart, merges marked, files whole."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import UnsupportedFormatError
from nlp.officials.register import OfficialRow, Register
from nlp.types import Article, Official, Place, Span, Tags

DAY = date(2024, 3, 1)


def article(
    number: int,
    *officials: tuple[str, tuple[str, ...], str | None],
    day: date = DAY,
    places: tuple[Place, ...] = (),
) -> Tags:
    return Tags(
        article=Article(id=f"a{number}", text="Họp."),
        as_of=day,
        topics=(),
        primary=None,
        officials=tuple(
            Official(name=name, positions=positions, unit=unit, mentions=(Span(0, 3),))
            for name, positions, unit in officials
        ),
        places=places,
        model="m@0",
    )


def register(*tags: Tags) -> Register:
    made = Register()
    for one in tags:
        made.add(one)
    return made


def rows(*tags: Tags) -> list[OfficialRow]:
    return register(*tags).officials()


AN = "Lê Văn An"
CHAIR = "Chủ tịch UBND huyện Thoại Sơn"


def test_one_row_a_person_and_post_with_first_and_last_day() -> None:
    (row,) = rows(
        article(1, (AN, (CHAIR,), "894"), day=date(2024, 5, 1)),
        article(2, (AN, ("chủ tịch UBND huyện Thoại Sơn",), "894"), day=date(2023, 5, 1)),
    )
    assert (row.first_seen, row.last_seen, row.articles) == (date(2023, 5, 1), date(2024, 5, 1), 2)
    assert (row.name, row.position, row.unit, row.examples) == (AN, CHAIR, "894", ("a1", "a2"))
    assert not row.doubtful


def test_two_posts_of_a_person_are_two_rows() -> None:
    found = rows(article(1, (AN, ("Bí thư Huyện ủy", CHAIR), "894")))
    assert [(row.position, row.person) for row in found] == [("Bí thư Huyện ủy", 1), (CHAIR, 1)]


def test_the_unit_stands_in_the_row_of_the_post_that_names_it() -> None:
    posts = ("Phó Bí thư Đảng ủy", "Chủ tịch UBND xã Ia Pal")
    found = rows(article(1, ("Rơ Châm Hùng", posts, "23977")))
    assert {row.position: row.unit for row in found} == {posts[0]: "", posts[1]: "23977"}


def test_namesakes_in_two_units_are_two_persons() -> None:
    found = rows(
        article(1, (AN, ("Chủ tịch UBND huyện",), "894")), article(2, (AN, ("Chủ tịch UBND huyện",), "889"))
    )
    assert [(row.person, row.unit, row.doubtful) for row in found] == [(1, "894", False), (2, "889", False)]


def test_namesakes_in_two_posts_are_two_persons() -> None:
    found = rows(article(1, (AN, (CHAIR,), "894")), article(2, (AN, ("Thứ trưởng Bộ Xây dựng",), None)))
    assert [row.person for row in found] == [1, 2]


def test_a_new_post_in_the_same_district_is_a_doubtful_merge() -> None:
    found = rows(article(1, (AN, (CHAIR,), "894")), article(2, (AN, ("Bí thư Huyện ủy Thoại Sơn",), "894")))
    assert [(row.person, row.doubtful) for row in found] == [(1, True), (1, True)]


def test_three_posts_in_the_same_district_are_one_person() -> None:
    posts = ("Phó phòng", "Chủ tịch UBND huyện", "Bí thư Huyện ủy")
    found = rows(*(article(number, (AN, (post,), "889")) for number, post in enumerate(posts)))
    assert {(row.person, row.doubtful) for row in found} == {(1, True)}


def test_a_new_post_in_the_same_province_is_another_person() -> None:
    found = rows(
        article(1, (AN, ("Giám đốc Sở Y tế",), "89")), article(2, (AN, ("Chánh án TAND tỉnh",), "89"))
    )
    assert [row.person for row in found] == [1, 2]


def test_an_article_that_tells_both_posts_makes_one_person_of_two() -> None:
    minister = "Thứ trưởng Bộ Xây dựng"
    found = rows(
        article(1, (AN, (CHAIR,), "894")),
        article(2, (AN, (minister,), None)),
        article(3, (AN, (minister, CHAIR), None)),
    )
    assert [(row.person, row.position, row.articles) for row in found] == [(1, CHAIR, 2), (1, minister, 2)]


def test_a_shared_post_whose_unit_one_article_leaves_open_is_a_doubtful_merge() -> None:
    (row,) = rows(
        article(1, (AN, ("Chủ tịch UBND huyện",), "894")), article(2, (AN, ("Chủ tịch UBND huyện",), None))
    )
    assert (row.unit, row.articles, row.doubtful) == ("894", 2, True)


def test_a_post_without_a_unit_in_every_article_is_a_doubtful_merge() -> None:
    (row,) = rows(article(1, (AN, ("Phó phòng",), None)), article(2, (AN, ("Phó phòng",), None)))
    assert row.doubtful


def test_a_ministers_post_needs_no_unit() -> None:
    (row,) = rows(*(article(n, (AN, ("Bộ trưởng Bộ Y tế",), None)) for n in (1, 2)))
    assert not row.doubtful


def test_two_spellings_of_a_name_are_one_and_the_frequent_one_is_shown() -> None:
    found = rows(
        article(1, ("Lê Thị Hoà", (CHAIR,), "894")),
        *(article(n, ("Lê Thị Hòa", (CHAIR,), "894")) for n in (2, 3)),
    )
    assert [(row.name, row.articles) for row in found] == [("Lê Thị Hòa", 3)]


def place(name: str, code: str | None) -> Place:
    return Place(
        name=name, level="district", type="huyện", code=code, province="An Giang", mentions=(Span(0, 3),)
    )


def test_one_row_a_unit_and_those_left_open_apart() -> None:
    found = register(
        article(1, places=(place("Thoại Sơn", "894"), place("Châu Thành", None))),
        article(2, places=(place("Thoại Sơn", "894"),), day=date(2025, 1, 1)),
    ).units()
    assert [(row.code, row.name, row.articles, row.last_seen) for row in found] == [
        ("", "Châu Thành", 1, DAY),
        ("894", "Thoại Sơn", 2, date(2025, 1, 1)),
    ]


SIGHTINGS = st.tuples(
    st.sampled_from((AN, "Vũ Mai")),
    st.lists(
        st.sampled_from(("Phó phòng", CHAIR, "Bí thư Huyện ủy")), min_size=1, max_size=3, unique=True
    ).map(tuple),
    st.sampled_from((None, "894", "889")),
)


@given(st.lists(SIGHTINGS, max_size=12))
def test_no_article_is_lost_and_none_counts_twice(sightings: list) -> None:
    found = rows(*(article(number, sighting) for number, sighting in enumerate(sightings)))
    for name in {name for name, _, _ in sightings}:
        told = sum(len(positions) for other, positions, _ in sightings if other == name)
        assert sum(row.articles for row in found if row.name == name) == told


@given(st.lists(SIGHTINGS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_part_or_join_persons(sightings: list, random) -> None:
    def posts_of_persons(order: list) -> set:
        found = rows(*(article(number, sighting) for number, sighting in enumerate(order)))
        persons: dict = {}
        for row in found:
            persons.setdefault((row.name, row.person), set()).add((row.position, row.unit, row.articles))
        return {(key[0], frozenset(posts)) for key, posts in persons.items()}

    shuffled = list(sightings)
    random.shuffle(shuffled)
    assert posts_of_persons(sightings) == posts_of_persons(shuffled)


def test_a_workbook_has_a_sheet_of_officials_and_one_of_units(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="needs the office extra")
    path = tmp_path / "register.xlsx"
    register(article(1, ("=A1", (CHAIR,), "094"), places=(place("Thoại Sơn", "894"),))).write(path)
    book = openpyxl.load_workbook(path)
    officials, units = book.worksheets
    assert (officials.title, units.title) == ("Cán bộ", "Đơn vị")
    assert [cell.value for cell in officials[2]][:4] == ["=A1", "1", CHAIR, "094"]
    assert officials["A2"].data_type == "s"
    assert units["A2"].value == "894"
    book.close()


def test_csv_has_two_files_that_excel_reads_as_text(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    register(article(1, ("=A1", (CHAIR,), "894"), places=(place("Thoại Sơn", "894"),))).write(path)
    content = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert content[0][:3] == ["Họ tên", "Người thứ", "Chức vụ"]
    assert content[1][0] == "'=A1"
    assert "Thoại Sơn" in (tmp_path / "register-2.csv").read_text(encoding="utf-8-sig")


def test_another_suffix_is_refused_with_the_remedy(tmp_path: Path) -> None:
    with pytest.raises(UnsupportedFormatError, match=r"\.xlsx or \.csv"):
        Register().write(tmp_path / "register.doc")
    assert list(tmp_path.iterdir()) == []


def test_an_empty_register_has_its_headings(tmp_path: Path) -> None:
    Register().write(tmp_path / "register.csv")
    assert (tmp_path / "register.csv").read_text(encoding="utf-8-sig").startswith("Họ tên")
