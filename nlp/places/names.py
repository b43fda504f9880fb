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
from nlp.places.numbers import NumberReader
from nlp.places.runs import RunReader, Segment
from nlp.places.spans import DashedNames, find_runs
from nlp.places.typewords import may_follow_type, type_before
from nlp.places.words import (
    FORMER,
    IN_ONE_COMMUNE,
    LIST_GAP,
    LOOSE_LIST,
    MANY_SYLLABLES,
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
_BEHIND_LAST_SENTENCE = re.compile(r"[.!?…][/\"”)]* \Z")
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
        self._numbers = NumberReader(gazetteer)
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
                numbered, busy = self._numbers.read(text, start, run, number)
                for mention in numbered:
                    self._add(text, mention, mentions)
                self._numbers.name_in_full(mentions)
                listed_to = _listed_to(mentions)
                continue
            busy = end
            if not (opened and self._goes_on(text[barred:start], opened, run)):
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

    def _goes_on(self, gap: str, opened: str, run: str) -> bool:
        """Tell whether a name goes on a list of villages, or is the other end of "đường Vinh - Cửa Lò".

        Of a site, "khu đô thị mới Đại Kim - Định Công", only a commune's name is: "sân bay Nội Bài - Hà Nội".
        """
        if len(gap) > _LONGEST_GAP or not LIST_GAP.fullmatch(gap):
            return False
        if opened == "list":
            return True
        if gap.strip() not in ("-", "–"):
            return False
        return opened == "road" or not any(map(_is_larger, self._reader.read(run, "")))

    def _read(self, text: str, start: int, run: str, mentions: list[NameMention], merged: str) -> str:
        """Add the mentions of one run; return "list", "road" or "site" where it opens what is none of ours.

        "list" is of villages or streets; "site" is whatever else the word before the run names.

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
                return "list" if listed else "road" if word in ROADS else "site"
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
        mention.alone = _stands_alone(text, start, end)
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


def _stands_alone(text: str, start: int, end: int) -> bool:
    """Tell whether a name has a line to itself, or ends the text behind its last sentence, as bylines do."""
    if end == len(text) and _BEHIND_LAST_SENTENCE.search(text, max(0, start - 4), start):
        return True
    return (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")


def _is_larger(segment: Segment) -> bool:
    return bool(segment.type) or any(unit.level != "commune" for unit in segment.units)


def _listed_to(mentions: list[NameMention]) -> int:
    """Return where a run must begin before if it shall go on a list with the last mention."""
    return mentions[-1].end + _WIDEST_LIST_GAP if mentions else 0


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
