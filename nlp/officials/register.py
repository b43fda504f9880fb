"""The register of a batch: who held which post when, and which units were named, by the articles' word.

One row a person and post, one row a unit. ``nlp.officials.namesakes`` tells the persons of one name apart, and
where it is in doubt the rows say so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from nlp.normalize import match_key
from nlp.officials.namesakes import (
    MAX_EXAMPLES,
    Holding,
    Person,
    Sighting,
    Signature,
    fold_position,
    is_open,
    part_persons,
    posts_of,
)
from nlp.officials.registerfile import Sheet, write_sheets
from nlp.types import Level, Tags

OFFICIAL_HEADINGS = (
    *("Họ tên", "Người thứ", "Chức vụ", "Mã đơn vị"),
    *("Thấy lần đầu", "Thấy lần cuối", "Số bài", "Bài", "Cần kiểm tra"),
)
_UNIT_HEADINGS = ("Mã", "Tên", "Loại", "Tỉnh", "Thấy lần đầu", "Thấy lần cuối", "Số bài", "Bài")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficialRow:
    """A person in a post. ``person`` counts the persons of one name from 1; ``unit`` is a code or "".

    ``doubtful`` marks a row that joins articles by a post whose unit they do not all fix.
    """

    name: str
    person: int
    position: str
    unit: str
    first_seen: date
    last_seen: date
    articles: int
    examples: tuple[str, ...]
    doubtful: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitRow:
    """A unit by code and name; ``code`` is "" where the articles leave open which of several it is."""

    code: str
    name: str
    type: str
    level: Level
    province: str
    first_seen: date
    last_seen: date
    articles: int
    examples: tuple[str, ...]


class Register:
    """Gathers officials and units over a batch, in memory that grows with persons, not with articles.

    The same tags in the same order give the same rows.
    """

    def __init__(self) -> None:
        self._names: dict[str, dict[Signature, Sighting]] = {}
        self._shown: dict[str, Counter[str]] = {}
        self._units: dict[tuple[str, str, str, str], Sighting] = {}
        self._unit_levels: dict[tuple[str, str, str, str], Level] = {}

    def add(self, tags: Tags) -> None:
        """Take in one article. A date it does not tell is that by which its places were linked."""
        day = tags.as_of
        for official in tags.officials:
            name = match_key(official.name)
            self._shown.setdefault(name, Counter())[official.name] += 1
            signature = Signature(tuple(map(fold_position, official.positions)), official.unit or "")
            sightings = self._names.setdefault(name, {})
            sighting = sightings.setdefault(signature, Sighting(official.positions, day, day))
            sighting.add(tags.article.id, day)
        for place in tags.places:
            key = (place.code or "", place.name, place.type, place.province)
            self._unit_levels[key] = place.level
            self._units.setdefault(key, Sighting((place.name,), day, day)).add(tags.article.id, day)

    def officials(self) -> list[OfficialRow]:
        """Return one row a person and post, sorted by name, person, first day and post."""
        rows = [
            row
            for name, sightings in self._names.items()
            for number, person in enumerate(part_persons(sightings), 1)
            for row in _person_rows(self._shown[name].most_common(1)[0][0], number, person)
        ]
        return sorted(rows, key=lambda row: (match_key(row.name), row.person, row.first_seen, row.position))

    def units(self) -> list[UnitRow]:
        """Return one row a unit, sorted by code; those left open come first, by name."""
        return [
            UnitRow(
                code=key[0],
                name=key[1],
                type=key[2],
                level=self._unit_levels[key],
                province=key[3],
                first_seen=sighting.first,
                last_seen=sighting.last,
                articles=sighting.articles,
                examples=tuple(sighting.examples),
            )
            for key, sighting in sorted(self._units.items(), key=lambda item: item[0])
        ]

    def write(self, path: Path) -> None:
        """Write the register: two sheets of a ``.xlsx``, or a ``.csv`` and beside it one of the units.

        Raises:
            UnsupportedFormatError: The suffix is neither.
            MissingExtraError: ``.xlsx`` is asked for and openpyxl is not installed.
        """
        officials = [
            (
                row.name,
                str(row.person),
                row.position,
                row.unit,
                row.first_seen.isoformat(),
                row.last_seen.isoformat(),
                str(row.articles),
                "; ".join(row.examples),
                "x" if row.doubtful else "",
            )
            for row in self.officials()
        ]
        units = [
            (
                row.code,
                row.name,
                row.type,
                row.province,
                row.first_seen.isoformat(),
                row.last_seen.isoformat(),
                str(row.articles),
                "; ".join(row.examples),
            )
            for row in self.units()
        ]
        write_sheets(
            path, (Sheet("Cán bộ", OFFICIAL_HEADINGS, officials), Sheet("Đơn vị", _UNIT_HEADINGS, units))
        )


def _person_rows(name: str, number: int, person: Person[Sighting]) -> Iterator[OfficialRow]:
    for (position, unit), holdings in posts_of(person).items():
        sightings = [holding.known for holding in holdings]
        yield OfficialRow(
            name=name,
            person=number,
            position=sightings[0].shown[holdings[0].index],
            unit=unit,
            first_seen=min(sighting.first for sighting in sightings),
            last_seen=max(sighting.last for sighting in sightings),
            articles=sum(sighting.articles for sighting in sightings),
            examples=tuple(article for one in sightings for article in one.examples)[:MAX_EXAMPLES],
            doubtful=person.doubtful or _is_doubtful(position, holdings),
        )


def _is_doubtful(position: str, holdings: Sequence[Holding[Sighting]]) -> bool:
    """Tell whether a row joins articles by a post whose unit not all of them fix."""
    several = sum(holding.known.articles for holding in holdings) > 1
    return several and is_open(position) and any(not holding.signature.unit for holding in holdings)
