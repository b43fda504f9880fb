"""Dates as Vietnamese pages and tables write them: day before month, a year of four digits.

A date of two digits for the year, or one that names no year, is no date here: nothing is guessed.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

_VIETNAM = timezone(timedelta(hours=7))
# Portals began in the 1990s, digitized articles reach back to the first government of 1945; a year
# outside is a typing error or a number that only looks like a date.
_YEARS = range(1945, 2101)

DATE = r"""
    (?<![\d/.-])
    (?:
        (?P<iso>\d{4})-(?P<iso_month>\d{1,2})-(?P<iso_day>\d{1,2})          # 1. 2018-12-26
      | (?P<day>\d{1,2})\s?(?P<mark>[/.-])\s?(?P<month>\d{1,2})\s?(?P=mark)\s?(?P<year>\d{4})  # 2. 26/12/2018
      | (?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})\s*(?:,|năm)?\s*(?P<y>\d{4})  # 3. 26 tháng 12 năm 2018
    )
    (?!\d|[/-]\d)
"""
_DATE = re.compile(DATE, re.VERBOSE | re.IGNORECASE)
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
        int(parts(iso) or parts(digits) or parts(words))
        for iso, digits, words in (("iso", "year", "y"), ("iso_month", "month", "m"), ("iso_day", "day", "d"))
    )
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
