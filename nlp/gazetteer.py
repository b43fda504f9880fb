"""The administrative units of Việt Nam, each with the days on which it stood under its name.

A province (tỉnh, thành phố trực thuộc trung ương), a district (huyện, quận, thị xã, thành phố thuộc
tỉnh; abolished on 1 July 2025) or a commune (xã, phường, thị trấn, đặc khu) keeps its code of the
General Statistics Office while name, type and parent change; each of these *states* is one
``AdminUnit``. A code without a day therefore names no unit: 91 was Kiên Giang, and is An Giang since
1 July 2025.

Names are looked up by ``name_key``, never as raw strings: of 3,321 communes 182 are spelled with
another tone placement in one good source than in the next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from nlp.adminunits import COLUMNS, AdminUnit, fold_key, name_key, parse_unit
from nlp.errors import GazetteerError
from nlp.files import DATA
from nlp.normalize import match_key
from nlp.types import CurrentUnit, Level

# From this day on there are 34 provinces, their communes, and no districts (202/2025/QH15).
TWO_TIERS_SINCE = date(2025, 7, 1)

# First syllables that are also written together with the next: Ealy, Iadom, Avương.
_OFTEN_JOINED = frozenset(("ea", "ia", "a"))


class Gazetteer:
    """The table of units, read once; units are made when first asked for.

    Args:
        lines: The lines of ``units.csv``, the header first.
        aliases: Alias, official name and kind, the columns of ``aliases.csv``.

    Raises:
        GazetteerError: The header or a line is not as expected.
    """

    def __init__(self, lines: list[str], aliases: Iterable[tuple[str, str, str]] = ()) -> None:
        if not lines or lines[0] != COLUMNS:
            raise GazetteerError(f"units.csv: header is not {COLUMNS!r}; run data/build_units.py")
        self._lines = lines
        self._units: dict[int, AdminUnit] = {}
        self._current: dict[int, tuple[CurrentUnit, ...]] = {}  # by identity of a unit of ``_units``
        self._districts: dict[int, tuple[str, ...]] = {}  # likewise
        self._named: dict[str, tuple[AdminUnit, ...]] = {}
        self._by_code: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        self._heads: dict[str, int] = {}
        self._children: dict[str, list[int]] = {}
        self._index()
        self._dashed = frozenset(line.split(",", 2)[1] for line in lines if " - " in line)
        self._other_names: set[str] = set()
        for alias, name, kind in aliases:
            rows = self._by_name.get(name_key(name), [])
            if not rows:
                raise GazetteerError(f"aliases.csv: {alias!r} stands for {name!r}, which is no unit")
            self._add_name(name_key(alias), rows)
            if kind != "spelling":
                self._other_names.add(name_key(alias))
            if "-" in alias:
                self._dashed |= {alias}

    @classmethod
    def load(cls) -> Gazetteer:
        """Return the gazetteer that ships with thetin; the second call costs nothing."""
        return _load()

    def unit(self, code: str, on: date) -> AdminUnit | None:
        """Return the state of a unit on a day, None where no unit had the code then."""
        for row in self._by_code.get(code, ()):
            unit = self._unit(row)
            if unit.valid_from <= on <= unit.valid_to:
                return unit
        return None

    def states(self, code: str) -> tuple[AdminUnit, ...]:
        """Return the states of a code, oldest first; () for an unknown code."""
        return tuple(map(self._unit, self._by_code.get(code, ())))

    def find(self, name: str, level: Level | None = None, on: date | None = None) -> tuple[AdminUnit, ...]:
        """Return every state of every unit with a name, in any spelling.

        Args:
            name: With or without capitals, in either tone placement, or an alias (Sài Gòn).
            level: Only units of this level.
            on: Only states that stood on this day.
        """
        return tuple(
            unit
            for unit in self.named(name_key(name))
            if (level is None or unit.level == level) and (on is None or unit.stands_on(on))
        )

    def named(self, key: str) -> tuple[AdminUnit, ...]:
        """Return what ``find`` returns for a name whose ``name_key`` the caller already has."""
        rows = self._by_name.get(key)
        if rows is None:
            return ()
        units = self._named.get(key)
        if units is None:
            units = self._named[key] = tuple(map(self._unit, rows))
        return units

    def longest_name(self, first_syllable: str) -> int:
        """Return how many syllables the longest name has that opens with a syllable's key, or 0."""
        return self._heads.get(first_syllable, 0)

    def districts_of(self, unit: AdminUnit) -> tuple[str, ...]:
        """Return the codes of the districts that a commune ever lay in under its name; not all moves have a day."""
        if unit.level != "commune":
            return (unit.parent,)
        known = self._districts.get(id(unit))
        if known is None:
            parents = [one.parent for one in self.states(unit.code) if one.name == unit.name]
            known = tuple(dict.fromkeys(code for code in parents if len(code) == len("001")))
            self._districts[id(unit)] = known
        return known

    def province_of(self, unit: AdminUnit, on: date) -> AdminUnit | None:
        """Return the province that a unit lies in on a day.

        For a unit that is gone by then it is the province of its first heir, for one that did not
        stand yet that of its first state: the huyện Thoại Sơn of An Giang (89) lies in An Giang (91) today.
        """
        day = min(max(on, unit.valid_from), unit.valid_to)
        while unit.parent:
            above = self.unit(unit.parent, day)
            if above is None:
                return None
            unit = above
        while not unit.stands_on(on) and on > unit.valid_to and unit.successors:
            heir = self.unit(unit.successors[0], max(TWO_TIERS_SINCE, on)) or self.unit(
                unit.successors[0], date.max
            )
            if heir is None or heir == unit:
                break
            unit = heir
        return unit

    def successors(self, unit: AdminUnit) -> tuple[AdminUnit, ...]:
        """Return the units of today that stand where a unit stood; () where it still stands itself.

        A district's are those of all its communes together. Empty, too, where nobody knows: the
        lists tell only of communes that stood on 30 June 2025.
        """
        codes = unit.successors or tuple(
            dict.fromkeys(code for child in self._children_of(unit) for code in child.successors)
        )
        heirs = [heir for code in codes if (heir := self.unit(code, date.max))]
        if [(heir.code, heir.name, heir.type) for heir in heirs] == [(unit.code, unit.name, unit.type)]:
            return ()
        return tuple(heirs)

    def current(self, unit: AdminUnit) -> tuple[CurrentUnit, ...]:
        """Return ``successors`` as the records of a tagged article, with their provinces' names."""
        known = self._current.get(id(unit))
        if known is None:
            known = self._current[id(unit)] = tuple(map(self._as_current, self.successors(unit)))
        return known

    def _as_current(self, heir: AdminUnit) -> CurrentUnit:
        province = self.province_of(heir, date.max)
        return CurrentUnit(
            name=heir.name, type=heir.type, code=heir.code, province=province.name if province else ""
        )

    def provinces(self) -> Iterator[AdminUnit]:
        """Yield every state of every province."""
        for code, rows in self._by_code.items():
            if len(code) == 2:
                yield from map(self._unit, rows)

    def dashed_names(self) -> frozenset[str]:
        """Return the names and aliases with a dash inside, such as Bà Rịa - Vũng Tàu."""
        return self._dashed

    def is_other_name(self, key: str) -> bool:
        """Tell whether a key is of an abbreviation or another name (HCM, Sài Gòn), not of a spelling of the name."""
        return key in self._other_names

    def _children_of(self, unit: AdminUnit) -> Iterator[AdminUnit]:
        if not self._children:
            for rows in self._by_code.values():
                for row in rows:
                    self._children.setdefault(self._lines[row].split(",", 4)[3], []).append(row)
        if unit.level == "district":
            for child in map(self._unit, self._children.get(unit.code, ())):
                if child.stands_on(unit.valid_to):  # not those that were given away before
                    yield child

    def _index(self) -> None:
        # One fold for the whole file: five times faster than one for each of 14,000 names.
        names = fold_key(match_key("\n".join(line.split(",", 2)[1] for line in self._lines))).split("\n")
        if len(names) != len(self._lines):
            raise GazetteerError("units.csv: a name holds a line break; run data/build_units.py")
        codes, by_name, heads = self._by_code, self._by_name, self._heads
        joined: dict[str, str] = {}
        for row in range(1, len(names)):
            code = self._lines[row].split(",", 1)[0]
            if code in codes:
                codes[code].append(row)
            else:
                codes[code] = [row]
            key = names[row]
            if key in by_name:
                by_name[key].append(row)
            else:
                by_name[key] = [row]
                head, _, rest = key.partition(" ")
                length = key.count(" ") + 1
                if head in _OFTEN_JOINED and length == 2:
                    joined[head + rest] = key
                if heads.get(head, 0) < length:
                    heads[head] = length
        for key, apart in joined.items():
            self._add_name(key, by_name[apart])

    def _add_name(self, key: str, rows: list[int]) -> None:
        known = self._by_name.setdefault(key, [])
        known.extend(row for row in rows if row not in known)
        head = key.split(" ", 1)[0]
        self._heads[head] = max(self._heads.get(head, 0), key.count(" ") + 1)

    def _unit(self, row: int) -> AdminUnit:
        unit = self._units.get(row)
        if unit is None:
            unit = self._units[row] = parse_unit(self._lines[row], row + 1)
        return unit


@cache
def _load() -> Gazetteer:
    rows = (line.split(",") for line in _read("aliases.csv")[1:])
    return Gazetteer(_read("units.csv"), ((alias, name, kind) for alias, name, kind, *_ in rows))


def _read(name: str) -> list[str]:
    path = DATA / name
    try:
        return path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise GazetteerError(f"{path} is missing; reinstall thetin or run data/build_units.py") from error
