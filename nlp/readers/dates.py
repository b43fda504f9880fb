"""Dates as Vietnamese pages and tables write them: day before month, a year of four digits.

A date of two digits for the year, or one that names no year, is no date here: nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

_VIETNAM = timezone(timedelta(hours=7))
# Portals began in the 1990s, digitized articles reach back to the first government of 1945; a year
# outside is a typing error or a number that only looks like a date.
_YEARS = range(1945, 2101)
# Two words before one, or "mười" would match first. The months of the moon (giêng, chạp) are no date of ours.
_MONTHS = {
    **{"mười một": 11, "mười hai": 12, "mười": 10, "một": 1, "hai": 2, "ba": 3, "tư": 4, "bốn": 4, "năm": 5},
    **{"sáu": 6, "bảy": 7, "bẩy": 7, "tám": 8, "chín": 9},
}
_MONTH_NAMES = "|".join(_MONTHS).replace(" ", r"\s")

DATE = rf"""
    (?<![\d/.-])
    (?:
        (?P<iso>\d{{4}})-(?P<iso_month>\d{{1,2}})-(?P<iso_day>\d{{1,2}})          # 1. 2018-12-26
      | (?P<day>\d{{1,2}})\s?(?P<mark>[/.-])\s?(?P<month>\d{{1,2}})\s?(?P=mark)\s?(?P<year>\d{{4}})  # 2. 26/12/2018
      | (?P<d>\d{{1,2}})\s+tháng\s+(?P<m>\d{{1,2}}|{_MONTH_NAMES})\s*(?:,|năm)?\s*(?P<y>\d{{4}})  # 3. in words
    )
    (?!\d|[/-]\d)
"""
_DATE = re.compile(DATE, re.VERBOSE | re.IGNORECASE)
# Who or where stands before the day: "QNO - 20/11/2024 17:30", "(Tam Kỳ, ngày 20 tháng 11 năm 2024)".
_DATELINE = re.compile(
    rf"""
    \(?\s?(?P<who>[^\W\d_][^\d.|:;!?()\n]{{0,58}}?)\s?[,|–—-]\s?
    (?:\d{{1,2}}\s?[:hg]\s?\d{{2}}\s?[,|–—-]?\s?)?(?:ngày\s)?                  # 06:50, ngày
    {DATE}
    (?:\s?[,|–—-]?\s?\d{{1,2}}\s?[:hg]\s?\d{{2}}(?::\d{{2}})?(?:\s?[ap]m)?)?\s?\)?  # 17:30
    (?:\s?\.?\Z | (?P<opens>\s?[.:–—-]\s(?=\W?\w)))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# The day is looked for so far into a line: a name of sixty letters, an hour, a weekday.
_MAX_DATELINE = 100
# What a name may hold in lower case: "Báo và PTTH Đắk Lắk", "Cổng thông tin điện tử tỉnh An Giang".
_SMALL_WORDS = frozenset(
    "và của tỉnh thành phố huyện quận thị xã phường báo đài cổng trang thông tin điện tử - –".split()
)
_MAX_WHO_WORDS = 10
_ZONED = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)\Z")


def find_date(text: str) -> date | None:
    """Return the first date that stands in the text, or None.

    >>> find_date("Thứ tư, ngày 26 tháng 12 năm 2018 | 14:30")
    datetime.date(2018, 12, 26)
    """
    for found in _DATE.finditer(text):
        day = date_of(found)
        if day is not None:
            return day
    return None


def date_of(found: re.Match[str]) -> date | None:
    """Return the date that a match of ``DATE`` writes, None where there is no such day."""
    parts = found.group
    year, month, day = (
        _number(parts(iso) or parts(digits) or parts(words))
        for iso, digits, words in (("iso", "year", "y"), ("iso_month", "month", "m"), ("iso_day", "day", "d"))
    )
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else _MONTHS[" ".join(text.lower().split())]


class Dateline(NamedTuple):
    """The day of a page and who tells it, or from where.

    ``opens`` says that a sentence follows on the same line: "Huế, 02/01/2025 - Hôm nay …".
    """

    day: date
    who: str
    opens: bool


def read_dateline(text: str) -> Dateline | None:
    """Read a line that is, or opens with, a name and a day, parted by a comma, a dash or a bar.

    A name is written as names are; without the mark in between "Hà Nội 27/5/2017" may open a sentence.

    >>> read_dateline("Báo Quảng Nam - 20/11/2024")
    Dateline(day=datetime.date(2024, 11, 20), who='Báo Quảng Nam', opens=False)
    """
    # Two searches for a century are far cheaper than one for a date, and most lines fail them.
    if text.find("20", 0, _MAX_DATELINE) < 0 and text.find("19", 0, _MAX_DATELINE) < 0:
        return None
    found = _DATELINE.match(text)
    if found is None or (day := date_of(found)) is None:
        return None
    words = found["who"].split()
    if len(words) > _MAX_WHO_WORDS or not any(word[0].isupper() for word in words):
        return None
    if any(not word[0].isupper() and word not in _SMALL_WORDS for word in words):
        return None
    opens = found["opens"] is not None
    if opens and not text[found.end() :].lstrip("\"'“‘(")[:1].isupper():
        return None
    return Dateline(day, found["who"], opens)


def parse_date(value: object) -> date | None:
    """Read a cell as a date; an empty one is None.

    A time with a zone counts as the day it was in Vietnam.

    Raises:
        ValueError: The cell holds something else; the message says what to write.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if isinstance(value, datetime):
        return (value.astimezone(_VIETNAM) if value.tzinfo else value).date()
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        text = value.strip()
        if _ZONED.match(text):
            try:
                return datetime.fromisoformat(text).astimezone(_VIETNAM).date()
            except (ValueError, OverflowError):
                pass
        day = find_date(text)
        if day is not None:
            return day
    shown = repr(value if not isinstance(value, str) else value[:40])
    raise ValueError(f"{shown} is no date; write 2018-12-26 or 26/12/2018, or leave it empty")
