"""Whose page it is: the names of portals and of the bodies that run them, as they head a page."""

from __future__ import annotations

import re

_SITE = re.compile(
    r"""
    (?:cổng|trang|chuyên\ trang|website)\s
        (?:thông\ tin(?:\ điện\ tử)?|tt[đð]t|tin(?:\ điện\ tử)?|giao\ tiếp\ điện\ tử)(?!\w)
    | báo\ điện\ tử(?!\w)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SITE_END = re.compile(r"\s*(?:[|!;:()\[\]]|\bkính chào\b|\bxin chào\b|\bchào mừng\b|\Z)", re.IGNORECASE)
# Words of a site's name that are written small: "Trang thông tin điện tử của huyện Phú Vang".
_SMALL = frozenset(
    "của và tỉnh thành phố huyện quận thị xã trấn phường đặc khu sở ban ngành cục chi phòng văn đoàn hội đảng bộ "
    "ủy uỷ nhân dân thông tin truyền - –".split()
)
_MAX_SITE_WORDS = 14
# "Bà Rịa - Vũng Tàu" has four words of its own, "Giáo dục và Đào tạo Hà Giang" six.
_MAX_OWN_WORDS = 6
_BODY_NAME = re.compile(
    r"(?:sở|ban|hội|cục|chi cục|phòng|văn phòng|đảng bộ|ubnd|ủy ban nhân dân|uỷ ban nhân dân|đoàn|liên đoàn|tỉnh|"
    r"thành phố|huyện|quận|thị xã|thị trấn|xã|phường|đặc khu|báo|đài)\s",
    re.IGNORECASE,
)
_MAX_BODY_NAME_WORDS = 9


def site_end(text: str, at: int, *, greeted: bool) -> int:
    """Return where the name of a site ends, 0 where none stands.

    After a greeting everything up to the next bar is the name. Elsewhere the words must be written as
    a name's, or the line is a headline ("Cổng thông tin điện tử tỉnh An Giang đổi giao diện").
    """
    found = _SITE.match(text, at)
    if not found:
        return 0
    stop = _SITE_END.search(text, found.end())
    end = stop.start() if stop else len(text)
    words = text[found.end() : end].replace(",", " ").split()
    if len(words) > _MAX_SITE_WORDS:
        return 0
    named = all(word.lower() in _SMALL or word[0].isupper() for word in words)
    # In capitals, or all small, a headline looks like a name; a name's own words are few.
    uniform = text.isupper() or text.islower()
    own = sum(word.lower() not in _SMALL for word in words)
    greeted = greeted or bool(stop and "chào" in stop.group().lower())
    return end if greeted or (own <= _MAX_OWN_WORDS if uniform else named) else 0


def is_body_name(text: str) -> bool:
    """Whether a line above a headline is no more than the name of the body whose page it is."""
    return bool(_BODY_NAME.match(text)) and len(text.split()) <= _MAX_BODY_NAME_WORDS
