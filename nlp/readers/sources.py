"""Articles from files: one door for every format.

``read_inputs`` never raises for a bad file or row: what can't be read comes as a ``Reject`` that says where it
stood, what is wrong and what to do, and the others go on. Every row is an article or a reject.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from nlp.errors import MissingExtraError, ReadError, UnsupportedFormatError
from nlp.readers.columns import Origin, check_mapping
from nlp.readers.documents import Document, read_docx, read_html, read_txt
from nlp.readers.formats import SAMPLE, BadRow, Row, read_json, read_jsonl, read_parquet
from nlp.readers.rows import article_of, articles_and_rows, articles_of, name_of
from nlp.readers.spreadsheets import read_csv, read_xlsx
from nlp.readers.stdin import STDIN, read_stdin
from nlp.types import Article, Reject

ColumnMap = Mapping[str, str] | None
Reader = Callable[[Path, str, ColumnMap], Iterator[Article | Reject]]
RowReader = Callable[[Path, ColumnMap], Iterator[Row | BadRow]]

# What a job or an office program leaves in a folder beside the articles.
_BY_PRODUCT = re.compile(
    r"\A(?:\..*|~\$.*|thumbs\.db|desktop\.ini|.*\.(?:rejects\.jsonl|manifest\.json|state\.sqlite3|lock|tmp|part|parts))\Z",
    re.IGNORECASE,
)
# Formats that people will try, with what to do instead.
_INSTEAD = {
    ".doc": "open it in Word or LibreOffice and save it as .docx",
    ".rtf": "open it in Word or LibreOffice and save it as .docx",
    ".odt": "save it as .docx",
    ".pdf": "copy its text into a .txt or save it as .docx",
    ".xls": "save it as .xlsx or .csv",
    ".ods": "save it as .xlsx or .csv",
    ".zip": "unpack it and give the folder",
    ".gz": "unpack it first",
}


def read_inputs(
    source: str | Path, *, mapping: ColumnMap = None, stdin: BinaryIO | None = None
) -> Iterator[Article | Reject]:
    """Read a file, a folder, or standard input, one article at a time.

    A folder is read in the order of its names, with the folders in it; hidden files and what a job
    leaves behind (``*.rejects.jsonl``, ``*.manifest.json``, parts) are passed over. An article without an id is
    named after its file, in a table with the number of its row; ids that come twice are the caller's
    concern.

    Args:
        source: A path, or ``-`` for standard input, which is read as what its first bytes show.
        mapping: Field to column, where a table's columns have names of their own.
        stdin: Read instead of the process's standard input.

    Raises:
        ReadError: ``mapping`` names a field that no article has. Nothing else is raised.
    """
    check_mapping(mapping)
    if str(source) == STDIN:
        return read_stdin(stdin or sys.stdin.buffer, mapping)
    return _read_path(Path(source), mapping)


def read_articles(source: str | Path, *, mapping: ColumnMap = None) -> Iterator[Article]:
    """Read like ``read_inputs``, but stop at the first input that is no article.

    Raises:
        ReadError: The message says where it stands, what is wrong and what to do.
    """
    for item in read_inputs(source, mapping=mapping):
        if isinstance(item, Reject):
            where = f"{item.source}, line {item.line}" if item.line else item.source
            raise ReadError(f"{where}: {item.reason}")
        yield item


def read_labelled(source: str | Path, *, mapping: ColumnMap = None) -> Iterator[tuple[Article, Row] | Reject]:
    """Read the tables of a labelled corpus: each article with its row, which holds the labels' cells.

    A folder is read as by ``read_inputs``, its tables only.
    """
    check_mapping(mapping)
    path = Path(source)
    for file in files_under(path) if path.is_dir() else [path]:
        rows = TABLES.get(file.suffix.lower())
        if rows is None and path.is_dir():
            continue
        try:
            _check_file(file)
            if rows is None:
                raise UnsupportedFormatError(f"labels are read from tables: {' '.join(TABLES)}")
            stem = name_of(file.relative_to(path.parent).as_posix())
            yield from articles_and_rows(rows(file, mapping), stem, str(file))
        except (ReadError, MissingExtraError) as error:
            yield Reject(source=str(file), reason=str(error))


def _read_path(path: Path, mapping: ColumnMap) -> Iterator[Article | Reject]:
    if not path.is_dir():
        yield from read_file(path, path.name, mapping)
        return
    found = False
    for file in files_under(path):
        found = True
        yield from read_file(file, (path.name / file.relative_to(path)).as_posix(), mapping)
    if not found:
        yield Reject(source=str(path), reason=f"the folder holds no files to read; formats: {_formats()}")


def files_under(folder: Path) -> Iterator[Path]:
    """Files below a folder in the order of their names; links to folders aren't followed, so no loop is endless."""
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not _BY_PRODUCT.match(name))
        for name in sorted(names):
            if not _BY_PRODUCT.match(name):
                yield Path(place, name)


def read_file(path: Path, shown: str, mapping: ColumnMap = None) -> Iterator[Article | Reject]:
    """Read one file under the name it is shown by; whatever is wrong with it as a whole becomes one reject."""
    try:
        _check_file(path)
        reader = READERS.get(path.suffix.lower())
        if reader is None:
            raise UnsupportedFormatError(_unsupported(path.suffix))
        yield from reader(path, shown, mapping)
    except (ReadError, MissingExtraError) as error:
        yield Reject(source=shown, reason=str(error), id=path.stem)
    except MemoryError:
        yield Reject(source=shown, reason="the file needs more memory than there is; split it", id=path.stem)
    except OSError as error:
        reason = f"the file can't be read ({error.strerror or error}); check it and its permissions"
        yield Reject(source=shown, reason=reason, id=path.stem)


def _check_file(path: Path) -> None:
    if path.is_symlink() and not path.exists():
        raise ReadError("the link points to nothing; mend or remove it")
    if not path.exists():
        raise ReadError("there is no such file or folder; check the path")
    if not path.is_file():
        raise ReadError("this is no regular file; give a file, a folder, or - for standard input")


def _unsupported(suffix: str) -> str:
    instead = _INSTEAD.get(suffix.lower())
    named = f"files of type {suffix!r} are" if suffix else "a file without a suffix is"
    return f"{named} not read; {instead or f'the formats are {_formats()}'}"


def _formats() -> str:
    return " ".join(READERS)


def _document(read: Callable[[Path], Document]) -> Reader:
    """Make a reader of files that hold one article."""

    def reader(path: Path, shown: str, mapping: ColumnMap) -> Iterator[Article | Reject]:
        yield article_of(read(path), Origin(name_of(shown), shown))

    return reader


def _table(read: RowReader) -> Reader:
    """Make a reader of files that hold an article a row."""

    def reader(path: Path, shown: str, mapping: ColumnMap) -> Iterator[Article | Reject]:
        return articles_of(read(path, mapping), shown)

    return reader


def _stream(read: Callable[[BinaryIO, ColumnMap], Iterator[Row | BadRow]]) -> RowReader:
    """Make a reader of row formats that are read as a stream of bytes."""

    def reader(path: Path, mapping: ColumnMap) -> Iterator[Row | BadRow]:
        with path.open("rb", buffering=SAMPLE) as stream:
            yield from read(stream, mapping)

    return reader


TABLES: dict[str, RowReader] = {
    ".csv": _stream(read_csv),
    ".tsv": _stream(read_csv),
    ".xlsx": read_xlsx,
    ".jsonl": _stream(read_jsonl),
    ".ndjson": _stream(read_jsonl),
    ".json": _stream(read_json),
    ".parquet": read_parquet,
}
"""Suffix to reader of the formats that hold an article a row."""

READERS: dict[str, Reader] = {
    ".txt": _document(read_txt),
    ".html": _document(read_html),
    ".htm": _document(read_html),
    ".docx": _document(read_docx),
    **{suffix: _table(rows) for suffix, rows in TABLES.items()},
}
"""Suffix to reader; adding a format is adding a line."""
