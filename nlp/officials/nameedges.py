"""Where a person's name begins and ends among capitalised syllables.

The left edge is the hard one: in "UBND tỉnh Hà Giang Nguyễn Văn Sơn" unit and person stand in one row,
and "Hà" is a surname too. The right edge is hard where the next word is a body's ("Đoàn Ủy | ban").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from nlp.normalize import CAPITALS
from nlp.officials.bodies import NAMES_OF_BODIES
from nlp.officials.namelists import (
    APOSTROPHE,
    COMMON,
    COUNTRIES,
    ETHNIC,
    HONOURED,
    IN_CAPITALS,
    RARE,
    REACH,
    SURNAMES,
    UNIT_BEFORE,
    Name,
    Token,
)
from nlp.unittypes import TYPES

_MIDDLE_NAMES = ("thị", "văn")
_LONGEST = 5  # Y Thanh Hà Niê Kđăm
# What streets, schools and posts are called after: "trường THPT Lê Hồng Phong", "Đồn Biên phòng A Đớt".
_NAMED_AFTER = re.compile(
    r"""
    (?<!\w)(?<!môi\ )(?<!thị\ )(?<!hiện\ )(?<!công\ )(?<!thành\ )
    (?:đường|phố|cầu|quảng\ trường|công\ viên|trường|học\ viện|viện|thpt|thcs|tiểu\ học|mầm\ non|bệnh\ viện|quỹ
      |giải\ thưởng|giải|chợ|đền|chùa|công\ ty|tnhh|khách\ sạn|biên\ phòng|cửa\ khẩu|bảo\ tàng|nhà\ hát)\ \Z
    """,
    re.IGNORECASE | re.VERBOSE,
)
# Before a photographer's or writer's name: "Ảnh: VGP/Quang Hiếu", "Ảnh: Doãn Tấn".
_CREDIT = re.compile(r"(?:[Ảả]nh|Tin|Bài|Video|Clip|Nguồn|[Tt]hực hiện): \Z|/\Z")
_ABBREVIATED = re.compile(rf"(?<!\w)[{CAPITALS}]{{2,}} \Z")
_SURNAMES_OF_LANDS = frozenset(("úc", "âu"))
# Two syllables in one, of letters without marks.
_TWO_SYLLABLES = re.compile(r"\A[a-z]*[aeiouy][b-df-hj-np-tv-xz]+[aeiouy]")
_HYPHENED = re.compile(r"[-‐][a-z]")
_FOREIGN_LETTERS = re.compile(r"[fwz]|j(?!ơ|a)")
# The initials of the levels, province, district and commune, that a type word may stand for.
_LEVELS = {word: "".join(level[0] for level in levels) for word, (_, levels) in TYPES.items()}

IsUnit = Callable[[str, str], bool]


def read_name(text: str, tokens: Sequence[Token], is_unit: IsUnit, units: Mapping[int, int]) -> Name | None:
    """Return the name among capitalised syllables in a row, None where they hold none.

    Args:
        text: The text that the syllables stand in.
        tokens: Neighbours without a title or an abbreviation among them.
        is_unit: Tells whether a string names an administrative unit of one of the levels whose
            initials stand in a second string, "pdc".
        units: End by start of the units that the text is known to name.
    """
    if len(tokens) == 1 and not APOSTROPHE.match(tokens[0].key):
        return None
    start = tokens[0].start
    before = max(0, start - REACH)
    honoured = HONOURED.search(text, before, start) is not None
    type_word = None if honoured else UNIT_BEFORE.search(text, before, start)
    if tokens[0].key in IN_CAPITALS and not type_word:
        tokens, honoured = tokens[1:], True
    if tokens and APOSTROPHE.match(tokens[0].key) and len(tokens) <= _LONGEST:
        return _name(text, tokens)
    if not honoured:
        levels = _levels(type_word, tokens[0])
        tokens = _after_unit(text, _after_body(text, _after_country(tokens)), is_unit, units, levels)
        if tokens and APOSTROPHE.match(tokens[0].key) and len(tokens) <= _LONGEST:
            return _name(text, tokens)
    if len(tokens) < 2:
        return None
    tokens = _without_body(text, tokens[_first(tokens, honoured) :])
    if not 2 <= len(tokens) <= _LONGEST or _is_foreign(text, tokens):
        return None
    if tokens[0].start != start:
        type_word = None  # it was of the unit that came off the front
    return _name(text, tokens) if _names_a_person(text, tokens, honoured, type_word, units, is_unit) else None


def _names_a_person(
    text: str,
    tokens: Sequence[Token],
    honoured: bool,
    type_word: re.Match[str] | None,
    units: Mapping[int, int],
    is_unit: IsUnit,
) -> bool:
    """Tell a person from a unit, from who took the picture, and from what is called after a person."""
    start = tokens[0].start
    before = max(0, start - REACH)
    if _CREDIT.search(text, before, start):
        return False
    if honoured:
        return True
    if units.get(start, 0) >= tokens[-1].end:
        return False  # "Theo Báo Hà Tĩnh": the unit stood behind words that are no name's
    if tokens[0].key == "đoàn" and is_unit(text[tokens[1].start : tokens[-1].end], "p"):
        return False  # "Phó Bí thư Tỉnh Đoàn Gia Lai"
    if len(tokens) == 2 and tokens[0].key not in COMMON and _ABBREVIATED.search(text, before, start):
        return False  # "Đội CSGT Bàn Cờ"
    return not _is_village(tokens, type_word) and not _NAMED_AFTER.search(text, before, start)


def _name(text: str, tokens: Sequence[Token]) -> Name:
    start, end = tokens[0].start, tokens[-1].end
    return Name(start, end, text[start:end].lower(), True)


def _first(tokens: Sequence[Token], honoured: bool) -> int:
    """Return the index of the syllable that the name opens with; past the end where none does."""
    key = tokens[0].key
    if key in SURNAMES:
        # "Bí thư Trung ương Đoàn Lê Quốc Phong": the body ends in what is a surname as well.
        if key == "đoàn" and not honoured and len(tokens) > 2 and tokens[1].key in COMMON - {"văn"}:
            return 1
        return 0 if honoured or len(tokens) <= _LONGEST else _later_surname(tokens)
    if len(tokens) > 2 and tokens[1].key in _MIDDLE_NAMES:
        return 0
    later = _later_surname(tokens)
    if later == len(tokens) and honoured and 3 <= later <= 4:
        # A surname that no list has, "bà Bnướch Thị Sâm"; two syllables may be a short mention.
        return later if all(token.key.isascii() for token in tokens) else 0
    return later


def _later_surname(tokens: Sequence[Token]) -> int:
    for i in range(1, len(tokens) - 1):
        if len(tokens) - i > _LONGEST:
            continue
        # "bản Xẻ Lò Văn Panh": what stands before a middle name is the surname, however rare.
        if tokens[i].key in COMMON or (i + 2 < len(tokens) and tokens[i + 1].key in _MIDDLE_NAMES):
            return i
    return len(tokens)


def _after_country(tokens: Sequence[Token]) -> Sequence[Token]:
    for size in range(min(4, len(tokens)) - 1, 0, -1):
        if " ".join(token.key for token in tokens[:size]) in COUNTRIES:
            return tokens if size == 1 and tokens[0].key in SURNAMES else tokens[size:]
    return tokens


def _after_body(text: str, tokens: Sequence[Token]) -> Sequence[Token]:
    """Drop a body's name written in capitals throughout: "Bộ Thương Mại Mai Văn D."."""
    if len(tokens) < 4:
        return tokens
    size = NAMES_OF_BODIES.end_at(text[tokens[0].start : tokens[-1].end].lower())
    if not size:
        return tokens
    rest = [token for token in tokens if token.start > tokens[0].start + size]
    if len(tokens) - len(rest) > 2 and not any(token.key in COMMON for token in rest):
        return ()  # "Thông Tấn Xã Việt Nam"
    return rest if 2 <= len(rest) < len(tokens) - 1 and rest[0].key in SURNAMES else tokens


def _after_unit(
    text: str, tokens: Sequence[Token], is_unit: IsUnit, units: Mapping[int, int], levels: str
) -> Sequence[Token]:
    """Drop the name of a unit that the tokens open with; nothing is left where it is all of them."""
    end = units.get(tokens[0].start) if tokens else None
    if end is not None:
        rest = [token for token in tokens if token.start >= end]
        # "phường Vương Trinh Quốc": one surname is no unit where none follows it.
        is_surname = end == tokens[0].end and tokens[0].key in COMMON and rest and rest[0].key not in SURNAMES
        if len(rest) != 1 and not is_surname:
            return rest
    for size in range(min(4, len(tokens)), 0, -1):
        rest = list(tokens[size:])
        if rest and (len(rest) < 2 or not (rest[0].key in SURNAMES or APOSTROPHE.match(rest[0].key))):
            continue
        if size == 1 and tokens[0].key in SURNAMES:
            continue
        if is_unit(text[tokens[0].start : tokens[size - 1].end], levels):
            return rest
    return tokens


def _levels(type_word: re.Match[str] | None, first: Token) -> str:
    """Return the initials of the levels that a unit here may be of: those of its type word."""
    if type_word is not None:
        return _LEVELS.get(type_word.group().lower().strip(" ."), "pdc")
    # Communes are seldom named without one, and among ten thousand many sound like a person.
    return "pd" if first.key in SURNAMES else "pdc"


def _without_body(text: str, tokens: Sequence[Token]) -> Sequence[Token]:
    """Drop a last syllable that begins a body's name: "Đoàn Ủy | ban", "Trung tâm Phân | tích"."""
    if not tokens:
        return tokens
    end = tokens[-1].end
    if begins_body(text, tokens[-1]):
        return tokens[:-1]
    return () if text[tokens[0].start : end].lower() in NAMES_OF_BODIES else tokens


def begins_body(text: str, token: Token) -> bool:
    """Tell whether a capitalised syllable and the small ones behind it are a body's name."""
    if text[token.end : token.end + 1] != " " or not text[token.end + 1 : token.end + 2].islower():
        return False
    if token.key == "chủ" and text.startswith(" tịch", token.end):
        return True  # "Đoàn Chủ tịch"
    return NAMES_OF_BODIES.end_at(text[token.start : token.end + 24].lower()) > token.end - token.start


def _is_village(tokens: Sequence[Token], type_word: re.Match[str] | None) -> bool:
    """Tell "xã Cao Nhân", a unit that no table has, from a Mr Nhân of the surname Cao.

    Of a district the table knows all, and "chủ tịch huyện Đỗ Tố" is a person; a third of the communes
    of 2006 is gone.
    """
    if type_word is None or len(tokens) != 2:
        return False
    key = tokens[0].key
    level = _LEVELS.get(type_word.group().lower().strip(" ."))
    if level == "c":
        return key in COMMON or key not in ETHNIC
    return level is None or key in RARE


def _is_foreign(text: str, tokens: Sequence[Token]) -> bool:
    if _HYPHENED.match(text, tokens[-1].end):  # Kim Sang-kon
        return True
    if " ".join(token.key for token in tokens) in COUNTRIES:
        return True
    if tokens[0].key in _SURNAMES_OF_LANDS and any(_TWO_SYLLABLES.search(token.key) for token in tokens[1:]):
        return True  # "Thủ tướng Úc Malcolm Turnbull"
    return tokens[0].key not in ETHNIC and any(_FOREIGN_LETTERS.search(token.key) for token in tokens)
