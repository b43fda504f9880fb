"""Tables as offices keep them: .csv and .tsv of any delimiter and encoding, .xlsx."""

from __future__ import annotations

import csv
import warnings
import zlib
from collections import deque
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from zipfile import BadZipFile

from nlp.errors import EmptyArticleError, MissingExtraError, ReadError
from nlp.readers.columns import assign_columns
from nlp.readers.formats import MAX_RAW, MAX_ROW, BadRow, Lines, Row
from nlp.readers.zips import check_office_file

if TYPE_CHECKING:
    from openpyxl import Workbook

# What openpyxl raises on a workbook whose parts don't fit together; XML errors are SyntaxErrors.
_DAMAGES = (BadZipFile, LookupError, ValueError, TypeError, AttributeError, OSError, SyntaxError, zlib.error)
_DELIMITERS = ",;\t|"
# Sheets made in an office carry a heading above the row of column names.
_HEADING_ROWS = 10


def read_csv(stream: BinaryIO, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    """Read a delimited table; the delimiter is the one that cuts the header into most columns."""
    # The limit is the process's own; ours is the bound of a line, so it only ever grows.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_ROW))
    source = _Records(Lines(stream))
    delimiter, _ = cut_header(source.first_line())
    source.delimiter = delimiter
    header: list[str] | None = None
    assigned: dict[str, int] = {}
    number = 0
    for line, cells in source:
        if header is None:
            if isinstance(cells, ReadError):
                raise ReadError(f"the row of column names can't be read: {cells}")
            header = [name.strip() for name in cells]
            assigned = {
                name: header.index(column) for name, column in assign_columns(header, mapping).items()
            }
            continue
        number += 1
        if isinstance(cells, ReadError):
            yield BadRow(number, line, str(cells), source.raw[:MAX_RAW])
            continue
        while len(cells) > len(header) and not cells[-1]:
            cells.pop()
        if len(cells) != len(header):
            wanted = f"the row has {len(cells)} columns, the header {len(header)}"
            reason = f"{wanted}; put quotes around a text that holds {delimiter!r}"
            yield BadRow(number, line, reason, source.raw[:MAX_RAW])
        elif "\0" in source.raw:
            yield BadRow(
                number, line, "the row holds NUL bytes; export the table again", source.raw[:MAX_RAW]
            )
        else:
            found = {name: cells[index] for name, index in assigned.items()}
            yield Row(number, line, found, source.raw[:MAX_RAW])


def cut_header(line: str) -> tuple[str, list[str]]:
    """Return the delimiter that cuts a row of column names into most columns, and these."""
    delimiter = max(_DELIMITERS, key=lambda mark: len(_cut(line, mark)))
    return delimiter, _cut(line, delimiter)


def _cut(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return []


class _Records:
    """Records of a CSV, each with its first line; a broken record costs one line, not the rest of the file.

    ``csv.reader`` swallows everything after a quote that is never closed. Here the lines it took are
    given back, and reading goes on with the line after the broken one.
    """

    def __init__(self, lines: Lines) -> None:
        self.delimiter = ","
        self.raw = ""
        self._lines = iter(lines)
        self._waiting: deque[tuple[int, str | ReadError]] = deque()

    def first_line(self) -> str:
        """Return the first line that isn't empty, "sep=;" aside, without taking it.

        Raises:
            EmptyArticleError: There is none.
            ReadError: It can't be decoded.
        """
        for number, text in self._lines:
            if isinstance(text, ReadError):
                raise text
            if text.strip() and not text.lower().startswith("sep="):
                self._waiting.appendleft((number, text))
                return text
        raise EmptyArticleError("the table is empty; it needs a row of column names and one row an article")

    def __iter__(self) -> Iterator[tuple[int, list[str] | ReadError]]:
        while (record := self._next()) is not None:
            yield record

    def _next(self) -> tuple[int, list[str] | ReadError] | None:
        item = self._take()
        while item is not None and isinstance(item[1], str) and not item[1].strip():
            item = self._take()
        if item is None:
            return None
        number, first = item
        self.raw = ""
        if isinstance(first, ReadError):
            return number, first
        taken: list[tuple[int, str | ReadError]] = []
        try:
            reader = csv.reader(self._feed(first, taken), delimiter=self.delimiter, strict=True)
            return number, next(reader)
        except csv.Error as error:
            self._waiting.extendleft(reversed(taken))
            self.raw = first
            return number, ReadError(
                f"the quotes of the row don't match ({error}); close them, and double a quote inside a text"
            )

    def _take(self) -> tuple[int, str | ReadError] | None:
        return self._waiting.popleft() if self._waiting else next(self._lines, None)

    def _feed(self, first: str, taken: list[tuple[int, str | ReadError]]) -> Iterator[str]:
        """Give the record's lines to ``csv.reader`` as far as it asks, and note those after the first."""
        size = len(first)
        self.raw = first
        yield first
        while size <= MAX_ROW:
            item = self._take()
            if item is None:
                return
            taken.append(item)
            if isinstance(item[1], ReadError):
                raise csv.Error(str(item[1]))
            size += len(item[1])
            if len(self.raw) < MAX_RAW or "\0" in item[1]:
                self.raw += item[1]
            yield item[1]
        raise csv.Error(f"the row is longer than {MAX_ROW >> 20} MB")


def read_xlsx(path: Path, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    """Read every sheet of a workbook that has a column of texts, row by row."""
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError("reading .xlsx needs openpyxl: pip install 'thetin[office]'") from None
    check_office_file(path, "xl/workbook.xml", "an Excel workbook")
    # What openpyxl leaves out (styles, validations) is nothing to an article.
    warnings.filterwarnings("ignore", module=r"openpyxl\.")
    try:
        with path.open("rb") as stream:
            workbook = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            yield from _read_sheets(workbook, mapping)
    except _DAMAGES as error:
        reason = str(error).partition("\n")[0][:80]
        raise ReadError(f"the workbook is damaged ({reason}); save it again as .xlsx") from None


def _read_sheets(workbook: Workbook, mapping: Mapping[str, str] | None) -> Iterator[Row | BadRow]:
    refusal: ReadError | None = None
    number = 0
    for sheet in workbook.worksheets:
        # The declared size of a sheet is often wrong; without it the rows are read as they come.
        sheet.reset_dimensions()
        rows = enumerate(sheet.iter_rows(values_only=True), 1)
        try:
            assigned = _find_header(rows, mapping)
        except ReadError as error:
            refusal = refusal or error
            continue
        refusal = None
        for line, cells in rows:
            if not any(cell not in (None, "") for cell in cells):
                continue
            number += 1
            yield Row(number, line, {name: cells[at] for name, at in assigned.items() if at < len(cells)})
        number = max(number, 1)
    if refusal and not number:
        raise refusal


def _find_header(
    rows: Iterator[tuple[int, tuple[object, ...]]], mapping: Mapping[str, str] | None
) -> dict[str, int]:
    refusal: ReadError | None = None
    for line, cells in rows:
        names = [str(cell).strip() if cell is not None else "" for cell in cells]
        if any(names):
            try:
                return {name: names.index(column) for name, column in assign_columns(names, mapping).items()}
            except ReadError as error:
                refusal = refusal or error
        if line >= _HEADING_ROWS:
            break
    raise refusal or EmptyArticleError(
        "the workbook is empty; it needs a row of column names and one row an article"
    )
