"""Records written as JSONL, CSV, XLSX or Parquet: one row an article, in constant memory.

The same records give the same bytes in every run; a workbook therefore carries no hour, which is
why it is written here and not by a library that stamps it.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import IO, Any
from xml.sax.saxutils import escape

from nlp.errors import JobError
from nlp.records import COLUMNS, dump_line, to_row

Records = Iterable[Mapping[str, Any]]

# Excel's own limits: rows of a sheet, characters of a cell.
SHEET_ROWS = 1_048_576
CELL_CHARACTERS = 32_767
# Rows held before Parquet writes a row group; some ten megabytes of records without their texts.
ROW_GROUP = 10_000
# What a spreadsheet takes for a formula when a CSV cell opens with it.
_FORMULA_OPENINGS = ("=", "+", "-", "@", "\t", "\r")
# XML 1.0 has no way to write these, not even escaped.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# The earliest date a zip archive can tell; see the module's first lines.
_NO_HOUR = (1980, 1, 1, 0, 0, 0)


def write_jsonl(records: Records, stream: IO[bytes], columns: Sequence[str] = COLUMNS) -> None:
    """Write records whole, one line each, as soon as it is there; ``columns`` plays no part."""
    for record in records:
        stream.write(dump_line(record))
        stream.flush()


def write_csv(records: Records, stream: IO[bytes], columns: Sequence[str] = COLUMNS) -> None:
    """Write rows with a byte order mark, by which Excel knows UTF-8.

    A cell that a spreadsheet would run as a formula gets an apostrophe in front: the words come
    from pages that anyone may have written.
    """
    text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="replace", newline="")
    rows = csv.writer(text)
    rows.writerow(columns)
    for record in records:
        row = to_row(record)
        rows.writerow([_harmless(row.get(column, "")) for column in columns])
    text.flush()
    text.detach()


def write_xlsx(records: Records, stream: IO[bytes], columns: Sequence[str] = COLUMNS) -> None:
    """Write a workbook of one sheet whose cells are all text, so that codes keep their zeros.

    Raises:
        JobError: There are more rows than a sheet holds.
    """
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _WORKBOOK_PARTS.items():
            archive.writestr(zipfile.ZipInfo(name, _NO_HOUR), content, zipfile.ZIP_DEFLATED)
        entry = zipfile.ZipInfo("xl/worksheets/sheet1.xml", _NO_HOUR)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as sheet:
            sheet.write(_SHEET_OPENING.encode())
            sheet.write(_sheet_row(columns))
            for count, record in enumerate(records, 2):
                if count > SHEET_ROWS:
                    raise JobError(
                        f"an Excel sheet holds {SHEET_ROWS - 1:,} articles; write .csv or .parquet instead"
                    )
                row = to_row(record)
                sheet.write(_sheet_row([row.get(column, "") for column in columns]))
            sheet.write(b"</sheetData></worksheet>")


def write_parquet(records: Records, stream: IO[bytes], columns: Sequence[str] = COLUMNS) -> None:
    """Write rows as columns of strings, compressed, a row group at a time."""
    import pyarrow
    from pyarrow import parquet

    schema = pyarrow.schema([(column, pyarrow.string()) for column in columns])
    with parquet.ParquetWriter(stream, schema, compression="zstd") as writer:
        held: list[dict[str, str]] = []

        def flush() -> None:
            """Write what is held as one row group, so that memory stays flat."""
            if held:
                writer.write_table(pyarrow.Table.from_pylist(held, schema=schema))
                held.clear()

        for record in records:
            held.append({name: _encodable(cell) for name, cell in to_row(record).items()})
            if len(held) == ROW_GROUP:
                flush()
        flush()


WRITERS: dict[str, Callable[[Records, IO[bytes], Sequence[str]], None]] = {
    "jsonl": write_jsonl,
    "csv": write_csv,
    "xlsx": write_xlsx,
    "parquet": write_parquet,
}
"""The formats of an output, by name; the name is also the suffix of a file."""


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_FORMULA_OPENINGS) else cell


def _encodable(cell: str) -> str:
    return cell.encode("utf-8", "replace").decode()


def _sheet_row(cells: Sequence[str]) -> bytes:
    return f"<row>{''.join(map(_cell, cells))}</row>".encode()


def _cell(text: str) -> str:
    if not text:
        return "<c/>"
    safe = escape(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text[:CELL_CHARACTERS]))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OPEN = "http://schemas.openxmlformats.org"
_WORKBOOK_PARTS = {
    "[Content_Types].xml": (
        f'{_XML}<Types xmlns="{_OPEN}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/'
        'vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OPEN}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/>'
        "</Relationships>"
    ),
    "xl/workbook.xml": (
        f'{_XML}<workbook xmlns="{_OPEN}/spreadsheetml/2006/main" '
        f'xmlns:r="{_OPEN}/officeDocument/2006/relationships">'
        '<sheets><sheet name="tags" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{_XML}<Relationships xmlns="{_OPEN}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{_OPEN}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
        "</Relationships>"
    ),
}
# The header row stays in sight; the second column, the title, is wide.
_SHEET_OPENING = (
    f'{_XML}<worksheet xmlns="{_OPEN}/spreadsheetml/2006/main"><sheetViews><sheetView workbookViewId="0">'
    '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    '<cols><col min="1" max="1" width="24" customWidth="1"/><col min="2" max="2" width="60" customWidth="1"/>'
    "</cols><sheetData>"
)
