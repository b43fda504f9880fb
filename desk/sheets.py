"""The register of officials and the log as sheets for a spreadsheet, in the words of the pages.

The register has the columns of ``classify.py --register``, and with them the place that a unit's code means.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from desk.history import Event
from desk.register import RegisteredPerson, RegisterEntry
from desk.words import HANOI, LANGUAGES, words
from nlp.officials.namesakes import MAX_EXAMPLES
from nlp.officials.register import OFFICIAL_HEADINGS
from nlp.officials.registerfile import Sheet

_AT = OFFICIAL_HEADINGS.index("Mã đơn vị") + 1
REGISTER_HEADINGS = (*OFFICIAL_HEADINGS[:_AT], "Nơi", *OFFICIAL_HEADINGS[_AT:])
LOG_HEADINGS = ("Lúc", "Ai", "Việc", "Loại thẻ", "Thẻ", "Lý do", "Bài", "Tiêu đề", "Mô hình")
# A spreadsheet sorts moments that are written so; the clock is that of Hà Nội, as on the page.
_MOMENT = "%Y-%m-%d %H:%M:%S"
_INNER = "; "


def register_sheet(entries: Iterable[RegisterEntry]) -> Sheet:
    """One row a person and post; persons of one name are numbered as on the page."""
    rows = (
        (entry.name, str(number), *row)
        for entry in entries
        for number, person in enumerate(entry.persons, 1)
        for row in _posts(person)
    )
    return Sheet("Cán bộ", REGISTER_HEADINGS, rows)


def log_sheet(events: Iterable[Event]) -> Sheet:
    """One row an event."""
    t = words(LANGUAGES[0])
    rows = (
        (
            datetime.fromisoformat(event.at).astimezone(HANOI).strftime(_MOMENT),
            event.user or t("log.machine"),
            t.reason("action", event.action),
            t.reason("kind", event.kind) if event.kind else "",
            t.topic(event.key) if event.kind == "topic" else event.key,
            t.reason("reason", event.reason) if event.reason else "",
            event.article_id,
            event.title,
            event.model,
        )
        for event in events
    )
    return Sheet("Nhật ký", LOG_HEADINGS, rows)


def _posts(person: RegisteredPerson) -> Iterator[tuple[str, ...]]:
    """The cells behind name and number; somebody whose posts an editor took away has one row all the same."""
    t = words(LANGUAGES[0])
    doubts = [
        t(f"officials.{doubt}")
        for doubt, holds in (("several", person.may_be_several), ("another", person.may_be_another))
        if holds
    ]
    for post in person.posts:
        seen = (_day(post.first), _day(post.last), str(post.articles), _INNER.join(post.examples))
        yield post.title, post.unit, post.place, *seen, _INNER.join(doubts)
    if not person.posts:
        newest = _INNER.join(article.id for article in person.articles[:MAX_EXAMPLES])
        seen = (_day(person.first), _day(person.last), str(person.count), newest)
        yield "", "", "", *seen, _INNER.join(doubts)


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
