"""Where the name of a post's body ends: "Sở Y tế", "UBND huyện Thoại Sơn".

A name is read piece by piece, and each piece is of one of three stretches that follow one another: words
that are known, in any case; any capitalised words; the unit. The next post, a person's honorific and the
next sentence end it. One pattern could say all of this, and did: it held the lexicon five times, and half
of a cold start went into compiling it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from nlp.normalize import CAPITALS
from nlp.officials.bodies import BODIES, BODY, FIELDS, BodyWords
from nlp.wordlists import one_of, read_words

_WORDS = BodyWords((*BODIES["public"], *BODIES["private"], *FIELDS))
_UNIT = rf"(?:(?:tp|tx|tt|q|p|h|x)\.(?=\w)|{one_of(BODIES['unit'])})"
# TN&MT, KH-ĐT, T.Ư, Q.9; a number that is no date, count or decimal.
_CAPITALISED = re.compile(
    rf"""
    (?!{_UNIT})
    (?: (?<=\ )số\ \d{{1,3}}(?![\d/.%])
      | (?-i:[{CAPITALS}])[\w'’]*(?:(?:&amp;|[.&/’'–-])(?-i:[{CAPITALS}])[\w'’]*)*(?:(?<=\d)/\d{{2,3}}(?![\d/]))?
      | (?<=[\ .])\d{{1,3}}(?![\d/.%:]*[\d/%])(?!\ (?:tuổi|người|năm|tháng|ngày|triệu|tỷ))
    )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# What a name never runs into: the next post, a person's honorific or rank, the next sentence.
_NEXT_HEAD = one_of(
    head for kind, heads in read_words("positions").items() if kind != "staff" for head in heads
)
_NEXT_SENTENCE = (
    "Phó|Những|Các|Trong|Tại|Ngày|Sau|Khi|Trước|Đây|Với|Nhưng|Tuy(?= nhiên)|Nếu|Cùng|Chiều|PV|Hiện|Được|Trả"
    "|Liên(?= quan)|Về|Một|Đồng chí|Đến"
).replace(" ", r"\ ")
_OTHER = re.compile(
    rf"""
      {_NEXT_HEAD}
    | (?: ông | bà(?!\ (?:rịa|trưng|nà|điểm)) | theo | ảnh | các\ ông
        | (?:thiếu|trung|thượng|đại)\ (?:tướng|tá|úy) )(?!\w)
    | (?-i:{_NEXT_SENTENCE})(?=\s)
    """,
    re.VERBOSE | re.IGNORECASE,
)
# "Vụ Tiền lương,": a department that no list has, where it is plain that its name ends there.
_PLAIN_END = rf"(?=[,;)]|\s[-–(]|\s{_UNIT}|\s(?-i:[{CAPITALS}]))"
_DEPARTMENT = re.compile(
    rf"(?:vụ|cục|phòng|ban|sở|đội|tổ|viện|trạm)\s(?-i:[{CAPITALS}])\w+\s(?-i:[a-zà-ỹđ])\w*{_PLAIN_END}",
    re.IGNORECASE,
)
# What the head of a body does; words that departments' and projects' names hold too ("công trình") stand in pairs.
_VERBS = one_of(
    "cho;nói;khẳng định;nhấn mạnh;đã;đang;sẽ;vừa;yêu cầu;đề nghị;đề xuất;trả lời;thừa nhận;phát biểu;chia sẻ;báo cáo;"
    "thông tin;thông báo;là;cùng;có;làm;lý giải;trình bày;giải thích;giải trình;xác nhận;nhận định;nhận xét;tiết lộ;kể;"
    "than;bị;được;không;chưa;phải;cam kết;hứa;dẫn;chủ trì;tham dự;tham gia;trực tiếp;ký;bày tỏ;chỉ đạo;kiến nghị;"
    "giới thiệu;từ;tại;trong;khi;vì;nên;thì;mà;cũng;còn;đến;gửi;trao;dự;giữ;thay;theo;để;do".split(";")
)
# What joins a piece to what stands before: a blank, perhaps with a word, which is group 1, or a dash.
_BEFORE_WORD, _BEFORE_CAPITAL = (
    re.compile(rf"\ (?![-–])((?:{words})\ )?|\ ?[-–]\ ?|&", re.IGNORECASE)
    for words in ("và|&|của|thuộc|về|các", "và|&|của|thuộc|tại")
)
_JOINS = (" ", "-", "–", "&")
"""What a piece begins with, however it is joined."""
_UNIT_WORD = re.compile(rf"\ (?:(?:của|tại)\ )?{_UNIT}", re.IGNORECASE)
_BEFORE_UNITS_NAME = re.compile(r"\ (?![-–])|\ ?[-–]\ ?|")

# What a department's name may go on with that no list has: "quản lý thi", but no verb of what its head does.
_WORD_OF_NAME = rf"\ (?!{_VERBS}|[{CAPITALS}])[^\W\d_]+"
_REST = rf"(?:,?{_WORD_OF_NAME})"
# The department's letters in brackets: "Ban Thanh tra kỹ thuật an toàn (TTKTAT) - Sở Lao động".
_LETTERS = rf"(?:\ \([{CAPITALS}&-]{{2,10}}\))?"
# Before the body that a department is of: "Trưởng phòng Tổ chức, Sở Nội vụ", "đội trưởng (Sở Y tế)".
_BEFORE_ABOVE = re.compile(
    rf"(?:(?:\ [^\W\d_]+){{0,4}},\ |{_REST}{{0,6}}(?:{_LETTERS}\ ?[-–]\ |\ \((?:thuộc\ )?))(?=[{CAPITALS}])"
)
_BEFORE_ABOVE_AND_NAME = re.compile(rf"{_REST}{{0,4}}\ (?=[{CAPITALS}])")

# "Ban Quản lý dự án | nghiên cứu đấu tranh chống tham nhũng, ": what a project is called, to where that plainly ends.
_PROJECT = re.compile(r"(?:\A|\W)(?:(?:ban )?quản lý )?(?:các )?dự án(?!\w)")
_PROJECTS_NAME = re.compile(rf"(?:{_WORD_OF_NAME}){{1,16}}(?=[,;.)]|\ \(|\ ?[-–]\ |\n|\Z|\ [{CAPITALS}])")

Piece = Callable[[str, str, int, int], int]
"""Where a piece that begins at the third argument ends, before the fourth; 0 where none begins there."""


def body_end(text: str, key: str, start: int, limit: int) -> int:
    """Return where the name of a body that begins behind ``start`` ends; ``start`` where there is none.

    Args:
        text: A normalized text.
        key: The text in lower case, of the same length.
        start: Where a post's head ends, before the blank.
        limit: Up to where the name is read at most.
    """
    if not text.startswith(_JOINS, start):
        return start
    end = _run(text, key, start, limit, _BEFORE_WORD, _word)
    if not text.startswith(_JOINS, end):
        return end
    end = _run(text, key, end, limit, _BEFORE_CAPITAL, _capitalised_or_word)
    while unit := _UNIT_WORD.match(text, end, limit):
        end = _run(text, key, unit.end(), limit, _BEFORE_UNITS_NAME, _capitalised)
    return end


def project_end(text: str, key: str, start: int, end: int, limit: int) -> int:
    """Return where the name of a project ends whose board's name was read up to ``end``; ``end`` for no project."""
    if not _PROJECT.search(key, start, end):
        return end
    name = _PROJECTS_NAME.match(text, end, limit)
    return _run(text, key, name.end(), limit, _BEFORE_UNITS_NAME, _capitalised) if name else end


class BodyAbove(NamedTuple):
    """The body at ``[start, end)`` that holds a department, and where the post in the department ends with it."""

    start: int
    end: int
    post_end: int


def body_above(text: str, key: str, end: int, limit: int) -> BodyAbove | None:
    """Return the body that holds the department whose name ends at ``end``, None where there is none.

    It stands behind a comma or a dash, with which it is taken into the post, or in brackets, without which
    posts are quoted; words that no list has may come before: "trưởng phòng quản lý | điện năng (Sở Công
    nghiệp)". Right before a person's name, where ``limit`` is, it needs no mark.
    """
    for pattern in (_BEFORE_ABOVE, _BEFORE_ABOVE_AND_NAME):
        before = pattern.match(text, end, limit)
        if before is None or not BODY.match(key, before.end()) or _OTHER.match(text, before.end(), limit):
            continue
        above = _capitalised_or_word(text, key, before.end(), limit)
        if not above:
            continue
        above = body_end(text, key, above, limit)
        if pattern is _BEFORE_ABOVE_AND_NAME and (
            above + 1 != limit or not text[limit : limit + 1].isupper()
        ):
            continue
        opens = before[0].rfind(" (")
        in_brackets = opens >= 0 and ")" not in before[0]
        return BodyAbove(before.end(), above, end + opens if in_brackets else above)
    return None


def _run(text: str, key: str, end: int, limit: int, joiner: re.Pattern[str], piece: Piece) -> int:
    """Return where a row of joined pieces ends."""
    while joined := joiner.match(text, end, limit):
        # "các" joins, and opens "các tổ chức quốc tế" as well.
        starts = (end + 1, joined.end()) if joined.lastindex else (joined.end(),)
        if joined[0].lower() == " và " and text[joined.end() : joined.end() + 1].isdigit():
            break  # "phó chủ tịch và 2 phó chủ tịch"
        for start in starts:
            stop = piece(text, key, start, limit)
            if stop and not _OTHER.match(text, start, limit):
                end = stop
                break
        else:
            break
    return end


def _word(text: str, key: str, start: int, limit: int) -> int:
    end = _WORDS.end_at(key, start, limit)
    if not end:
        department = _DEPARTMENT.match(text, start, limit)
        end = department.end() if department else 0
    return end


def _capitalised_or_word(text: str, key: str, start: int, limit: int) -> int:
    if not text[start : start + 1].isupper():
        return _capitalised(text, key, start, limit)
    return _WORDS.end_at(key, start, limit) or _capitalised(text, key, start, limit)


def _capitalised(text: str, key: str, start: int, limit: int) -> int:
    found = _CAPITALISED.match(text, start, limit)
    return found.end() if found else 0
