"""All clear articles of a filter finished at once, and taken back at once.

Nobody has looked at each of them, so each decision says that it was one of many: it is no label to learn from,
and no measure of the model. An article that changed since the list was shown is left alone, and so is one that
somebody touched before the whole is taken back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select

from desk.current import newest_suggestions
from desk.decisions import write
from desk.doubt import BAND_DOUBT
from desk.intake import locked_rows
from desk.queue import Filter, conditions
from desk.schema import articles, decisions, now
from desk.state import BATCH, Decision, MadeDecision
from desk.store import CHUNK
from nlp.errors import AccessError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

    from desk.store import Store


def count_clear(store: Store, wanted: Filter) -> int:
    """How many articles ``finish_clear`` would finish."""
    with store.reading() as connection:
        found = select(articles.c.id).where(*_clear(wanted)).limit(CHUNK).subquery()
        return connection.execute(select(func.count()).select_from(found)).scalar_one()


def finish_clear(store: Store, wanted: Filter, user: str, shown_at: str) -> str:
    """Finish the clearest articles, ``CHUNK`` at most; returns the moment by which they are known.

    Args:
        store: The store.
        wanted: Which articles.
        user: Who finishes them.
        shown_at: When the list was shown; what changed later is left alone.
    """
    moment = now()
    with store.writing() as connection:
        where = (*_clear(wanted), articles.c.changed_at <= shown_at)
        ids = list(
            connection.scalars(
                select(articles.c.id).where(*where).order_by(articles.c.doubt, articles.c.id).limit(CHUNK)
            )
        )
        # Somebody may have come between the look and the lock.
        rows = [row for row in locked_rows(connection, ids) if row.changed_at <= shown_at]
        _write(connection, rows, Decision(action="done", reason=BATCH, user=user), moment)
    return moment


def count_finished(store: Store, moment: str) -> int:
    """How many articles are as they were finished together at a moment."""
    query = select(func.count()).select_from(decisions.join(articles))
    with store.reading() as connection:
        return connection.execute(query.where(*_untouched(moment))).scalar_one()


def undo(store: Store, moment: str, user: str, *, is_reviewer: bool) -> None:
    """Take back what was finished together at a moment, but for articles that somebody touched since.

    Raises:
        AccessError: Somebody else finished them.
    """
    query = select(decisions.c.article_id, decisions.c.user).join(articles).where(*_untouched(moment))
    with store.writing() as connection:
        made: dict[str, str] = dict(connection.execute(query).all())
        others = set(made.values()) - {user}
        if others and not is_reviewer:
            raise AccessError(f"{others.pop()} finished these articles; only a reviewer may undo it")
        locked = {row.id: row for row in locked_rows(connection, list(made))}
        kept = [locked[article_id] for article_id, _ in connection.execute(query)]
        _write(connection, kept, Decision(action="undo", value={"undone": "done"}, user=user), now())


def _write(connection: Connection, rows: Sequence[Row[Any]], decision: Decision, moment: str) -> None:
    """Add one decision on each of some locked articles."""
    said = newest_suggestions(connection, rows)
    made = [
        MadeDecision(
            decision=decision,
            id=0,
            revision=row.revision + 1,
            model=said[row.id].model if row.id in said else "",
            digest=row.digest,
            at=moment,
        )
        for row in rows
    ]
    write(connection, [(row.id, each) for row, each in zip(rows, made, strict=True)], revisions=1)


def _clear(wanted: Filter) -> list[ColumnElement[bool]]:
    # What is clear is below the least doubt that is named; doubt stands in an index, its reason does not.
    return [*conditions(wanted), articles.c.state == "waiting", articles.c.doubt < BAND_DOUBT]


def _untouched(moment: str) -> tuple[ColumnElement[bool], ...]:
    made = decisions.c
    return made.at == moment, made.reason == BATCH, made.revision == articles.c.revision
