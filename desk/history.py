"""Who did what to which article, when, and on which model's word: the newest first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, or_, select

from desk.paging import MAX_PER_PAGE, Page, Window
from desk.queue import OPENING, Filter, shown_title
from desk.schema import articles, clean, history

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from desk.store import Store


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
    where = _conditions(wanted)
    if people_only:
        where.append(history.c.user != "")
    with store.reading() as connection:
        total = connection.execute(select(func.count()).select_from(history).where(*where)).scalar_one()
        items = _events(connection, where, limit=window.per_page, offset=window.offset)
    return window.of(items, total)


def of_article(connection: Connection, article_id: str, limit: int = MAX_PER_PAGE) -> tuple[Event, ...]:
    """The newest events of one article."""
    return _events(connection, [history.c.article_id == article_id], limit=limit, offset=0)


def _events(
    connection: Connection, where: list[ColumnElement[bool]], *, limit: int, offset: int
) -> tuple[Event, ...]:
    query = (
        select(history, articles.c.title, OPENING)
        .join(articles, articles.c.id == history.c.article_id, isouter=True)
        .where(*where)
        .order_by(history.c.id.desc())
        .limit(limit)
        .offset(offset)
    )
    return tuple(_event(row) for row in connection.execute(query))


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    columns = history.c
    found: list[ColumnElement[bool]] = []
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
