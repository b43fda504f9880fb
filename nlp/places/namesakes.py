"""What a bare name is where the same name stands behind a type word elsewhere in the article."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date

from nlp.places.evidence import Evidence
from nlp.places.mentions import NameMention
from nlp.places.words import place_words
from nlp.unittypes import COMMUNE


class Namesakes:
    """The mentions of one name that a type word announces, as they are linked by now.

    Args:
        mentions: In the order of the text.
    """

    def __init__(self, mentions: Sequence[NameMention]) -> None:
        self.mentions = mentions
        self.units = {one.links[0].code: one.links[0] for one in mentions if len(one.links) == 1}
        self.parents = {unit.parent for one in mentions for unit in one.links}
        self.some_with = any(one.links for one in mentions)
        self.some_without = not all(one.links for one in mentions)
        self._starts = [one.start for one in mentions]

    def nearest(self, start: int) -> NameMention:
        """Return the mention named last before a place, else the first."""
        return self.mentions[max(0, bisect_right(self._starts, start) - 1)]


def is_on_list_of_communes(mention: NameMention, typed: Namesakes, evidence: Evidence) -> bool:
    """Tell whether "Cao Phong" on a list of communes is one though only "huyện Cao Phong" has a type word."""
    if mention.listed != COMMUNE or any("commune" in one.levels for one in typed.mentions):
        return False
    return any(
        unit.level == "commune" and unit.stands_on(evidence.on) and evidence.support(unit)
        for unit in mention.units
    )


def is_district_around(mention: NameMention, typed: Namesakes, on: date) -> bool:
    """Tell whether a bare "Cần Giuộc" is the district though only its town is named with a type word, later.

    Or the town is none of the table's: "thị trấn Côn Đảo".
    """
    if not typed.some_with:
        return any(unit.level == "district" and unit.stands_on(on) for unit in mention.units)
    return mention.start < typed.mentions[0].start and any(
        unit.code in typed.parents and unit.stands_on(on) for unit in mention.units
    )


def is_rather_a_person(mention: NameMention) -> bool:
    """Tell whether a bare name is its bearer's though a unit is named after him: danh tướng Trần Hưng Đạo."""
    if mention.located or mention.listed or mention.key not in place_words("hero"):
        return False
    first, *rest = mention.key.split(" ")
    return len(rest) > 1 and first in place_words("surname")
