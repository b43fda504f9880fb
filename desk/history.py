"""Who did what to which article, when, and on which model's word: the newest first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from desk.paging import MAX_PER_PAGE, Page, Window
from desk.queue import OPENING, Filter, shown_title
from desk.schema import articles, clean, history

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Select

    from desk.store import Store

# Rows fetched from the database at once when all are read.
_ROWS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the log.

    ``action`` is one of ``desk.state.ACTIONS``, or ``added``, ``changed`` (the article's words) or
    ``suggest`` (by ``model``); ``user`` is "" for these three. ``at`` is a moment in UTC.
    """

    at: str
    user: str
    article_id: str
    title: str
    action: str
    kind: str
    key: str
    reason: str
    model: str


def log(store: Store, wanted: Filter, *, people_only: bool = False) -> Page[Event]:
    """List events by falling time.

    Args:
        store: The store.
        wanted: ``since`` and ``until`` are the days of the events here, ``topic`` a tag's key, and
            ``text`` is a user's name or an article's id; the other fields play no part.
        people_only: Leave out what models and imports did.
    """
    window = Window(wanted.page, wanted.per_page)
    where = _conditions(wanted, people_only)
    with store.reading() as connection:
        total = connection.execute(select(func.count()).select_from(history).where(*where)).scalar_one()
        items = _events(connection, where, limit=window.per_page, offset=window.offset)
    return window.of(items, total)


def every_event(store: Store, wanted: Filter, *, people_only: bool = False) -> Iterator[Event]:
    """All events that ``log`` lists page by page, the newest first, from one snapshot of the store."""
    query = _query(_conditions(wanted, people_only))
    with store.reading() as connection:
        for row in connection.execute(query, execution_options={"yield_per": _ROWS}):
            yield _event(row)


def of_article(connection: Connection, article_id: str, limit: int = MAX_PER_PAGE) -> tuple[Event, ...]:
    """The newest events of one article."""
    return _events(connection, [history.c.article_id == article_id], limit=limit, offset=0)


def _events(
    connection: Connection, where: list[ColumnElement[bool]], *, limit: int, offset: int
) -> tuple[Event, ...]:
    query = _query(where).limit(limit).offset(offset)
    return tuple(_event(row) for row in connection.execute(query))


def _query(where: list[ColumnElement[bool]]) -> Select[Any]:
    return (
        select(history, articles.c.title, OPENING)
        .join(articles, articles.c.id == history.c.article_id, isouter=True)
        .where(*where)
        .order_by(history.c.id.desc())
    )


def _conditions(wanted: Filter, people_only: bool) -> list[ColumnElement[bool]]:
    columns = history.c
    found: list[ColumnElement[bool]] = [columns.user != ""] if people_only else []
    if wanted.since:
        found.append(columns.at >= wanted.since.isoformat())
    if wanted.until:
        found.append(columns.at < (wanted.until + timedelta(days=1)).isoformat())
    if wanted.topic:
        found.append(columns.key == clean(wanted.topic))
    if text := clean(wanted.text.strip()):
        found.append(or_(columns.user == text, columns.article_id.contains(text, autoescape=True)))
    return found


def _event(row: Row[Any]) -> Event:
    return Event(
        at=row.at,
        user=row.user,
        article_id=row.article_id,
        title=shown_title(row.title or "", row.opening or ""),
        action=row.action,
        kind=row.kind,
        key=row.key,
        reason=row.reason,
        model=row.model,
    )
