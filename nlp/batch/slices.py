"""Stretches of large files that a worker reads for itself, where they lie.

Only the place of a stretch travels to the worker. It gives the same articles, under the same ids and
line numbers, as reading the whole file would.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path
from typing import Protocol

from nlp.errors import ReadError
from nlp.readers.columns import assign_columns
from nlp.readers.formats import MAX_ROW, SAMPLE, BadRow, Row, read_jsonl
from nlp.readers.legacy import detect_encoding
from nlp.readers.rows import articles_of
from nlp.types import Article, Reject

# A line of blanks is no row; one longer than this is never taken for one.
_BLANK_BYTES = 64
# A row group is read as a whole, so a part may hold this many times more rows than was asked for;
# files of larger groups are read in one place and sent out.
_GROUP_FACTOR = 16


class Slice(Protocol):
    """A stretch of a file."""

    @property
    def count(self) -> int:
        """How many inputs it holds."""
        ...

    def read(self) -> Iterator[Article | Reject]:
        """Yield the inputs of the stretch."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonlSlice:
    """Whole lines of a file of JSON lines in UTF-8: ``length`` bytes from ``offset`` on."""

    path: Path
    shown: str
    mapping: Mapping[str, str] | None
    offset: int
    length: int
    first_line: int
    first_row: int
    count: int

    def read(self) -> Iterator[Article | Reject]:
        """Yield the inputs of the stretch."""
        with self.path.open("rb") as stream:
            stream.seek(self.offset)
            lines = _Utf8(io.BytesIO(stream.read(self.length)))
        rows = (
            replace(row, number=row.number + self.first_row, line=row.line + self.first_line)
            for row in read_jsonl(lines, self.mapping)
        )
        return articles_of(rows, self.shown)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParquetSlice:
    """A row group of a Parquet file."""

    path: Path
    shown: str
    mapping: Mapping[str, str] | None
    group: int
    first_row: int
    count: int

    def read(self) -> Iterator[Article | Reject]:
        """Yield the inputs of the row group."""
        return articles_of(self._rows(), self.shown)

    def _rows(self) -> Iterator[Row | BadRow]:
        import pyarrow
        from pyarrow import parquet

        try:
            with parquet.ParquetFile(self.path) as table:
                assigned = assign_columns(table.schema_arrow.names, self.mapping)
                group = table.read_row_group(self.group, columns=sorted(set(assigned.values())))
        except (pyarrow.ArrowException, OSError) as error:
            number = self.first_row + 1
            yield BadRow(number, number, f"row group {self.group} is damaged ({error}); write the file again")
            return
        columns = {name: group.column(column) for name, column in assigned.items()}
        for index in range(group.num_rows):
            number = self.first_row + index + 1
            yield Row(number, number, {name: cells[index].as_py() for name, cells in columns.items()})


def slices_of(path: Path, shown: str, mapping: Mapping[str, str] | None, size: int) -> Iterator[Slice] | None:
    """Cut a file into stretches of about ``size`` inputs, None where it must be read in one place.

    Args:
        path: The file.
        shown: The name that its articles carry as their source.
        mapping: Field to column.
        size: Inputs a stretch.
    """
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson") and path.is_file():
        with path.open("rb") as stream:
            sample = stream.read(SAMPLE)
        if sample.strip() and detect_encoding(sample) == detect_encoding(b"{"):
            return _jsonl_slices(path.resolve(), shown, mapping, size)
    if suffix == ".parquet" and path.is_file():
        return _parquet_slices(path.resolve(), shown, mapping, size)
    return None


class _Utf8(io.BufferedReader):
    """Bytes whose encoding the whole file told; the reader would judge by the stretch alone."""

    def peek(self, size: int = 0, /) -> bytes:
        return b"{"


def _jsonl_slices(
    path: Path, shown: str, mapping: Mapping[str, str] | None, size: int
) -> Iterator[JsonlSlice]:
    offset = first_line = first_row = 0
    length = lines = rows = 0

    def made() -> JsonlSlice:
        """Close the stretch that was counted so far."""
        return JsonlSlice(
            path=path,
            shown=shown,
            mapping=mapping,
            offset=offset,
            length=length,
            first_line=first_line,
            first_row=first_row,
            count=rows,
        )

    with path.open("rb") as stream:
        while raw := stream.readline(MAX_ROW):
            length += len(raw)
            if not raw.endswith(b"\n"):  # the last line, or a stretch of one that is too long
                following = stream.readline(MAX_ROW)
                while following:
                    length += len(following)
                    if following.endswith(b"\n"):
                        break
                    following = stream.readline(MAX_ROW)
            lines += 1
            rows += not _is_blank(raw)
            if rows == size:
                yield made()
                offset, first_line, first_row = offset + length, first_line + lines, first_row + rows
                length = lines = rows = 0
    if rows:
        yield made()


def _is_blank(raw: bytes) -> bool:
    return len(raw) <= _BLANK_BYTES and not raw.decode("utf-8", "replace").strip()


def _parquet_slices(
    path: Path, shown: str, mapping: Mapping[str, str] | None, size: int
) -> Iterator[ParquetSlice] | None:
    import pyarrow
    from pyarrow import parquet

    try:
        with parquet.ParquetFile(path) as table:
            assign_columns(table.schema_arrow.names, mapping)
            about = table.metadata
            counts = [about.row_group(group).num_rows for group in range(about.num_row_groups)]
    except (pyarrow.ArrowException, OSError, ReadError):
        return None  # the reader says what is wrong with it
    if not sum(counts) or max(counts) > size * _GROUP_FACTOR:
        return None
    firsts = accumulate(counts, initial=0)
    return (
        ParquetSlice(path=path, shown=shown, mapping=mapping, group=group, first_row=first, count=count)
        for group, (first, count) in enumerate(zip(firsts, counts, strict=False))
        if count
    )
