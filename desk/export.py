"""What a filter lets through, as CSV or XLSX for Excel, or as JSON Lines."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import IO, TYPE_CHECKING

from sqlalchemy import select

from desk.current import current_states
from desk.decisions import record_of
from desk.queue import Filter, conditions
from desk.schema import articles
from nlp.records import COLUMNS, Record
from nlp.writers import WRITERS

if TYPE_CHECKING:
    from desk.store import Store

MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "jsonl": "application/x-ndjson",
}
# Articles read from the store at once.
_CHUNK = 200
# Bytes kept in memory before an export goes to a file on disk.
_SPOOL = 4 << 20


def records(store: Store, wanted: Filter) -> Iterator[Record]:
    """The records of the articles that a filter lets through, by id, as they stand after all decisions."""
    last = ""
    while True:
        query = (
            select(articles)
            .where(*conditions(wanted), articles.c.id > last)
            .order_by(articles.c.id)
            .limit(_CHUNK)
        )
        with store.reading() as connection:
            rows = connection.execute(query).all()
            states = current_states(connection, rows)
        for row in rows:
            yield record_of(row, *states[row.id])
        if len(rows) < _CHUNK:
            return
        last = rows[-1].id


def write(store: Store, wanted: Filter, written_as: str) -> IO[bytes]:
    """Write an export; returns it as a file that stands at its start and goes when it is closed."""
    stream = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - the caller closes it
    WRITERS[written_as](records(store, wanted), stream, COLUMNS)
    stream.seek(0)
    return stream
