"""What a filter lets through, as CSV or XLSX for Excel; articles as JSON Lines too."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Iterator
from typing import IO, TYPE_CHECKING

from sqlalchemy import select

from desk.current import current_states
from desk.decisions import record_of
from desk.queue import Filter, conditions
from desk.schema import articles
from nlp.errors import StoreError
from nlp.officials.registerfile import Sheet, write_csv, write_workbook
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
# Rows of an Excel sheet under its headings.
MAX_SHEET_ROWS = 1_048_575
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
    """Write articles; returns a file that stands at its start and goes when it is closed."""
    return _written(lambda stream: WRITERS[written_as](records(store, wanted), stream, COLUMNS))


def write_sheet(sheet: Sheet, written_as: str) -> IO[bytes]:
    """Write a sheet as csv or xlsx; returns a file that stands at its start and goes when it is closed."""
    if written_as == "xlsx":
        return _written(lambda stream: write_workbook(stream, [sheet]))
    return _written(lambda stream: _write_csv(stream, sheet))


def check_fits(n_rows: int, written_as: str) -> None:
    """Refuse what an Excel sheet can't hold, before a row is written.

    Raises:
        StoreError: There are too many rows.
    """
    if written_as == "xlsx" and n_rows > MAX_SHEET_ROWS:
        raise StoreError(f"an Excel sheet holds {MAX_SHEET_ROWS:,} rows; narrow the filter, or take CSV")


def _write_csv(stream: IO[bytes], sheet: Sheet) -> None:
    text = io.TextIOWrapper(stream, encoding="utf-8", errors="replace", newline="")
    write_csv(text, sheet)
    text.flush()
    text.detach()


def _written(write_to: Callable[[IO[bytes]], None]) -> IO[bytes]:
    stream = tempfile.SpooledTemporaryFile(max_size=_SPOOL)  # noqa: SIM115 - the caller closes it
    try:
        write_to(stream)
    except BaseException:
        stream.close()
        raise
    stream.seek(0)
    return stream
