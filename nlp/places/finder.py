"""The administrative units that an article names, linked as of its date."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from nlp.adminunits import AdminUnit, name_key
from nlp.gazetteer import Gazetteer
from nlp.places.dates import article_day
from nlp.places.evidence import Evidence
from nlp.places.links import ArticlePlaces
from nlp.places.mentions import NameMention
from nlp.places.names import NameScanner
from nlp.types import Place, Span
from nlp.unittypes import COMMUNE

_NO_LETTERS = re.compile(r"[^a-z]+")
_MARKS = re.compile("[\u0300-\u036f]+")
_SHORT_HOST, _LONG_HOST = 4, 9


class PlaceFinder:
    """Finds units, then links them.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._scanner = NameScanner(gazetteer)
        self._hosts: dict[str, list[AdminUnit]] = {}
        for unit in gazetteer.provinces():
            self._hosts.setdefault(_plain(unit.name), []).append(unit)
        self._hosts["tphcm"] = self._hosts["ho chi minh"]

    def find(self, text: str, as_of: date, *, source: str = "", dated: bool = True) -> tuple[Place, ...]:
        """Return the units that a text names, in the order of their first mention.

        Args:
            text: The article's normalized text.
            as_of: The day by which names are read.
            source: A URL or a portal's name; a province in it decides between homonyms.
            dated: False where ``as_of`` is only the day of the run; a text that is plainly older
                (see ``article_day``) is then read by the names of its own time.
        """
        mentions = self._scanner.scan(text)
        if not mentions:
            return ()
        on = as_of if dated else article_day(text, as_of, mentions)
        article = ArticlePlaces(
            self._gazetteer, mentions, on, self._of_source(source, on) if source else frozenset()
        )
        groups: dict[tuple[str, str], list[NameMention]] = {}
        linked = article.link()
        for mention in linked:
            groups.setdefault(_identity(mention), []).append(mention)
        spelled = {
            mention.links[0].code: mention.surface
            for mention in reversed(linked)
            if len(mention.links) == 1
            and mention.links[0].level == "province"
            and mention.links[0].stands_on(on)
            and not mention.capitals
        }
        places = [self._place(group, article.evidence, on, spelled) for group in groups.values()]
        return tuple(sorted(places, key=lambda place: place.mentions[0]))

    def _place(
        self, group: list[NameMention], evidence: Evidence, on: date, spelled: dict[str, str]
    ) -> Place:
        first = min(group, key=lambda mention: (not mention.type, mention.start))
        links = first.links
        unit = links[0] if len(links) == 1 else None
        province = self._province(first, evidence, on)
        types = {one.type for one in links}
        kind = first.type or (types.pop() if len(types) == 1 else "")
        if unit and unit.level == "province":
            kind = unit.type
        name = self._name(group, unit)
        level = links[0].level if links else (first.levels or first.listed or COMMUNE)[-1]
        if not links and level == "province":
            spelled = {"": name}  # a province of before 1997 lies in no other
        return Place(
            name=name,
            level=level,
            type=kind,
            code=unit.code if unit else None,
            province=self._spelled(province, spelled) if province else spelled.get("", ""),
            current=self._gazetteer.current(unit) if unit else (),
            candidates=tuple(sorted({one.code for one in links})) if len(links) > 1 else (),
            mentions=tuple(sorted(Span(mention.start, mention.end) for mention in group)),
        )

    def _name(self, group: list[NameMention], unit: AdminUnit | None) -> str:
        """Return the name as the article spells it; as the table does where it writes capitals or HCM."""
        spelled = next((mention for mention in group if not mention.capitals), None)
        if spelled is None:
            return unit.name if unit else group[0].surface.title()
        # "phường 1" of "các phường 1, phường 2 Bảo Lộc"
        in_part = spelled.surface.isdecimal() and spelled.surface != spelled.key
        if unit and (in_part or self._gazetteer.is_other_name(spelled.key)):
            return unit.name
        return spelled.surface

    def _spelled(self, province: AdminUnit, spelled: dict[str, str]) -> str:
        surface = spelled.get(province.code, "")
        if not surface or surface == province.name or self._gazetteer.is_other_name(name_key(surface)):
            return province.name
        return surface

    def _province(self, mention: NameMention, evidence: Evidence, on: date) -> AdminUnit | None:
        """Return the province that all candidates share, or for an unlisted unit the one named nearby."""
        found = {code: unit for unit in mention.links if (code := evidence.province_code(unit))}
        if len(found) == 1:
            return evidence.province_of(next(iter(found.values())))
        return self._gazetteer.unit(mention.province, on) if not found else None

    def _of_source(self, source: str, on: date) -> frozenset[str]:
        """Return the codes of the provinces that a source names, as of a day: "angiang.gov.vn" is 89, then 91."""
        labels = _plain(source).split()
        codes = set()
        for name, states in self._hosts.items():
            if not _names_host(labels, name):
                continue
            standing = [unit for unit in states if unit.stands_on(on)]
            for unit in standing or [unit for unit in states if unit.valid_to < on] or states:
                province = self._gazetteer.province_of(unit, on)
                if province:
                    codes.add(province.code)
        return frozenset(codes)


def _identity(mention: NameMention) -> tuple[str, str]:
    if len(mention.links) == 1:
        unit = mention.links[0]  # 15 is Yên Bái, and Lào Cai since July 2025
        return unit.code, unit.name
    return mention.levels[-1] if mention.levels else "commune", mention.key


def _names_host(labels: list[str], name: str) -> bool:
    """Tell whether the words of a source name a province: "an giang", "angiang", "baoangiang", "baria-vungtau"."""
    joined = name.replace(" ", "")
    if joined not in "".join(labels):
        return False
    if joined in labels or f" {name} " in f" {' '.join(labels)} ":
        return True
    # A short name is too often the end of another word (thuế), a long one never.
    if len(joined) > _SHORT_HOST and any(label.endswith(joined) for label in labels):
        return True
    return len(joined) > _LONG_HOST


def _plain(name: str) -> str:
    """Return the words of a name or address as host names write them: "Cổng An Giang" is "cong an giang"."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return " ".join(_NO_LETTERS.sub(" ", _MARKS.sub("", letters)).split())
