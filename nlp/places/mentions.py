"""What a text shows of one name of a unit, before and after it is linked."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from nlp.adminunits import AdminUnit
from nlp.types import Level


@dataclass(slots=True, eq=False)
class NameMention:
    """A stretch of the text where a unit may be named.

    ``type`` is the type word that the text gives, "" for a bare name; ``units`` are all states of all
    units that bear the name at a fitting level. ``gap`` is what stands between the mention before and
    this one while that is short, else "". ``listed`` is the level of the list that a bare name goes
    on, if it does, and ``list_type`` its type word. ``located`` says that the words around it place
    something there, ``merged`` that it went into another unit ("sáp nhập các xã A và B"). ``links``,
    and ``province`` where there are none, are filled by ``nlp.places.links``.
    """

    start: int
    end: int
    surface: str
    key: str
    type: str
    levels: tuple[Level, ...]
    units: tuple[AdminUnit, ...]
    gap: str = ""
    former: bool = False
    plural: bool = False
    merged: bool = False
    listed: tuple[Level, ...] = ()
    list_type: str = ""
    capitals: bool = False
    alone: bool = False
    located: bool = False
    weak: bool = False
    links: list[AdminUnit] = field(default_factory=list)
    province: str = ""


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
