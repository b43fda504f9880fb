"""Persons' names in a text.

A Vietnamese name is a row of two to five capitalised syllables that opens with a surname. Rows are cut
where a title, an abbreviation or a new sentence begins; ``nameedges`` finds the name in each piece, and
``shortnames`` the later mentions that leave a part of it out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from nlp.normalize import CAPITALS
from nlp.officials.bodies import NAMES_OF_BODIES
from nlp.officials.nameedges import IsUnit, read_name
from nlp.officials.namelists import (
    APOSTROPHE,
    BODY_SYLLABLES,
    COMMON,
    HONOURED,
    IN_CAPITALS,
    REACH,
    SURNAMES,
    Name,
    Token,
)
from nlp.officials.shortnames import find_short_mentions, settle

_SYLLABLE = rf"[{CAPITALS}][\w'’]*"
# A row as long as a page in capitals throughout is cut, as for places.
_RUN = re.compile(rf"{_SYLLABLE}(?: {_SYLLABLE}){{0,99}}")
_WORD_START = re.compile(r"(?<!\w)\w")
# Distinct rows whose glance is remembered; 2,000 articles of a newspaper hold 18,000.
_REMEMBERED = 50_000
# Words that open a sentence where a newspaper's page was joined without a full stop.
_OPENERS = frozenset(
    "ảnh video clip theo trong ngoài trước sau khi về ngày chiều trưa đây đến cũng với các những vì để từ còn tuy "
    "nhưng ông bà ghi đó này trên nguồn đã không người trả chúng nếu bởi mặc hôm báo thưa nói".split()
)
# Openers that are given names as well: what must follow for one to open a sentence.
_OPENERS_BEFORE = {
    opener: re.compile(follower)
    for opener, follower in {
        "sáng": r" (?:nay|qua|mai|\d|ngày|cùng)",
        "tối": r" (?:nay|qua|\d|ngày)",
        "hiện": r" (?:nay|tại|đang|là)|,",
        "liên": r" (?:quan|tiếp|hệ)",
        "đồng": r" (?:chí|thời)",
        "tin": r"[:,] ",
        "thay": r" (?:mặt|vì)",
        "mới": r" (?:đây|nhất)",
        "phát": r" (?:biểu|hiện)",
        "trao": r" đổi",
        "là": r" (?:một|người|đơn)",
        "riêng": r" (?:về|với|ông|bà|đối|tại|trong)",
        "như": r" (?:vậy|đã|thế|trên)",
        "được": r" (?:biết|sự)",
        "hai": r" (?:ông|bà|người|bên|cán)",
        **dict.fromkeys(("cùng", "việc", "do", "tại", "nhiều", "qua", "tôi"), " (?![-–(])"),
    }.items()
}


def find_names(text: str, titles: Mapping[int, int], is_unit: IsUnit, units: Mapping[int, int]) -> list[Name]:
    """Return the persons' names in a text, short mentions of them included, in order.

    Args:
        text: A normalized text.
        titles: End by start of every title ("Phó Chủ tịch"): no name holds one.
        is_unit: Tells whether a string names an administrative unit of one of the levels whose
            initials stand in a second string, "pdc".
        units: End by start of the units that the text is known to name.
    """
    names: list[Name] = []
    shouted: list[Name] = []
    scraps: list[list[Token]] = []
    nameless: list[tuple[int, str]] = []
    for run in _RUN.finditer(text):
        row = run[0]
        start = run.start()
        glance = _glance(row)
        if glance.nameless and not (glance.if_honoured and _is_honoured(text, start)):
            if start not in titles:
                nameless.append((start, row))
            continue
        for tokens in _pieces(text, row, start, titles):
            name = read_name(text, tokens, is_unit, units)
            if name is not None:
                (shouted if row.isupper() else names).append(name)
            elif len(tokens) < 4:
                scraps.append(tokens)
    if not names and not shouted:
        return []
    names = settle([*names, *_confirmed(text, shouted, names)])
    given = {name.person.rpartition(" ")[2] for name in names}
    for start, row in nameless:
        if _glance(row).last in given:
            scraps += _pieces(text, row, start, titles)
    return sorted([*names, *find_short_mentions(text, names, scraps, frozenset(titles.values()))])


class _Glance(NamedTuple):
    """What a row of capitalised syllables shows by itself: most hold no name, "Việt Nam", "Hội nghị".

    ``if_honoured`` says that it holds one behind an honorific all the same: its surname is on no list,
    see ``read_name``. ``last`` is its last syllable in lower case.
    """

    nameless: bool
    if_honoured: bool
    last: str


@lru_cache(maxsize=_REMEMBERED)
def _glance(row: str) -> _Glance:
    keys = row.lower().split(" ")
    last = keys[-1]
    if APOSTROPHE.match(keys[0]):
        return _Glance(False, False, last)
    if len(keys) == 1:
        return _Glance(True, False, last)
    if not SURNAMES.isdisjoint(keys) or keys[0] in IN_CAPITALS:
        return _Glance(False, False, last)
    return _Glance(True, len(keys) > 2, last)


def _pieces(text: str, row: str, start: int, titles: Mapping[int, int]) -> list[list[Token]]:
    """Cut a row of capitalised syllables at titles, abbreviations and words that open a sentence."""
    shouted = row.isupper()
    pieces: list[list[Token]] = [[]]
    skip_to = start
    for word in row.split(" "):
        end = start + len(word)
        if start < skip_to:
            pass
        elif start in titles:
            skip_to = titles[start]
            pieces.append([])
        else:
            token = Token(start, end, word.lower())
            is_abbreviation = not shouted and len(word) > 1 and word.isupper()
            if (is_abbreviation and not APOSTROPHE.match(token.key)) or _is_cut(
                text, token, len(pieces[-1]), shouted
            ):
                pieces.append([])
            else:
                pieces[-1].append(token)
        start = end + 1
    return [piece for piece in pieces if piece]


def _is_cut(text: str, token: Token, n_before: int, shouted: bool) -> bool:
    """Tell whether no name holds the syllable: a word of a body's name, or a sentence's first."""
    key = token.key
    if key in BODY_SYLLABLES and key not in SURNAMES and (shouted or not n_before):
        return True
    if not n_before:
        return key in ("theo", "trên")  # "Theo Báo Hà Tĩnh"; other openers begin names, "Tuy An Tây"
    if n_before < 2:
        return False
    if key in _OPENERS:
        return True
    follower = _OPENERS_BEFORE.get(key)
    return follower is not None and follower.match(text, token.end) is not None


def _confirmed(text: str, shouted: list[Name], names: list[Name]) -> list[Name]:
    """Return the names in capitals that are names elsewhere, are honoured, or look like nothing else.

    In a headline of capitals every word looks like a syllable of a name: "BAN QUẢN LÝ DỰ ÁN".
    """
    known = {name.person for name in names}
    return [
        name
        for name in shouted
        if name.person in known or _is_plain(name.person) or _is_honoured(text, name.start)
    ]


def _is_honoured(text: str, start: int) -> bool:
    return HONOURED.search(text, max(0, start - REACH), start) is not None


def _is_plain(person: str) -> bool:
    syllables = person.split(" ")
    if len(syllables) != 3 or syllables[0] not in COMMON:
        return False
    return not any(NAMES_OF_BODIES.end_at(person, found.start()) for found in _WORD_START.finditer(person))
