"""Read one run of capitalized syllables: which of them name units, which announce a type, which a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.gazetteer import AdminUnit, Gazetteer, name_key
from nlp.places.words import COMMUNE, DOUBTFUL, MANY_SYLLABLES, QUALIFIERS, TYPES, place_words, type_width
from nlp.types import Level

_DASH = re.compile("[-–—]")
_LONGEST_UNKNOWN = 4
# Runs and syllables seen are remembered: names come again from article to article.
_REMEMBERED = 20_000


class Segment(NamedTuple):
    """A part of a run that may name a unit: syllables ``[first, last)``, the type word not included."""

    first: int
    last: int
    type: str
    levels: tuple[Level, ...]
    units: tuple[AdminUnit, ...]
    key: str


class RunReader:
    """Reads runs by the names of a gazetteer.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._surnames = place_words("surname")
        self._bodies = place_words("body")
        self._openings = place_words("opening")
        self._brands = place_words("brand")
        self._other_names = place_words("other_name")
        self._schools = place_words("school")
        self._keys: dict[str, str] = {}
        self._read: dict[tuple[str, str], tuple[Segment, ...]] = {}

    def read(self, run: str, before: str) -> tuple[Segment, ...]:
        """Return the segments of a run, in order.

        Args:
            run: Capitalized syllables with single blanks or dashes between them.
            before: The type word in front of the run, "" for none.
        """
        segments = self._read.get((run, before))
        if segments is None:
            if len(self._read) > _REMEMBERED:
                self._read.clear()
            words = _DASH.sub(" ", run).split() if "-" in run or "–" in run else run.split(" ")
            segments = self._read[run, before] = tuple(self._segments(words, before))
        return segments

    def opens_with_surname(self, words: Sequence[str]) -> bool:
        """Tell whether a run looks like a person's name: a surname and at least two syllables more."""
        return len(words) > 2 and self.key(words[0]) in self._surnames

    def key(self, word: str) -> str:
        """Return the ``name_key`` of one syllable."""
        key = self._keys.get(word)
        if key is None:
            if len(self._keys) > _REMEMBERED:
                self._keys.clear()
            key = self._keys[word] = name_key(word)
        return key

    def _segments(self, words: list[str], before: str) -> list[Segment]:
        keys = [self.key(word) for word in words]
        capitals = len(words) > 2 and all(word.isupper() for word in words)
        segments: list[Segment] = []
        pending = before
        at = 0
        while at < len(keys):
            width = type_width(keys, at)
            if width and not (pending and self._longest(keys, at, TYPES[pending][1])[0] > 1):
                pending = " ".join(keys[at : at + width])
                at += width
                if " ".join(keys[at : at + 2]) in QUALIFIERS:  # XÃ BIÊN GIỚI IA PNÔN
                    at += 2
            elif pending:
                segment = self._typed(words, keys, at, pending)
                if segment is None and pending in DOUBTFUL:
                    pending = ""  # Sở TT&TT Lạng Sơn
                    continue
                if segment is None:
                    break
                segments.append(segment)
                at, pending = segment.last, ""
            else:
                bare = self._bare(words, keys, at, segments)
                if bare:
                    segments.append(bare)
                    at = bare.last
                elif at == 0 and not capitals and keys[0] in self._surnames and not self._is_body(keys):
                    break
                else:
                    at += 1
        return segments

    def _typed(self, words: list[str], keys: list[str], at: int, pending: str) -> Segment | None:
        """Read the name that a type word announces; None where it announces something else."""
        kind, levels = TYPES[pending]
        length, units = self._longest(keys, at, levels)
        name = " ".join(keys[at : at + length])
        named_so = pending not in DOUBTFUL and any(unit.type == kind for unit in units)
        if length == 1 and len(name) < 3 and not named_so:
            return None  # phường V is a unit, "xã V." hides one, "anh P.V." too
        if len(pending) == 1 and length == 1 and not MANY_SYLLABLES.search(name):
            return None  # "Ảnh: X.Thắng"
        if pending in DOUBTFUL and any(unit.level == "province" for unit in self._gazetteer.named(name)):
            return None
        if keys[at : at + 2] == ["nông", "trường"] and words[at + 1] == "trường" and length == 2:
            length = 0  # thị trấn Nông trường Mộc Châu, not xã Nông Trường
        if length and not self._goes_on(words, keys, at + length, levels, length):
            return Segment(at, at + length, kind, levels, units, name)
        return self._unknown(words, keys, at, pending)

    def _goes_on(
        self, words: list[str], keys: list[str], end: int, levels: tuple[Level, ...], length: int
    ) -> bool:
        """Tell whether a known name of one or two syllables is but the head of one that nobody listed."""
        return (
            levels == COMMUNE
            and length < 3
            and len(keys) - end == 1
            and not words[end].isupper()
            and not words[end].isdigit()
            and keys[end] not in self._surnames
            and not self._longest(keys, end, None)[0]
        )

    def _unknown(self, words: list[str], keys: list[str], at: int, pending: str) -> Segment | None:
        kind, levels = TYPES[pending]
        capitals = len(words) > 1 and all(word.isupper() for word in words)
        if capitals or pending in DOUBTFUL or levels[0] == "province":
            return None
        if keys[at] in self._surnames and levels != COMMUNE:
            return None
        last = at + 1
        while (
            last < len(keys)
            and last - at < _LONGEST_UNKNOWN
            and not type_width(keys, last)
            and not (self._may_be_person(keys, last) and last - at >= 2 and keys[at] != "nông")
        ):
            last += 1
        name = words[at:last]
        if len(name) == 1 and not MANY_SYLLABLES.search(keys[at]):
            return None
        if any(word.isupper() and len(word) > 1 for word in name):
            return None
        if len(name) > 2 and keys[at] in self._surnames:
            return None
        if "thị" in keys[at + 1 : last] or "văn" in keys[at + 1 : last]:
            return None  # a person: "Chủ tịch UBND huyện Katơr Thị Nhuần"
        return Segment(at, last, kind, levels, (), " ".join(keys[at:last]))

    def _is_body(self, keys: list[str]) -> bool:
        """Tell whether "Đoàn Bắc Giang" is a province's delegation rather than a person surnamed Đoàn."""
        if keys[0] not in self._bodies or len(keys) < 2:
            return False
        length, units = self._longest(keys, 1, None)
        return length == len(keys) - 1 and any(unit.level == "province" for unit in units)

    def _may_be_person(self, keys: list[str], at: int) -> bool:
        return keys[at] in self._surnames and len(keys) - at > 1

    def _bare(self, words: list[str], keys: list[str], at: int, before: list[Segment]) -> Segment | None:
        if " ".join(keys[at : at + 3]) in self._other_names:
            return None
        length, units = self._longest(keys, at, None)
        if length and self._may_be_bare(words, keys, (at, at + length), units, before):
            return Segment(at, at + length, "", (), units, " ".join(keys[at : at + length]))
        if at == 0 and keys[0] in self._openings and len(keys) > 1:  # "Ở Hoàng Su Phì, …"
            length, units = self._longest(keys, 1, None)
            if length == len(keys) - 1:
                return Segment(1, len(keys), "", (), units, " ".join(keys[1:]))
        return None

    def _may_be_bare(
        self,
        words: list[str],
        keys: list[str],
        span: tuple[int, int],
        units: tuple[AdminUnit, ...],
        before: list[Segment],
    ) -> bool:
        """Tell whether a name without a type word can be a unit's, by the rest of its run."""
        at, end = span
        rest = len(keys) - end
        if len(words) > 2 and all(word.isupper() for word in words):
            previous = keys[at - 1] if at else ""
            return end - at > 1 and previous not in self._surnames and previous not in ("văn", "thị")
        large = any(unit.level != "commune" for unit in units)
        if at == 0:
            named_person = large and rest >= 2 and keys[end] in self._surnames
            return rest == 0 or named_person or (large and type_width(keys, end) > 0)
        if before and before[-1].last == at:
            return rest == 0 or keys[end] in self._surnames
        if keys[at - 1] in self._schools:
            return True
        if keys[at - 1] in self._surnames and not (at == 1 and self._is_body(keys)):
            return False
        first = 1 if keys[0] in self._openings and at > 1 else 0  # "Theo Báo Cần Thơ"
        abbreviated = words[first].isupper() and len(words[first]) > 1 and keys[first] not in self._brands
        head = keys[first] in self._bodies or abbreviated
        return rest == 0 and head and any(unit.level == "province" for unit in units)

    def _longest(
        self, keys: list[str], at: int, levels: tuple[Level, ...] | None
    ) -> tuple[int, tuple[AdminUnit, ...]]:
        """Return the length and the units of the longest name that opens at a syllable."""
        if levels is None and keys[at].isdigit():
            return 0, ()  # quận 7 is a name, "Trong 7 năm" holds none
        longest = min(self._gazetteer.longest_name(keys[at]), len(keys) - at)
        for length in range(longest, 0, -1):
            units = self._gazetteer.named(" ".join(keys[at : at + length]))
            if levels is not None and units:
                units = tuple(unit for unit in units if unit.level in levels)
            if units:
                return length, units
        return 0, ()
