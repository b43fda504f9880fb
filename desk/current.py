"""What the store says now: articles and the state of their tags, read in whole pages at once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from desk.schema import decisions, suggestions
from desk.state import Decision, MadeDecision, State, replay
from nlp.records import from_record
from nlp.types import Article

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row


def current_states(
    connection: Connection, rows: Sequence[Row[Any]]
) -> dict[str, tuple[State, Row[Any] | None]]:
    """For each row of ``articles``, its state and the suggestion that it rests on, None where there is none."""
    newest = newest_suggestions(connection, rows)
    made: dict[str, list[MadeDecision]] = defaultdict(list)
    ids = [row.id for row in rows]
    query = select(decisions).where(decisions.c.article_id.in_(ids)).order_by(decisions.c.id)
    for decision in connection.execute(query):
        made[decision.article_id].append(made_of(decision))
    states = {}
    for row in rows:
        suggestion = newest.get(row.id)
        tags = from_record(suggestion.record) if suggestion else None
        states[row.id] = replay(tags, made[row.id], row.text, row.digest), suggestion
    return states


def newest_suggestions(connection: Connection, rows: Sequence[Row[Any]]) -> dict[str, Row[Any]]:
    """By article id, the last suggestion that was made for the text that the article has now."""
    digests = {row.id: row.digest for row in rows}
    query = select(suggestions).where(suggestions.c.article_id.in_(digests)).order_by(suggestions.c.id)
    return {row.article_id: row for row in connection.execute(query) if row.digest == digests[row.article_id]}


def decisions_of(connection: Connection, article_id: str) -> list[MadeDecision]:
    """All decisions on an article, oldest first."""
    query = select(decisions).where(decisions.c.article_id == article_id).order_by(decisions.c.id)
    return [made_of(row) for row in connection.execute(query)]


def made_of(row: Row[Any]) -> MadeDecision:
    """A row of ``decisions`` as a record."""
    decision = Decision(
        action=row.action, kind=row.kind, key=row.key, value=row.value, reason=row.reason, user=row.user
    )
    return MadeDecision(
        decision=decision, id=row.id, revision=row.revision, model=row.model, digest=row.digest, at=row.at
    )


def article_of(row: Row[Any]) -> Article:
    """A row of ``articles`` as a record."""
    return Article(
        id=row.id,
        text=row.text,
        title=row.title,
        published=row.published,
        source=row.source,
        author=row.author,
    )
