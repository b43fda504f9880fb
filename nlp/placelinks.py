"""Decide which unit each named place is, by what the article itself says.

The order is from the certain to the doubtful: provinces, then districts and communes with a type
word, then bare names. What was linked before is evidence for what comes after. Where the evidence
leaves several units equal, the mention stays without a link and its candidates are kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from nlp.gazetteer import TWO_TIERS_SINCE, AdminUnit, Gazetteer
from nlp.placenames import COMMUNE, DISTRICT, PROVINCE, NameMention

_YEAR = re.compile(
    r"(?<![\d.,])(?:19[5-9]\d|20[0-4]\d)(?![\d.,]\d|\d|[ ]?(?:đồng|tỷ|triệu|người|hộ|ha|m|USD))"
)
# "xã Tân Lập, huyện Đan Phượng", "Ba Vì (Hà Nội)", "phường 5 của thành phố Đà Lạt"
_INSIDE_GAP = re.compile(
    r"\s?[,(–-]?\s?(?:thuộc|của|ở|-|–|,)?\s?(?:(?i:tỉnh|thành phố|huyện|quận|thị xã|tp\.?|tx\.?|[hq]\.)\s?)?[\"“]?"
)
# Points for what speaks for a candidate.
_INSIDE_NEXT, _DISTRICT_NAMED, _PROVINCE_NAMED, _SAME_TYPE, _STANDS, _HINTED = 10.0, 4.0, 3.0, 0.5, 2.0, 1.5
_NEAREST_PROVINCE = 0.8


class ArticlePlaces:
    """The places of one article on their way from names to units.

    Args:
        gazetteer: The table of units.
        mentions: What ``nlp.placenames`` found, in the order of the text.
        on: The day by which units are looked up.
        hinted: Codes of the provinces that the article's source names.
    """

    def __init__(
        self, gazetteer: Gazetteer, mentions: list[NameMention], on: date, hinted: frozenset[str]
    ) -> None:
        self._gazetteer = gazetteer
        self.mentions = mentions
        self.on = on
        self._hinted = hinted
        self._kept: list[NameMention] = []
        self._provinces: Counter[str] = Counter()
        self._province_at: list[tuple[int, str]] = []
        self._districts: set[str] = set()
        self._typed: dict[str, list[NameMention]] = {}

    def link(self) -> list[NameMention]:
        """Return the mentions that name units, each with its link or its candidates in ``links``."""
        for mention in self.mentions:
            if mention.type:
                self._typed.setdefault(mention.key, []).append(mention)
        for mention in self.mentions:
            self._link_province(mention)
        for levels in (DISTRICT, COMMUNE):
            for index, mention in enumerate(self.mentions):
                if mention.type and not mention.links and levels[0] in mention.levels:
                    self._link_typed(index, mention)
        for index, mention in enumerate(self.mentions):
            if not mention.type and not mention.links:
                self._link_bare(index, mention)
        return [mention for mention in self.mentions if mention in self._kept]

    def province_of(self, unit: AdminUnit) -> AdminUnit | None:
        """Return the province that a unit lies in on the article's day."""
        return self._gazetteer.province_of(unit, self.on)

    def province_near(self, mention: NameMention) -> str:
        """Return the code of the province that the article is about where a mention stands, or ""."""
        before = [code for at, code in self._province_at if at <= mention.start]
        if before:
            return before[-1]
        if self._province_at:
            return self._province_at[0][1]
        return next(iter(self._hinted)) if len(self._hinted) == 1 else ""

    def _keep(self, mention: NameMention, links: list[AdminUnit]) -> None:
        mention.links = links
        self._kept.append(mention)
        if len(links) == 1:
            unit = links[0]
            if unit.level == "district":
                self._districts.add(unit.code)
            province = self.province_of(unit)
            if province and unit.level != "commune":
                self._provinces[province.code] += 1
                self._province_at.append((mention.start, province.code))
                self._province_at.sort()

    def _link_province(self, mention: NameMention) -> None:
        units = [unit for unit in mention.units if unit.level == "province"]
        if not units:
            return
        unit = self._state(units)
        if mention.type == "thành phố":
            if unit.type != "thành phố" or not unit.stands_on(self.on):
                return
        elif mention.type == "":
            if mention.key == "hồ chí minh" or (mention.alone and not mention.capitals):
                return
            if not unit.stands_on(self.on) and not mention.former:
                if self._typed_elsewhere(mention, other_than="tỉnh") or unit.name == "Huế":
                    return
        self._keep(mention, [unit])

    def _typed_elsewhere(self, mention: NameMention, other_than: str) -> bool:
        return any(typed.type != other_than for typed in self._typed.get(mention.key, ()))

    def _state(self, states: Iterable[AdminUnit]) -> AdminUnit:
        """Of a unit's states return the one that stands, else the one nearest to the article's day."""
        return min(states, key=lambda unit: (self._distance(unit), unit.valid_from))

    def _distance(self, unit: AdminUnit) -> timedelta:
        return max(unit.valid_from - self.on, self.on - unit.valid_to, timedelta(0))

    def _by_code(self, units: Iterable[AdminUnit]) -> list[AdminUnit]:
        """Return one state for each unit: a code of before July 2025 may be another unit's after."""
        groups: dict[tuple[str, bool], list[AdminUnit]] = {}
        for unit in units:
            groups.setdefault((unit.code, unit.valid_from >= TWO_TIERS_SINCE), []).append(unit)
        return [self._state(states) for states in groups.values()]

    def _link_typed(self, index: int, mention: NameMention) -> None:
        level = "district" if mention.levels != COMMUNE else "commune"
        candidates = self._by_code(unit for unit in mention.units if unit.level == level)
        if not candidates:
            if mention.units or not (self._provinces or self._hinted):
                return  # a foreign place, or a city that is not one
            if level == "commune" or mention.type in ("huyện", "thị xã"):
                self._keep(mention, [])
            return
        self._keep(mention, self._decide(index, mention, candidates))

    def _decide(self, index: int, mention: NameMention, candidates: list[AdminUnit]) -> list[AdminUnit]:
        """Return the one candidate that the article speaks for, or those it leaves equal."""
        scored = sorted(
            ((self._score(index, mention, unit), unit) for unit in candidates), key=lambda pair: -pair[0]
        )
        best = scored[0][0]
        equal = [unit for score, unit in scored if score > best - 0.01]
        if len(equal) > 1:
            return equal
        unit = equal[0]
        if len(candidates) > 1 and not self._supported(index, mention, unit):
            standing = [one for one in candidates if one.stands_on(self.on)]
            return [unit] if len(standing) == 1 else candidates
        if unit.level == "commune" and self.on < TWO_TIERS_SINCE and self._contradicted(index, mention, unit):
            return []
        return equal

    def _score(self, index: int, mention: NameMention, unit: AdminUnit) -> float:
        score = 0.0
        if mention.former:
            score += _STANDS if unit.valid_to < self.on else 0.0
        elif unit.stands_on(self.on):
            score += _STANDS
        if unit.type == mention.type:
            score += _SAME_TYPE
        if unit.parent in self._districts:
            score += _DISTRICT_NAMED
        province = self.province_of(unit)
        code = province.code if province else ""
        if code in self._provinces:
            score += _PROVINCE_NAMED + self._provinces[code] / (1 + self._provinces.total())
            if self.province_near(mention) == code:
                score += _NEAREST_PROVINCE
        if code in self._hinted:
            score += _HINTED
        if self._lies_in_next(index, unit):
            score += _INSIDE_NEXT
        return score

    def _supported(self, index: int, mention: NameMention, unit: AdminUnit) -> bool:
        province = self.province_of(unit)
        code = province.code if province else ""
        return (
            unit.parent in self._districts
            or code in self._provinces
            or code in self._hinted
            or self._lies_in_next(index, unit)
        )

    def _contradicted(self, index: int, mention: NameMention, unit: AdminUnit) -> bool:
        """Tell whether the article speaks of other provinces only: then the table lacks the commune.

        The lists hold the communes of June 2025; a tenth of those of 2006 was merged away before.
        """
        return bool(self._provinces) and not self._supported(index, mention, unit)

    def _lies_in_next(self, index: int, unit: AdminUnit) -> bool:
        """Tell whether the next name is the district or province that holds the unit: "xã A, huyện B"."""
        above = {unit.parent}
        province = self.province_of(unit)
        if province:
            above.add(province.code)
        for mention in self.mentions[index + 1 : index + 3]:
            if not mention.gap or not _INSIDE_GAP.fullmatch(mention.gap):
                return False
            if any(
                (one.code in above or (not one.parent and (p := self.province_of(one)) and p.code in above))
                and one.level != "commune"
                and one.level != unit.level
                for one in mention.units
            ):
                return True
        return False

    def _link_bare(self, index: int, mention: NameMention) -> None:
        typed = [one for one in self._typed.get(mention.key, ()) if one in self._kept]
        if typed and not mention.former:
            before = [one for one in typed if one.start <= mention.start]
            mention.type = ""
            self._kept.append(mention)
            nearest = (before or typed)[-1 if before else 0]
            mention.links, mention.levels = nearest.links, nearest.levels
            return
        if mention.key == "hồ chí minh" or mention.alone:
            return
        levels = self._bare_levels(mention)
        for level in levels:
            candidates = self._by_code(unit for unit in mention.units if unit.level == level)
            near = [unit for unit in candidates if self._accepts_bare(index, mention, unit)]
            if near:
                links = self._decide(index, mention, near)
                if links:
                    self._keep(mention, links)
                return

    def _bare_levels(self, mention: NameMention) -> tuple[str, ...]:
        if mention.listed == COMMUNE:
            return ("commune", "district")
        if mention.former or self.on < TWO_TIERS_SINCE:
            return ("district", "commune")
        return ("commune", "district")

    def _accepts_bare(self, index: int, mention: NameMention, unit: AdminUnit) -> bool:
        province = self.province_of(unit)
        code = province.code if province else ""
        known = code in self._provinces or code in self._hinted
        listed = unit.level in mention.listed
        if not unit.stands_on(self.on) and not mention.former:
            if unit.level == "commune" and not listed:
                return False
            if (
                unit.level == "district"
                and self.on >= TWO_TIERS_SINCE
                and unit.type not in ("thành phố", "thị xã")
            ):
                return False
        if self._lies_in_next(index, unit):
            return True
        if unit.level == "district":
            return known or unit.type == "thành phố" or listed
        if mention.capitals:
            return False
        if listed:
            return known or unit.parent in self._districts
        if " " not in mention.key:
            return False
        if self.on >= TWO_TIERS_SINCE:
            return known
        return unit.parent in self._districts


def article_day(text: str, as_of: date, mentions: Iterable[NameMention]) -> date:
    """Return the day whose units an article speaks of.

    That is ``as_of``, but for an article that came without its own date and is plainly older: it
    names districts or provinces of before July 2025 as if they stood, and no year after 2024.
    """
    if as_of < TWO_TIERS_SINCE:
        return as_of
    years = [int(year) for year in _YEAR.findall(text)]
    latest = max((year for year in years if year <= as_of.year), default=0)
    if latest >= TWO_TIERS_SINCE.year:
        return as_of
    if not any(_names_older_order(mention, as_of) for mention in mentions):
        return as_of
    return date(latest, 12, 31) if latest >= 2004 else TWO_TIERS_SINCE - timedelta(days=1)


def _names_older_order(mention: NameMention, as_of: date) -> bool:
    if mention.former or not mention.units:
        return False
    if mention.type in ("huyện", "quận", "thị xã", "thị trấn"):
        return True
    provinces = [unit for unit in mention.units if unit.level == "province"]
    if provinces and mention.type in ("tỉnh", ""):
        return not any(unit.stands_on(as_of) for unit in provinces)
    return mention.type == "thành phố" and not any(unit.stands_on(as_of) for unit in mention.units)


__all__ = ["PROVINCE", "ArticlePlaces", "article_day"]
