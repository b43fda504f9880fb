"""What the names right before and right behind a name say of it: "xã A, huyện B", "ở A, B và C"."""

from __future__ import annotations

import re

from nlp.adminunits import AdminUnit
from nlp.places.evidence import Evidence
from nlp.places.mentions import NameMention
from nlp.places.words import LIST_GAP
from nlp.types import Level
from nlp.unittypes import COMMUNE, DISTRICT

# "xã Tân Lập, huyện Đan Phượng", "Ba Vì (Hà Nội)", "phường 5 của thành phố Đà Lạt"
_INSIDE_GAP = re.compile(
    r"\s?[,(–-]?\s?(?:thuộc|của|ở|-|–|,)?\s?(?:(?i:tỉnh|thành phố|huyện|quận|thị xã|tp\.?|tx\.?|[hq]\.)\s?)?[\"“]?"
)


class NameChain:
    """The names of an article in their order, each asked about its neighbours.

    Args:
        mentions: The mentions in the order of the text; ``links`` may be filled meanwhile.
        evidence: What was linked so far.
    """

    def __init__(self, mentions: list[NameMention], evidence: Evidence) -> None:
        self._mentions = mentions
        self._evidence = evidence

    def lies_in_next(self, index: int, unit: AdminUnit) -> bool:
        """Tell whether the next name is the district or province that holds the unit: "xã A, huyện B"."""
        following = self._following(index)
        if not following or not lies_inside(following[0].gap):
            return False
        for place, mention in enumerate(following):
            if not lies_inside(mention.gap):
                return False
            if (not place and self._names_district_of(mention, unit)) or self._names_province_of(
                mention, unit
            ):
                return True
        return False

    def lies_in_next_district(self, index: int, unit: AdminUnit) -> bool:
        """Tell whether the next name is the district that holds a commune."""
        following = self._following(index)[:1]
        return (
            bool(following) and lies_inside(following[0].gap) and self._names_district_of(following[0], unit)
        )

    def _following(self, index: int) -> list[NameMention]:
        """Return the two names behind one; for a number those behind its list: "phường 1, 2 của quận 3"."""
        after = index + 1
        if self._mentions[index].key.isdecimal():
            # No type word stands in such a gap: "phường 12, quận 3" is no list.
            while (
                after < len(self._mentions)
                and self._mentions[after].key.isdecimal()
                and LIST_GAP.fullmatch(self._mentions[after].gap)
            ):
                after += 1
        return self._mentions[after : after + 2]

    def _names_district_of(self, mention: NameMention, unit: AdminUnit) -> bool:
        if unit.level != "commune":
            return False
        districts = self._evidence.districts_of(unit)
        return any(
            one.level == "district" and (one.code in districts or self._evidence.inherits(unit, one))
            for one in mention.units
        )

    def _names_province_of(self, mention: NameMention, unit: AdminUnit) -> bool:
        provinces = [one for one in mention.units if one.level == "province"]
        if not provinces or unit.level == "province":
            return False
        # 82 was Tiền Giang and is Đồng Tháp: a province of years to come holds nothing yet.
        known = [one for one in provinces if one.valid_from <= self._evidence.on] or provinces
        code = self._evidence.province_code(unit)
        return any(self._evidence.province_code(one) == code for one in known)

    def is_placed_in_brackets(self, index: int) -> bool:
        """Tell whether brackets right behind a name open with another: "chợ Bến Thành (quận 1)"."""
        return any("(" in following.gap for following in self._mentions[index + 1 : index + 2])

    def holds_previous(self, index: int, unit: AdminUnit) -> bool:
        """Tell whether the name right before is a commune that can lie in a district: "xã A, B"."""
        if not index or unit.level != "district" or not lies_inside(self._mentions[index].gap):
            return False
        commune = self._mentions[index - 1]
        if not commune.type or commune.levels != COMMUNE or self._mentions[index].plural:
            return False
        if any(unit.code in self._evidence.districts_of(one) for one in commune.units):
            return True
        return not any(
            one.level == "commune" and self._evidence.support(one) for one in self._mentions[index].units
        )

    def lies_elsewhere(self, index: int, candidates: list[AdminUnit]) -> bool:
        """Tell whether what is named right behind holds none of the candidates: "xã Tân Lập, huyện Mộc Châu".

        A district by itself in a strange province is rather the article's error.
        """
        following = self._mentions[index + 1 : index + 2]
        if not following or len(following[0].links) != 1 or not lies_inside(following[0].gap):
            return False
        above = {"commune": "district", "district": "province"}[candidates[0].level]
        if following[0].links[0].level != above:
            return False
        if above == "province" and (len(candidates) == 1 or not following[0].type):
            return False  # "ở Kỳ Anh, Thái Nguyên" is a list
        return not any(self.lies_in_next(index, unit) for unit in candidates)

    def province_around(self, index: int) -> str:
        """Return the province of a unit that the table lacks: of what it is said to lie in, else the nearest."""
        for following in self._mentions[index + 1 : index + 3]:
            if not lies_inside(following.gap):
                break
            for unit in following.links[:1] if len(following.links) == 1 else ():
                if unit.level != "commune":
                    return self._evidence.province_code(unit)
        return self._evidence.province_near(self._mentions[index].start)

    def on_one_list(self, index: int) -> list[NameMention]:
        """Return the neighbours from which a name is parted by a comma, a dash or "và" alone."""
        before = self._mentions[index - 1 : index] if LIST_GAP.fullmatch(self._mentions[index].gap) else []
        after = [one for one in self._mentions[index + 1 : index + 2] if LIST_GAP.fullmatch(one.gap)]
        return [*before, *after]

    def is_among(self, level: Level, index: int) -> bool:
        """Tell whether a name's neighbour on its list can be a commune, or a district, of the article's provinces."""
        return any(
            unit.level == level and self._evidence.support(unit) > 0
            for neighbour in self.on_one_list(index)
            for unit in neighbour.units
        )

    def is_among_provinces(self, index: int) -> bool:
        """Tell whether a list of bare names holds nothing but what was a province: "khu vực Hòa Bình, Vĩnh Phúc"."""
        others = self.on_one_list(index)
        return bool(others) and not any(
            one.type or one.listed or not any(unit.level == "province" for unit in one.units)
            for one in (*others, self._mentions[index])
        )

    def is_among_wards(self, index: int) -> bool:
        """Tell whether a neighbour on a name's list is a commune's and no province's: "ở Vĩnh Yên, Hòa Bình"."""
        return any(
            any(unit.level == "commune" for unit in one.units)
            and not (one.former or one.levels == DISTRICT)
            and not any(unit.level == "province" for unit in one.units)
            for one in self.on_one_list(index)
        )


def lies_inside(gap: str) -> bool:
    """Tell whether what stands between two names says that the first lies in the second."""
    return gap != "" and _INSIDE_GAP.fullmatch(gap) is not None
