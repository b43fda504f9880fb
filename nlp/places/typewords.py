"""The type word before a name ("TX.", "huyện đảo", "Huyện ủy"), and how much of a run is one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.unittypes import COMMITTEES, TYPES

# Abbreviations that stand for much else (TT: thông tin, P.: phòng); they count before known names only.
DOUBTFUL = frozenset("h q x p tt t.t".split())
_NEEDS_STOP = frozenset("h q x p".split())
_MAY_STOP = frozenset("tp t.p tx t.x tt t.t".split())
# Of "tp." and the like, with a bracket before it; a longer word with a stop ends a sentence.
_LONGEST_STOPPED = 5
# What may stand between a blank and a word.
_OPENINGS = '("“[–-'
# hợp tác xã, thông tấn xã, bà xã, ông xã; phố phường
_MAKES_ANOTHER_WORD = frozenset("tác tấn bà ông phố".split())
_SECOND_HALVES = {"phố": "thành", "xã": "thị", "trấn": "thị", "khu": "đặc"}
_FIRST_HALVES = frozenset(_SECOND_HALVES.values())
# "huyện đảo Lý Sơn", "xã biên giới Ia Dom", "thành phố biển Nha Trang"
_QUALIFIED = re.compile(
    r"(?i:(?<!\w)(tỉnh|thành phố|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu))[ ]"
    r"(?:[\"“]?đảo[\"”]?|miền núi|biên giới|vùng cao|vùng biên|nghèo|cù lao|ven biển|bãi ngang|biển|cảng|trẻ"
    r"|ngoại thành|nông thôn mới|vùng sâu|anh hùng|du lịch|bạn|trung du|thuần nông|là|như|gồm|lân cận|ven)"
    r"(?:[ ](?:là|như|gồm))?$"
)
QUALIFIERS = frozenset(("biên giới", "miền núi", "vùng cao", "vùng biên", "ven biển", "cù lao"))
_QUALIFIER_ENDS = frozenset(
    'đảo đảo” đảo" núi giới cao biên nghèo lao biển ngang cảng trẻ thành mới sâu hùng lịch bạn du nông là như gồm '
    "cận ven".split()
)

# Huyện ủy, Tỉnh đoàn
_COMMITTEE_WORDS = ("ủy", "uỷ", "đoàn")
_MAY_END_TYPE = _QUALIFIER_ENDS.union(TYPES, _SECOND_HALVES, _COMMITTEE_WORDS)


def type_width(keys: Sequence[str], at: int) -> int:
    """Return how many syllables of a type word stand at a place, 0 for none or where no name follows."""
    key = keys[at]
    if key in _FIRST_HALVES:
        return 2 if at + 2 < len(keys) and f"{key} {keys[at + 1]}" in TYPES else 0
    return 1 if key in TYPES and key not in _NEEDS_STOP and at + 1 < len(keys) else 0


def _tails() -> Iterator[str]:
    """Yield the last four characters of what ``type_before`` may find a type word in."""
    ends = [f"{word} " for word in _MAY_END_TYPE]
    ends += [f"{word}. " for word in (*_MAY_STOP, *_NEEDS_STOP, *_COMMITTEE_WORDS)]
    for end in ends:
        for form in (end, end.title(), end.upper()):
            if len(form) >= _TAIL:
                yield form[-_TAIL:]
            else:
                yield from (f"{opening}{form}"[-_TAIL:] for opening in _BEFORE_WORD)


_TAIL = 4
_BEFORE_WORD = f" \n{_OPENINGS}"
_TYPE_TAILS = frozenset(_tails())


def may_follow_type(text: str, start: int) -> bool:
    """Tell at a glance whether ``type_before`` may find a type word; False where it surely does not."""
    if start < _TAIL:
        return True
    tail = text[start - _TAIL : start]
    if tail[-1] != " ":
        return tail[-1] in '.:"“'
    return tail in _TYPE_TAILS or tail[-2] in ' :"“'


def type_before(text: str, start: int) -> tuple[str, str]:
    """Return the type word that ends right before a run ("" for none), and the word before it.

    >>> type_before("UBND thị xã Tân Châu", 12), type_before("họp tại xã. Mỗi người", 12)
    (('thị xã', 'xã'), ('', 'xã.'))
    """
    end = start - 1
    if end < 1 or text[end] not in ' .:"“':
        return "", ""
    if text[end] == " " and text[end - 1] not in ' :"“':
        begin = max(text.rfind(" ", max(0, end - 12), end), text.rfind("\n", max(0, end - 12), end)) + 1
        word = text[begin:end].lower()
        if word[-1:] == ".":
            if len(word) > _LONGEST_STOPPED:
                return "", word
        elif word.lstrip(_OPENINGS) not in _MAY_END_TYPE:
            return "", word
    return _long_type_before(text, start)


def _long_type_before(text: str, start: int) -> tuple[str, str]:
    """Do the work of ``type_before`` where the last word may end a type, or a mark stands in between."""
    end = start
    while end and start - end < 3 and text[end - 1] in ' "“:':
        end -= 1
    if not end or (end == start and text[end - 1] != "."):
        return "", ""
    begin = max(text.rfind(" ", max(0, end - 12), end), text.rfind("\n", max(0, end - 12), end)) + 1
    raw = text[begin:end].lower()
    word = raw.lstrip(_OPENINGS).rstrip(".")
    if word in _SECOND_HALVES:
        first = _SECOND_HALVES[word]
        if text[max(0, begin - len(first) - 1) : begin - 1].lower() == first:
            return ("", raw) if raw.endswith(".") else (f"{first} {word}", word)
    if word in TYPES:
        return _single_type(text, begin, raw, word), raw
    if ":" in text[end:start]:
        return "", ":"
    if word in _COMMITTEE_WORDS:
        kind = text[max(0, begin - 7) : begin].strip().lower().rsplit(" ", 1)[-1].lstrip('("“\n')
        return COMMITTEES.get(kind, ""), word
    if "." in word and end == start:  # "UBND Q.Bình Thạnh", "TT.Cái Dầu"
        word = word.rsplit(".", 1)[-1]
        return (word if word in TYPES else ""), word
    if word in _QUALIFIER_ENDS and (found := _QUALIFIED.search(text, max(0, end - 40), end)):
        return found.group(1).lower(), word
    return "", raw


def _single_type(text: str, begin: int, raw: str, word: str) -> str:
    stopped = raw.endswith(".")
    if stopped and word not in _MAY_STOP and word not in _NEEDS_STOP:
        return ""  # "cấp xã. Mỗi …" is the end of a sentence
    if word in _NEEDS_STOP and not stopped:
        return ""
    if text[max(0, begin - 4) : begin].lower().strip() in _MAKES_ANOTHER_WORD:
        return ""
    if text[begin - 1 : begin] == "&" or "&" in raw:
        return ""  # Sở TT&TT
    return word
