"""Every format gives the same articles, and whatever is broken gives one reject that says what to do."""

from __future__ import annotations

import csv
import io
import json
import os
import random
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.errors import ReadError
from nlp.normalize import normalize
from nlp.readers.columns import assign_columns, fold
from nlp.readers.dates import parse_date
from nlp.readers.formats import MAX_ROW
from nlp.readers.sources import READERS, TABLES, read_articles, read_inputs
from nlp.types import Article, Reject

FILES = Path(__file__).parent / "files"
BROKEN = FILES / "broken"
DOCUMENTS = sorted(path for path in FILES.iterdir() if path.is_file() and path.suffix not in TABLES)
TABLE_FILES = sorted(path for path in FILES.iterdir() if path.suffix in TABLES)


def read(path: Path, **options: object) -> list[Article | Reject]:
    return list(read_inputs(path, **options))  # type: ignore[arg-type]


def only_reject(path: Path, **options: object) -> Reject:
    found = read(path, **options)
    assert len(found) == 1
    assert isinstance(found[0], Reject), found
    return found[0]


def rejects(found: list[Article | Reject]) -> list[Reject]:
    return [item for item in found if isinstance(item, Reject)]


def articles(found: list[Article | Reject]) -> list[Article]:
    return [item for item in found if isinstance(item, Article)]


def csv_file(folder: Path, text: str, encoding: str = "utf-8") -> Path:
    path = folder / "table.csv"
    path.write_bytes(text.encode(encoding))
    return path


# --- every format -----------------------------------------------------------------------------


@pytest.mark.parametrize("path", TABLE_FILES, ids=lambda path: path.name)
def test_every_table_tells_the_same_articles(path: Path) -> None:
    first, second, third = articles(read(path))
    assert (first.id, first.published, first.author) == ("101", date(2021, 3, 5), "Hồng Gấm")
    assert first.title == "Xã Bình An mở điểm trả hồ sơ buổi tối"
    assert first.text.startswith(f"{first.title}\n\nTừ đầu tháng 3, UBND xã Bình An")
    assert first.text.count("\n\n") == 3
    assert second.author == ""
    assert third.published == date(2021, 3, 7)
    assert 'đội nhà nói "thua đẹp", khán giả cười.' in third.text
    assert {article.source for article in (first, second, third)} == {path.name}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_document_tells_the_same_article(path: Path) -> None:
    (article,) = articles(read(path))
    assert article.id == path.stem
    assert article.title == "Xã Bình An mở điểm trả hồ sơ buổi tối"
    assert "Từ đầu tháng 3, UBND xã Bình An trả kết quả hồ sơ hộ tịch" in article.text
    assert article.text.endswith("mới quyết định có làm tiếp hay không.")
    for clutter in ("Ngày đăng", "cỡ chữ", "Trang chủ", "Responsive", "Hồng Gấm"):
        assert clutter not in article.text
    if path.suffix in (".html", ".docx") or path.stem == "page":
        assert article.published == date(2021, 3, 5)


def test_a_suffix_has_a_test_file() -> None:
    tested = {path.suffix for path in FILES.iterdir()}
    assert set(READERS) - tested == {".htm", ".ndjson"}


def test_a_folder_is_read_in_order_without_by_products(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in (
        "b/2.txt",
        "1.txt",
        "3.txt",
        ".hidden.txt",
        "~$3.docx",
        "1.rejects.jsonl",
        "1.manifest.json",
    ):
        (tmp_path / name).write_text("Xã họp dân.", encoding="utf-8")
    found = read(tmp_path)
    assert [item.id for item in articles(found)] == ["1", "3", "b/2"]
    assert articles(found)[2].source == f"{tmp_path.name}/b/2.txt"
    (tmp_path / "b" / "tin.csv").write_text("text\nXã họp dân.\n", encoding="utf-8")
    (tmp_path / "tin.csv").write_text("text\nXã họp dân.\n", encoding="utf-8")
    assert [item.id for item in read(tmp_path)] == ["1", "3", "tin-1", "b/2", "b/tin-1"]
    assert rejects(found) == []


def test_every_text_is_normalized_and_opens_with_its_title() -> None:
    for article in articles(read(FILES)):
        assert normalize(article.text) == article.text
        assert article.text.startswith(article.title)


def test_the_sample_articles_are_all_read_with_their_dates() -> None:
    found = read(Path(__file__).parent.parent / "data" / "sample")
    assert rejects(found) == []
    assert len({item.id for item in found}) == 10
    assert all(item.published and item.title for item in articles(found))


# --- columns and fields -----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["Nội dung", "noi_dung", "NỘI DUNG", "Noi dung", "nội-dung", "noidung"])
def test_a_column_is_known_without_case_tones_and_blanks(name: str) -> None:
    assert assign_columns([name, "x"]) == {"text": name}


def test_a_mapping_overrules_the_known_names(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "text,Noi_dung_moi\ncũ,mới\n")
    (article,) = articles(read(path, mapping={"text": "noi dung moi"}))
    assert article.text == "mới"


def test_a_mapping_of_an_unknown_field_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="an article has no 'body'"):
        read_inputs(tmp_path, mapping={"body": "x"})


def test_a_mapped_column_that_is_missing_is_named(tmp_path: Path) -> None:
    reject = only_reject(csv_file(tmp_path, "text\nx\n"), mapping={"text": "Bài"})
    assert "no column 'Bài'" in reject.reason
    assert "'text'" in reject.reason


@given(st.text())
def test_fold_is_a_fixed_point(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2018-12-26", date(2018, 12, 26)),
        ("26/12/2018", date(2018, 12, 26)),
        ("26-12-2018 14:30", date(2018, 12, 26)),
        ("1.2.2018", date(2018, 2, 1)),
        ("Thứ tư, 26/12/2018 14:30 (GMT+7)", date(2018, 12, 26)),
        ("2018-12-26T23:30:00", date(2018, 12, 26)),
        ("2018-12-25T18:00:00Z", date(2018, 12, 26)),
        ("ngày 26 tháng 12 năm 2018", date(2018, 12, 26)),
        ("", None),
        (None, None),
    ],
)
def test_dates(value: object, expected: date | None) -> None:
    assert parse_date(value) == expected


@pytest.mark.parametrize(
    "value", ["hôm qua", "13/13/2020", "26/12/18", "31/2/2020", "1/1/0001", 1545782400000, True]
)
def test_what_is_no_date_says_what_to_write(value: object) -> None:
    with pytest.raises(ValueError, match="is no date; write 2018-12-26"):
        parse_date(value)


def test_a_row_without_id_is_named_after_its_file_and_number(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    path.write_text('{"text": "Một."}\n\n{"text": "Hai."}\n', encoding="utf-8")
    assert [item.id for item in articles(read(path))] == ["tin-1", "tin-2"]


def test_a_row_without_title_keeps_its_text_as_it_is(tmp_path: Path) -> None:
    text = "Xã họp dân\nSáng nay, ủy ban nhân dân xã mời dân họp ở đình.\n\nHồng Gấm"
    path = tmp_path / "tin.jsonl"
    path.write_text(json.dumps({"id": 7, "text": text}), encoding="utf-8")
    (article,) = articles(read(path))
    assert (article.id, article.text) == ("7", text)
    assert (article.title, article.author) == ("Xã họp dân", "Hồng Gấm")


def test_a_copied_page_in_a_row_loses_its_furniture_and_the_row_overrules_it(tmp_path: Path) -> None:
    text = "Trang chủ | Liên hệ\nXã họp dân\nNgày đăng: 05/03/2021\nSáng nay, xã mời dân họp ở đình.\n"
    path = tmp_path / "tin.jsonl"
    rows = [{"text": text}, {"text": text, "title": "Khác", "published": "2020-01-02"}]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    first, second = articles(read(path))
    assert first.text == "Xã họp dân\n\nSáng nay, xã mời dân họp ở đình."
    assert first.published == date(2021, 3, 5)
    assert second.text.startswith("Khác\n\nXã họp dân")
    assert second.published == date(2020, 1, 2)


def test_the_summary_stands_between_title_and_text(tmp_path: Path) -> None:
    path = csv_file(tmp_path, "tiêu đề,tóm tắt,nội dung\nT,Ngắn gọn.,Dài dòng.\n")
    assert articles(read(path))[0].text == "T\n\nNgắn gọn.\n\nDài dòng."


def test_font_letters_in_one_column_become_unicode(tmp_path: Path) -> None:
    pasted = "Héi nghÞ tæng kÕt c«ng t¸c c¶i c¸ch hµnh chÝnh n¨m 2003 cña huyÖn ®­îc tæ chøc s¸ng nay."
    path = tmp_path / "tin.jsonl"
    path.write_text(json.dumps({"title": "Héi nghÞ", "text": pasted, "author": "Hồng Gấm"}), encoding="utf-8")
    (article,) = articles(read(path))
    assert article.title == "Hội nghị"
    assert article.text.endswith("cải cách hành chính năm 2003 của huyện được tổ chức sáng nay.")
    assert article.author == "Hồng Gấm"


@pytest.mark.parametrize("font", [".VnTime", None])
def test_font_letters_in_a_word_file_become_unicode(tmp_path: Path, font: str | None) -> None:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    document = docx.Document()
    written = "§­îc sù ®ång ý cña huyÖn, ngµy mai x· tæ chøc häp d©n t¹i nhµ v¨n hãa th«n §«ng."
    document.add_paragraph().add_run(written).font.name = font
    document.save(str(tmp_path / "x.docx"))
    (article,) = articles(read(tmp_path / "x.docx"))
    assert article.text == "Được sự đồng ý của huyện, ngày mai xã tổ chức họp dân tại nhà văn hóa thôn Đông."


@pytest.mark.parametrize("references", [True, False])
def test_font_letters_in_a_page_become_unicode(tmp_path: Path, references: bool) -> None:
    written = (
        "§­îc sù ®ång ý cña huyÖn, ngµy mai x· tæ chøc häp d©n t¹i nhµ v¨n hãa th«n §«ng &amp; th«n §oµi."
    )
    if references:
        written = "".join(letter if letter.isascii() else f"&#{ord(letter)};" for letter in written)
    page = f'<html><body><h1>Tin</h1><p><font face=".VnTime">{written}</font></p></body></html>'
    (tmp_path / "x.html").write_bytes(page.encode("utf-8"))
    (article,) = articles(read(tmp_path / "x.html"))
    assert (
        "Được sự đồng ý của huyện, ngày mai xã tổ chức họp dân tại nhà văn hóa thôn Đông & thôn Đoài."
        in article.text
    )


# --- standard input ---------------------------------------------------------------------------


def test_standard_input_of_json_lines() -> None:
    data = '\n\ufeff{"id": "1", "text": "Một."}\n{"id": "2"}\n'.encode()
    found = list(read_inputs("-", stdin=io.BytesIO(data)))
    assert articles(found)[0].text == "Một."
    assert rejects(found)[0].line == 2


def test_standard_input_of_a_page() -> None:
    found = list(read_inputs("-", stdin=io.BytesIO((FILES / "page.txt").read_bytes())))
    assert articles(found)[0].published == date(2021, 3, 5)


@pytest.mark.parametrize(
    "path",
    [path for path in FILES.iterdir() if path.suffix not in ("", ".docx", ".xlsx", ".parquet")],
    ids=lambda path: path.name,
)
def test_standard_input_tells_what_the_file_tells(path: Path) -> None:
    """A pipe gives its bytes in drops, which must not matter either."""
    told = [(item.text, item.title, item.published, item.author) for item in articles(read(path))]
    found = articles(list(read_inputs("-", stdin=io.BufferedReader(Dripping(path.read_bytes()), 64))))
    assert [(item.text, item.title, item.published, item.author) for item in found] == told


class Dripping(io.RawIOBase):
    """A pipe whose writer is slow."""

    def __init__(self, data: bytes) -> None:
        self.left = data

    def readable(self) -> bool:
        return True

    def readinto(self, target: bytearray) -> int:
        drop, self.left = self.left[: min(len(target), 7)], self.left[7:] if len(target) >= 7 else b""
        target[: len(drop)] = drop
        return len(drop)


def stdin(given: str, **mapping: str) -> list[Article | Reject]:
    return list(read_inputs("-", stdin=io.BytesIO(given.encode()), mapping=mapping))


def test_a_table_on_standard_input_is_told_by_its_column_names() -> None:
    rows = 'Mã tin;Nội dung\n7;"Xã họp; dân."\n8;\n'
    assert [item.id for item in stdin(rows)] == ["7", "8"]
    assert [item.line for item in rejects(stdin(rows))] == [3]
    assert [item.text for item in articles(stdin("sep=;\n" + rows))] == ["Xã họp; dân."]


def test_a_mapping_makes_a_table_of_standard_input() -> None:
    assert articles(stdin("so,tin\n7,Xã họp.\n", text="tin", id="so"))[0].id == "7"
    assert articles(stdin("tin\nXã họp.\n", text="tin"))[0].text == "Xã họp."
    (refused,) = rejects(stdin("Xã họp dân.\nDân vui.\n", text="tin"))
    assert "there is no column 'tin'" in refused.reason


@pytest.mark.parametrize("menu", ["Trang chủ | Tin tức | Bài viết", "Nội dung, hình thức thi", "Nội dung"])
def test_a_text_on_standard_input_is_no_table(menu: str) -> None:
    (article,) = articles(stdin(f"{menu}\nXã họp dân.\n"))
    assert "Xã họp dân." in article.text


@pytest.mark.parametrize("text", ['[\n {"text": "Xã họp."}]', '{\n "text": "Xã họp."\n}'])
def test_json_over_several_lines_on_standard_input(text: str) -> None:
    assert [item.text for item in articles(stdin(text))] == ["Xã họp."]


@pytest.mark.parametrize("name", ["article.docx", "table.xlsx", "table.parquet"])
def test_an_office_file_on_standard_input_says_what_to_do(name: str) -> None:
    (refused,) = rejects(list(read_inputs("-", stdin=io.BytesIO((FILES / name).read_bytes()))))
    assert "give this one as a file" in refused.reason


def test_empty_standard_input_is_one_reject() -> None:
    assert "empty" in rejects(list(read_inputs("-", stdin=io.BytesIO(b""))))[0].reason


# --- bad input --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("empty.txt", "empty (0 bytes)"),
        ("empty.docx", "empty (0 bytes)"),
        ("picture.txt", "binary"),
        ("menu.html", "no main text"),
        ("no-text-column.csv", "'Mã', 'Tên bài', 'Ghi chú'; name it with --map text=COLUMN"),
        ("cut.json", "no JSON"),
        ("cut.parquet", "Parquet file is damaged"),
        ("cut.xlsx", "damaged or not an Excel workbook"),
        ("notes.pages", "'.pages' are not read; the formats are .txt"),
    ],
)
def test_a_broken_file_is_one_reject_that_names_it(name: str, words: str) -> None:
    reject = only_reject(BROKEN / name)
    assert words in reject.reason
    assert reject.source == name
    assert reject.id == Path(name).stem


def test_the_other_rows_go_on() -> None:
    found = read(BROKEN / "rows.csv")
    assert [item.id for item in found] == ["1", "rows-2", "rows-3", "4"]
    assert [item.line for item in rejects(found)] == [3, 4]
    found = read(BROKEN / "rows.jsonl")
    assert [item.id for item in found] == ["1", "rows-2", "3", "rows-4", "5", "6"]
    assert all(item.raw for item in rejects(found))


@pytest.mark.parametrize("suffix", sorted(TABLES))
def test_a_reject_carries_its_row_as_it_stood(tmp_path: Path, suffix: str) -> None:
    row = {"text": "...", "id": "7"}
    own = json.dumps(row)
    path = tmp_path / f"table{suffix}"
    if suffix == ".xlsx":
        workbook = openpyxl.Workbook()
        for cells in (list(row), list(row.values())):
            workbook.active.append(cells)
        workbook.save(path)
    elif suffix == ".parquet":
        pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row]), path)
    else:
        mark = {".csv": ",", ".tsv": "\t"}.get(suffix)
        own = mark.join(row.values()) if mark else own
        path.write_text(f"{mark.join(row)}\n{own}\n" if mark else own, encoding="utf-8")
    reject = only_reject(path)
    assert (reject.id, reject.raw.rstrip("\n")) == ("7", own)


def test_read_articles_stops_at_the_first_reject_and_says_where() -> None:
    stream = read_articles(BROKEN / "rows.csv")
    assert next(stream).id == "1"
    with pytest.raises(ReadError, match=r"rows\.csv, line 3: the row has 3 columns"):
        next(stream)


def test_missing_files_dangling_links_and_empty_folders_are_rejects(tmp_path: Path) -> None:
    assert "no such file" in only_reject(tmp_path / "none.txt").reason
    (tmp_path / "link.txt").symlink_to(tmp_path / "gone.txt")
    assert "link points to nothing" in only_reject(tmp_path / "link.txt").reason
    assert (
        "holds no files" in only_reject(tmp_path / "empty").reason if (tmp_path / "empty").mkdir() else True
    )
    assert [item.id for item in rejects(read(tmp_path))] == ["link"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_a_pipe_is_a_reject_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    assert "no regular file" in only_reject(tmp_path / "pipe.txt").reason


def test_a_row_in_another_encoding_than_its_file_is_read_or_named(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    old = (FILES / "tcvn3.txt").read_bytes().replace(b"\n", b" ")
    good = '{"text": "Hội nghị."}\n'.encode()
    path.write_bytes(good * 3 + b'{"text": "' + old + b'"}\n' + b'{"text": "Caf\xe9 1"}\n' + good)
    found = read(path)
    assert "UBND xã Bình An trả kết quả" in articles(found)[3].text
    assert [item.line for item in rejects(found)] == [5]
    assert "is not UTF-8" in rejects(found)[0].reason


def test_an_article_of_a_million_lines_is_read_in_a_breath(tmp_path: Path) -> None:
    path = tmp_path / "lines.txt"
    path.write_text("Một\n" + "hai\n" * 1_000_000, encoding="utf-8")
    assert len(articles(read(path))[0].text.split()) == 1_000_001


@pytest.mark.skipif(getattr(os, "geteuid", int)() == 0, reason="root, and Windows, may read everything")
def test_a_file_without_permission_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text("x", encoding="utf-8")
    path.chmod(0)
    assert "Permission denied" in only_reject(path).reason


def test_a_line_over_the_limit_costs_itself_only(tmp_path: Path) -> None:
    path = tmp_path / "tin.jsonl"
    with path.open("wb") as stream:
        stream.write(b'{"text": "mot"}\n{"text": "')
        stream.write(b"x" * (MAX_ROW + 10))
        stream.write(b'"}\n{"text": "ba"}\n')
    found = read(path)
    assert [item.id for item in found] == ["tin-1", "tin-2", "tin-3"]
    assert rejects(found)[0].line == 2
    assert "longer than 16 MB" in rejects(found)[0].reason


def test_a_text_file_over_the_limit_is_a_reject(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as stream:
        stream.truncate(MAX_ROW + 1)
    assert "over 16 MB" in only_reject(path).reason


def zipped(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


@pytest.mark.parametrize(("suffix", "part"), [(".docx", "word/document.xml"), (".xlsx", "xl/workbook.xml")])
def test_office_bombs_and_strangers_are_rejects(tmp_path: Path, suffix: str, part: str) -> None:
    bomb = zipped(tmp_path / f"bomb{suffix}", {part: b" " * (32 << 20)})
    assert "zip bomb" in only_reject(bomb).reason
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'
    assert "defines entities" in only_reject(zipped(tmp_path / f"entities{suffix}", {part: entities})).reason
    assert "is a zip, but not" in only_reject(zipped(tmp_path / f"other{suffix}", {"a.txt": b"a"})).reason
    old = tmp_path / f"old{suffix}"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)
    assert "97-2003" in only_reject(old).reason


def test_entities_of_a_page_do_not_grow(tmp_path: Path) -> None:
    lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    page = f'<!DOCTYPE html [<!ENTITY e0 "x">{lines}]><html><body><p>Xã họp dân &e11; sáng nay.</p></body></html>'
    path = tmp_path / "x.html"
    path.write_text(page, encoding="utf-8")
    assert all(len(item.text) < 1000 for item in articles(read(path)))


@pytest.mark.parametrize(
    ("name", "extra"), [("openpyxl", "office"), ("viparse", "office"), ("trafilatura", "html")]
)
def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch, name: str, extra: str) -> None:
    monkeypatch.setitem(sys.modules, name, None)
    path = {"openpyxl": "table.xlsx", "viparse": "article.docx", "trafilatura": "article.html"}[name]
    assert f"pip install 'thetin[{extra}]'" in only_reject(FILES / path).reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("\n\n", "empty"),
        ("text\n", "holds no rows"),
        ("text\n123\n", "no words"),
        ('text\n"a\0b"\n', "NUL"),
        ('id,text\n1,"a\n', "quotes of the row don't match"),
        ("id,text\n1\n", "the row has 1 columns, the header 2"),
        ("text,ngày\nx,hôm qua\n", "'hôm qua' is no date"),
    ],
)
def test_bad_tables(tmp_path: Path, text: str, reason: str) -> None:
    assert reason in only_reject(csv_file(tmp_path, text)).reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_table_of_any_delimiter_and_encoding(
    tmp_path: Path, delimiter: str, encoding: str, line_end: str
) -> None:
    stream = io.StringIO()
    rows = [
        ["mã", "nội dung", "ghi chú"],
        ["1", f'Một "hai", ba{delimiter} bốn;\nnăm', ""],
        ["2", "Sáu", "x"],
    ]
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(rows)
    found = articles(read(csv_file(tmp_path, stream.getvalue(), encoding)))
    assert [item.text for item in found] == [normalize(rows[1][1]), "Sáu"]


def test_a_broken_quote_does_not_swallow_the_rows_below(tmp_path: Path) -> None:
    text = 'id,text\n1,"mở mà không đóng\n' + "".join(f"{n},dòng tốt\n" for n in range(2, 200))
    found = read(csv_file(tmp_path, text))
    assert len(rejects(found)) == 1
    assert [item.id for item in articles(found)] == [str(n) for n in range(2, 200)]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n\t"')),
        min_size=1,
        max_size=8,
    )
)
def test_every_row_is_an_article_or_a_reject(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("rows")
    stream = io.StringIO()
    csv.writer(stream).writerows(
        [["id", "text"], *([str(number), text] for number, text in enumerate(texts))]
    )
    expected = [str(number) for number in range(len(texts))]
    assert [item.id for item in read(csv_file(folder, stream.getvalue()))] == expected
    lines = folder / "rows.jsonl"
    lines.write_text(
        "".join(json.dumps({"id": str(number), "text": text}) + "\n" for number, text in enumerate(texts)),
        encoding="utf-8",
    )
    assert [item.id for item in read(lines)] == expected


# --- damage -----------------------------------------------------------------------------------


def cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def drop(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    del data[start : start + chance.randrange(1, 400)]


def insert(data: bytearray, chance: random.Random) -> None:
    start = chance.randrange(len(data))
    data[start:start] = chance.randbytes(chance.randrange(1, 40))


def scratch(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 3, 30))):
        data[chance.randrange(len(data))] = chance.choice((0, 10, 34, 44, 255, chance.randrange(256)))


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (cut, drop, insert, scratch)


@pytest.mark.parametrize("path", [*DOCUMENTS, *TABLE_FILES], ids=lambda path: path.name)
def test_a_damaged_file_raises_nothing_and_is_accounted_for(path: Path, tmp_path: Path) -> None:
    chance = random.Random(path.name)
    whole = path.read_bytes()
    damaged = tmp_path / path.name
    for _ in range(120):
        data = bytearray(whole)
        chance.choice(DAMAGES)(data, chance)
        damaged.write_bytes(data)
        found = read(damaged)
        assert found
        assert all(item.reason for item in rejects(found))


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("article.docx", "word/document.xml"),
        ("article.docx", "word/styles.xml"),
        ("table.xlsx", "xl/worksheets/sheet1.xml"),
        ("table.xlsx", "xl/workbook.xml"),
    ],
)
def test_an_office_file_with_a_damaged_part_raises_nothing(path: str, part: str, tmp_path: Path) -> None:
    chance = random.Random(part)
    with zipfile.ZipFile(FILES / path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(60):
        data = bytearray(parts[part])
        chance.choice(DAMAGES)(data, chance)
        assert read(zipped(tmp_path / path, {**parts, part: bytes(data)}))
