"""Units that have a number for a name, or in it: "các quận 1, 3 và 5", "phường 3 Bảo Lộc"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.adminunits import name_key
from nlp.gazetteer import Gazetteer
from nlp.places.mentions import NameMention
from nlp.places.spans import RUN
from nlp.places.words import NEXT_NUMBER
from nlp.unittypes import TYPES

# The words that may follow the number in a name.
_MOST_WORDS = 4
_LIST_GAP = re.compile(r"(?:,| và|, và) (?:(?i:phường) )?")


class NumberReader:
    """Reads the numbers behind a type word as names of units.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer

    def read(self, text: str, start: int, word: str, number: re.Match[str]) -> tuple[list[NameMention], int]:
        """Return quận 1, 3 and 5 of "các quận 1, 3 và 5", or phường 3 Bảo Lộc, and where the list ends.

        Args:
            text: The text.
            start: Where the type word begins.
            word: The type word, with what parts it from the number.
            number: The first number, as ``NUMBER`` matched it.
        """
        mentions: list[NameMention] = []
        kind = word.strip().rstrip(".").lower()
        if kind not in TYPES or (len(kind) == 1 and text[start + 1] != "."):
            return mentions, number.end()
        name, levels = TYPES[kind]
        following: re.Match[str] | None = number
        last = start
        while following:
            first, last = following.span(1)
            key = str(int(following.group(1)))
            if end := self._name_end(text, last, key):
                key, last = name_key(f"{key}{text[last:end]}"), end
            units = tuple(unit for unit in self._gazetteer.named(key) if unit.level in levels)
            if not units:
                break
            mentions.append(NameMention(first, last, text[first:last], key, name, levels, units))
            following = NEXT_NUMBER.match(text, last)
        return mentions, last

    def name_in_full(self, mentions: Sequence[NameMention]) -> None:
        """Read "phường 1" of "các phường 1, phường 2 Bảo Lộc" as phường 1 Bảo Lộc.

        Args:
            mentions: The mentions up to a number that was just read, in the order of the text.
        """
        _, blank, rest = mentions[-1].key.partition(" ") if mentions else ("", "", "")
        if not blank:
            return
        for mention, following in zip(mentions[-2::-1], mentions[:0:-1], strict=True):
            key = f"{mention.key} {rest}"
            units = tuple(unit for unit in self._gazetteer.named(key) if unit.level == "commune")
            if not units or not mention.key.isdecimal() or not _LIST_GAP.fullmatch(following.gap):
                return
            mention.key, mention.units = key, units

    def _name_end(self, text: str, at: int, number: str) -> int:
        """Return where a name ends that goes on behind its number ("1 Bảo Lộc", "3 Bảo Lộc Lê Văn Hà"), 0 for none."""
        run = RUN.match(text, at + 1) if text.startswith(" ", at) else None
        words = run[0].split(" ") if run else []
        for count in range(min(len(words), _MOST_WORDS), 0, -1):
            name = " ".join(words[:count])
            if self._gazetteer.named(f"{number} {name_key(name)}"):
                return at + 1 + len(name)
        return 0
