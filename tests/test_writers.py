"""Tables open in the programs that people have, and hold what the records hold."""

from __future__ import annotations

import csv
import io

import openpyxl
import pyarrow.parquet
import pytest
from test_records import TAGS

from nlp.errors import JobError
from nlp.records import columns, to_record, to_row
from nlp.writers import CELL_CHARACTERS, WRITERS, write_csv, write_parquet, write_xlsx

RECORDS = [
    to_record(TAGS, with_text=True),
    to_record(TAGS, with_text=True) | {"id": "a-2", "published": None},
]
NAMES = columns(with_text=True)


def written(form: str, records: list[dict[str, object]] = RECORDS) -> bytes:
    stream = io.BytesIO()
    WRITERS[form](iter(records), stream, NAMES)
    return stream.getvalue()


@pytest.mark.parametrize("form", WRITERS)
def test_the_same_records_give_the_same_bytes(form: str) -> None:
    assert written(form) == written(form)


def test_a_csv_opens_in_excel_as_utf8() -> None:
    data = written("csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert rows == list(map(to_row, RECORDS))


def test_a_workbook_opens_and_keeps_the_zeros_of_codes() -> None:
    record = to_record(TAGS, with_text=True)
    record["places"][0]["code"] = "001"
    record["places"][1:] = []
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", [record])))["tags"]
    header, row = sheet.iter_rows(values_only=True)
    assert header == NAMES
    found = dict(zip(header, row, strict=True))
    assert found["place_codes"] == "001"
    assert found["title"] == "Họp"
    assert sheet.freeze_panes == "A2"


def test_parquet_holds_the_rows() -> None:
    table = pyarrow.parquet.read_table(io.BytesIO(written("parquet")))
    assert table.to_pylist() == list(map(to_row, RECORDS))


@pytest.mark.parametrize("title", ["=1+1", "+84", "-1", "@SUM(A1)", "\tx"])
def test_a_title_is_no_formula(title: str) -> None:
    record = RECORDS[0] | {"title": title}
    (row,) = csv.DictReader(io.StringIO(written("csv", [record]).decode("utf-8-sig")))
    assert row["title"] == f"'{title}"
    sheet = openpyxl.load_workbook(io.BytesIO(written("xlsx", [record])))["tags"]
    assert (sheet["B2"].data_type, sheet["B2"].value) == ("s", title)


@pytest.mark.parametrize(
    "odd", ["a\x01b", "\ud800", "<&>\"'", "x" * (CELL_CHARACTERS + 5), " blanks ", "a\nb"]
)
def test_any_text_gives_a_table_that_opens(odd: str) -> None:
    records = [RECORDS[0] | {"title": odd}]
    cell = openpyxl.load_workbook(io.BytesIO(written("xlsx", records)))["tags"]["B2"].value
    assert len(cell) == min(len(odd), CELL_CHARACTERS)
    for write in (write_csv, write_parquet, write_xlsx):
        write(iter(records), io.BytesIO(), NAMES)


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nlp.writers.SHEET_ROWS", 2)
    with pytest.raises(JobError, match=r"\.csv or \.parquet"):
        written("xlsx")
