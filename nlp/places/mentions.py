"""What a text shows of one name of a unit, before and after it is linked."""

from __future__ import annotations

from dataclasses import dataclass, field

from nlp.adminunits import AdminUnit
from nlp.types import Level


@dataclass(slots=True, eq=False)
class NameMention:
    """A stretch of the text where a unit may be named.

    The one record of the project that changes: what is seen of a name grows from step to step, each
    needs what the one before saw of its neighbours, and copies of it would leave the neighbours' old
    ones behind. It never leaves ``nlp.places``, and is equal to itself alone.

    Attributes:
        start: Where it begins in the text, in code points.
        end: Where it ends.
        surface: The name as it is written, ``text[start:end]``.
        key: Its ``name_key``.
        type: The type word that the text gives, in full, "" for a bare name.
        levels: The levels that the type word may mean, () for a bare name.
        units: All states of all units that bear the name at a fitting level.
        gap: What stands between the mention before and this one while that is short, else "".
        former: It is said to be of the past: "(cũ)", "trước đây"; so is what was merged, once linked.
        plural: It opens or goes on a list: "các xã A, B".
        merged: It went into another unit: "sáp nhập các xã A và B".
        listed: The levels of the list that a bare name goes on, () where it goes on none.
        list_type: The type word of that list.
        capitals: It is written in capitals throughout, so that its spelling tells nothing.
        alone: It has a line to itself: a portal's masthead, or where an article was written.
        located: The words around it place something there.
        weak: It stands bare behind what may be named after anything: "chợ", "bến".
        links: The unit it is, or the candidates; filled by ``nlp.places.links``.
        province: The code of the province it is taken to lie in where there are no links; likewise.
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
