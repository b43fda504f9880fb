"""Find where a text names units: runs of capitalized syllables, read with the words around them.

A type word ("huyện", "TP.", "xã") fixes the level of what follows it; a bare name is only noted with
every unit that bears it, for ``nlp.places.links`` to accept or drop; what ``nlp.places.exclusions`` tells to be
a person, a river, a street or a village is left out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import lru_cache

from nlp.adminunits import name_key
from nlp.gazetteer import Gazetteer
from nlp.places.exclusions import Exclusions, is_named_after_post
from nlp.places.mentions import NameMention
from nlp.places.mergers import find_mergers, find_untyped
from nlp.places.runs import RunReader, Segment
from nlp.places.spans import RUN, DashedNames, find_runs
from nlp.places.typewords import may_follow_type, type_before
from nlp.places.words import (
    FORMER,
    IN_ONE_COMMUNE,
    LIST_GAP,
    LOOSE_LIST,
    MANY_SYLLABLES,
    NEXT_NUMBER,
    NUMBER,
    OTHERS_LIST,
    PLURAL,
    ROADS,
    VILLAGE,
)
from nlp.unittypes import COMMUNE, TYPES

_SYLLABLE = re.compile(r"[^\s–—-]+")
# What stands in a commune and is named after it, or after anything else.
_SIGHTS = frozenset("chợ bến động ba xe".split())
# Prepositions of place; a bare name behind one is more than a word of a brand.
_LOCATING = frozenset("ở tại về từ đến tới ra vào lên xuống qua khắp quanh dân con đội đầu điểm".split())
_LONGEST_GAP = 24
_WIDEST_LIST_GAP = len(", hoặc ") + 1
_LONGEST_UNKNOWN = 4
# Distinct runs that are remembered; 2,000 articles of a newspaper hold 18,000.
_REMEMBERED = 50_000


class NameScanner:
    """Finds the places of a text where units may be named.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._reader = RunReader(gazetteer)
        self._dashed = DashedNames(gazetteer.dashed_names())
        self._exclusions = Exclusions(self._reader, self._dashed)
        self._is_idle = lru_cache(maxsize=_REMEMBERED)(self._names_nothing_alone)

    def scan(self, text: str) -> list[NameMention]:
        """Return the mentions in the order of the text; ``text[start:end] == surface`` in each."""
        mentions: list[NameMention] = []
        busy, barred, opened, listed_to = 0, 0, "", 0
        untyped = find_untyped(text)
        for start, run in find_runs(text):
            merged = next((kind for first, last, kind in untyped if first <= start < last), "")
            if start >= listed_to and not merged and self._is_idle(run) and not may_follow_type(text, start):
                continue
            if start < busy or (start and text[start - 1].isalnum()):
                continue
            run = self._dashed.whole(text, start, run)
            end = start + len(run)
            if run[0] in "qpQP" and (number := NUMBER.match(text, end)):
                busy = self._numbered(text, start, run, number, mentions)
                listed_to = _listed_to(mentions)
                continue
            busy = end
            if not (opened and _goes_on(text[barred:start], opened)):
                opened = self._read(text, start, run, mentions, merged)
                listed_to = _listed_to(mentions)
            barred = end
        if mentions and (mergers := find_mergers(text)):
            for mention in mentions:
                at = bisect_right(mergers, (mention.start, len(text))) - 1
                mention.merged = at >= 0 and mention.start < mergers[at][1]
        return mentions

    def _names_nothing_alone(self, run: str) -> bool:
        """Tell whether a run names nothing but behind a type word: "Trong", "Hội nghị", "Nguyễn Văn An".

        Most runs do, and come again in other articles.
        """
        announces = run.rstrip().lower() in TYPES or self._dashed.may_open(run)
        return not announces and not self._reader.read(run, "")

    def _read(self, text: str, start: int, run: str, mentions: list[NameMention], merged: str) -> str:
        """Add the mentions of one run; return "list" or "road" where it opens a list of villages or a road.

        ``merged`` is the type of what it was merged into, "" for none: "A và B thành xã C".
        """
        before, word = type_before(text, start)
        segments = self._reader.read(run, before)
        if merged and not before and not any(_is_larger(segment) for segment in segments):
            before = merged
            segments = self._reader.read(run, before)
        if not segments:
            if not before and start < _listed_to(mentions):
                self._unknown_on_list(text, start, run, mentions)
            return ""
        if not before and segments[0].first == 0 and not segments[0].type:
            if self._exclusions.is_other(text, start, word, segments[0].units):
                listed = OTHERS_LIST.search(text, max(0, start - 30), start) or (
                    VILLAGE.search(text, max(0, start - 10), start)
                    and IN_ONE_COMMUNE.match(text, start + len(run))
                )
                return "list" if listed else "road" if word in ROADS else ""
            if " " in segments[-1].key and (kind := _loose_list_before(text, start)):
                segments = _retyped(segments[0], kind)
        if self._exclusions.is_abroad(text, start + len(run)):
            return ""
        offsets = [found.span() for found in _SYLLABLE.finditer(run)]
        for segment in segments:
            if not segment.units and is_named_after_post(text, start, segment, len(offsets)):
                continue
            first = start + offsets[segment.first][0]
            last = start + offsets[segment.last - 1][1]
            mention = NameMention(
                start=first,
                end=last,
                surface=text[first:last],
                key=segment.key,
                type=segment.type,
                levels=segment.levels,
                units=segment.units,
                capitals=last - first > 3 and run.isupper(),
                weak=segment.first == 0 and word in _SIGHTS and not segment.type,
                located=(word in _LOCATING or not word or segment.first == 1 or text[last : last + 1] == ":"),
            )
            self._add(text, mention, mentions)
        return ""

    def _add(self, text: str, mention: NameMention, mentions: list[NameMention]) -> None:
        """Note how a mention hangs on the words before and after it, and add it."""
        start, end = mention.start, mention.end
        mention.former = FORMER.match(text, end) is not None
        mention.alone = (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
        if mentions:
            previous = mentions[-1]
            gap = text[previous.end : start] if start - previous.end <= _LONGEST_GAP else "\n"
            if "\n" not in gap:
                mention.gap = gap
                if gap[:1] == ")" and "(" in previous.gap and len(mentions) > 1:
                    previous, gap = mentions[-2], gap[1:]  # các huyện Tân Trụ (Long An), Ba Tri (Bến Tre)
                if not mention.type and LIST_GAP.fullmatch(gap):
                    mention.listed = previous.levels if previous.type else previous.listed
                    mention.list_type = previous.type or previous.list_type
                    mention.plural = _is_plural(text, previous)
        mentions.append(mention)

    def _numbered(
        self, text: str, start: int, word: str, number: re.Match[str], mentions: list[NameMention]
    ) -> int:
        """Add quận 1, 3 and 5 of "các quận 1, 3 và 5", and phường 3 Bảo Lộc; return where the list ends."""
        kind = word.strip().rstrip(".").lower()
        if kind not in TYPES or (len(kind) == 1 and text[start + 1] != "."):
            return number.end()
        name, levels = TYPES[kind]
        following: re.Match[str] | None = number
        last = start
        while following:
            first, last = following.span(1)
            key = str(int(following.group(1)))
            if end := self._name_end(text, last, key):
                key, last = name_key(f"{key}{text[last:end]}"), end
            units = tuple(unit for unit in self._gazetteer.named(key) if unit.level in levels)
            if not units:
                break
            surface = text[first:last]
            mention = NameMention(first, last, surface, key, name, levels, units)
            self._add(text, mention, mentions)
            following = NEXT_NUMBER.match(text, last)
        return last

    def _name_end(self, text: str, at: int, number: str) -> int:
        """Return where a name ends that goes on behind its number ("1 Bảo Lộc", "3 Bảo Lộc Lê Văn Hà"), 0 for none."""
        run = RUN.match(text, at + 1) if text.startswith(" ", at) else None
        words = run[0].split(" ") if run else []
        for count in range(min(len(words), _LONGEST_UNKNOWN), 0, -1):
            name = " ".join(words[:count])
            if self._gazetteer.named(f"{number} {name_key(name)}"):
                return at + 1 + len(name)
        return 0

    def _unknown_on_list(self, text: str, start: int, run: str, mentions: list[NameMention]) -> None:
        """Take "Kroong" in "các xã Ngọk Bay, Kroong" for a commune that the table lacks."""
        previous = mentions[-1]
        words = run.split(" ")
        if words[0].lower() in TYPES:
            return
        levels = previous.levels if previous.type else previous.listed
        if levels != COMMUNE or start - previous.end > _LONGEST_GAP:
            return
        if len(words) > _LONGEST_UNKNOWN or run.isupper() or self._reader.opens_with_surname(words):
            return
        if len(words) == 1 and not MANY_SYLLABLES.search(run.lower()):
            return
        if LIST_GAP.fullmatch(text[previous.end : start]) and _is_plural(text, previous):
            kind = previous.type or "xã"
            mention = NameMention(start, start + len(run), run, name_key(run), kind, levels, ())
            self._add(text, mention, mentions)
            mention.plural = True


def _is_larger(segment: Segment) -> bool:
    return bool(segment.type) or any(unit.level != "commune" for unit in segment.units)


def _listed_to(mentions: list[NameMention]) -> int:
    """Return where a run must begin before if it shall go on a list with the last mention."""
    return mentions[-1].end + _WIDEST_LIST_GAP if mentions else 0


def _goes_on(gap: str, opened: str) -> bool:
    """Tell whether a name goes on a list of villages or streets, or is a road's other end: "đường Vinh - Cửa Lò"."""
    if len(gap) > _LONGEST_GAP or not LIST_GAP.fullmatch(gap):
        return False
    return opened == "list" or gap.strip() in ("-", "–")


def _is_plural(text: str, mention: NameMention) -> bool:
    """Tell whether a mention opens or goes on a list: "các xã Bình Mỹ"."""
    if mention.plural or not mention.type:
        return mention.plural
    return PLURAL.search(text, max(0, mention.start - 60), mention.start) is not None


def _loose_list_before(text: str, start: int) -> str:
    """Return the type word of "các xã vùng trũng Hải Dương", "" for none."""
    window = text[max(0, start - 60) : start]
    if "các " not in window and "hai " not in window and "ba " not in window:
        return ""
    found = LOOSE_LIST.search(window)
    return found.group(1) if found else ""


def _retyped(segment: Segment, kind: str) -> tuple[Segment, ...]:
    """Read the name in "các xã vùng trũng Hải Dương" as the list's type asks, if it can be."""
    name, levels = TYPES[kind]
    units = tuple(unit for unit in segment.units if unit.level in levels)
    return (segment._replace(type=name, levels=levels, units=units),) if units else (segment,)
