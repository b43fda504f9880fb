"""Which of several units of one name an article means, by all that it says of them."""

from __future__ import annotations

from datetime import date

from nlp.adminunits import AdminUnit
from nlp.gazetteer import TWO_TIERS_SINCE
from nlp.places.chains import NameChain
from nlp.places.evidence import Evidence
from nlp.places.mentions import NameMention

# What speaks for a candidate, in points: a named container outweighs all, a province that the article
# names outweighs a unit that stood on its day, and the type word only parts equals. Of all communes of the
# province behind it, "phường 12 của quận Bình Thạnh (TP.HCM)" is the district's.
_INSIDE_NEXT, _IN_NEXT_DISTRICT, _SUPPORT, _STANDS, _SAME_TYPE = 10.0, 5.0, 2.0, 2.0, 0.5


class UnitChooser:
    """Weighs the units that a mention may name.

    Args:
        mentions: The article's mentions in the order of the text.
        on: The article's day.
        evidence: What was linked so far.
        chain: The same mentions, as neighbours.
    """

    def __init__(self, mentions: list[NameMention], on: date, evidence: Evidence, chain: NameChain) -> None:
        self._mentions = mentions
        self._on = on
        self._two_tiers = on >= TWO_TIERS_SINCE
        self._evidence = evidence
        self._chain = chain

    def choose(self, index: int, candidates: list[AdminUnit]) -> list[AdminUnit]:
        """Return the one candidate that the article speaks for, those it leaves equal, or none.

        None means that the name is likelier another unit's, which the table lacks.

        Args:
            index: Which mention.
            candidates: One state for each unit, at least one.
        """
        if self._chain.lies_elsewhere(index, candidates):
            return []
        candidates = self._without_namesakes_of_today(index, candidates)
        scores = [self._score(index, unit) for unit in candidates]
        best = max(scores)
        equal = [unit for unit, score in zip(candidates, scores, strict=True) if score > best - 0.01]
        if self.support(index, equal[0]) > 0:
            return equal
        if self._may_be_lacking(index, equal):
            return []
        if len(equal) > 1 or len(candidates) == 1:
            return equal
        standing = [unit for unit in candidates if unit.stands_on(self._on)]
        return equal if standing == equal or self._only_one_so_called(index, standing) else candidates

    def support(self, index: int, unit: AdminUnit) -> int:
        """Return ``Evidence.support``, or 3 where the unit's container stands right behind the name."""
        if self._chain.lies_in_next(index, unit):
            return 3
        return self._evidence.support(unit)

    def _without_namesakes_of_today(self, index: int, candidates: list[AdminUnit]) -> list[AdminUnit]:
        """Leave out a commune that is gone where another of its province bears its name today.

        Unless the text means the gone one: by "cũ", by its district, or by a type that only it had.
        """
        mention = self._mentions[index]
        if not self._two_tiers or len(candidates) == 1 or mention.former:
            return candidates
        standing: dict[str, AdminUnit] = {}
        for unit in candidates:
            if unit.level == "commune" and unit.stands_on(self._on):
                standing[self._evidence.province_code(unit)] = unit

        def is_meant(unit: AdminUnit) -> bool:
            """Tell whether nothing that stands on the day has a better claim to the name."""
            rival = standing.get(self._evidence.province_code(unit))
            if rival is None or rival is unit:
                return True
            if unit.type == mention.type != rival.type:
                return True
            return self._chain.lies_in_next(index, unit) and not self._chain.lies_in_next(index, rival)

        return [unit for unit in candidates if is_meant(unit)]

    def _may_be_lacking(self, index: int, units: list[AdminUnit]) -> bool:
        """Tell whether a commune that fits nothing is likelier one that the table lacks.

        The lists hold the communes of June 2025; a tenth of those of 2006 was merged away before. A
        province that is first named behind the commune and apart from it tells nothing.
        """
        if units[0].level != "commune":
            return False
        if units[0].type == self._mentions[index].type == "thị trấn":
            return False  # few towns were merged away before districts were
        if self._two_tiers and any(unit.stands_on(self._on) for unit in units):
            return False
        return self._evidence.speaks_of_a_province(self._mentions[index].start)

    def _only_one_so_called(self, index: int, standing: list[AdminUnit]) -> bool:
        """Tell whether the type word parts the namesakes: Thị ủy Kỳ Anh of one province, the one quận Tân Phú."""
        kind = self._mentions[index].type
        provinces = {self._evidence.province_code(unit) for unit in standing}
        return (len(provinces) == 1 or kind == "quận") and [unit.type for unit in standing].count(kind) == 1

    def _score(self, index: int, unit: AdminUnit) -> float:
        mention = self._mentions[index]
        stands = unit.stands_on(self._on)
        score = _STANDS if stands != mention.former else 0.0
        if unit.type == (mention.type or mention.list_type):
            score += _SAME_TYPE
        if self._chain.lies_in_next(index, unit):
            score += _INSIDE_NEXT
            if self._chain.lies_in_next_district(index, unit):
                score += _IN_NEXT_DISTRICT
        score += _SUPPORT * self._evidence.support(unit)
        return score + self._evidence.nearness(unit, mention.start)
