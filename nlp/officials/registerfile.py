"""Sheets of text written as one workbook or as one CSV file each, whole or not at all."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from nlp.errors import MissingExtraError, UnsupportedFormatError
from nlp.files import write_atomic

# What a spreadsheet takes for a formula when a CSV cell opens with it.
_FORMULA_OPENINGS = ("=", "+", "-", "@", "\t", "\r")
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_WIDTHS = {"Họ tên": 26, "Chức vụ": 60, "Nơi": 40, "Bài": 40, "Tên": 26, "Tiêu đề": 60, "Cần kiểm tra": 26}
_OTHER_WIDTH = 14


@dataclass(frozen=True, slots=True)
class Sheet:
    """A titled table, written once; every cell is text, so that codes keep their zeros."""

    title: str
    headings: tuple[str, ...]
    rows: Iterable[tuple[str, ...]]


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write sheets by the path's suffix; of several, the second CSV stands beside as ``...-2.csv``.

    Raises:
        UnsupportedFormatError: The suffix is neither ``.xlsx`` nor ``.csv``.
        MissingExtraError: openpyxl is not installed.
    """
    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        with write_atomic(path, "wb") as stream:
            write_workbook(stream, sheets)
    elif suffix == ".csv":
        for number, sheet in enumerate(sheets, 1):
            beside = path if number == 1 else path.with_name(f"{path.stem}-{number}{path.suffix}")
            with write_atomic(beside) as stream:
                write_csv(stream, sheet)
    else:
        raise UnsupportedFormatError(f"{path}: a register is written as .xlsx or .csv; name such a file")


def write_csv(stream: IO[str], sheet: Sheet) -> None:
    """Write a sheet with a byte order mark; what a spreadsheet would run gets an apostrophe in front."""
    stream.write("\N{ZERO WIDTH NO-BREAK SPACE}")  # the byte order mark by which Excel knows UTF-8
    writer = csv.writer(stream)
    writer.writerow(sheet.headings)
    for row in sheet.rows:
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA_OPENINGS) else cell for cell in row])


def write_workbook(stream: IO[bytes], sheets: Sequence[Sheet]) -> None:
    """Write sheets as one .xlsx.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError:
        raise MissingExtraError("writing .xlsx needs openpyxl: pip install 'thetin[office]'") from None
    book = Workbook(write_only=True)
    for sheet in sheets:
        table = book.create_sheet(sheet.title)
        table.freeze_panes = "A2"
        for index, heading in enumerate(sheet.headings):
            letter = chr(ord("A") + index)
            table.column_dimensions[letter].width = _WIDTHS.get(heading, _OTHER_WIDTH)
        for row in (sheet.headings, *sheet.rows):
            cells = []
            for text in row:
                cell = WriteOnlyCell(table, _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
                cell.data_type = "s"  # never a formula, whatever the page said
                cells.append(cell)
            table.append(cells)
    book.save(stream)
