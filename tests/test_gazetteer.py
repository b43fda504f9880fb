"""The table of units: states with days, spellings that meet, heirs, and the laws that hold for every line."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from nlp.adminunits import AdminUnit, name_key
from nlp.errors import GazetteerError
from nlp.gazetteer import DATA, TWO_TIERS_SINCE, Gazetteer

GAZETTEER = Gazetteer.load()
EVE = TWO_TIERS_SINCE - timedelta(days=1)
HEADER = "code,name,type,parent,valid_from,valid_to,successors,source"
ALL: list[AdminUnit] = [
    unit
    for code in dict.fromkeys(
        line.split(",", 1)[0] for line in (DATA / "units.csv").read_text("utf-8").splitlines()[1:]
    )
    for unit in GAZETTEER.states(code)
]


def standing(day: date, level: str) -> list[AdminUnit]:
    return [unit for unit in ALL if unit.level == level and unit.stands_on(day)]


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [(EVE, 63, 696, 10035), (TWO_TIERS_SINCE, 34, 0, 3321), (date(2026, 8, 1), 34, 0, 3321)],
    ids=["2025-06-30", "2025-07-01", "2026-08-01"],
)
def test_as_many_units_stand_as_the_official_lists_hold(
    day: date, provinces: int, districts: int, communes: int
) -> None:
    counts = [len(standing(day, level)) for level in ("province", "district", "commune")]
    assert counts == [provinces, districts, communes]


def test_states_of_one_code_do_not_overlap() -> None:
    for code in {unit.code for unit in ALL}:
        states = sorted(GAZETTEER.states(code), key=lambda unit: unit.valid_from)
        for earlier, later in pairwise(states):
            assert earlier.valid_to < later.valid_from, (earlier, later)


def test_every_parent_stands_while_its_unit_does() -> None:
    for unit in ALL:
        if unit.parent:
            assert GAZETTEER.unit(unit.parent, unit.valid_to), unit


def test_every_heir_stands_today() -> None:
    for unit in ALL:
        for code in unit.successors:
            assert GAZETTEER.unit(code, date.max), unit


def test_every_commune_of_the_last_old_day_has_an_heir_in_its_provinces_heir() -> None:
    for unit in standing(EVE, "commune"):
        heirs = GAZETTEER.successors(unit)
        province = GAZETTEER.province_of(unit, TWO_TIERS_SINCE)
        assert province
        assert all(heir.parent == province.code for heir in heirs), unit


def test_every_state_names_its_decree_or_list() -> None:
    assert all(unit.source for unit in ALL)


def test_the_table_is_small_and_is_what_the_script_sorts() -> None:
    lines = (DATA / "units.csv").read_text(encoding="utf-8").splitlines()
    assert (DATA / "units.csv").stat().st_size < 1_500_000
    keys = [(len(code), code) for code in (line.split(",", 1)[0] for line in lines[1:])]
    assert keys == sorted(keys)


@pytest.mark.parametrize(
    ("code", "day", "name", "kind"),
    [
        ("91", EVE, "Kiên Giang", "tỉnh"),
        ("91", TWO_TIERS_SINCE, "An Giang", "tỉnh"),
        ("46", date(2024, 12, 31), "Thừa Thiên Huế", "tỉnh"),
        ("46", date(2025, 1, 1), "Huế", "thành phố"),
        ("75", date(2026, 4, 29), "Đồng Nai", "tỉnh"),
        ("75", date(2026, 4, 30), "Đồng Nai", "thành phố"),
        ("26368", date(2026, 4, 29), "Long Thành", "xã"),
        ("26368", date(2026, 4, 30), "Long Thành", "phường"),
        ("019", date(2013, 12, 26), "Từ Liêm", "huyện"),
        ("019", date(2013, 12, 27), "Nam Từ Liêm", "quận"),
        ("769", date(2020, 12, 31), "2", "quận"),
        ("769", date(2021, 1, 1), "Thủ Đức", "thành phố"),
        ("261", date(2008, 9, 23), "Từ Sơn", "huyện"),
        ("261", date(2021, 11, 1), "Từ Sơn", "thành phố"),
    ],
)
def test_a_code_is_what_it_was_on_the_day(code: str, day: date, name: str, kind: str) -> None:
    unit = GAZETTEER.unit(code, day)
    assert unit
    assert (unit.name, unit.type) == (name, kind)


@pytest.mark.parametrize(
    ("code", "day"), [("28", date(2008, 8, 1)), ("894", TWO_TIERS_SINCE), ("00000", EVE)]
)
def test_no_unit_has_the_code_on_the_day(code: str, day: date) -> None:
    assert GAZETTEER.unit(code, day) is None


def test_ten_communes_of_dong_nai_became_wards() -> None:
    before = {unit.code: unit.type for unit in standing(date(2026, 4, 29), "commune") if unit.parent == "75"}
    after = {unit.code: unit.type for unit in standing(date(2026, 4, 30), "commune") if unit.parent == "75"}
    changed = [code for code in before if before[code] != after[code]]
    assert (len(changed), {after[code] for code in changed}) == (10, {"phường"})


def test_the_districts_of_ha_tay_moved_to_ha_noi() -> None:
    (ha_dong,) = GAZETTEER.find("Hà Đông", "district", date(2007, 1, 1))
    before = GAZETTEER.province_of(ha_dong, date(2007, 1, 1))
    after = GAZETTEER.province_of(ha_dong, date(2017, 1, 1))
    assert before
    assert after
    assert (before.name, after.name) == ("Hà Tây", "Hà Nội")


def test_a_districts_heirs_are_those_of_its_communes() -> None:
    district = GAZETTEER.unit("894", date(2018, 12, 26))
    assert district
    names = {(heir.name, heir.type, heir.province) for heir in GAZETTEER.current(district)}
    expected = ("Thoại Sơn", "Phú Hòa", "Óc Eo", "Tây Phú", "Định Mỹ", "Vĩnh Trạch")
    assert names == {(name, "xã", "An Giang") for name in expected}


def test_a_province_that_was_merged_has_one_heir() -> None:
    province = GAZETTEER.unit("89", EVE)
    assert province
    assert [(heir.name, heir.code) for heir in GAZETTEER.current(province)] == [("An Giang", "91")]


def test_a_unit_that_still_stands_has_no_heir() -> None:
    province = GAZETTEER.unit("20", date(2018, 1, 1))
    assert province
    assert GAZETTEER.current(province) == ()


@pytest.mark.parametrize(
    ("spelling", "official"),
    [
        ("HOÀ BÌNH", "Hòa Bình"),
        ("Bà Rịa-Vũng Tàu", "Bà Rịa - Vũng Tàu"),
        ("Thừa Thiên - Huế", "Thừa Thiên Huế"),
        ("Đắc Lắc", "Đắk Lắk"),
        ("Buôn Mê Thuột", "Buôn Ma Thuột"),
        ("Qui Nhơn", "Quy Nhơn"),
        ("Plây Ku", "Pleiku"),
        ("Sapa", "Sa Pa"),
        ("Ia H’Drai", "Ia H'Drai"),
        ("TPHCM", "Hồ Chí Minh"),
        ("Phú Quý", "Phú Quí"),
        ("Đăk Hà", "Đắk Hà"),
    ],
)
def test_spellings_meet(spelling: str, official: str) -> None:
    assert set(GAZETTEER.find(official)) <= set(GAZETTEER.find(spelling))
    assert GAZETTEER.find(official)


def test_aliases_name_units() -> None:
    with (DATA / "aliases.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            assert GAZETTEER.find(row["name"]), row
            assert GAZETTEER.find(row["alias"]), row
            assert row["kind"] in ("spelling", "abbreviation", "name"), row
            assert row["source"], row
            assert GAZETTEER.is_other_name(name_key(row["alias"])) == (row["kind"] != "spelling"), row


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ([], "header"),
        (["name,code"], "header"),
        ([HEADER, "01,Hà Nội,thành phố"], r"units.csv:2.*build_units"),
        ([HEADER, "1,Hà Nội,thành phố,,,,,list"], r"units.csv:2"),
        ([HEADER, "01,Hà Nội,thành phố,,last year,,,list"], r"units.csv:2"),
    ],
    ids=["empty", "other header", "short line", "code of no level", "no date"],
)
def test_a_malformed_table_is_refused(lines: list[str], message: str) -> None:
    with pytest.raises(GazetteerError, match=message):
        Gazetteer(lines).find("Hà Nội")


def test_an_alias_of_nothing_is_refused() -> None:
    lines = [HEADER, "01,Hà Nội,thành phố,,,,,list"]
    with pytest.raises(GazetteerError, match="Thăng Long"):
        Gazetteer(lines, [("Kẻ Chợ", "Thăng Long", "name")])


def test_the_table_is_what_the_official_lists_give(shared: Path, tmp_path: Path) -> None:
    from data import build_units  # type: ignore[import-not-found]

    rows = [
        *build_units.old_units(shared / "data" / "units"),
        *build_units.new_units(shared / "data" / "units"),
    ]
    rows = build_units.with_history(rows, build_units.read_csv(DATA / "units_history.csv"))
    built = {",".join(row.line()) for row in rows}
    assert built == set((DATA / "units.csv").read_text(encoding="utf-8").splitlines()[1:])


@pytest.mark.parametrize(
    ("code", "day", "district"),
    [
        ("00631", date(2010, 1, 1), "019"),
        ("07060", date(2019, 12, 31), "204"),
        ("07060", date(2020, 1, 1), "193"),
        ("18796", date(2015, 4, 9), "447"),
        ("18796", date(2015, 4, 10), "449"),
        ("20014", date(2021, 6, 30), "480"),
        ("20014", date(2021, 7, 1), "475"),
    ],
)
def test_a_commune_lies_in_the_district_of_its_day(code: str, day: date, district: str) -> None:
    unit = GAZETTEER.unit(code, day)
    assert unit
    assert unit.parent == district


def test_a_commune_knows_all_the_districts_it_lay_in() -> None:
    (commune,) = GAZETTEER.find("Hương Vinh", "commune", date(2024, 1, 1))
    assert GAZETTEER.districts_of(commune) == ("480", "475")


def test_a_district_has_no_heirs_of_communes_that_it_gave_away() -> None:
    ky_anh = GAZETTEER.unit("447", EVE)
    assert ky_anh
    heirs = {heir.name for heir in GAZETTEER.successors(ky_anh)}
    assert "Kỳ Anh" in heirs
    assert "Vũng Áng" not in heirs


def test_a_district_that_is_gone_has_the_heirs_of_its_own_communes_alone() -> None:
    loc_ha = GAZETTEER.unit("448", date(2024, 12, 31))
    can_loc = GAZETTEER.unit("443", EVE)
    assert loc_ha
    assert can_loc
    assert not set(GAZETTEER.successors(loc_ha)) & set(GAZETTEER.successors(can_loc))
