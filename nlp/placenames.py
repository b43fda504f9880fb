"""Find where a text names units: runs of capitalized syllables, read with the words around them.

A type word ("huyện", "TP.", "xã") fixes the level of what follows it; a bare name is only noted with
every unit that bears it, for ``nlp.placelinks`` to accept or drop. Persons, rivers, streets and
villages are left out here, by the word before them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import NamedTuple

from nlp.gazetteer import AdminUnit, Gazetteer, name_key
from nlp.types import Level

WORDS_FILE = Path(__file__).resolve().parent.parent / "data" / "place_words.csv"

_UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SYLLABLE = rf"[{_UPPER}]\w*(?:['’‘`´]\w+)*"
_NOT_A_NUMBERED_UNIT = (
    r"(?![\w/%]|[.,-]\d|[ ](?:năm|tháng|ngày|người|lần|tỷ|tỉ|triệu|ngàn|nghìn|căn|hộ|xã|phường|ha|tuổi)\b)"
)
_RUN = re.compile(
    rf"""
      (?<!\w){_SYLLABLE}                   # 1. a capitalized syllable,
      (?:[ ](?:{_SYLLABLE}                 #    others after single blanks,
          |\d{{1,2}}(?![\w/%]|[.,-]\d)))*  #    or a number that is part of a name (Mỹ Đình 1)
    | (?<!\w)(?:quận|phường)[ ]?(?=\d)     # 2. a numbered unit, the number read by the caller
    """,
    re.VERBOSE,
)
_NUMBER = re.compile(rf"\.?[ ]?(\d{{1,2}}){_NOT_A_NUMBERED_UNIT}")
_NEXT_NUMBER = re.compile(rf"(?:,[ ]?|[ ](?:và|hoặc|hay)[ ]|[ ]?-[ ]?)(\d{{1,2}}){_NOT_A_NUMBERED_UNIT}")
# Names with a dash inside: the run goes on behind it.
_AFTER_DASH = {
    "bà rịa": re.compile(r"\s?[-–—]\s?(?i:vũng tàu)(?!\w)"),
    "thừa thiên": re.compile(r"\s?[-–—]\s?(?i:huế)(?!\w)"),
    "phan rang": re.compile(r"\s?[-–—]\s?(?i:tháp chàm)(?!\w)"),
    "br": re.compile(r"-(?:VT)(?!\w)"),
    "tt": re.compile(r"[- ]?-[ ]?(?i:huế)(?!\w)"),
}

PROVINCE: tuple[Level, ...] = ("province",)
DISTRICT: tuple[Level, ...] = ("district",)
COMMUNE: tuple[Level, ...] = ("commune",)
_TYPES: dict[str, tuple[str, tuple[Level, ...]]] = {
    "tỉnh": ("tỉnh", PROVINCE),
    "thành phố": ("thành phố", ("province", "district")),
    "tp": ("thành phố", ("province", "district")),
    "t.p": ("thành phố", ("province", "district")),
    "huyện": ("huyện", DISTRICT),
    "h": ("huyện", DISTRICT),
    "quận": ("quận", DISTRICT),
    "q": ("quận", DISTRICT),
    "thị xã": ("thị xã", DISTRICT),
    "tx": ("thị xã", DISTRICT),
    "t.x": ("thị xã", DISTRICT),
    "xã": ("xã", COMMUNE),
    "x": ("xã", COMMUNE),
    "phường": ("phường", COMMUNE),
    "p": ("phường", COMMUNE),
    "thị trấn": ("thị trấn", COMMUNE),
    "tt": ("thị trấn", COMMUNE),
    "t.t": ("thị trấn", COMMUNE),
    "đặc khu": ("đặc khu", COMMUNE),
}
# Abbreviations that stand for much else (TT: thông tin, P.: phòng); they count before known names only.
_DOUBTFUL = frozenset("h q x p tt t.t".split())
_NEEDS_DOT = frozenset("h q x p".split())
_FIRST_HALVES = {"phố": "thành", "xã": "thị", "trấn": "thị", "khu": "đặc"}
# "huyện đảo Lý Sơn", "xã biên giới Ia Dom", "thành phố biển Nha Trang"
_QUALIFIED = re.compile(
    r"(?i:(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))[ ]"
    r"(?:[\"“]?đảo[\"”]?|miền núi|biên giới|vùng cao|vùng biên|nghèo|cù lao|ven biển|bãi ngang|biển|cảng|trẻ"
    r"|ngoại thành|nông thôn mới|vùng sâu|anh hùng|du lịch|bạn|trung du|thuần nông|là|như|gồm|lân cận|ven)"
    r"(?:[ ](?:là|như|gồm|của))?$"
)
_QUALIFIER_ENDS = frozenset(
    'đảo đảo” đảo" núi giới cao biên nghèo lao biển ngang cảng trẻ thành mới sâu hùng lịch bạn du nông là như gồm '
    "của cận ven".split()
)
_PLURAL = re.compile(
    r"(?i:(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|cả|nhiều|\d+)[ ]"
    r"(?:\w+[ ]){0,3}?(?:tỉnh|thành|huyện|quận|thị|xã|phường|đặc|tp))(?:[\w ,]){0,30}:?[ ]?$"
)
_FORMER = re.compile(r"[\"”]?\s*\(?(?:cũ|trước đây|trước kia|trước sáp nhập|trước khi|ngày trước|xưa)\b")
_LIST_GAP = re.compile(r"(?:,(?: và| hay| hoặc)?|;| và| hoặc| hay|,? cùng| lẫn| với| đến) |\s?[-–—/]\s?")
_DASH = re.compile("[-–—]")
_LONGEST_GAP = 24
_LONGEST_UNKNOWN = 4
_CACHED_RUNS = 20_000


class Segment(NamedTuple):
    """A part of a run that may name a unit: syllables ``[first, last)``."""

    first: int
    last: int
    type: str
    levels: tuple[Level, ...]
    units: tuple[AdminUnit, ...]
    key: str


@dataclass(slots=True, eq=False)
class NameMention:
    """A stretch of the text where a unit may be named.

    ``type`` is the type word that the text gives, "" for a bare name; ``units`` are all states of all
    units that bear the name at a fitting level. ``gap`` is what stands between the mention before and
    this one while that is short, else "". ``listed`` is the level of the list that a bare name goes
    on, if it does.
    """

    start: int
    end: int
    surface: str
    key: str
    type: str
    levels: tuple[Level, ...]
    units: tuple[AdminUnit, ...]
    gap: str = ""
    former: bool = False
    plural: bool = False
    listed: tuple[Level, ...] = ()
    capitals: bool = False
    alone: bool = False
    whole: bool = True
    links: list[AdminUnit] = field(default_factory=list)


@cache
def place_words(kind: str) -> frozenset[str]:
    """Return the words of one kind in ``data/place_words.csv``."""
    rows = (line.split(",", 2) for line in WORDS_FILE.read_text(encoding="utf-8").splitlines()[1:])
    return frozenset(word for word, its_kind, _ in rows if its_kind == kind)


class NameScanner:
    """Finds the places of a text where units may be named.

    Args:
        gazetteer: The table of units.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self._surnames = place_words("surname")
        self._before_person = place_words("before_person")
        self._before_other = place_words("before_other")
        self._bodies = place_words("body")
        self._keys: dict[str, str] = {}
        self._runs: dict[tuple[str, str], tuple[Segment, ...]] = {}

    def scan(self, text: str) -> list[NameMention]:
        """Return the mentions in the order of the text; ``text[start:end] == surface`` in each."""
        mentions: list[NameMention] = []
        busy = 0
        for found in _RUN.finditer(text):
            start, end = found.span()
            if start < busy:
                continue
            run = found.group()
            dashed = (
                _AFTER_DASH.get(run[run.rfind(" ", 0, run.rfind(" ")) + 1 :].lower()) if "-" in text else None
            )
            if dashed and (tail := dashed.match(text, end)):
                end = tail.end()
                run = text[start:end]
            if run[0] in "qpQP" and (number := _NUMBER.match(text, end)):
                busy = self._numbered(text, start, run, number, mentions)
                continue
            self._run(text, start, run, mentions)
            busy = end
        return mentions

    def _run(self, text: str, start: int, run: str, mentions: list[NameMention]) -> None:
        before, word = _type_before(text, start)
        segments = self._runs.get((run, before))
        if segments is None:
            if len(self._runs) > _CACHED_RUNS:
                self._runs.clear()
            segments = self._runs[run, before] = tuple(self._segments(_DASH.sub(" ", run).split(), before))
        previous = mentions[-1] if mentions else None
        if not segments:
            if previous and not before and (previous.plural or previous.listed):
                self._unknown_on_list(text, start, run, previous, mentions)
            return
        if (
            not before
            and segments[0].first == 0
            and not segments[0].type
            and self._is_other(text, start, word)
        ):
            return
        offsets = _offsets(run)
        for segment in segments:
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
                whole=segment.first == 0 and segment.last == len(offsets),
            )
            self._relate(text, mention, start, mentions)
            mentions.append(mention)

    def _relate(
        self, text: str, mention: NameMention, run_start: int, mentions: Sequence[NameMention]
    ) -> None:
        """Note how a mention hangs on the words before and after it."""
        start, end = mention.start, mention.end
        mention.former = _FORMER.match(text, end) is not None
        mention.alone = (start == 0 or text[start - 1] == "\n") and (end == len(text) or text[end] == "\n")
        if mention.type:
            mention.plural = _PLURAL.search(text, max(0, start - 60), start) is not None
        if not mentions:
            return
        previous = mentions[-1]
        if start - previous.end <= _LONGEST_GAP:
            gap = text[previous.end : start]
            if "\n" not in gap:
                mention.gap = gap
                if not mention.type and _LIST_GAP.fullmatch(gap):
                    mention.listed = previous.levels if previous.type else previous.listed

    def _numbered(
        self, text: str, start: int, word: str, number: re.Match[str], mentions: list[NameMention]
    ) -> int:
        """Add quận 1, 3 and 5 of "các quận 1, 3 và 5"; return where the list ends."""
        key = word.strip().rstrip(".").lower()
        if key not in _TYPES or (key in _NEEDS_DOT and text[start + len(key)] != "."):
            return number.end()
        kind, levels = _TYPES[key]
        while True:
            first, last = number.span(1)
            name = str(int(number.group(1)))
            units = tuple(unit for unit in self._gazetteer.named(name) if unit.level in levels)
            if units:
                mention = NameMention(
                    start=first,
                    end=last,
                    surface=text[first:last],
                    key=name,
                    type=kind,
                    levels=levels,
                    units=units,
                )
                self._relate(text, mention, first, mentions)
                mentions.append(mention)
            following = _NEXT_NUMBER.match(text, last)
            if following is None or not units:
                return last
            number = following

    def _unknown_on_list(
        self, text: str, start: int, run: str, previous: NameMention, mentions: list[NameMention]
    ) -> None:
        """Take "Kroong" in "các xã Ngọk Bay, Kroong" for a commune that the table lacks."""
        gap = text[previous.end : start] if start - previous.end <= _LONGEST_GAP else ""
        words = run.split(" ")
        if not _LIST_GAP.fullmatch(gap) or len(words) > _LONGEST_UNKNOWN or run.isupper():
            return
        if self._key(words[0]) in self._surnames and len(words) > 2:
            return
        levels = previous.levels if previous.type else previous.listed
        if levels != COMMUNE:
            return
        mention = NameMention(
            start=start,
            end=start + len(run),
            surface=run,
            key=name_key(run),
            type=previous.type or "xã",
            levels=levels,
            units=(),
        )
        self._relate(text, mention, start, mentions)
        mention.plural = True
        mentions.append(mention)

    def _is_other(self, text: str, start: int, word: str) -> bool:
        """Tell whether the word before a bare name makes it a person, a river, a street …"""
        if word in self._before_person or word in self._before_other:
            return True
        if " " not in text[max(0, start - 16) : start].strip():
            return False
        pair = " ".join(text[max(0, start - 16) : start].lower().split()[-2:])
        return pair in self._before_other or pair in self._before_person

    def _segments(self, words: list[str], before: str) -> list[Segment]:
        """Read one run, given the type word before it ("" for none)."""
        keys = [self._key(word) for word in words]
        capitals = len(words) > 2 and all(word.isupper() for word in words)
        segments: list[Segment] = []
        pending = before
        at = 0
        while at < len(keys):
            width = _type_width(keys, at)
            if width and not (pending and self._longest(keys, at, _TYPES[pending][1])[0] > 1):
                pending = " ".join(keys[at : at + width])
                at += width
                continue
            if pending:
                at, segment = self._typed(words, keys, at, pending, capitals)
                pending = ""
                if segment is None:
                    break
                segments.append(segment)
                continue
            length, units = self._longest(keys, at, None)
            if length and self._may_be_bare(words, keys, at, length, units, segments, capitals):
                segments.append(Segment(at, at + length, "", (), units, " ".join(keys[at : at + length])))
                at += length
                continue
            if at == 0 and not capitals and keys[0] in self._surnames:
                break
            at += 1
        return segments

    def _typed(
        self, words: list[str], keys: list[str], at: int, pending: str, capitals: bool
    ) -> tuple[int, Segment | None]:
        """Read the name that a type word announces; None where it announces something else."""
        kind, levels = _TYPES[pending]
        length, units = self._longest(keys, at, levels)
        rest = len(keys) - at - length
        unknown = not length
        if (
            length
            and rest == 1
            and not capitals
            and levels == COMMUNE
            and length < 3
            and not words[-1].isupper()
        ):
            unknown = self._longest(keys, at + length, None)[0] == 0 and keys[-1] not in self._surnames
        if not unknown:
            return at + length, Segment(
                at, at + length, kind, levels, units, " ".join(keys[at : at + length])
            )
        if (
            capitals
            or pending in _DOUBTFUL
            or levels[0] == "province"
            or keys[at] in self._surnames - {"hồng"}
        ):
            return at, None
        stop = at + 1
        while (
            stop < len(keys)
            and stop - at < _LONGEST_UNKNOWN
            and not _type_width(keys, stop)
            and not (keys[stop] in self._surnames and stop - at >= 2)
        ):
            stop += 1
        if any(word.isupper() and len(word) > 1 for word in words[at:stop]):
            return at, None
        return stop, Segment(at, stop, kind, levels, (), " ".join(keys[at:stop]))

    def _may_be_bare(
        self,
        words: list[str],
        keys: list[str],
        at: int,
        length: int,
        units: tuple[AdminUnit, ...],
        segments: list[Segment],
        capitals: bool,
    ) -> bool:
        rest = len(keys) - at - length
        if capitals:
            previous = keys[at - 1] if at else ""
            return length > 1 and previous not in self._surnames and previous not in ("văn", "thị")
        if at == 0:
            large = any(unit.level != "commune" for unit in units)
            return (
                rest == 0
                or (large and rest >= 2 and keys[length] in self._surnames)
                or (large and (_type_width(keys, length) > 0))
            )
        if segments and segments[-1].last == at:
            return rest == 0 or keys[at + length] in self._surnames
        head = keys[0] in self._bodies or (words[0].isupper() and len(words[0]) > 1)
        return rest == 0 and head and any(unit.level == "province" for unit in units)

    def _longest(
        self, keys: list[str], at: int, levels: tuple[Level, ...] | None
    ) -> tuple[int, tuple[AdminUnit, ...]]:
        """Return the length and the units of the longest name that opens at a syllable."""
        longest = min(self._gazetteer.longest_name(keys[at]), len(keys) - at)
        for length in range(longest, 0, -1):
            units = self._gazetteer.named(" ".join(keys[at : at + length]))
            if levels is not None and units:
                units = tuple(unit for unit in units if unit.level in levels)
            if units:
                return length, units
        return 0, ()

    def _key(self, word: str) -> str:
        key = self._keys.get(word)
        if key is None:
            if len(self._keys) > _CACHED_RUNS:
                self._keys.clear()
            key = self._keys[word] = name_key(word)
        return key


def _type_width(keys: Sequence[str], at: int) -> int:
    """Return how many syllables of a type word stand at a place, 0 for none or for the last ones."""
    if at + 1 >= len(keys):
        return 0
    key = keys[at]
    if key in ("thành", "thị", "đặc"):
        return 2 if at + 2 < len(keys) and f"{key} {keys[at + 1]}" in _TYPES else 0
    return 1 if key in _TYPES and key not in _NEEDS_DOT else 0


def _type_before(text: str, start: int) -> tuple[str, str]:
    """Return the type word that ends right before a run ("" for none), and the word before it."""
    end = start
    while end and start - end < 3 and text[end - 1] in ' "“:':
        end -= 1
    if not end or (end == start and text[end - 1] != "."):
        return "", ""
    begin = max(text.rfind(" ", max(0, end - 12), end), text.rfind("\n", max(0, end - 12), end)) + 1
    raw = text[begin:end].lower()
    word = raw.lstrip('("“[–-').rstrip(".")
    if ":" in text[end:start] and word not in _TYPES and word not in _FIRST_HALVES:
        return "", ":"
    if word in _FIRST_HALVES:
        first = _FIRST_HALVES[word]
        if text[max(0, begin - len(first) - 1) : begin - 1].lower() == first and f"{first} {word}" in _TYPES:
            return f"{first} {word}", word
    if word in _TYPES:
        if word in _NEEDS_DOT and not raw.endswith("."):
            return "", word
        return word, word
    if raw.endswith(".") and end == start and "." in word:
        word = word.rsplit(".", 1)[-1]
        return (word, word) if word in _TYPES else ("", word)
    if word in _QUALIFIER_ENDS and (found := _QUALIFIED.search(text, max(0, end - 40), end)):
        return found.group(1).lower(), word
    return "", word


def _offsets(run: str) -> list[tuple[int, int]]:
    """Return where each syllable of a run begins and ends."""
    return [found.span() for found in re.finditer(r"[^\s–—-]+", run)]
