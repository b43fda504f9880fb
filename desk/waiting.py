"""Which articles of the store still wait for the model in use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from desk.current import article_of
from desk.schema import articles, suggestions

if TYPE_CHECKING:
    from desk.store import Store
    from nlp.types import Article


def mark_for(store: Store, model: str) -> None:
    """Have every waiting article that a model has not tagged looked at again."""
    is_tagged = exists().where(suggestions.c.id == articles.c.suggestion_id, suggestions.c.model == model)
    query = update(articles).where(articles.c.state == "waiting", ~is_tagged).values(is_assessed=False)
    with store.writing() as connection:
        connection.execute(query)


def unassessed(store: Store, limit: int) -> list[Article]:
    """Some of the waiting articles that no model in the desk has looked at."""
    columns = articles.c
    query = select(articles).where(~columns.is_assessed, columns.state == "waiting").limit(limit)
    with store.reading() as connection:
        return [article_of(row) for row in connection.execute(query)]
