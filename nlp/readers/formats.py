"""Tables of articles: a reader a format yields rows, one at a time, whatever the file's size.

A row that can't be read is a ``Reject`` in its place, and the next one is read. What makes the whole
file unreadable is raised as ``ReadError``; ``nlp.readers.sources`` turns it into one reject.
"""

from __future__ import annotations

import codecs
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, cast

from nlp.errors import ReadError
from nlp.readers.columns import assign_columns
from nlp.readers.legacy import Encoding, detect_encoding

MAX_ROW = 16 * 1024 * 1024
"""Bytes a row may have. The longest of 38,766 articles of 2017 has 60,000; 16 million is a broken file."""
MAX_RAW = 400
"""Characters of a row that a reject carries."""
SAMPLE = 256 * 1024
"""Bytes at the start of a file by which its encoding is told."""
_MAX_ARRAY = 64 * 1024 * 1024
_PARQUET_BATCH = 256


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table: its number among the rows, its 1-based line, its cells by field.

    ``raw`` is the row's own text, cut to ``MAX_RAW``; "" in formats that are no text.
    """

    number: int
    line: int
    cells: Mapping[str, object]
    raw: str = ""


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that can't be read: where it stands, why, and how it begins."""

    number: int
    line: int
    reason: str
    raw: str = ""


@dataclass(slots=True)
class Lines:
    """The lines of a byte stream, decoded one by one, none longer than ``MAX_ROW``.

    Iterating yields ``(line number, text)``; a line that is too long or not of the file's encoding
    comes as ``(line number, ReadError)``, and reading goes on with the next.
    """

    stream: BinaryIO
    encoding: Encoding = field(init=False)
    _number: int = 0

    def __post_init__(self) -> None:
        buffered = buffer(self.stream)
        self.encoding = detect_encoding(buffered.peek(SAMPLE)[:SAMPLE])
        self.stream = buffered

    def __iter__(self) -> Iterator[tuple[int, str | ReadError]]:
        if self.encoding.wide:
            yield from self._wide()
            return
        while raw := self.stream.readline(MAX_ROW + 1):
            self._number += 1
            if len(raw) > MAX_ROW:
                while raw and not raw.endswith(b"\n"):
                    raw = self.stream.readline(MAX_ROW)
                yield self._number, ReadError(_too_long())
                continue
            if self._number == 1:
                raw = raw.removeprefix(b"\xef\xbb\xbf")
            try:
                yield self._number, self.encoding.decode(raw)
            except ReadError as error:
                yield self._number, error

    def _wide(self) -> Iterator[tuple[int, str | ReadError]]:
        """Lines of UTF-16 and UTF-32, whose line feeds can't be found among the bytes."""
        decoder = codecs.getincrementaldecoder(self.encoding.codec)("replace")
        rest = ""
        too_long = False
        while block := self.stream.read(SAMPLE):
            *lines, rest = (rest + decoder.decode(block)).split("\n")
            for line in lines:
                self._number += 1
                yield self._number, ReadError(_too_long()) if too_long else line.removeprefix("\ufeff") + "\n"
                too_long = False
            if len(rest) > MAX_ROW:
                too_long, rest = True, ""
        rest += decoder.decode(b"", True)
        if rest or too_long:
            yield self._number + 1, ReadError(_too_long()) if too_long else rest.removeprefix("\ufeff")


def buffer(stream: BinaryIO) -> io.BufferedReader:
    """Wrap a stream so that its first bytes can be looked at without taking them."""
    if isinstance(stream, io.BufferedReader):
        return stream
    return io.BufferedReader(cast(io.RawIOBase, stream), SAMPLE)


def _too_long() -> str:
    return f"the line is longer than {MAX_ROW >> 20} MB; write one article a line"


def read_jsonl(stream: BinaryIO, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    """Read one JSON object a line; empty lines don't count."""
    number = 0
    for line, text in Lines(stream):
        if isinstance(text, str) and not text.strip():
            continue
        number += 1
        if isinstance(text, ReadError):
            yield BadRow(number, line, str(text))
            continue
        try:
            yield Row(number, line, _object_cells(json.loads(text), mapping), text[:MAX_RAW])
        except (ValueError, RecursionError) as error:
            yield BadRow(number, line, f"the line is no JSON object ({_json_error(error)})", text[:MAX_RAW])
        except ReadError as error:
            yield BadRow(number, line, str(error), text[:MAX_RAW])


def read_json(stream: BinaryIO, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    """Read JSON of any form: one object a line, or one array of objects, or one object."""
    buffered = buffer(stream)
    start = buffered.peek(SAMPLE)[:SAMPLE].lstrip(b"\xef\xbb\xbf \t\r\n")
    first_line = start.partition(b"\n")[0].strip()
    if first_line.startswith(b"{") and first_line.endswith(b"}"):
        yield from read_jsonl(buffered, mapping)
        return
    data = buffered.read(_MAX_ARRAY + 1)
    if len(data) > _MAX_ARRAY:
        raise ReadError(
            f"a JSON array over {_MAX_ARRAY >> 20} MB can't be read in pieces; write one object a line (.jsonl)"
        )
    try:
        parsed = json.loads(detect_encoding(data[:SAMPLE]).decode(data).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ReadError(f"the file is no JSON ({_json_error(error)}); write one object a line") from None
    for number, value in enumerate(parsed if isinstance(parsed, list) else [parsed], 1):
        raw = json.dumps(value, ensure_ascii=False)[:MAX_RAW]
        try:
            yield Row(number, number, _object_cells(value, mapping), raw)
        except ReadError as error:
            yield BadRow(number, number, str(error), raw)


def _object_cells(value: object, mapping: Mapping[str, str] | None) -> dict[str, object]:
    if not isinstance(value, dict):
        raise ReadError(f"this is a JSON {type(value).__name__}, not an object with a 'text'")
    assigned = _assign(tuple(value), tuple(mapping.items()) if mapping else ())
    return {name: value[column] for name, column in assigned.items()}


@lru_cache(maxsize=256)
def _assign(keys: tuple[str, ...], mapping: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Remember the columns of objects, since the next line mostly has those of the last."""
    return assign_columns(keys, dict(mapping))


def _json_error(error: ValueError | RecursionError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg.removesuffix(' at')} at character {error.pos + 1}"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)[:80]


def read_parquet(path: Path, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    """Read a Parquet file batch by batch, only the columns that an article has."""
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            assigned = assign_columns(table.schema_arrow.names, mapping)
            number = 0
            for batch in table.iter_batches(_PARQUET_BATCH, columns=sorted(set(assigned.values()))):
                columns = {name: batch.column(column).to_pylist() for name, column in assigned.items()}
                for index in range(batch.num_rows):
                    number += 1
                    yield Row(number, number, {name: cells[index] for name, cells in columns.items()})
    except (pyarrow.ArrowException, OSError, KeyError, UnicodeDecodeError) as error:
        raise ReadError(f"the Parquet file is damaged ({_first_line(error)}); write it again") from None


def _first_line(error: BaseException) -> str:
    return (str(error) or type(error).__name__).partition("\n")[0][:120]
