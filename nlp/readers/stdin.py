"""Standard input, which has no suffix to tell what it holds: JSON, a table, a page or a text."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO

from nlp.errors import MissingExtraError, ReadError, UnsupportedFormatError
from nlp.readers.columns import Origin, assign_columns
from nlp.readers.documents import MAX_DOCUMENT, decode_document, document_from_html, document_from_text
from nlp.readers.formats import SAMPLE, Lines, buffer, read_json, read_jsonl
from nlp.readers.rows import article_of, articles_of
from nlp.readers.spreadsheets import cut_header, read_csv
from nlp.types import Article, Reject

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

STDIN = "-"
"""How a command line names standard input."""
NAME = "stdin"
"""What its articles name as their source."""

_OBJECT_OVER_LINES = re.compile(rb"\{[ \t\r]*\n")
_ARRAY_OF_OBJECTS = re.compile(rb"\[\s*\{")
_PAGE = re.compile(rb"(?:<\?xml[^>]*>|<!--.*?-->|\s)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_CONTAINERS = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x1f\x8b")
_BEFORE_TEXT = b"\xef\xbb\xbf\xff\xfe \t\r\n"
# A first line of columns names the text and something else that articles have; a menu doesn't.
_COLUMNS_OF_A_TABLE = 2

Mapped = Mapping[str, str] | None


def read_stdin(stream: BinaryIO, mapping: Mapped) -> Iterator[Article | Reject]:
    """Read standard input as what its first bytes show.

    JSON lines open with a brace and are read as they come. A table is told by its first line, which
    names the text's column and another one; given a mapping, all that is no JSON and no page is a
    table, for only a table has columns to map. The rest is one text.
    """
    buffered = buffer(stream)
    try:
        while buffered.peek(1)[:1].isspace():
            buffered.read(1)
        if buffered.peek(1).removeprefix(b"\xef\xbb\xbf").startswith(b"{"):
            over_lines = _OBJECT_OVER_LINES.match(buffered.peek(1))
            read = read_json if over_lines else read_jsonl
            yield from articles_of(read(buffered, mapping), NAME)
            return
        head = buffered.read(SAMPLE)
        yield from _read_by_head(head, io.BufferedReader(_Joined(head, buffered), SAMPLE), mapping)
    except (ReadError, MissingExtraError) as error:
        yield Reject(source=NAME, reason=str(error), id=NAME)


def _read_by_head(head: bytes, stream: BinaryIO, mapping: Mapped) -> Iterator[Article | Reject]:
    if head.startswith(_CONTAINERS):
        raise UnsupportedFormatError(
            "standard input takes texts only: JSON, a table with commas, a page, plain text; "
            "give this one as a file, by whose suffix it is read"
        )
    seen = head.replace(b"\0", b"").lstrip(_BEFORE_TEXT)
    if _ARRAY_OF_OBJECTS.match(seen):
        yield from articles_of(read_json(stream, mapping), NAME)
    elif _PAGE.match(seen):
        yield article_of(document_from_html(stream.read(MAX_DOCUMENT + 1)), Origin(NAME, NAME))
    elif mapping or _opens_a_table(head):
        yield from articles_of(read_csv(stream, mapping), NAME)
    else:
        text = decode_document(stream.read(MAX_DOCUMENT + 1))
        yield article_of(document_from_text(text), Origin(NAME, NAME))


def _opens_a_table(head: bytes) -> bool:
    """Whether the first line names the columns of a table of articles.

    >>> _opens_a_table("Tiêu đề;Nội dung;Ngày đăng".encode())
    True
    >>> _opens_a_table("Trang chủ | Tin tức | Bài viết".encode())
    False
    """
    for _, line in Lines(io.BytesIO(head)):
        if isinstance(line, ReadError):
            return False
        if not line.strip() or line.lower().startswith("sep="):
            continue
        try:
            _, columns = cut_header(line)
            return len(assign_columns([name.strip() for name in columns])) >= _COLUMNS_OF_A_TABLE
        except ReadError:
            return False
    return False


class _Joined(io.RawIOBase):
    """A stream from its beginning again, though its first bytes were taken from it."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        super().__init__()
        self._head, self._rest = memoryview(head), rest

    def readable(self) -> bool:
        return True

    def readinto(self, target: WriteableBuffer) -> int:
        """Fill a buffer from what was looked at, and once that is used up from the rest."""
        view = memoryview(target).cast("B")
        data = self._head[: len(view)] if self._head else self._rest.read(len(view))
        self._head = self._head[len(data) :] if self._head else self._head
        view[: len(data)] = data
        return len(data)
