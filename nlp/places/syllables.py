"""What the names of the table, and the words of the lexicons, say of the syllables of a run."""

from __future__ import annotations

from nlp.adminunits import AdminUnit, name_key
from nlp.gazetteer import Gazetteer
from nlp.places.words import place_words
from nlp.types import Level
from nlp.unittypes import COMMUNE, PROVINCE, TYPES

# Syllables seen are remembered: they come again from article to article.
_REMEMBERED = 20_000


class SyllableReader:
    """Looks syllables up, by the keys that ``key`` gives.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.surnames = place_words("surname")
        self.bodies = place_words("body")
        self._bygone = place_words("bygone")
        self._keys: dict[str, str] = {}

    def key(self, word: str) -> str:
        """Return the ``name_key`` of one syllable."""
        key = self._keys.get(word)
        if key is None:
            if len(self._keys) > _REMEMBERED:
                self._keys.clear()
            key = self._keys[word] = name_key(word)
        return key

    def longest(
        self, keys: list[str], at: int, levels: tuple[Level, ...] | None
    ) -> tuple[int, tuple[AdminUnit, ...]]:
        """Return the length and the units of the longest name that opens at a syllable."""
        if levels is None and keys[at].isdigit():
            return 0, ()  # quận 7 is a name, "Trong 7 năm" holds none
        longest = min(self._gazetteer.longest_name(keys[at]), len(keys) - at)
        for length in range(longest, 0, -1):
            units = self._gazetteer.named(" ".join(keys[at : at + length]))
            if levels is not None and units:
                units = tuple(unit for unit in units if unit.level in levels)
            if units:
                return length, units
        return 0, ()

    def opens_name(self, keys: list[str], at: int, pending: str) -> bool:
        """Tell whether a type word is part of a name: huyện Thành Phố Mới, TT-Huế."""
        levels = TYPES[pending][1] if pending else PROVINCE
        return self.longest(keys, at, levels)[0] > 1

    def opens_committee(self, keys: list[str], at: int) -> bool:
        """Tell whether "tỉnh ủy" or "huyện đoàn" stands here with a name behind it, no "Trần Thị Đoàn"."""
        if at + 2 >= len(keys) or keys[at + 1] not in ("ủy", "uỷ", "đoàn"):
            return False
        return not at or keys[at - 1] not in self.surnames

    def is_wider(self, keys: list[str], at: int, pending: str) -> bool:
        """Tell whether "các xã ngoại thành Hà Nội" or "các huyện nghèo Nghệ An" goes on with the province.

        A commune that the table lacks may bear a province's name, but none bears that of a city.
        """
        _, units = self.longest(keys, at, PROVINCE)
        commune = TYPES[pending][1] == COMMUNE
        return any(not commune or unit.type == "thành phố" for unit in units)

    def bygone_width(self, keys: list[str], at: int) -> int:
        """Return how many syllables of a province of before 1997 open at a syllable: tỉnh Hà Nam Ninh."""
        rest = keys[at : at + 3]
        return next((n for n in range(len(rest), 1, -1) if " ".join(rest[:n]) in self._bygone), 0)

    def is_body(self, keys: list[str]) -> bool:
        """Tell whether "Đoàn Bắc Giang" is a province's delegation rather than a person surnamed Đoàn."""
        if keys[0] not in self.bodies or len(keys) < 2:
            return False
        length, units = self.longest(keys, 1, None)
        return length == len(keys) - 1 and any(unit.level == "province" for unit in units)

    def may_be_person(self, keys: list[str], at: int) -> bool:
        """Tell whether a surname stands here with a given name behind it."""
        return keys[at] in self.surnames and len(keys) - at > 1
