"""Articles from a database: the rows of a query or table, streamed."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.batch.inputs import Inputs, Source
from nlp.batch.jobs import InputFile
from nlp.connections import driver_advice, engine_of, reason_of, shown_url
from nlp.errors import JobError, MissingExtraError, ReadError
from nlp.files import file_digest, write_atomic
from nlp.readers.columns import Origin, article_from_row, assign_columns
from nlp.records import dump_line
from nlp.types import Article, Reject

if TYPE_CHECKING:
    from sqlalchemy import Connection

# Rows that the server hands over at a time.
_FETCH = 256
# Characters of a row that a reject carries.
_RAW = 400
# How a connection is told to change nothing; PostgreSQL's has an option for it.
_READ_ONLY = {
    "sqlite": "PRAGMA query_only = ON",
    "mysql": "SET SESSION TRANSACTION READ ONLY",
    "mariadb": "SET SESSION TRANSACTION READ ONLY",
}
# What a statement that only reads may open with; comments and brackets may stand before it.
_READS = re.compile(
    r"(?:\s|\(|--[^\n]*\n|/\*.*?\*/)*(?:select|with|table|values)\b", re.IGNORECASE | re.DOTALL
)


class DatabaseInputs(Inputs):
    """The rows of a query, each an article; columns are found by name or ``mapping``.

    A job that writes files first puts the rows aside, so that a run that goes on after a kill sees
    what the first one saw.

    Args:
        url: ``nlp.connections`` takes it: ``postgresql://user@host/db`` or ``sqlite:///articles.db``.
        query: A SELECT. One with ORDER BY gives its articles in the same order every time.
        table: Instead of a query, a table or ``schema.table``, read whole in the order of its key.
        mapping: Field to column, for columns with names of their own.
        limit: Stop after this many rows.

    Raises:
        JobError: Neither a query nor a table was told, or both, or the query is no SELECT.
    """

    def __init__(
        self,
        url: str,
        *,
        query: str | None = None,
        table: str | None = None,
        mapping: Mapping[str, str] | None = None,
        limit: int | None = None,
    ) -> None:
        super().__init__(mapping, limit)
        if (query is None) == (table is None):
            raise JobError("a database needs either --query SELECT or --table NAME")
        if query is not None and not _READS.match(query):
            opening = " ".join(query.split())[:40]
            raise JobError(
                f"--query must be a SELECT: articles are read, nothing is changed; it opens {opening!r}"
            )
        self._url, self._query, self._table = url, query, table
        self._rows: Path | None = None
        shown = f"{shown_url(url)} {table or 'query'}"
        self.sources = (Source(Path(shown), shown),)

    def put_aside(self, folder: Path) -> None:
        """Keep the rows as JSON lines, unless an interrupted run already did."""
        folder.mkdir(exist_ok=True)
        path = folder / "rows.jsonl"
        asked = dump_line({"source": self.sources[0].shown, "query": self._query, "limit": self.limit})
        if not (path.exists() and _first_line_of(path) == asked):
            with write_atomic(path, "wb") as stream:
                stream.write(asked)
                with closing(self._fetch()) as rows:
                    for row in islice(rows, self.limit):
                        stream.write(dump_line(row))
        self._rows = path

    def digest(self, source: Source) -> InputFile:
        """Digest the rows that were put aside; "" where they come straight from the database."""
        if self._rows is None:
            return InputFile(path=source.shown, sha256="", bytes=0)
        return InputFile(path=source.shown, sha256=file_digest(self._rows), bytes=self._rows.stat().st_size)

    def read(self, source: Source) -> Generator[Article | Reject, None, None]:
        """Yield the rows as articles, those that are none as rejects with their number."""
        with closing(self._fetch() if self._rows is None else _kept(self._rows)) as rows:
            yield from self._articles(rows, source.shown)

    def _articles(self, rows: Iterator[dict[str, Any]], shown: str) -> Iterator[Article | Reject]:
        for number, row in enumerate(rows, 1):
            origin = Origin(f"{self._table or 'row'}-{number}", shown)
            try:
                assigned = assign_columns(row, self.mapping)
                yield article_from_row({field: row[name] for field, name in assigned.items()}, origin)
            except ReadError as error:
                raw = json.dumps(row, ensure_ascii=False)[:_RAW]
                column = (self.mapping or {}).get("id", "id")
                identity = str(row.get(column) or origin.id)
                yield Reject(source=shown, line=number, id=identity, reason=str(error), raw=raw)

    def _fetch(self) -> Generator[dict[str, Any], None, None]:
        with _connection(self._url) as connection:
            statement = self._statement(connection)
            with connection.execution_options(yield_per=_FETCH).execute(statement) as result:
                for row in result.mappings():
                    yield {str(name): _plain(value) for name, value in row.items()}

    def _statement(self, connection: Connection) -> Any:  # noqa: ANN401 - a Select or a TextClause
        from sqlalchemy import MetaData, Table, select, text
        from sqlalchemy.exc import NoSuchTableError

        if self._query is not None:
            # A colon is a colon here, not the name of a parameter.
            return text(self._query.replace(":", "\\:"))
        schema, _, name = str(self._table).rpartition(".")
        try:
            table = Table(name, MetaData(), schema=schema or None, autoload_with=connection)
        except NoSuchTableError:
            raise JobError(f"{shown_url(self._url)}: there is no table {self._table}") from None
        return select(table).order_by(*table.primary_key.columns)


@contextmanager
def _connection(url: str) -> Iterator[Connection]:
    """Connect for reading; whatever the database says becomes a ``JobError`` without its password."""
    try:
        from sqlalchemy.exc import ArgumentError, SQLAlchemyError
    except ImportError as error:
        raise MissingExtraError("a database needs SQLAlchemy: pip install 'thetin[database]'") from error
    try:
        engine = engine_of(url)
    except ImportError as error:
        raise MissingExtraError(f"{shown_url(url)}: {error}; {driver_advice(url)}") from error
    except ArgumentError as error:
        raise JobError(f"{shown_url(url)}: no database URL that can be used ({error})") from error
    file = engine.url.database
    if engine.dialect.name == "sqlite" and file and not Path(file).is_file():
        # SQLite would make an empty file and find no table in it.
        raise JobError(f"{shown_url(url)}: there is no such file; check the path")
    try:
        with engine.connect() as connection:
            if engine.dialect.name in _READ_ONLY:
                connection.exec_driver_sql(_READ_ONLY[engine.dialect.name])
            # PostgreSQL's; what yet other databases are asked to change is never committed.
            yield connection.execution_options(postgresql_readonly=True)
    except SQLAlchemyError as error:
        raise JobError(f"{shown_url(url)}: {reason_of(error)}") from error
    finally:
        engine.dispose()


def _kept(path: Path) -> Generator[dict[str, Any], None, None]:
    with path.open("rb") as stream:
        stream.readline()  # which rows they are
        for line in stream:
            yield json.loads(line)


def _first_line_of(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.readline()


def _plain(value: object) -> object:
    """Return what JSON can hold, since rows may be put aside as JSON."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, date):  # and datetime
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    if isinstance(value, bytes | memoryview):
        return bytes(value).decode("utf-8", "replace")
    return str(value)
