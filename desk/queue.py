"""The queue: which articles wait for an editor, the most doubtful first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import ColumnElement, func, select

from desk.paging import Page, Window
from desk.schema import articles, clean
from desk.schema import tags as tags_table
from desk.state import STANDING
from nlp.normalize import match_key

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from desk.store import Store

ArticleState = Literal["waiting", "done"]
# Tags under a name of their own, so that a query may join tags too.
_TAG = tags_table.alias().c
# Characters that stand for the title of an article that has none.
_OPENING = 100

OPENING = func.substr(articles.c.text, 1, _OPENING).label("opening")
"""The column that ``shown_title`` takes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list. A field that is None or "" filters nothing.

    ``topic`` is a label; ``place`` a code or a part of a name; ``official`` a part of a name.
    ``since`` and ``until`` are days of publication, both included. ``text`` is searched in id, title and
    text, without regard to case and tone placement.
    """

    topic: str | None = None
    place: str | None = None
    official: str | None = None
    since: date | None = None
    until: date | None = None
    state: Literal["waiting", "done", "all"] = "waiting"
    text: str = ""
    page: int = 1
    per_page: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicBrief:
    """A standing topic of an article in a list; ``score`` is None where a person added it."""

    key: str
    score: float | None
    band: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """One article in a list; ``reason`` is one of ``desk.doubt.REASONS``."""

    id: str
    title: str
    published: date | None
    topics: tuple[TopicBrief, ...]
    doubt: float
    reason: str
    state: ArticleState
    revision: int


def search(store: Store, wanted: Filter) -> Page[QueueItem]:
    """List articles: those that wait before those that are done, then by falling doubt."""
    window = Window(wanted.page, wanted.per_page)
    where = conditions(wanted)
    columns = articles.c
    query = (
        select(
            columns.id,
            columns.title,
            OPENING,
            columns.published,
            columns.doubt,
            columns.doubt_reason,
            columns.state,
            columns.revision,
        )
        .where(*where)
        .order_by(columns.state.desc(), columns.doubt.desc(), columns.id.desc())
        .limit(window.per_page)
        .offset(window.offset)
    )
    with store.reading() as connection:
        total = connection.execute(select(func.count()).select_from(articles).where(*where)).scalar_one()
        rows = connection.execute(query).all()
        topics = _topics(connection, [row.id for row in rows])
    return window.of([_item(row, tuple(topics[row.id])) for row in rows], total)


def progress(store: Store, wanted: Filter) -> tuple[int, int]:
    """How many of the articles that a filter lets through are done, and how many there are, in any state."""
    where = conditions(replace(wanted, state="all"))
    query = select(articles.c.state, func.count()).where(*where).group_by(articles.c.state)
    with store.reading() as connection:
        counts: dict[str, int] = dict(connection.execute(query).all())
    return counts.get("done", 0), sum(counts.values())


def neighbour(store: Store, wanted: Filter, after: str) -> str | None:
    """The id of the article to look at next, None where the filter lets no other through.

    It is the one behind ``after`` in the filter's order, so that passing over an article leads on; at the
    end it is the first that was passed over.
    """
    columns = articles.c
    query = (
        select(columns.id)
        .where(*conditions(wanted), columns.id != after)
        .order_by(columns.state.desc(), columns.doubt.desc(), columns.id.desc())
        .limit(1)
    )
    with store.reading() as connection:
        here = connection.execute(select(columns.state, columns.doubt).where(columns.id == after)).first()
        found: str | None = None
        if here:
            behind = (columns.doubt < here.doubt) | ((columns.doubt == here.doubt) & (columns.id > after))
            later = (columns.state < here.state) | ((columns.state == here.state) & behind)
            found = connection.execute(query.where(later)).scalar_one_or_none()
        return found or connection.execute(query).scalar_one_or_none()


def conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    """The filter as conditions on ``articles``."""
    columns = articles.c
    found: list[ColumnElement[bool]] = []
    if wanted.state != "all":
        found.append(columns.state == wanted.state)
    if wanted.since:
        found.append(columns.published >= wanted.since)
    if wanted.until:
        found.append(columns.published <= wanted.until)
    if wanted.text.strip():
        found.append(columns.search_key.contains(_search_key(wanted.text), autoescape=True))
    if wanted.topic:
        topic = clean(wanted.topic)
        found.append(_bears("topic", _TAG.key == topic))
    if wanted.place:
        place, key = clean(wanted.place), _search_key(wanted.place)
        found.append(_bears("place", (_TAG.key == place) | _TAG.search_key.contains(key, autoescape=True)))
    if wanted.official:
        name = _search_key(wanted.official)
        found.append(_bears("official", _TAG.search_key.contains(name, autoescape=True)))
    return found


def shown_title(title: str, opening: str) -> str:
    r"""A title, or the first words of a text for an article that has none.

    >>> shown_title("", "Sáng nay, huyện họp.\nDân dự."), shown_title("", ("Huyện họp. " * 10)[:100])[-12:]
    ('Sáng nay, huyện họp.', ' Huyện họp.…')
    """
    line = opening.partition("\n")[0]
    cut = len(line) == _OPENING  # most likely inside a word
    return title or (f"{line.rpartition(' ')[0] or line}…" if cut else line)


def _search_key(text: str) -> str:
    return match_key(clean(text.strip()))


def _bears(kind: str, condition: ColumnElement[bool]) -> ColumnElement[bool]:
    """That an article has a standing tag of which the condition holds."""
    found = select(_TAG.article_id).where(_TAG.kind == kind, _TAG.state.in_(STANDING), condition)
    return articles.c.id.in_(found)


def _topics(connection: Connection, ids: Sequence[str]) -> dict[str, list[TopicBrief]]:
    tag = tags_table.c
    query = (
        select(tag.article_id, tag.key, tag.score, tag.band, tag.state)
        .where(tag.article_id.in_(ids), tag.kind == "topic", tag.state.in_(STANDING))
        .order_by(tag.position)
    )
    found: dict[str, list[TopicBrief]] = defaultdict(list)
    for row in connection.execute(query):
        found[row.article_id].append(TopicBrief(key=row.key, score=row.score, band=row.band, state=row.state))
    return found


def _item(row: Any, topics: tuple[TopicBrief, ...]) -> QueueItem:  # noqa: ANN401 - some columns of a row
    return QueueItem(
        id=row.id,
        title=shown_title(row.title, row.opening),
        published=row.published,
        topics=topics,
        doubt=row.doubt,
        reason=row.doubt_reason,
        state=row.state,
        revision=row.revision,
    )
