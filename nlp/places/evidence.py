"""What an article has told so far about where it plays."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import Counter
from datetime import date

from nlp.adminunits import AdminUnit
from nlp.gazetteer import TWO_TIERS_SINCE, Gazetteer

_NEAREST, _OF_SOURCE = 0.8, 0.5
# A province named so many code points behind a name may still say where it lies: in its sentence, that is.
_WITHIN_REACH = 120


class Evidence:
    """The provinces, districts and communes that an article named, and where it named them.

    Args:
        gazetteer: The table of units.
        on: The article's day.
        source_provinces: Codes of the provinces that the article's source names.
    """

    def __init__(self, gazetteer: Gazetteer, on: date, source_provinces: frozenset[str]) -> None:
        self._gazetteer = gazetteer
        self.on = on
        self._source_provinces = source_provinces
        self._provinces: Counter[str] = Counter()
        self._places: list[tuple[int, str]] = []
        self._districts: set[str] = set()
        self._communes: set[str] = set()
        # Today's communes of the districts that are named although they are gone: "huyện Củ Chi cũ".
        self._heirs: set[str] = set()
        # By identity: the gazetteer keeps its units, and hashing one costs more than all the rest.
        self._province_of: dict[int, AdminUnit | None] = {}
        self._province_code: dict[int, str] = {}

    @property
    def knows_a_province(self) -> bool:
        """Whether the article or its source names any."""
        return bool(self._provinces or self._source_provinces)

    def add(self, unit: AdminUnit, at: int) -> None:
        """Take a linked unit for evidence."""
        if unit.level == "commune":
            self._communes.add(unit.code)
            return
        if unit.level == "district":
            self._districts.add(unit.code)
            if self.on >= TWO_TIERS_SINCE:
                self._heirs.update(heir.code for heir in self._gazetteer.current(unit))
        code = self.province_code(unit)
        if code:
            self._provinces[code] += 1
            insort(self._places, (at, code))

    def assume(self, unit: AdminUnit | None) -> None:
        """Take what a unit lies in for named, where the article names nothing else."""
        if unit is None:
            return
        if len(unit.parent) == len("001"):
            self._districts.add(unit.parent)
        self._provinces[self.province_code(unit)] += 1

    def province_of(self, unit: AdminUnit) -> AdminUnit | None:
        """Return the province that a unit lies in on the article's day."""
        known = id(unit)
        if known not in self._province_of:
            self._province_of[known] = self._gazetteer.province_of(unit, self.on)
        return self._province_of[known]

    def province_code(self, unit: AdminUnit) -> str:
        """Return the code of that province, "" where unknown."""
        code = self._province_code.get(id(unit))
        if code is None:
            province = self.province_of(unit)
            code = self._province_code[id(unit)] = province.code if province else ""
        return code

    def speaks_of_a_province(self, at: int) -> bool:
        """Tell whether the source or the text up to a place names a province, or the text names it twice."""
        if self._source_provinces or (self._places and self._places[0][0] < at + _WITHIN_REACH):
            return True
        return any(count > 1 for count in self._provinces.values())

    def province_near(self, at: int) -> str:
        """Return the code of the province named last before a place, else first, "" for none."""
        if self._places:
            return self._places[max(0, bisect_right(self._places, (at, "~")) - 1)][1]
        return next(iter(self._source_provinces)) if len(self._source_provinces) == 1 else ""

    def province_of_town(self, key: str) -> str:
        """Return the code of the province of the one district that a town is named after, "" for none or several.

        Towns of old that the table lacks mostly bear their district's name: "thị trấn Mộc Hóa".
        """
        named = (unit for unit in self._gazetteer.named(key) if unit.level == "district")
        codes = {self.province_code(unit) for unit in named if self.support(unit)}
        return codes.pop() if len(codes) == 1 else ""

    def support(self, unit: AdminUnit) -> int:
        """Return 2 where the article names the district or the heir of a unit, 1 for its province."""
        if unit.level == "commune" and (unit.parent in self._districts or unit.code in self._heirs):
            return 2
        if any(code in self._communes for code in unit.successors):
            return 2
        code = self.province_code(unit)
        return 1 if code in self._provinces or code in self._source_provinces else 0

    def districts_of(self, unit: AdminUnit) -> tuple[str, ...]:
        """Return ``Gazetteer.districts_of``."""
        return self._gazetteer.districts_of(unit)

    def inherits(self, unit: AdminUnit, district: AdminUnit) -> bool:
        """Tell whether a commune of today stands where a district stood until June 2025."""
        if self.on < TWO_TIERS_SINCE or not unit.stands_on(self.on):
            return False
        return any(heir.code == unit.code for heir in self._gazetteer.current(district))

    def nearness(self, unit: AdminUnit, at: int) -> float:
        """Return up to 2 points for a unit of the province that the article speaks of most, and here."""
        code = self.province_code(unit)
        if code not in self._provinces:
            return _OF_SOURCE if code in self._source_provinces else 0.0
        share = self._provinces[code] / (1 + self._provinces.total())
        near = _NEAREST if self.province_near(at) == code else 0.0
        return share + near + (_OF_SOURCE if code in self._source_provinces else 0.0)
