"""Bylines: who wrote an article, in the line that closes it.

A byline is one to four names, initials, or a desk ("Tổ PV"), with or without a label ("Tin, ảnh:"). The
caller makes sure that a sentence ends before it: below "CHỦ TỊCH" the same name is a signature.
"""

from __future__ import annotations

import re

_MAX_BYLINE = 80
_MAX_NAME_WORDS = 6
_MAX_CREDIT_WORDS = 6

_LABEL = re.compile(
    r"""
    (?: (?:tin|bài|ảnh)(?:\s?(?:,|và|[-–—/])?\s?(?:bài|ảnh|tin))?\s?:       # 1. "Tin, ảnh:", "Bài và ảnh:"
      | (?:thực\ hiện|tác\ giả|người\ viết|người\ đăng|biên\ tập|btv|pv|ctv)\s?:
      | (?:phóng\ sự|ký\ sự|ký|bút\ ký|ghi\ chép)(?:\ của|:)
    )\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_REMARK = re.compile(r"\s*\([^()]{2,40}\)\s*\Z")
_BETWEEN = re.compile(r"\s*(?:[,&+/]|\s[-–—]\s|\svà\s|(?:[-–—]\s*)?(?:[Ảả]nh|ẢNH)\s?:)\s*")
_DESK = re.compile(
    r"(?:(?:tổ|nhóm)\ (?:pv|phóng\ viên)|bbt|ban\ biên\ tập|pv|"
    r"(?:phòng|văn\ phòng|trung\ tâm|đài|tổ\ truyền\ thanh)\s)(?:\s?[^.,;:!?\d]{0,45})\Z",
    re.IGNORECASE,
)
_CREDIT = re.compile(r"\(?(?:theo|nguồn\s?:)\s?(?P<paper>[^.!?;:()]{2,50})\)?\Z", re.IGNORECASE)


def read_byline(line: str) -> str:
    """Return the names of a byline without its label, or "" if the line is none.

    >>> read_byline("Tin, ảnh: Út Chuyền")
    'Út Chuyền'
    >>> read_byline("Trang Phong - Thanh Cần")
    'Trang Phong - Thanh Cần'
    >>> read_byline("Cả huyện vui như hội.")
    ''
    """
    if not 2 <= len(line) <= _MAX_BYLINE:
        return ""
    credit = _CREDIT.match(line)
    if credit and len(credit["paper"].split()) <= _MAX_CREDIT_WORDS and credit["paper"][0].isupper():
        return credit["paper"].strip()
    label = _LABEL.match(line)
    names = _REMARK.sub("", line[label.end() :] if label else line)
    if _DESK.match(names) or (names and all(map(_is_name, _BETWEEN.split(names)))):
        return names
    return ""


def _is_name(text: str) -> bool:
    """Whether every word is written as a name's: "Út Chuyền", "MAI HOA", "H.Linh", "Y Krăk"."""
    words = text.split()
    return 0 < len(words) <= _MAX_NAME_WORDS and all(
        word[0].isupper() and all(letter.isalpha() or letter in ".'’-" for letter in word) for word in words
    )
