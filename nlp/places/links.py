"""Decide which unit each named place is, by what the article itself says.

The order is from the certain to the doubtful: provinces, then districts and communes with a type
word, then bare names. What was linked before is evidence for what comes after. Where the evidence
leaves several units equal, the mention stays without a link and its candidates are kept.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from nlp.adminunits import AdminUnit
from nlp.gazetteer import TWO_TIERS_SINCE, Gazetteer
from nlp.places.chains import NameChain
from nlp.places.choices import UnitChooser
from nlp.places.evidence import Evidence
from nlp.places.mentions import NameMention
from nlp.places.namesakes import (
    Namesakes,
    is_district_around,
    is_on_list_of_communes,
    is_rather_a_person,
)
from nlp.places.ranks import bare_rank, support_needed
from nlp.places.words import place_words
from nlp.types import Level
from nlp.unittypes import COMMUNE, DISTRICT, PROVINCE

# So many ambiguous names with one district in common are evidence for it.
_ENOUGH_NAMES = 2
# Decrees are told of before they come into force.
_ANNOUNCED = timedelta(days=90)


class ArticlePlaces:
    """The places of one article on their way from names to units.

    Args:
        gazetteer: The table of units.
        mentions: What ``nlp.places.names`` found, in the order of the text.
        on: The day by which units are looked up.
        source_provinces: Codes of the provinces that the article's source names.
    """

    def __init__(
        self, gazetteer: Gazetteer, mentions: list[NameMention], on: date, source_provinces: frozenset[str]
    ) -> None:
        self._gazetteer = gazetteer
        self._mentions = mentions
        self._on = on
        self._two_tiers = on >= TWO_TIERS_SINCE
        self._typed: dict[str, list[NameMention]] = {}
        self._types: dict[str, set[str]] = {}
        self._namesakes: dict[str, Namesakes] = {}
        self._elsewhere: dict[tuple[str, tuple[Level, ...]], Namesakes] = {}
        self._kept: set[int] = set()
        self.evidence = Evidence(gazetteer, on, source_provinces)
        self._chain = NameChain(mentions, self.evidence)
        self._chooser = UnitChooser(mentions, on, self.evidence, self._chain)

    def link(self) -> list[NameMention]:
        """Return the mentions that name units, each with its link or its candidates in ``links``."""
        for mention in self._mentions:
            if mention.merged and self._two_tiers:
                mention.former = True  # what went into a commune of July 2025
            if mention.type:
                self._typed.setdefault(mention.key, []).append(mention)
                self._types.setdefault(mention.key, set()).add(mention.type)
        for index, mention in enumerate(self._mentions):
            self._link_province(index, mention)
        for levels in (DISTRICT, COMMUNE):
            for index, mention in enumerate(self._mentions):
                if mention.type and levels[0] in mention.levels and index not in self._kept:
                    self._link_typed(index, mention)
        for index, mention in enumerate(self._mentions):
            if not mention.type and index not in self._kept:
                self._link_bare(index, mention)
        self._look_again()
        return [self._mentions[index] for index in sorted(self._kept)]

    def _look_again(self) -> None:
        """Decide once more what was open, by what was linked since and by what the open ones share."""
        open_ones = [index for index in sorted(self._kept) if len(self._mentions[index].links) != 1]
        if open_ones and not self.evidence.knows_a_province:
            self.evidence.assume(_shared_parent(self._mentions[index] for index in open_ones))
        for index in open_ones:
            mention = self._mentions[index]
            if mention.links:
                self._keep(index, self._chooser.choose(index, mention.links))
        for index in open_ones:
            mention = self._mentions[index]
            if len(mention.links) > 1:
                self._keep(index, self._as_named_elsewhere(mention))
            if not mention.links and mention.levels != PROVINCE:
                town = self.evidence.province_of_town(mention.key) if mention.type == "thị trấn" else ""
                mention.province = town or self._chain.province_around(index)

    def _as_named_elsewhere(self, mention: NameMention) -> list[AdminUnit]:
        """Return what an open mention's namesakes in the article are, where they are all one; else its candidates."""
        asked = mention.key, mention.levels
        if asked not in self._elsewhere:
            typed = self._typed.get(mention.key, ())
            self._elsewhere[asked] = Namesakes([one for one in typed if one.levels == mention.levels])
        others = self._elsewhere[asked]
        if len(others.units) == 1:
            unit = next(iter(others.units.values()))
            return [unit] if unit in mention.links else mention.links
        return [] if not others.units and others.some_without else mention.links

    def _keep(self, index: int, links: list[AdminUnit]) -> None:
        mention = self._mentions[index]
        mention.links = links
        self._kept.add(index)
        if len(links) == 1:
            self.evidence.add(links[0], mention.start)

    def _link_province(self, index: int, mention: NameMention) -> None:
        units = [unit for unit in mention.units if unit.level == "province"]
        if not units:
            if mention.levels == PROVINCE:
                self._keep(index, [])  # tỉnh Hà Nam Ninh
            return
        unit = self._state(units)
        stands = unit.stands_on(self._on)
        if mention.type == "thành phố":
            if unit.type != "thành phố" or not stands:
                return
        elif not mention.type:
            if mention.key == "hồ chí minh" or (mention.alone and not mention.capitals):
                return
            if not stands and self._names_another(index, mention):
                return
        self._keep(index, [unit])

    def _names_another(self, index: int, mention: NameMention) -> bool:
        """Tell whether the name of an abolished province stands for a commune or a city here."""
        if mention.key == "huế":
            return True
        if mention.former or self._chain.is_among_provinces(index):
            return False
        if self._types.get(mention.key, set()) - {"tỉnh"}:
            return True
        if not self._two_tiers or not any(
            unit.level == "commune" and unit.stands_on(self._on) for unit in mention.units
        ):
            return False
        return self._chain.is_among_wards(index)

    def _state(self, states: Iterable[AdminUnit]) -> AdminUnit:
        """Of a unit's states return the one that stands, else the one nearest to the article's day."""
        return min(states, key=lambda unit: (self._distance(unit), unit.valid_from))

    def _distance(self, unit: AdminUnit) -> timedelta:
        return max(unit.valid_from - self._on, self._on - unit.valid_to, timedelta(0))

    def _by_code(self, units: Iterable[AdminUnit]) -> list[AdminUnit]:
        """Return one state for each unit; units of one name and one code are one unit that went on."""
        groups: dict[str, list[AdminUnit]] = {}
        for unit in units:
            groups.setdefault(unit.code, []).append(unit)
        return [states[0] if len(states) == 1 else self._state(states) for states in groups.values()]

    def _link_typed(self, index: int, mention: NameMention) -> None:
        level = "commune" if mention.levels == COMMUNE else "district"
        units = [unit for unit in mention.units if unit.level == level]
        candidates = self._by_code(unit for unit in units if level == "district" or self._is_known(unit))
        if candidates:
            self._keep(index, self._chooser.choose(index, candidates))
            return
        foreign = mention.type in ("thành phố", "quận")
        if (units or not mention.units) and self.evidence.knows_a_province and not foreign:
            self._keep(index, [])  # a unit that the table lacks

    def _link_bare(self, index: int, mention: NameMention) -> None:
        typed = self._namesakes_of(mention.key)
        if (
            typed.mentions
            and not mention.former
            and not is_district_around(mention, typed, self._on)
            and not is_on_list_of_communes(mention, typed, self.evidence)
        ):
            if is_rather_a_person(mention):
                return
            nearest = typed.nearest(mention.start)
            mention.levels = nearest.levels
            if nearest.links or self.evidence.knows_a_province:
                self._keep(index, nearest.links)
            return
        if mention.key == "hồ chí minh" or mention.alone:
            return
        accepted = self._accepted(index, mention)
        if accepted:
            best = max(rank for rank, _ in accepted)
            links = self._chooser.choose(index, [unit for rank, unit in accepted if rank == best])
            if links:
                self._keep(index, links)
        elif mention.listed == COMMUNE and mention.plural and not mention.capitals:
            mention.levels = COMMUNE
            mention.type = mention.list_type
            self._keep(index, [])

    def _accepted(self, index: int, mention: NameMention) -> list[tuple[int, AdminUnit]]:
        """Return the units that a bare name may be by what the article says, with their ranks."""
        hero = mention.key in place_words("hero") and mention.listed != COMMUNE
        by_itself = hero and not self._chain.is_among("commune", index)
        alone = not self._chain.is_among("district", index)
        accepted: list[tuple[int, AdminUnit]] = []
        for unit in self._by_code(self._known_units(mention)):
            support = self._chooser.support(index, unit)
            if not self._two_tiers and self._chain.holds_previous(index, unit):
                support = 3
            commune = unit.level == "commune"
            if commune and by_itself and not self._chain.lies_in_next_district(index, unit):
                support = min(support, 2)  # a province alone holds streets of heroes, too
            if commune and mention.weak and self._chain.is_placed_in_brackets(index):
                support = min(support, 2)  # "chợ Bến Thành (quận 1)" says where the market is
            if support < support_needed(mention, unit, by_itself=by_itself if commune else alone):
                continue
            rank = bare_rank(mention, unit, support, self._on)
            if rank:
                accepted.append((rank, unit))
        if mention.listed == COMMUNE:
            communes = [(rank, unit) for rank, unit in accepted if unit.level == "commune"]
            return communes if mention.plural and communes else accepted
        # Năm Căn is the district before it is the town of the same name in it.
        districts = {unit.code for _, unit in accepted if unit.level == "district"}
        return [(rank, unit) for rank, unit in accepted if unit.parent not in districts]

    def _known_units(self, mention: NameMention) -> Iterable[AdminUnit]:
        """Yield the states that a bare name may mean: no province's, none of years to come.

        On a list of special zones (đặc khu), of which there are thirteen, a commune's name is theirs.
        """
        units = [unit for unit in mention.units if unit.level != "province" and self._is_known(unit)]
        if mention.list_type == "đặc khu":
            return [unit for unit in units if unit.type == "đặc khu"] or units
        return units

    def _has_known(self, mention: NameMention) -> bool:
        return any(self._is_known(unit) for unit in mention.units)

    def _is_known(self, unit: AdminUnit) -> bool:
        """Tell whether a state stood on the article's day, or before, or was at least decreed."""
        return unit.valid_from <= self._on or unit.valid_from - self._on <= _ANNOUNCED

    def _namesakes_of(self, key: str) -> Namesakes:
        """Return the mentions of a name with a type word, but those of units of years to come."""
        if key not in self._namesakes:
            typed = self._typed.get(key, ())
            self._namesakes[key] = Namesakes([one for one in typed if one.links or not self._has_known(one)])
        return self._namesakes[key]


def _shared_parent(mentions: Iterable[NameMention]) -> AdminUnit | None:
    """Return a commune of the one district or province that can hold all of several ambiguous names."""
    by_name: dict[str, dict[str, AdminUnit]] = {}
    for mention in mentions:
        if mention.links and mention.links[0].level == "commune":
            by_name[mention.key] = {unit.parent: unit for unit in mention.links}
    if len(by_name) < _ENOUGH_NAMES:
        return None
    first, *others = by_name.values()
    shared = [parent for parent in first if all(parent in other for other in others)]
    return first[shared[0]] if len(shared) == 1 else None
