"""The store of articles, suggestions and decisions, shared by ``classify.py --to`` and the desk.

Every method opens a transaction of its own and is whole or has no effect. Suggestions and decisions are
only ever added; what lists need is derived from them in the same transaction.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Self

from desk.current import article_of
from desk.engines import WRITES, make_engine, migrate
from desk.intake import put_articles, put_tags, unchanged
from desk.schema import articles as articles_table
from desk.schema import clean
from nlp.errors import StoreError, UnknownArticleError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

    from desk.doubt import Probes
    from nlp.types import Article, Tags

# Rows a transaction: other writers wait no longer than one takes, some tens of milliseconds.
CHUNK = 100


class Store:
    """A database of suggestions and decisions; safe to use from several threads.

    Args:
        engine: An engine whose schema is the newest one; ``Store.open`` makes it so.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        # SQLite has one writer; threads of this process queue here, in order, instead of polling.
        self._writer = threading.Lock() if engine.dialect.name == "sqlite" else None

    @classmethod
    def open(cls, url: str) -> Self:
        """Open a store, making or updating its tables.

        Args:
            url: ``sqlite:///desk.db``, ``postgresql://user@host/name``, or a path, which means SQLite.

        Raises:
            StoreError: The URL is no database's, or the database can't be opened.
            MissingExtraError: The extra ``database`` is not installed.
        """
        engine = make_engine(url)
        try:
            migrate(engine)
        except StoreError:
            engine.dispose()
            raise
        return cls(engine)

    def close(self) -> None:
        """Close all connections; the store may not be used afterwards."""
        self.engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that only reads, on one snapshot."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that writes; committed where the block ends, rolled back where it raises."""
        if self._writer:
            with self._writer, self._write() as connection:
                yield connection
        else:
            with self._write() as connection:
                yield connection

    def add_articles(self, articles: Iterable[Article]) -> int:
        """Add articles that no model has seen yet; returns how many were new or changed."""
        return sum(self._in_chunks(articles, lambda article: article.id, put_articles))

    def save_tags(self, tags: Iterable[Tags], *, probes: Mapping[str, Probes] | None = None) -> int:
        """Add what a model says of articles, with the articles where they are new or changed.

        The same model's answer to the same text is kept once. Where an article id comes twice, the
        later one is an update of the earlier.

        Args:
            tags: Any number of answers.
            probes: What a classifier says beyond the tags, by article id, to weigh how doubtful they are.

        Returns:
            How many suggestions were new.
        """

        def put(connection: Connection, chunk: Sequence[Tags]) -> int:
            """Add one chunk."""
            return put_tags(connection, chunk, probes or {})

        return sum(self._in_chunks(tags, lambda each: each.article.id, put))

    def suggest(self, tags: Sequence[Tags], probes: Mapping[str, Probes]) -> int:
        """Add suggestions for articles that are there, passing over those whose words changed meanwhile."""
        with self.writing() as connection:
            return put_tags(connection, unchanged(connection, tags), probes)

    def article(self, article_id: str) -> Article:
        """Return an article with its newest text.

        Raises:
            UnknownArticleError: No article has the id.
        """
        with self.reading() as connection:
            row = connection.execute(
                articles_table.select().where(articles_table.c.id == clean(article_id))
            ).first()
        if row is None:
            raise unknown_article(article_id)
        return article_of(row)

    def _in_chunks(self, items: Iterable[Any], key: Any, put: Any) -> Iterator[int]:  # noqa: ANN401
        """Call ``put`` in one transaction for each chunk; a chunk holds no key twice."""
        chunk: dict[str, Any] = {}
        for item in items:
            if len(chunk) == CHUNK or key(item) in chunk:
                with self.writing() as connection:
                    yield put(connection, list(chunk.values()))
                chunk = {}
            chunk[key(item)] = item
        if chunk:
            with self.writing() as connection:
                yield put(connection, list(chunk.values()))

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        with self.engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            yield connection


def unknown_article(article_id: str) -> UnknownArticleError:
    """The error that says that no article has an id."""
    return UnknownArticleError(
        f"no article has the id {article_id[:200]!r}; it was never added to this store"
    )
