"""The administrative units that an article names, linked as of its date."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

from nlp.gazetteer import AdminUnit, Gazetteer, name_key
from nlp.placelinks import ArticlePlaces, article_day
from nlp.placenames import NameMention, NameScanner
from nlp.types import Place, Span

# Names that are another's: such a unit is called by the table's name, not as the article writes it.
_OTHER_NAMES = frozenset("hcm;bmt;brvt;br vt;tt huế;t.t huế;tth;sài gòn;sàigòn;ban mê thuột".split(";"))
_NO_LETTERS = re.compile(r"[^a-z]+")


class PlaceFinder:
    """Finds units, then links them.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._scanner = NameScanner(gazetteer)
        self._hosts = {_plain(unit.name): unit.code for unit in gazetteer.provinces()}

    def find(self, text: str, as_of: date, *, hint: str = "") -> tuple[Place, ...]:
        """Return the units that a text names, in the order of their first mention.

        Args:
            text: The article's normalized text.
            as_of: The day by which names are read; where the text is plainly older than 1 July
                2025 (see ``article_day``), the units of its own time are taken.
            hint: The source, a URL or a portal's name; a province in it decides between homonyms.
        """
        mentions = self._scanner.scan(text)
        if not mentions:
            return ()
        on = article_day(text, as_of, mentions)
        article = ArticlePlaces(self._gazetteer, mentions, on, self._hinted(hint, on))
        groups: dict[tuple[str, str], list[NameMention]] = {}
        for mention in article.link():
            groups.setdefault(_identity(mention), []).append(mention)
        spelled = {
            mention.links[0].code: mention.surface
            for mention in reversed(article.mentions)
            if len(mention.links) == 1
            and mention.links[0].level == "province"
            and mention.links[0].stands_on(on)
            and not mention.capitals
        }
        places = [self._place(group, article, spelled) for group in groups.values()]
        return tuple(sorted(places, key=lambda place: place.mentions[0]))

    def _place(self, group: list[NameMention], article: ArticlePlaces, spelled: dict[str, str]) -> Place:
        first = min(group, key=lambda mention: (not mention.type, mention.start))
        links = first.links
        unit = links[0] if len(links) == 1 else None
        province = self._province(first, article)
        level = unit.level if unit else "commune" if "commune" in first.levels else "district"
        kind = first.type or (unit.type if unit else links[0].type if links else "")
        if unit and unit.level == "province":
            kind = unit.type
        return Place(
            name=_name(group, unit),
            level=level,
            type=kind,
            code=unit.code if unit else None,
            province=_spelled(province, spelled) if province else "",
            current=self._gazetteer.current(unit) if unit else (),
            candidates=tuple(sorted({one.code for one in links})) if len(links) > 1 else (),
            mentions=tuple(sorted(Span(mention.start, mention.end) for mention in group)),
        )

    def _province(self, mention: NameMention, article: ArticlePlaces) -> AdminUnit | None:
        found = {province.code: province for unit in mention.links if (province := article.province_of(unit))}
        if len(found) == 1:
            return next(iter(found.values()))
        code = article.province_near(mention)
        if found and code not in found:
            return None
        return self._gazetteer.unit(code, article.on) if code else None

    def _hinted(self, hint: str, on: date) -> frozenset[str]:
        if not hint:
            return frozenset()
        plain = _plain(hint)
        names = [name for name in self._hosts if name in plain]
        codes = set()
        for name in names:
            if any(name != other and name in other for other in names):
                continue
            for unit in self._gazetteer.provinces():
                if _plain(unit.name) == name and (province := self._gazetteer.province_of(unit, on)):
                    codes.add(province.code)
        return frozenset(codes)


def _identity(mention: NameMention) -> tuple[str, str]:
    if len(mention.links) == 1:
        return mention.links[0].level, mention.links[0].code
    return mention.levels[-1] if mention.levels else "commune", mention.key


def _name(group: list[NameMention], unit: AdminUnit | None) -> str:
    """Return the name as the article spells it; as the table does where it writes capitals or HCM."""
    spelled = next((mention for mention in group if not mention.capitals), None)
    if spelled is None:
        return unit.name if unit else group[0].surface.title()
    if unit and spelled.key in _OTHER_NAMES:
        return unit.name
    return spelled.surface


def _spelled(province: AdminUnit, spelled: dict[str, str]) -> str:
    surface = spelled.get(province.code, "")
    return surface if surface and name_key(surface) not in _OTHER_NAMES else province.name


def _plain(name: str) -> str:
    """Return a name as host names write it: "An Giang" is "angiang"."""
    letters = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return _NO_LETTERS.sub("", letters)
