"""Lines of a portal's page that are not its article: menus, tools, counters, dates, greetings.

A line is furniture only when nothing is left of it once every known phrase, date and mark is taken
away; a line with one word more is text. The phrases stand in ``data/portal_clutter.csv``.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field
from datetime import date
from functools import cache

from nlp.files import DATA
from nlp.readers.dates import DATE, Dateline, date_of, read_dateline
from nlp.readers.mastheads import site_end

CLUTTER_FILE = DATA / "portal_clutter.csv"
# A furniture line is short; what is longer is never looked at.
MAX_FURNITURE = 200
# Words that may stand beside a date on its line ("Long An | Thứ ba, 23/10/2018"), and beside one that a
# label makes certain ("(Tin từ Cổng TTĐT Quảng Ninh) Đăng lúc 08:30, 27/10/2025").
_MAX_BESIDE_DATE = 5
_MAX_BESIDE_LABEL = 12

_SEPARATORS = re.compile(r"[\s|»›>:,;.!\[\](){}/•·*+–—-]+")
# "Trang nhất › Nội chính › Kỷ cương": a path through the site, whatever its steps are called.
_CRUMB = re.compile(r"\A[^«.!?]{2,90}?(?:\s[›»>]{1,2}\s)[^«.!?]{2,90}\Z")
# "Trang chủ / Tin tức / Chi tiết": the path by its first step.
_HOME = re.compile(r"\A(?:trang chủ|trang nhất|home)\s?[/|>»›•-][^.!?]{2,100}\Z", re.IGNORECASE)
# "Báo Hà Nam | Thời sự - Chính trị": whose page it is, and its section.
_MASTHEAD = re.compile(r"\A(?:báo|đài|cổng|trang)\s[^|.!?\d]{2,50}\|[^.!?\d]{2,80}\Z", re.IGNORECASE)
_MENU = re.compile(r"\A(?:[^|.!?\d]{2,40}\|\s?){2,}[^|.!?\d]{2,40}\Z")
_GREETING = re.compile(
    r"""
    (?:xin\s|nhiệt\ liệt\s)?(?:kính\s)?(?:chào|chúc)(?:\smừng)?
    (?:\s(?:các\s)?(?:quý|bạn|độc|khách)(?!\w)(?:\s(?:khách|vị|đọc|độc|giả|bạn)(?!\w))*
      |(?=\s?!))
    (?P<visit>\s(?:đã\s)?(?:đến|tới|ghé|truy\ cập|vào)(?:\s(?:với|thăm|cập|vào))*(?!\w))?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TODAY = re.compile(r"hôm nay(?:\s+là)?\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\d{1,2}\s?(?:[:hg]|giờ)\s?\d{2}(?:[:]\d{2})?(?:\s?phút)?\s?(?:am|pm|sa|ch)?\b|gmt\s?[+]?\s?\d?|(?:ngày|lúc)\b|"
    r"thứ\s(?:hai|ba|tư|năm|sáu|bảy|bẩy|\d)\b|chủ\snhật\b",
    re.IGNORECASE,
)
_LETTER_SIZE = re.compile(r"a\s?[-+](?!\w)", re.IGNORECASE)
_LETTER = re.compile(r"a(?!\w)", re.IGNORECASE)
_WORD = re.compile(r"\S+")
_NUMBER = re.compile(r"[\d.,]+(?!\w)")
_DATE = re.compile(DATE, re.VERBOSE | re.IGNORECASE)
# Before the day on its line: a reporter, or whose page it is ("QNO"); a town or a province is the text's.
_REPORTER = re.compile(r"(?:pv|ctv|btv|phóng viên)\s", re.IGNORECASE)
_PAPER = re.compile(r"(?:báo|đài|cổng|trang|tạp chí)\s|\w{2,8}\Z", re.IGNORECASE)
_CLOSING_DAY = re.compile(rf"\s?[,(–-]?\s?(?:ngày\s)?{DATE}\)?\.?\Z", re.VERBOSE | re.IGNORECASE)
_PLACE = re.compile(r"\(\s?(?:cổng|trang|báo|tin từ)\b", re.IGNORECASE)
_PIECES = (
    ("greeting", _GREETING),
    ("today", _TODAY),
    ("clock", _CLOCK),
    ("tool", _LETTER_SIZE),
    ("letter", _LETTER),
    ("number", _NUMBER),
)
# Kinds that make no furniture by themselves.
_IDLE = frozenset({"number", "clock", "bar", "letter"})
# One piece of these is enough; menus and tools are everyday words when they stand alone.
_CERTAIN = frozenset("date count site visit image related label author origin crumb tool".split())
_MIN_PIECES = 2


@dataclass(slots=True)
class Line:
    """What is known about one line.

    ``kinds`` are the kinds of furniture in it, ``rest`` the words that are none. ``banner`` says
    that its date is the visitor's day, not the article's, ``unfinished`` that the line breaks off with
    a comma, as a sentence does that goes on in the next. ``pieces`` counts known phrases, ``labelled``
    says that a label of a date ("Ngày đăng") waits for it.
    """

    kinds: set[str] = field(default_factory=set)
    rest: list[str] = field(default_factory=list)
    published: date | None = None
    author: str = ""
    origin: str = ""
    site: str = ""
    banner: bool = False
    unfinished: bool = False
    pieces: int = 0
    labelled: bool = False

    @property
    def is_furniture(self) -> bool:
        """Whether nothing of the line is text."""
        return not self.rest and bool(self.kinds - _IDLE) and not self.unfinished and not self._is_everyday

    @property
    def _is_everyday(self) -> bool:
        """Whether the line is one word or two that may be said by the way: "Facebook", "Chia sẻ.", "A A"."""
        return self.pieces < _MIN_PIECES and not self.kinds & _CERTAIN

    @property
    def is_bare_date(self) -> bool:
        """Whether the line is a date without a label or anything beside it."""
        return not self.rest and self.kinds - _IDLE == {"date"}

    @property
    def is_dateline(self) -> bool:
        """Whether the line tells the day of publication, alone or beside a few words."""
        if self.published is None or self.unfinished:
            return False
        if "dateline" in self.kinds:
            return True
        if "stamp" in self.kinds:
            return len(self.rest) <= _MAX_BESIDE_LABEL
        # "Hà Nội 27/5/2017" may open a sentence; a bar, a counter or a tool makes sure that it doesn't.
        furnished = bool(self.kinds & {"bar", "tool", "count"})
        return len(self.rest) <= (_MAX_BESIDE_DATE if furnished else 0)


def read_line(text: str) -> Line:
    """Take a line apart into furniture and words.

    >>> read_line("Ngày đăng: 26/12/2018 | Lượt xem: 41").is_furniture
    True
    >>> read_line("Trang chủ của Cổng dịch vụ công vừa đổi giao diện").is_furniture
    False
    """
    line = Line()
    if len(text) > MAX_FURNITURE:
        line.rest.append("...")
        return line
    if _is_menu(text):
        line.kinds |= {"menu", "crumb"}
        line.site = text[: site_end(text, 0, greeted=True)]
        return line
    dateline = read_dateline(text)
    if dateline and not dateline.opens:
        _note_dateline(dateline, line)
        return line
    line.unfinished = text.endswith((",", " -", " –"))
    if "|" in text:
        line.kinds.add("bar")
    at = 0
    if place := _PLACE.match(text):
        line.rest.append(place.group())
        at = place.end()
    while at < len(text):
        at = _take(text, at, line)
        # After a word that is text only a date further on can still tell something.
        if line.rest and line.published is None and not _may_hold_date(text, at):
            break
    return line


def _note_dateline(dateline: Dateline, line: Line) -> None:
    line.kinds |= {"date", "dateline"}
    line.published = dateline.day
    who = dateline.who
    if _REPORTER.match(who):
        line.author = who
        return
    if _PAPER.match(who) and (" " in who or who.isupper()):
        line.site = who
    if line.site != who or " " in who:
        line.rest.append(who)  # "Báo Quảng Nam" names a province, which is the text's


def _may_hold_date(text: str, at: int) -> bool:
    # Two searches for a century are far cheaper than one for a date, and most lines fail them.
    return (text.find("20", at) >= 0 or text.find("19", at) >= 0) and bool(_DATE.search(text, at))


def _is_menu(text: str) -> bool:
    if _HOME.match(text):
        return True
    if "|" in text and (_MENU.match(text) or _MASTHEAD.match(text)):
        return True
    return any(step in text for step in "›»>") and bool(_CRUMB.match(text))


def _take(text: str, at: int, line: Line) -> int:
    """Take the next piece of the line; return where the one after it starts."""
    mark = _SEPARATORS.match(text, at)
    if mark:
        return mark.end()
    found = _DATE.match(text, at)
    if found:
        line.kinds.add("date")
        if line.published is None and not line.banner:
            line.published = date_of(found)
            if line.labelled:
                line.kinds.add("stamp")
        return found.end()
    phrase = _phrases().match(text, at)
    if phrase:
        return _take_phrase(text, phrase, line)
    if not line.rest and (end := site_end(text, at, greeted="visit" in line.kinds)):
        line.kinds.add("site")
        line.site = text[at:end].strip()
        return end
    for kind, pattern in _PIECES:
        found = pattern.match(text, at)
        if found and found.end() > at:
            line.kinds.add(kind)
            line.pieces += kind in ("greeting", "tool", "today")
            line.banner = line.banner or kind == "today"
            if kind == "greeting" and found["visit"]:
                line.kinds.add("visit")
            return found.end()
    word = _WORD.match(text, at)
    line.rest.append(word.group() if word else text[at:])
    line.labelled = False
    return word.end() if word else len(text)


def _take_phrase(text: str, phrase: re.Match[str], line: Line) -> int:
    kind = _kinds()[" ".join(phrase["phrase"].lower().split())]
    labelled = phrase["colon"] is not None
    if kind in ("author", "origin", "label"):
        # Without a colon these are everyday words: "tin", "bài", "theo".
        if not labelled:
            line.rest.append(phrase["phrase"])
            return phrase.end("phrase")
        stop = _value_end(text, phrase.end())
        value = text[phrase.end() : stop].strip(" |-–,;")
        if kind == "author":
            line.author = line.author or value
        elif kind == "origin":
            line.origin = line.origin or _without_day(value, line)
        line.kinds.add(kind)
        return max(stop, phrase.end())
    line.kinds.add(kind)
    line.pieces += 1
    line.labelled = line.labelled or kind == "date"
    return phrase.end()


def _without_day(origin: str, line: Line) -> str:
    """Return the source without the day it closes with, which the line then tells: "angiang.gov.vn, ngày 5/3/2021"."""
    found = _CLOSING_DAY.search(origin)
    day = date_of(found) if found else None
    if found is None or day is None:
        return origin
    line.kinds.add("date")
    line.published = line.published or day
    return origin[: found.start()]


def _value_end(text: str, at: int) -> int:
    """A label's value runs to the next bar or the next known phrase that is not an everyday word."""
    stop = len(text)
    bar = text.find("|", at)
    if bar >= 0:
        stop = bar
    for following in _phrases().finditer(text, at, stop):
        kind = _kinds()[" ".join(following["phrase"].lower().split())]
        if kind in ("tool", "share", "count", "date") or (
            following["colon"] and kind in ("label", "author", "origin")
        ):
            return following.start()
    return stop


@cache
def _kinds() -> dict[str, str]:
    with CLUTTER_FILE.open(encoding="utf-8", newline="") as stream:
        return {row["phrase"]: row["kind"] for row in csv.DictReader(stream)}


@cache
def _phrases() -> re.Pattern[str]:
    longest_first = sorted(_kinds(), key=len, reverse=True)
    either = "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in longest_first)
    return re.compile(rf"(?<!\w)(?P<phrase>{either})(?!\w)(?P<colon>\s*:)?", re.IGNORECASE)
