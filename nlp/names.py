"""Persons' names in a text: where each begins and ends, and how later mentions are shortened.

A Vietnamese name is a run of two to five capitalised syllables that opens with a surname. What makes
it hard is its left edge, "UBND tỉnh Hà Giang Nguyễn Văn Sơn", where unit and person form one run and
"Hà" is a surname too: a run is cut where a title, a unit of the gazetteer or an abbreviation ends.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

from nlp.wordlists import one_of, read_words

# A capital letter of Vietnamese, as a character class's inside; lower case is what \w adds.
CAPITAL = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SYLLABLE = rf"[{CAPITAL}][\w'’]*"
_RUN = re.compile(rf"{_SYLLABLE}(?: {_SYLLABLE})*")
_TOKEN = re.compile(r"\S+")

_SURNAMES = read_words("surnames")
_COMMON = frozenset(_SURNAMES["common"])
_KNOWN = frozenset(word for words in _SURNAMES.values() for word in words)
# Capitalised one-syllable words that are part of a body's name, never of a person's, in capitals too.
_BODY_SYLLABLES = frozenset(
    word for kind in ("public", "private", "unit") for word in read_words("bodies")[kind] if " " not in word
) - {"đoàn", "an", "khoa", "giải", "hội", "bộ", "xã", "vụ", "đài", "tòa", "bản", "phường"}
# Words that open a sentence where a newspaper's page was joined without a full stop.
_OPENERS = frozenset(
    "ảnh video clip theo tại trong ngoài trước sau khi về ngày sáng chiều tối trưa đây đến hiện cùng cũng với các "
    "những nhiều vì do để từ như còn tuy nhưng được liên đồng ông bà tin ghi đó này trên việc cụ riêng thay đối "
    "phát là và nguồn đã có không qua mới người".split()
)
_HONORIFICS = read_words("honorifics")
HONORIFIC = rf"(?i:{one_of([*_HONORIFICS['honorific'], *_HONORIFICS['rank'], *_HONORIFICS['degree']])})"
_HONOURED = re.compile(rf"(?<!\w){HONORIFIC}\.? $")
_LONGEST = 5  # Y Thanh Hà Niê Kđăm


class Name(NamedTuple):
    """A full name at ``[start, end)``; ``sure`` where it opens with a known surname."""

    start: int
    end: int
    sure: bool


def find_names(
    text: str, titles: Mapping[int, int], is_unit: Callable[[str], bool], units: Mapping[int, int]
) -> list[Name]:
    """Return the persons' names in a text, in order.

    Args:
        text: A normalized text.
        titles: End by start of every title's head ("Phó Chủ tịch"): no name holds one.
        is_unit: Tells whether a string is the name of an administrative unit.
        units: End by start of the units that the text is known to name.
    """
    names = []
    for run in _RUN.finditer(text):
        start, stop = run.span()
        if " " not in run.group():
            continue
        for tokens in _segments(text, start, stop, titles):
            name = _name_of(text, tokens, is_unit, units)
            if name is not None:
                names.append(name)
    return names


Token = tuple[int, int, str]


def _segments(text: str, start: int, stop: int, titles: Mapping[int, int]) -> list[list[Token]]:
    """Cut a run of capitalised syllables at titles, abbreviations and words that open a sentence."""
    shouted = text[start:stop].isupper()
    segments: list[list[Token]] = [[]]
    skip_to = 0
    for found in _TOKEN.finditer(text, start, stop):
        a, b = found.span()
        word = found.group()
        if a < skip_to:
            continue
        if a in titles:
            skip_to = titles[a]
            segments.append([])
            continue
        key = word.lower()
        if (
            (len(word) > 1 and word.isupper() and not shouted)
            or (key in _BODY_SYLLABLES and (key not in _KNOWN or not segments[-1]))
            or (key in _OPENERS and len(segments[-1]) >= 2 and (key != "đồng"))
        ):
            segments.append([])
            continue
        segments[-1].append((a, b, key))
    return [segment for segment in segments if len(segment) >= 2]


def _name_of(
    text: str, tokens: list[Token], is_unit: Callable[[str], bool], units: Mapping[int, int]
) -> Name | None:
    honoured = bool(_HONOURED.search(text, max(0, tokens[0][0] - 16), tokens[0][0]))
    if tokens[0][2] in ("ông", "bà", "anh", "chị", "cô") and len(tokens) > 2:
        tokens, honoured = tokens[1:], True
    if not honoured:
        tokens = _after_unit(text, tokens, is_unit, units)
    if len(tokens) < 2:
        return None
    first = _first_surname(tokens)
    if first < 0:
        if not honoured or len(tokens) > 4:
            return None
        return Name(tokens[0][0], tokens[-1][1], False)
    tokens = tokens[first:]
    if not 2 <= len(tokens) <= _LONGEST:
        return None
    return Name(tokens[0][0], tokens[-1][1], True)


def _after_unit(
    text: str, tokens: list[Token], is_unit: Callable[[str], bool], units: Mapping[int, int]
) -> list[Token]:
    """Drop the name of a unit that the tokens open with; nothing is left where it is all of them."""
    end = units.get(tokens[0][0])
    if end is not None:
        rest = [token for token in tokens if token[0] >= end]
        if len(rest) != 1:
            return rest
    for size in range(min(4, len(tokens)), 0, -1):
        rest = tokens[size:]
        if rest and (len(rest) < 2 or rest[0][2] not in _KNOWN):
            continue
        if size == 1 and tokens[0][2] in _KNOWN:
            continue
        if is_unit(text[tokens[0][0] : tokens[size - 1][1]]):
            return rest
    return tokens


def _first_surname(tokens: list[Token]) -> int:
    """Return the index of the syllable that the name opens with, -1 where there is none."""
    if tokens[0][2] in _KNOWN:
        # "Bí thư Trung ương Đoàn Lê Quốc Phong": the body ends in what is a surname as well.
        if tokens[0][2] == "đoàn" and len(tokens) >= 3 and tokens[1][2] in _COMMON:
            return 1
        return 0 if len(tokens) <= _LONGEST else _later_surname(tokens)
    if len(tokens) >= 3 and tokens[1][2] in ("thị", "văn"):
        return 0
    return _later_surname(tokens)


def _later_surname(tokens: list[Token]) -> int:
    return next(
        (i for i in range(1, len(tokens) - 1) if tokens[i][2] in _COMMON and len(tokens) - i <= _LONGEST), -1
    )
