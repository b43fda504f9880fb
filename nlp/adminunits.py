"""A state of an administrative unit, the key that the spellings of its name meet under, and a row read as one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nlp.errors import GazetteerError
from nlp.normalize import match_key
from nlp.types import Level

COLUMNS = "code,name,type,parent,valid_from,valid_to,successors,source"
"""The header of ``units.csv``."""

_LEVELS: dict[int, Level] = {2: "province", 3: "district", 5: "commune"}
_APOSTROPHES = re.compile(r" ?['’‘ʼ`´] ?")
_DASHES = re.compile(r"\s*[-–—]\s*")
# Spellings that differ by region or reform, not by name: Đăk, Đak, Đắc for Đắk; Qui, Mĩ, Lí for
# Quy, Mỹ, Lý. Only where i or y is the syllable's whole vowel: "hai" and "hay" stay apart.
_DAK = re.compile(r"(?<!\w)(?:đăk|đak|đắc|đăc|dak|dăk)(?!\w)")
_I_AFTER = re.compile(r"(?:(?<=[bcdđghklmnprstvx])|(?<=qu))[yýỳỷỹỵ](?!\w)")
_Y_TO_I = str.maketrans("yýỳỷỹỵ", "iíìỉĩị")


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminUnit:
    """One state of a unit: what it was called and where it lay from ``valid_from`` to ``valid_to``.

    Both days are included; ``date.min`` and ``date.max`` mean that the state was there before the
    oldest list, or still stands. ``parent`` is the code of the unit above, "" for a province.
    """

    code: str
    name: str
    type: str
    level: Level
    parent: str
    valid_from: date
    valid_to: date
    successors: tuple[str, ...]
    source: str

    def stands_on(self, day: date) -> bool:
        """Tell whether this was the unit's state on a day."""
        return self.valid_from <= day <= self.valid_to


def name_key(name: str) -> str:
    """Return the key under which the spellings of a unit's name meet.

    >>> name_key("Bà Rịa-Vũng Tàu") == name_key("Bà Rịa – Vũng Tàu")
    True
    >>> name_key("Đăk Hoà") == name_key("Đắk Hòa"), name_key("Qui Nhơn") == name_key("Quy Nhơn")
    (True, True)
    """
    return fold_key(match_key(name))


def fold_key(key: str) -> str:
    """Return the ``name_key`` of what ``match_key`` gave, a name or many, one a line."""
    key = _DASHES.sub(" ", _APOSTROPHES.sub("'", key))
    key = _DAK.sub("đắk", key)
    return _I_AFTER.sub(lambda found: found.group().translate(_Y_TO_I), key)


def parse_unit(line: str, number: int) -> AdminUnit:
    """Read a line of ``units.csv``.

    Raises:
        GazetteerError: The line has other columns, or a value that none of them holds; the message says which.
    """
    try:
        code, name, kind, parent, start, end, heirs, source = line.split(",")
        return AdminUnit(
            code=code,
            name=name,
            type=kind,
            level=_LEVELS[len(code)],
            parent=parent,
            valid_from=date.fromisoformat(start) if start else date.min,
            valid_to=date.fromisoformat(end) if end else date.max,
            successors=tuple(heirs.split()),
            source=source,
        )
    except (ValueError, KeyError) as error:
        raise GazetteerError(f"units.csv:{number}: {error}; run data/build_units.py") from error
