"""The store as ``classify.py --to`` fills it: what it holds already, and parts that are saved whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy import and_, select, tuple_
from sqlalchemy.exc import IntegrityError, SQLAlchemyError

from desk.intake import storable
from desk.schema import articles, suggestions
from nlp.errors import StoreError
from nlp.records import article_digest

if TYPE_CHECKING:
    from desk.store import Store
    from nlp.types import Article, Tags


class Ledger:
    """What models said of which state of which article.

    Args:
        store: An open store; the caller closes it.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def current(self, found: Sequence[Article], model: str) -> set[str]:
        """Return the ids of the articles for which the model's answer to the same words is there."""
        kept = [storable(article) for article in found]
        wanted = {article.id: article_digest(article) for article in kept}
        is_of = and_(articles.c.id == suggestions.c.article_id, articles.c.digest == suggestions.c.digest)
        query = (
            select(articles.c.id)
            .join(suggestions, is_of)
            .where(suggestions.c.model == model, tuple_(articles.c.id, articles.c.digest).in_(wanted.items()))
        )
        with self._told(), self._store.reading() as connection:
            standing = set(connection.scalars(query))
        return {before.id for before, after in zip(found, kept, strict=True) if after.id in standing}

    def save_tags(self, tags: Sequence[Tags]) -> None:
        """Save articles and suggestions; each is there whole or not at all, and twice changes nothing.

        Raises:
            StoreError: The database refused.
        """
        with self._told():
            try:
                self._store.save_tags(tags)
            except IntegrityError:  # another run saved one of them at the same moment; now it is known
                self._store.save_tags(tags)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say which database refused, and why, in one line."""
        try:
            yield
        except SQLAlchemyError as error:
            shown = self._store.engine.url.render_as_string(hide_password=True)
            reason = str(getattr(error, "orig", error)).partition("\n")[0]
            raise StoreError(f"{shown}: {reason}; run the same command again to go on") from error
