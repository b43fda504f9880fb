"""Build ``units.csv`` from the official lists and from ``units_history.csv``.

    python data/build_units.py ../shared/data/units

The lists tell two days: 30 June 2025 (63 provinces, 695 districts, 10,034 communes) and July 2026 (34
provinces, 3,321 communes), with a map from the first to the second. ``units_history.csv`` adds what
ended before. Every line of the result is one state of one unit: a name, a type and a parent that held
from ``valid_from`` to ``valid_to`` (empty: open).
"""

from __future__ import annotations

import csv
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).parent
LAST_OLD_DAY, FIRST_NEW_DAY = "2025-06-30", "2025-07-01"
# Đồng Nai became a city and ten of its communes wards on this day: 30/2026/QH16, 237/NQ-UBTVQH16.
DONG_NAI_DAY, DONG_NAI_EVE = "2026-04-30", "2026-04-29"
LIST_2025 = "GSO list of 2025-06-30"
MERGER_2025 = "202/2025/QH15"
CODES_2025 = "19/2025/QĐ-TTg"
WARDS_2026 = "237/NQ-UBTVQH16"
COLUMNS = ("code", "name", "type", "parent", "valid_from", "valid_to", "successors", "source")
# Provinces that 202/2025/QH15 left as they were.
UNTOUCHED = frozenset("01 04 11 12 14 20 22 38 40 42 46".split())

_TYPED = re.compile(r"(?i:(tỉnh|thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu))\s+(\S.*)", re.DOTALL)
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_OLD_PLACEMENT = {
    unicodedata.normalize("NFC", a + b + tone): unicodedata.normalize("NFC", a + tone + b)
    for a, b in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in _TONES
}
_NEW_PLACEMENT = re.compile(rf"(?<![qQ])(?:{'|'.join(_OLD_PLACEMENT)})(?!\w)")


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of ``units.csv``."""

    code: str
    name: str
    type: str
    parent: str = ""
    valid_from: str = ""
    valid_to: str = ""
    successors: tuple[str, ...] = field(default=())
    source: str = LIST_2025

    def line(self) -> list[str]:
        """Return the values in the order of ``COLUMNS``."""
        values = (self.code, self.name, self.type, self.parent, self.valid_from, self.valid_to)
        return [*values, " ".join(self.successors), self.source]


def split_name(full: str) -> tuple[str, str]:
    """Split "Thành phố  Huế" into type and name, the name in one spelling.

    The lists mix both tone placements (Hoà, Hòa), blanks and apostrophes; ``units.csv`` has the old
    placement, as most articles do, and a straight apostrophe without a blank.
    """
    found = _TYPED.fullmatch(unicodedata.normalize("NFC", full).strip())
    if not found:
        raise ValueError(f"no type word in {full!r}")
    kind, name = found.group(1).lower(), re.sub(r"\s+", " ", found.group(2)).strip()
    name = re.sub(r"\s*['’]\s*", "'", name)
    name = re.sub(r"^(?:N\.?T|Nông Trường) (?=\w)", "Nông trường ", name)
    name = re.sub(r"\s*-\s*", " - ", name)
    name = re.sub(r"^0+(?=\d)", "", name)
    return kind, _NEW_PLACEMENT.sub(lambda pair: _OLD_PLACEMENT[pair.group()], name)


def read_csv(path: Path) -> Iterator[dict[str, str]]:
    """Yield the rows of a list; a leading byte order mark and comment lines are dropped."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(line for line in stream if not line.startswith("#"))


def new_units(folder: Path) -> Iterator[Row]:
    """Yield the provinces and communes of 1 July 2025 and after."""
    types_2025 = {
        row["newWardCode"]: split_name(row["newWard"])[0]
        for row in read_csv(folder / "communes-old-to-2025-07.csv")
    }
    for province in json.loads((folder / "units-2026-07.json").read_text(encoding="utf-8")):
        code = province["Code"]
        kind, name = split_name(province["FullName"])
        start = "" if code in UNTOUCHED else FIRST_NEW_DAY
        source = MERGER_2025 if start else LIST_2025
        unit = Row(code=code, name=name, type=kind, valid_from=start, source=source)
        if code == "75":
            yield replace(unit, type="tỉnh", valid_to=DONG_NAI_EVE)
            unit = replace(unit, valid_from=DONG_NAI_DAY, source="30/2026/QH16")
        yield unit
        for ward in province["Wards"]:
            kind, name = split_name(ward["FullName"])
            unit = Row(
                code=ward["Code"],
                name=name,
                type=kind,
                parent=code,
                valid_from=FIRST_NEW_DAY,
                source=CODES_2025,
            )
            before = types_2025.get(ward["Code"], kind)
            if before != kind:
                yield replace(unit, type=before, valid_to=DONG_NAI_EVE)
                unit = replace(unit, valid_from=DONG_NAI_DAY, source=WARDS_2026)
            yield unit


def old_units(folder: Path) -> Iterator[Row]:
    """Yield the provinces, districts and communes of 30 June 2025 with their successors."""
    provinces: dict[str, str] = {}
    heirs: dict[str, list[str]] = {}
    for row in read_csv(folder / "communes-old-to-2025-07.csv"):
        provinces[row["provinceCode"]] = row["newProvinceCode"]
        heir = {"06970": "06978"}.get(row["newWardCode"], row["newWardCode"])  # Ba Chẽ, as of 2026
        known = heirs.setdefault(row["wardCode"], [])
        if heir not in known:
            known.append(heir)
    districts = list(read_csv(folder / "gso-districts-before-2025-07.csv"))
    names = {row["Mã TP"]: row["Tỉnh / Thành Phố"] for row in districts}
    for code, full in names.items():
        if code not in UNTOUCHED:
            kind, name = split_name(full)
            heir_codes = (provinces[code],)
            yield Row(code=code, name=name, type=kind, valid_to=LAST_OLD_DAY, successors=heir_codes)
    for row in districts:
        kind, name = split_name(row["Tên"])
        yield Row(code=row["Mã"], name=name, type=kind, parent=row["Mã TP"], valid_to=LAST_OLD_DAY)
    for row in read_csv(folder / "gso-communes-before-2025-07.csv"):
        if not row["Tên"]:  # Bạch Long Vĩ, a district without communes
            continue
        kind, name = split_name(row["Tên"])
        yield Row(
            code=row["Mã"],
            name=name,
            type=kind,
            parent=row["Mã QH"],
            valid_to=LAST_OLD_DAY,
            successors=tuple(heirs[row["Mã"]]),
        )


def with_history(rows: list[Row], history: Iterable[dict[str, str]]) -> list[Row]:
    """Add the former states of ``units_history.csv`` and let the listed states begin after them.

    A unit that is gone gets the successors of the communes that made it up; a state of a unit that
    is listed inherits the listed unit's. A commune whose district ended or was founded gets a state
    in the district that it lay in before.
    """
    history = list(history)
    listed = {row.code: row for row in rows if not row.valid_from}
    communes = [row for row in rows if len(row.code) == 5 and row.valid_to == LAST_OLD_DAY]
    ends: dict[str, str] = {}
    starts: dict[str, str] = {}
    added = []
    for line in history:
        code = line["code"]
        if not line["valid_to"]:
            starts[code] = line["valid_from"]
            continue
        base = listed.get(code)
        heirs = heirs_of(line["communes"], communes) if line["communes"] else ()
        if not heirs and base:
            heirs = base.successors
        added.append(
            Row(
                code=code,
                name=line["name"],
                type=line["type"],
                parent=line["parent"] or (base.parent if base else ""),
                valid_from=day_after(ends[code]) if code in ends else "",
                valid_to=line["valid_to"],
                successors=heirs,
                source=line["decree"],
            )
        )
        ends[code] = line["valid_to"]
    starts |= {code: day_after(end) for code, end in ends.items()}
    moved = moved_communes(communes, history)
    starts |= {row.code: day_after(row.valid_to) for row in moved}
    added += moved
    rows = [
        replace(row, valid_from=starts[row.code]) if row.code in starts and not row.valid_from else row
        for row in rows
    ]
    return rows + added


def moved_communes(communes: Iterable[Row], history: Iterable[dict[str, str]]) -> list[Row]:
    """Return the earlier states of communes that lay in another district before it ended or was divided.

    Of a town or ward that lay in a huyện the older type is not known; it was a xã far oftener than not.
    """
    states: dict[str, Row] = {}
    told = {line["code"] for line in history}
    for line in history:
        if len(line["code"]) != len("001") or not line["communes"]:
            continue
        founded = not line["valid_to"]
        district = line["communes"] if founded else line["code"]
        last_day = day_before(line["valid_from"]) if founded else line["valid_to"]
        for row in communes:
            lay_there = row.parent == line["code"] if founded else in_ranges(row.code, line["communes"])
            if not lay_there or row.parent == district or row.code in states or row.code in told:
                continue
            kind = "xã" if row.type == "phường" and (founded or line["type"] == "huyện") else row.type
            states[row.code] = replace(
                row, type=kind, parent=district, valid_to=last_day, source=line["decree"]
            )
    return list(states.values())


def in_ranges(code: str, ranges: str) -> bool:
    """Tell whether a code lies in one of the ranges "01363-01390 01400"."""
    return any(part.split("-")[0] <= code <= part.split("-")[-1] for part in ranges.split())


def heirs_of(ranges: str, communes: Iterable[Row]) -> tuple[str, ...]:
    """Return the successors of the communes in "01363-01390 01400", in order, each once.

    A province's code stands for itself: provinces name their heir, not their communes'.
    """
    if len(ranges) == 2:
        return (ranges,)
    heirs: dict[str, None] = {}
    for row in communes:
        if in_ranges(row.code, ranges):
            heirs |= dict.fromkeys(row.successors)
    if not heirs:
        raise ValueError(f"no commune in {ranges}")
    return tuple(heirs)


def day_after(day: str) -> str:
    """Return the ISO date that follows ``day``."""
    return (date.fromisoformat(day) + timedelta(days=1)).isoformat()


def day_before(day: str) -> str:
    """Return the ISO date that precedes ``day``."""
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()


def main() -> None:
    """Write ``units.csv`` beside this script."""
    folder = Path(sys.argv[1])
    rows = [*old_units(folder), *new_units(folder)]
    rows = with_history(rows, read_csv(HERE / "units_history.csv"))
    rows.sort(key=lambda row: (len(row.code), row.code, row.valid_to or "9"))
    lines = [",".join(COLUMNS), *(",".join(row.line()) for row in rows)]
    if any(line.count(",") != len(COLUMNS) - 1 for line in lines):
        raise ValueError("a value holds a comma")  # nlp.gazetteer splits without a csv reader
    (HERE / "units.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
