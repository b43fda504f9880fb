"""Read one run of capitalized syllables: which of them name units, which announce a type, which a person."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.adminunits import AdminUnit
from nlp.gazetteer import Gazetteer
from nlp.places.syllables import SyllableReader
from nlp.places.typewords import DOUBTFUL, QUALIFIERS, type_width
from nlp.places.words import MANY_SYLLABLES, place_words
from nlp.types import Level
from nlp.unittypes import COMMITTEES, COMMUNE, TYPES

_DASH = re.compile("[-–—]")
_LONGEST_UNKNOWN = 4
# Runs seen are remembered: names come again from article to article.
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
        self._syllables = SyllableReader(gazetteer)
        self._openings = place_words("opening")
        self._brands = place_words("brand")
        self._other_names = place_words("other_name")
        self._schools = place_words("school")
        self._offices = place_words("office")
        self._countries = place_words("country")
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
        return len(words) > 2 and self._syllables.key(words[0]) in self._syllables.surnames

    def _segments(self, words: list[str], before: str) -> list[Segment]:
        keys = [self._syllables.key(word) for word in words]
        capitals = len(words) > 2 and all(word.isupper() for word in words)
        segments: list[Segment] = []
        pending = before
        at = 0
        while at < len(keys):
            width = type_width(keys, at)
            if keys[at] in COMMITTEES and self._syllables.opens_committee(keys, at):
                pending = COMMITTEES[keys[at]]  # BAN THƯỜNG VỤ TỈNH ỦY NINH THUẬN
                at += 2
            elif width and not self._syllables.opens_name(keys, at, pending):
                pending = " ".join(keys[at : at + width])
                at += width
                if " ".join(keys[at : at + 2]) in QUALIFIERS:  # XÃ BIÊN GIỚI IA PNÔN
                    at += 2
            elif pending:
                segment = self._typed(words, keys, at, pending)
                at = segment.last if segment else self._after_nothing(keys, at, pending, capitals=capitals)
                segments.extend([segment] if segment else [])
                pending = ""
            else:
                bare = self._bare(words, keys, at, segments)
                segments.extend([bare] if bare else [])
                at = bare.last if bare else self._after_nothing(keys, at, "", capitals=capitals)
        return segments

    def _after_nothing(self, keys: list[str], at: int, pending: str, *, capitals: bool) -> int:
        """Return where to read on after syllables that name nothing; the end of the run behind a person's name."""
        if not pending:
            body = self._syllables.is_body(keys)
            person = at == 0 and not capitals and keys[0] in self._syllables.surnames and not body
            return len(keys) if person else at + 1
        if pending in DOUBTFUL or self._syllables.is_wider(keys, at, pending):
            return at  # Sở TT&TT Lạng Sơn; các xã ngoại thành Hà Nội
        # UBND TỈNH TỔ CHỨC HỘI NGHỊ TẠI HUYỆN THOẠI SƠN
        return self._next_type(keys, at) if capitals else len(keys)

    def _next_type(self, keys: list[str], at: int) -> int:
        """Return where the next type word stands, the end of the run for none."""
        return next((place for place in range(at, len(keys)) if type_width(keys, place)), len(keys))

    def _typed(self, words: list[str], keys: list[str], at: int, pending: str) -> Segment | None:
        """Read the name that a type word announces; None where it announces something else."""
        kind, levels = TYPES[pending]
        if pending == "tỉnh" and (width := self._syllables.bygone_width(keys, at)):
            return Segment(at, at + width, kind, levels, (), " ".join(keys[at : at + width]))
        length, units = self._syllables.longest(keys, at, levels)
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
            and keys[end] not in self._syllables.surnames
            and not self._syllables.longest(keys, end, None)[0]
        )

    def _unknown(self, words: list[str], keys: list[str], at: int, pending: str) -> Segment | None:
        kind, levels = TYPES[pending]
        capitals = len(words) > 1 and all(word.isupper() for word in words)
        if (
            capitals
            or pending in DOUBTFUL
            or levels[0] == "province"
            or self._syllables.is_wider(keys, at, pending)
        ):
            return None
        if keys[at] in self._syllables.surnames and levels != COMMUNE:
            return None
        last = at + 1
        while (
            last < len(keys)
            and last - at < _LONGEST_UNKNOWN
            and not type_width(keys, last)
            and not (self._syllables.may_be_person(keys, last) and last - at >= 2 and keys[at] != "nông")
        ):
            last += 1
        name = words[at:last]
        if len(name) == 1 and not MANY_SYLLABLES.search(keys[at]):
            return None
        if any(word.isupper() and len(word) > 1 for word in name):
            return None
        if len(name) > 2 and keys[at] in self._syllables.surnames:
            return None
        if "thị" in keys[at + 1 : last] or "văn" in keys[at + 1 : last]:
            return None  # a person: "Chủ tịch UBND huyện Katơr Thị Nhuần"
        key = " ".join(keys[at:last])
        return None if key in self._countries else Segment(at, last, kind, levels, (), key)

    def _bare(self, words: list[str], keys: list[str], at: int, before: list[Segment]) -> Segment | None:
        if " ".join(keys[at : at + 3]) in self._other_names:
            return None
        length, units = self._syllables.longest(keys, at, None)
        if length and self._may_be_bare(words, keys, (at, at + length), units, before):
            return Segment(at, at + length, "", (), units, " ".join(keys[at : at + length]))
        if at == 0 and keys[0] in self._openings and len(keys) > 1:  # "Ở Hoàng Su Phì, …"
            length, units = self._syllables.longest(keys, 1, None)
            if length == len(keys) - 1 and " ".join(keys[1:4]) not in self._other_names:
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
            return (
                end - at > 1 and previous not in self._syllables.surnames and previous not in ("văn", "thị")
            )
        large = any(unit.level != "commune" for unit in units)
        if at == 0:
            named_person = large and rest >= 2 and keys[end] in self._syllables.surnames
            return rest == 0 or named_person or (large and type_width(keys, end) > 0)
        if before and before[-1].last == at:
            return rest == 0 or keys[end] in self._syllables.surnames
        if keys[at - 1] in self._schools:
            return True
        if keys[at - 1] in self._syllables.surnames and not (at == 1 and self._syllables.is_body(keys)):
            return False
        first = 1 if keys[0] in self._openings and at > 1 else 0  # "Theo Báo Cần Thơ"
        abbreviated = words[first].isupper() and len(words[first]) > 1 and keys[first] not in self._brands
        person = rest >= 2 and keys[end] in self._syllables.surnames  # UBND Nghệ An | Nguyễn Đức Trung
        if (rest and not person) or not self._brands.isdisjoint(keys[first:at]):
            return False
        if keys[first] in self._offices and large:
            return True  # UBND Thoại Sơn
        head = keys[first] in self._syllables.bodies or abbreviated
        return head and any(unit.level == "province" for unit in units)
