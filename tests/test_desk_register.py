"""The register of officials: posts over time, and persons of one name kept apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import made_tags

from desk.decisions import Decision, decide, view
from desk.register import RegisteredPerson, every_official, officials
from desk.sheets import REGISTER_HEADINGS, register_sheet
from desk.store import Store
from nlp.officials.register import Register
from nlp.types import Official, Tags

THOAI_SON, CHAU_PHU = "894", "889"


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


def naming(article_id: str, day: date | None, *posts: str, unit: str | None, name: str = "Lê Văn An") -> Tags:
    """An article that names one official."""
    official = Official(name=name, positions=posts, unit=unit, mentions=())
    return replace(made_tags(article_id, published=day), officials=(official,))


def persons(store: Store, text: str = "") -> list[RegisteredPerson]:
    (entry,) = officials(store, text).items
    return list(entry.persons)


def titles(person: RegisteredPerson) -> dict[str, int]:
    return {post.title: post.articles for post in person.posts}


def test_posts_stand_in_time_the_latest_first(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2019, 5, 1), "Phó Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("b", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("c", date(2024, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("d", None, "Chủ tịch UBND huyện", unit=THOAI_SON),
        ]
    )
    (person,) = persons(store)
    assert [(post.title, post.first, post.last, post.articles) for post in person.posts] == [
        ("Chủ tịch UBND huyện", date(2023, 5, 1), date(2024, 5, 1), 3),
        ("Phó Chủ tịch UBND huyện", date(2019, 5, 1), date(2019, 5, 1), 1),
    ]
    assert {post.place for post in person.posts} == {"huyện Thoại Sơn, tỉnh An Giang"}
    assert (person.count, person.first, person.last) == (4, date(2019, 5, 1), date(2024, 5, 1))
    assert [article.id for article in person.articles] == ["c", "b", "a", "d"]
    assert person.may_be_several, "another post in the same unit: promoted, or somebody else"


def test_one_name_in_two_units_is_two_persons(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("b", date(2023, 6, 1), "Chủ tịch UBND huyện", unit=CHAU_PHU),
            naming("c", date(2023, 7, 1), "Chủ tịch UBND huyện", unit=CHAU_PHU),
        ]
    )
    first, second = persons(store)
    assert [person.posts[0].unit for person in (first, second)] == [CHAU_PHU, THOAI_SON]
    assert [person.count for person in (first, second)] == [2, 1]
    assert not any(person.may_be_several or person.may_be_another for person in (first, second))


def test_two_posts_without_a_unit_may_be_one_person(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("b", date(2023, 6, 1), "Trưởng phòng", unit=None),
        ]
    )
    assert [(person.may_be_several, person.may_be_another) for person in persons(store)] == [
        (False, True),
        (False, True),
    ]


def test_an_open_post_whose_unit_not_all_articles_tell_is_in_doubt(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2023, 5, 1), "Bí thư Huyện ủy", unit=THOAI_SON),
            naming("b", date(2023, 6, 1), "Bí thư Huyện ủy", unit=None),
        ]
    )
    (person,) = persons(store)
    assert (person.count, person.may_be_several) == (2, True)
    assert [(post.unit, post.articles) for post in person.posts] == [(THOAI_SON, 2)]


def test_spellings_of_one_name_and_post_meet(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2023, 5, 1), "Bí thư Thành uỷ TP.HCM", unit="79", name="Lê Hoà"),
            naming("b", date(2023, 6, 1), "Bí thư Thành ủy TP HCM", unit="79", name="Lê Hòa"),
            naming("c", date(2023, 7, 1), "Bí thư Thành ủy TP HCM", unit="79", name="Lê Hòa"),
        ]
    )
    (entry,) = officials(store).items
    assert entry.name == "Lê Hòa"
    assert [titles(person) for person in entry.persons] == [{"Bí thư Thành ủy TP HCM": 3}]


def test_a_mended_post_counts_as_mended(store: Store) -> None:
    store.save_tags([naming("a", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON)])
    mended = {"positions": ["Bí thư Huyện ủy"]}
    mend = Decision(action="mend", kind="official", key="Lê Văn An", value=mended, user="lan")
    decide(store, "a", mend, view(store, "a").revision)
    assert titles(persons(store)[0]) == {"Bí thư Huyện ủy": 1}


def test_names_are_found_by_name_and_by_post(store: Store) -> None:
    store.save_tags([naming("a", date(2023, 5, 1), "Bí thư Huyện ủy", unit=THOAI_SON)])
    assert officials(store, "văn an").total == officials(store, "bí thư").total == 1
    assert officials(store, "không ai").total == 0


def test_pages_count_names(store: Store) -> None:
    store.save_tags(
        naming(f"a{at}", date(2023, 5, 1), "Bí thư Huyện ủy", unit=THOAI_SON, name=f"Lê Văn {name}")
        for at, name in enumerate(("Anh", "Bình", "Chi"))
    )
    last = officials(store, page=2, per_page=2)
    assert ([entry.name for entry in last.items], last.total, last.pages) == (["Lê Văn Chi"], 3, 2)


def rows(store: Store, text: str = "") -> list[dict[str, str]]:
    sheet = register_sheet(every_official(store, text))
    return [dict(zip(sheet.headings, row, strict=True)) for row in sheet.rows]


def test_a_sheet_has_a_row_a_person_and_post(store: Store) -> None:
    store.save_tags(
        [
            naming("a", date(2019, 5, 1), "Phó Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("b", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON),
            naming("c", None, "Chủ tịch UBND huyện", unit=CHAU_PHU),
        ]
    )
    assert REGISTER_HEADINGS[:5] == ("Họ tên", "Người thứ", "Chức vụ", "Mã đơn vị", "Nơi")
    first, second, third = rows(store)
    assert first == {
        "Họ tên": "Lê Văn An",
        "Người thứ": "1",
        "Chức vụ": "Chủ tịch UBND huyện",
        "Mã đơn vị": THOAI_SON,
        "Nơi": "huyện Thoại Sơn, tỉnh An Giang",
        "Thấy lần đầu": "2023-05-01",
        "Thấy lần cuối": "2023-05-01",
        "Số bài": "1",
        "Bài": "b",
        "Cần kiểm tra": "có thể là nhiều người",
    }
    assert (second["Người thứ"], second["Chức vụ"]) == ("1", "Phó Chủ tịch UBND huyện")
    assert [third[name] for name in ("Người thứ", "Mã đơn vị", "Thấy lần đầu", "Cần kiểm tra")] == [
        *("2", CHAU_PHU, "", "")
    ]


def test_the_desk_and_a_batch_write_the_same_register(store: Store) -> None:
    answers = [
        naming("a", date(2019, 5, 1), "Phó Chủ tịch UBND huyện", unit=THOAI_SON),
        naming("b", date(2023, 5, 1), "Bí thư Huyện ủy", unit=CHAU_PHU, name="Lê Thị Bình"),
        naming("c", date(2023, 6, 1), "Bí thư Huyện ủy", unit=CHAU_PHU, name="Lê Thị Bình"),
    ]
    store.save_tags(answers)
    batch = Register()
    for tags in answers:
        batch.add(tags)
    assert [
        tuple(row[name] for name in ("Họ tên", "Người thứ", "Chức vụ", "Mã đơn vị", "Thấy lần đầu", "Số bài"))
        for row in rows(store)
    ] == [
        (row.name, str(row.person), row.position, row.unit, row.first_seen.isoformat(), str(row.articles))
        for row in batch.officials()
    ]


def test_the_sheet_holds_all_that_the_pages_list(store: Store) -> None:
    store.save_tags(
        naming(f"a{at}", date(2023, 5, 1), "Bí thư Huyện ủy", unit=THOAI_SON, name=f"Lê {name}")
        for at, name in enumerate(("Chi", "Anh", "Bình", "Bỉnh"))
    )
    pages = [officials(store, "lê", page=page, per_page=2) for page in (1, 2)]
    names = [row["Họ tên"] for row in rows(store, "lê")]
    assert names[0] == "Lê Anh" and names[-1] == "Lê Chi"
    assert sorted(names) == sorted(entry.name for page in pages for entry in page.items)
    assert [row["Họ tên"] for row in rows(store, "lê anh")] == ["Lê Anh"]


def test_somebody_without_a_post_has_a_row(store: Store) -> None:
    store.save_tags([naming("a", date(2023, 5, 1), "Chủ tịch UBND huyện", unit=THOAI_SON)])
    mend = Decision(action="mend", kind="official", key="Lê Văn An", value={"positions": []}, user="lan")
    decide(store, "a", mend, view(store, "a").revision)
    (row,) = rows(store)
    assert (row["Họ tên"], row["Chức vụ"], row["Số bài"], row["Bài"]) == ("Lê Văn An", "", "1", "a")
