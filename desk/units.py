"""Units as editors choose and read them: told apart by what they lie in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from nlp.adminunits import AdminUnit
from nlp.gazetteer import Gazetteer

# Units offered for one name.
MAX_FOUND = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitOption:
    """A unit that a name may mean, told apart by what it lies in: ``xã Tân Phú, huyện Thới Bình, Cà Mau``."""

    code: str
    label: str


def units_named(name: str, on: date) -> list[UnitOption]:
    """The units of a name on a day, in any spelling: what an editor may mean who adds a place."""
    units = Gazetteer.load().find(name.strip(), on=on) if name.strip() else ()
    return [UnitOption(code=unit.code, label=unit_label(unit, on)) for unit in units[:MAX_FOUND]]


def unit_of(code: str, on: date) -> AdminUnit | None:
    """The unit of a code on a day, else its latest state; None where no unit has the code."""
    gazetteer = Gazetteer.load()
    return gazetteer.unit(code, on) or next(iter(reversed(gazetteer.states(code))), None)


def unit_label(unit: AdminUnit, on: date) -> str:
    """A unit's name with all that it lies in."""
    gazetteer = Gazetteer.load()
    names = [f"{unit.type} {unit.name}"]
    while unit.parent and (
        above := gazetteer.unit(unit.parent, min(max(on, unit.valid_from), unit.valid_to))
    ):
        names.append(f"{above.type} {above.name}")
        unit = above
    return ", ".join(names)
