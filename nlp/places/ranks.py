"""How well an article supports a name without a type word for a unit."""

from __future__ import annotations

from datetime import date

from nlp.adminunits import AdminUnit
from nlp.gazetteer import TWO_TIERS_SINCE
from nlp.places.mentions import NameMention
from nlp.places.words import MANY_SYLLABLES, place_words
from nlp.unittypes import COMMUNE

# Cities of one syllable, or of one word, that everybody knows by their bare name.
_KNOWN_BY_ONE_WORD = frozenset(("huế", "pleiku"))


def bare_rank(mention: NameMention, unit: AdminUnit, support: int, on: date) -> int:
    """Return how well a bare name is supported for a unit, 0 for not enough.

    A district needs its province, a list of districts, or fame; a commune needs its district, or after
    July 2025, when there are no districts, its province. Ranks only order the readings of one name.

    Args:
        mention: The name without a type word.
        unit: One unit that bears it.
        support: ``Evidence.support``, or 3 where the unit's container stands right behind the name.
        on: The article's day.
    """
    if unit.level == "district":
        return _district_rank(mention, unit, support, on)
    if (mention.capitals and support < 2) or (mention.listed and "commune" not in mention.listed):
        return 0
    listed = mention.listed == COMMUNE
    if not listed and not MANY_SYLLABLES.search(mention.key):
        return 0
    two_tiers = on >= TWO_TIERS_SINCE
    if unit.stands_on(on):
        if two_tiers:
            zone = unit.type == mention.list_type == "đặc khu"
            only = listed and len(mention.units) == 1
            return 4 * support + 2 if support or zone or only or _was_district(mention, on) else 0
        return 4 * support + listed - 3 if support >= 2 or (listed and support) else 0
    if mention.former or listed:
        return 4 * support + 1 if support else 0
    return 4 * support if support >= 2 and two_tiers else 0


def support_needed(mention: NameMention, unit: AdminUnit, *, by_itself: bool) -> int:
    """Return the support below which a name is rather something else's: Trần Phú, chợ Hòa Bình, chùa ở Hương Sơn.

    Args:
        mention: The name without a type word.
        unit: One unit that bears it.
        by_itself: No neighbour on a list can be a unit of its level; for a commune also, the name is a hero's.
    """
    if unit.level == "district":
        double = (
            by_itself and mention.key in place_words("double") and not (mention.located or mention.listed)
        )
        return 3 if mention.weak or double else 0
    if mention.weak:
        return 3
    if by_itself:
        return 2 if mention.located else 3
    return 0


def _district_rank(mention: NameMention, unit: AdminUnit, support: int, on: date) -> int:
    listed = "district" in mention.listed
    if on >= TWO_TIERS_SINCE and not mention.former:
        standing = any(one.level == "commune" and one.stands_on(on) for one in mention.units)
        return 0 if standing or unit.type != "thành phố" else 4 * support + 1
    if support or listed:
        return 4 * support + 2 + listed
    return 1 if mention.former or _is_famous(mention, unit, on) else 0


def _is_famous(mention: NameMention, unit: AdminUnit, on: date) -> bool:
    """Tell whether a district is known by its bare name: a city, or where something takes place in it."""
    if " " not in mention.key:
        return mention.key in _KNOWN_BY_ONE_WORD
    if unit.type == "thành phố" or (unit.type == "thị xã" and mention.located):
        return True
    return mention.located and all(
        one.level != "commune" or one.parent == unit.code or not one.stands_on(on) for one in mention.units
    )


def _was_district(mention: NameMention, on: date) -> bool:
    """Tell whether a commune of today bears the name of a district and has no namesake: Sa Đéc."""
    standing = [one for one in mention.units if one.level == "commune" and one.stands_on(on)]
    return len(standing) == 1 and any(one.level == "district" for one in mention.units)
