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
_ETHNIC = frozenset(_SURNAMES["ethnic"])
_RARE = frozenset(_SURNAMES["rare"])
_BODIES = read_words("bodies")
# Capitalised one-syllable words that are part of a body's name: where one stands before what opens
# with a surname, the name begins after it. Those that are common as given names stay out.
_BODY_SYLLABLES = frozenset(
    word for kind in ("public", "private", "unit") for word in _BODIES[kind] if " " not in word
) - frozenset("đoàn an khoa giải hội bản đài tòa đảng khối đội tổ lực".split())
_UNIT_BEFORE = re.compile(rf"(?<!\w)(?i:{one_of(_BODIES['unit'])})\.? ?\Z")
# What streets, schools and posts are called after: "trường THPT Lê Hồng Phong", "Đồn Biên phòng A Đớt".
_NAMED_AFTER = re.compile(
    r"(?<!\w)(?<!môi )(?<!thị )(?<!hiện )(?<!công )(?<!thành )(?:đường|phố|trường|thpt|thcs|tiểu học|mầm non|bệnh viện|quỹ|giải|giải thưởng|cầu|chợ|đền|chùa|công ty|biên phòng|"
    r"cửa khẩu|bảo tàng|công viên|quảng trường|nhà hát|học viện|khách sạn|tnhh) \Z",
    re.IGNORECASE,
)
# Words that open a sentence where a newspaper's page was joined without a full stop.
_OPENERS = frozenset(
    "ảnh video clip theo trong ngoài trước sau khi về ngày chiều trưa đây đến cũng với các những vì để từ còn tuy "
    "nhưng ông bà ghi đó này trên nguồn đã không người trả chúng nếu bởi mặc hôm báo thưa nói".split()
)
# Openers that are given names as well: what must follow for one to open a sentence.
_OPENERS_BEFORE = {
    "sáng": re.compile(r" (?:nay|qua|mai|\d|ngày|cùng)"),
    "tối": re.compile(r" (?:nay|qua|\d|ngày)"),
    "hiện": re.compile(r" (?:nay|tại|đang|là)|,"),
    "liên": re.compile(r" (?:quan|tiếp|hệ)"),
    "đồng": re.compile(r" (?:chí|thời)"),
    "tin": re.compile(r"[:,] "),
    "thay": re.compile(r" (?:mặt|vì)"),
    "cùng": re.compile(r" "),
    "việc": re.compile(r" "),
    "mới": re.compile(r" (?:đây|nhất)"),
    "do": re.compile(r" "),
    "phát": re.compile(r" (?:biểu|hiện)"),
    "trao": re.compile(r" đổi"),
    "là": re.compile(r" (?:một|người|đơn)"),
    "riêng": re.compile(r" (?:về|với|ông|bà|đối|tại|trong)"),
    "như": re.compile(r" (?:vậy|đã|thế|trên)"),
    "được": re.compile(r" (?:biết|sự)"),
    "tại": re.compile(r" "),
    "nhiều": re.compile(r" "),
    "hai": re.compile(r" (?:ông|bà|người|bên|cán)"),
    "qua": re.compile(r" "),
    "tôi": re.compile(r" "),
}
_HONORIFICS = read_words("honorifics")
HONORIFIC = rf"(?i:{one_of([*_HONORIFICS['honorific'], *_HONORIFICS['rank'], *_HONORIFICS['degree']])})"
_HONOURED = re.compile(rf"(?<!\w){HONORIFIC}\.?:? \Z")
_PERSONAL = re.compile(rf"(?<!\w)(?i:{one_of(_HONORIFICS['honorific'])}) \Z")
_IN_CAPITALS = frozenset(("ông", "bà", "anh", "chị", "cô", "ngài"))
_LONGEST = 5  # Y Thanh Hà Niê Kđăm
# How far before a name an honorific may begin: "các đồng chí ".
_REACH = 16


# Before a photographer's or writer's name: "Ảnh: VGP/Quang Hiếu", "Ảnh: Doãn Tấn".
_CREDIT = re.compile(r"(?:[Ảả]nh|Tin|Bài|Video|Clip|Nguồn|[Tt]hực hiện): \Z|/\Z")


class Name(NamedTuple):
    """A name at ``[start, end)``; ``person`` is the full name in lower case.

    ``full`` is False for a short mention, which begins with its honorific ("ông Duy").
    """

    start: int
    end: int
    person: str
    full: bool


Token = tuple[int, int, str]


def find_names(
    text: str, titles: Mapping[int, int], is_unit: Callable[[str, str], bool], units: Mapping[int, int]
) -> list[Name]:
    """Return the persons' names in a text, short mentions of them included, in order.

    Args:
        text: A normalized text.
        titles: End by start of every title's head ("Phó Chủ tịch"): no name holds one.
        is_unit: Tells whether a string is the name of an administrative unit of one of the levels that
            stand in the second string, "pdc".
        units: End by start of the units that the text is known to name.
    """
    names: list[Name] = []
    shouted: list[Name] = []
    scraps: list[list[Token]] = []
    for run in _RUN.finditer(text):
        for tokens in _segments(text, *run.span(), titles):
            name = _name_of(text, tokens, is_unit, units) if len(tokens) > 1 or _APOSTROPHE.match(tokens[0][2]) else None
            if name is not None and run.group().isupper():
                shouted.append(name)
            elif name is not None:
                names.append(name)
            elif len(tokens) < 4:
                scraps.append(tokens)
    names += _confirmed(text, shouted, names)
    names = _settled(names)
    shorts = _short_mentions(text, names, scraps, frozenset(titles.values()))
    return sorted([*names, *shorts])


def _settled(names: list[Name]) -> list[Name]:
    """Let names that the text writes in two lengths be one person's.

    "Xuân Anh" is a short mention where "Nguyễn Xuân Anh" is named as well; "Vũ Văn Tám Xin", which
    runs into the next sentence, ends where "Vũ Văn Tám" does.
    """
    persons = {name.person for name in names}
    if len(persons) < 2:
        return names
    tails = {person.split(" ", 1)[1]: person for person in persons if person.count(" ") >= 2}
    settled = []
    for name in names:
        syllables = name.person.split(" ")
        if name.person in tails:
            name = Name(name.start, name.end, tails[name.person], False)
        elif len(syllables) >= 4:
            for size in range(3, len(syllables)):
                shorter = " ".join(syllables[:size])
                if shorter in persons:
                    name = Name(name.start, name.start + len(shorter), shorter, True)
                    break
        settled.append(name)
    return settled


def _confirmed(text: str, shouted: list[Name], names: list[Name]) -> list[Name]:
    """Return the names in capitals that are names elsewhere, or look like nothing else.

    In a headline of capitals every word looks like a syllable of a name: "BAN QUẢN LÝ DỰ ÁN".
    """
    if not shouted:
        return []
    known = {name.person for name in names}
    return [
        name
        for name in shouted
        if name.person in known
        or (name.person.split()[0] in _COMMON and name.person.count(" ") == 2 and not _WORDY.search(name.person))
    ]


_WORDY = re.compile(rf"(?<!\w){one_of([*_BODIES['public'], *_BODIES['private'], *_BODIES['field'], *_BODIES['department']])}")


def _segments(text: str, start: int, stop: int, titles: Mapping[int, int]) -> list[list[Token]]:
    """Cut a run of capitalised syllables at titles, abbreviations and words that open a sentence."""
    run = text[start:stop]
    if " " not in run:
        return [] if start in titles else [[(start, stop, run.lower())]]
    shouted = run.isupper()
    segments: list[list[Token]] = [[]]
    skip_to = a = start
    for word in run.split(" "):
        b = a + len(word)
        if a < skip_to:
            pass
        elif a in titles:
            skip_to = titles[a]
            segments.append([])
        else:
            key = word.lower()
            if _ends_segment(text, word, key, b, len(segments[-1]), shouted):
                segments.append([])
            else:
                segments[-1].append((a, b, key))
        a = b + 1
    return [segment for segment in segments if segment]


def _ends_segment(text: str, word: str, key: str, end: int, before: int, shouted: bool) -> bool:
    if len(word) > 1 and not shouted and word.isupper() and not _APOSTROPHE.match(key):
        return True
    if key in _BODY_SYLLABLES and key not in _KNOWN and (not before or shouted):
        return True
    if before < 2:
        return False
    if key in _OPENERS:
        return True
    follows = _OPENERS_BEFORE.get(key)
    return follows is not None and bool(follows.match(text, end))


def _name_of(
    text: str, tokens: list[Token], is_unit: Callable[[str, str], bool], units: Mapping[int, int]
) -> Name | None:
    start = tokens[0][0]
    if _CREDIT.search(text, max(0, start - _REACH), start):
        return None
    honoured = bool(_HONOURED.search(text, max(0, start - _REACH), start))
    after_type = _UNIT_BEFORE.search(text, max(0, start - _REACH), start)
    if tokens[0][2] in _IN_CAPITALS and not after_type:
        tokens, honoured = tokens[1:], True
    if tokens and _APOSTROPHE.match(tokens[0][2]) and len(tokens) <= 4:
        return Name(tokens[0][0], tokens[-1][1], text[tokens[0][0] : tokens[-1][1]].lower(), True)
    if not honoured:
        tokens = _after_unit(text, _after_country(tokens), is_unit, units)
    if len(tokens) < 2:
        return None
    first = 0 if honoured and tokens[0][2] in _KNOWN else _first_surname(tokens)
    if first < 0:
        # A surname that no list has, "bà Bnướch Thị Sâm"; two syllables may be a short mention.
        if not honoured or not 3 <= len(tokens) <= 4 or all(key.isascii() for *_, key in tokens):
            return None
        first = 0
    tokens = tokens[first:]
    tokens = _without_body(text, tokens)
    if not 2 <= len(tokens) <= _LONGEST or _is_foreign(tokens):
        return None
    start, end = tokens[0][0], tokens[-1][1]
    if not honoured and after_type and len(tokens) == 2 and _opens_a_unit(tokens[0][2], after_type.group()):
        return None  # "xã Quế Trung": a unit that no table has, not Mr Trung of the rare surname Quế
    if not honoured and _NAMED_AFTER.search(text, max(0, start - _REACH), start):
        return None
    return Name(start, end, text[start:end].lower(), True)


def _without_body(text: str, tokens: list[Token]) -> list[Token]:
    """Drop a last syllable that begins a body's name: "Đoàn Ủy | ban", "Nguyễn Văn A Công | an"."""
    start, end, _ = tokens[-1]
    if text[end : end + 1] == " " and text[end + 1 : end + 2].islower():
        found = _WORDY.match(text[start : end + 24].lower())
        if found and found.end() > end - start:
            return tokens[:-1]
    if len(tokens) > 1 and _WORDY.fullmatch(text[tokens[0][0] : end].lower()):
        return []
    return tokens


_VILLAGE = re.compile(r"thôn|ấp|bản|khu phố|khóm|buôn|làng|xóm", re.IGNORECASE)


def _opens_a_unit(syllable: str, type_word: str) -> bool:
    return syllable in _RARE or (syllable not in _COMMON and bool(_VILLAGE.match(type_word)))


# K'Brốp and H'Lan Niê Kđăm open with their people's sign of a man or a woman, not with a surname.
_APOSTROPHE = re.compile(r"[khy]['’]")
_COUNTRIES = frozenset([*read_words("countries")["foreign"], "việt nam"])
_FOREIGN_LETTERS = re.compile(r"[fwz]|j(?!ơ|a)")


def _is_foreign(tokens: list[Token]) -> bool:
    if len(tokens) == 2 and f"{tokens[0][2]} {tokens[1][2]}" in _COUNTRIES:
        return True
    return tokens[0][2] not in _ETHNIC and any(_FOREIGN_LETTERS.search(key) for _, _, key in tokens)


def _after_country(tokens: list[Token]) -> list[Token]:
    for size in (3, 2, 1):
        if len(tokens) > size and " ".join(token[2] for token in tokens[:size]) in _COUNTRIES:
            return tokens[size:] if size > 1 or tokens[0][2] not in _KNOWN else tokens
    return tokens


def _after_unit(
    text: str, tokens: list[Token], is_unit: Callable[[str, str], bool], units: Mapping[int, int]
) -> list[Token]:
    """Drop the name of a unit that the tokens open with; nothing is left where it is all of them."""
    end = units.get(tokens[0][0])
    if end is not None:
        rest = [token for token in tokens if token[0] >= end]
        if len(rest) != 1:
            return rest
    levels = _levels_before(text, tokens[0][0])
    for size in range(min(4, len(tokens)), 0, -1):
        rest = tokens[size:]
        if rest and (len(rest) < 2 or rest[0][2] not in _KNOWN):
            continue
        if size == 1 and tokens[0][2] in _KNOWN:
            continue
        if is_unit(text[tokens[0][0] : tokens[size - 1][1]], levels):
            return rest
    return tokens


# The initials of the levels, province, district and commune, that a type word may stand for.
_LEVELS = {"tỉnh": "p", "thành phố": "pd", "tp": "pd", "quận": "d", "huyện": "d", "thị xã": "d", "tx": "d", "xã": "c"}
_LEVELS |= {"phường": "c", "thị trấn": "c", "tt": "c", "đặc khu": "c", "q": "d", "p": "c"}


def _levels_before(text: str, start: int) -> str:
    """Return the levels that the words before a unit's name leave; communes are hardly named without."""
    found = _UNIT_BEFORE.search(text, max(0, start - _REACH), start)
    return _LEVELS.get(found.group().lower().strip(" ."), "pdc") if found else "pd"


def _first_surname(tokens: list[Token]) -> int:
    """Return the index of the syllable that the name opens with, -1 where there is none."""
    if tokens[0][2] in _KNOWN:
        # "Bí thư Trung ương Đoàn Lê Quốc Phong": the body ends in what is a surname as well.
        if tokens[0][2] == "đoàn" and len(tokens) >= 3 and tokens[1][2] in _COMMON - {"văn"}:
            return 1
        return 0 if len(tokens) <= _LONGEST else _later_surname(tokens)
    if len(tokens) >= 3 and tokens[1][2] in ("thị", "văn"):
        return 0
    return _later_surname(tokens)


def _later_surname(tokens: list[Token]) -> int:
    return next(
        (i for i in range(1, len(tokens) - 1) if tokens[i][2] in _COMMON and len(tokens) - i <= _LONGEST), -1
    )


def _short_mentions(
    text: str, names: list[Name], scraps: list[list[Token]], title_ends: frozenset[int]
) -> list[Name]:
    """Return the later mentions of full names by given name, "ông Duy", "Chủ tịch Chung".

    Of two persons with one given name the one named last before is meant.
    """
    bearers: dict[str, list[Name]] = {}
    for name in names:
        syllables = name.person.split()
        for size in range(1, min(3, len(syllables))):
            bearers.setdefault(" ".join(syllables[-size:]), []).append(name)
    shorts = []
    for tokens in scraps:
        start = tokens[0][0]
        if tokens[0][2] in _IN_CAPITALS and not _UNIT_BEFORE.search(text, max(0, start - _REACH), start):
            tokens = tokens[1:]
        else:
            honorific = _PERSONAL.search(text, max(0, start - _REACH), start)
            if honorific is None and (start - 1 not in title_ends or not _without_body(text, tokens)):
                continue
            start = honorific.start() if honorific else start
        owners = bearers.get(" ".join(token[2] for token in tokens))
        if owners:
            before = [name for name in owners if name.start < start]
            shorts.append(Name(start, tokens[-1][1], (before or owners)[-1 if before else 0].person, False))
    return shorts
