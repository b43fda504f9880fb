"""The key that the spellings of a unit's name meet under, and rows of the table read as units."""

from __future__ import annotations

import pytest

from nlp.adminunits import name_key, parse_unit
from nlp.errors import GazetteerError


def test_name_key_keeps_names_apart_that_differ() -> None:
    assert name_key("Tân Hải") != name_key("Tân Hay")
    assert name_key("Hòa An") != name_key("Hóa An")


def test_a_row_without_days_always_stood() -> None:
    unit = parse_unit("89,An Giang,tỉnh,,,,91,a list", 2)
    assert (unit.level, unit.parent, unit.successors) == ("province", "", ("91",))
    assert unit.valid_from < unit.valid_to


@pytest.mark.parametrize(
    "line", ["89,An Giang", "8,An Giang,tỉnh,,,,,a list", "89,An Giang,tỉnh,,2025-13-01,,,a list"]
)
def test_a_malformed_row_is_refused_by_its_number(line: str) -> None:
    with pytest.raises(GazetteerError, match=r"units\.csv:7"):
        parse_unit(line, 7)
