"""What was read as an article, or as a reject that says where it stood."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import PurePosixPath

from nlp.errors import EmptyArticleError, ReadError
from nlp.readers.columns import Origin, article_from_row
from nlp.readers.documents import Document, has_words
from nlp.readers.formats import MAX_RAW, BadRow, Row
from nlp.types import Article, Reject


def article_of(document: Document, origin: Origin) -> Article:
    """Make an article of a document.

    Raises:
        EmptyArticleError: It holds no words.
    """
    if not has_words(document.text):
        raise EmptyArticleError("the article holds no words")
    return Article(
        id=origin.id,
        text=document.text,
        title=document.title,
        published=document.published,
        author=document.author,
        source=document.source or origin.source,
    )


def name_of(shown: str) -> str:
    """Name what has no id after its file; in a folder of a folder with its way there, so that no two are "index".

    >>> name_of("page.html"), name_of("spool/page.html"), name_of("spool/2024/page.html")
    ('page', 'page', '2024/page')
    """
    path = PurePosixPath(shown)
    return "/".join([*path.parts[1:-1], path.stem])


def articles_of(rows: Iterator[Row | BadRow], shown: str) -> Iterator[Article | Reject]:
    """Make articles of the rows of the table that is shown as ``shown``."""
    for item in articles_and_rows(rows, name_of(shown), shown):
        yield item if isinstance(item, Reject) else item[0]


def articles_and_rows(
    rows: Iterator[Row | BadRow], stem: str, shown: str
) -> Iterator[tuple[Article, Row] | Reject]:
    """Make articles of rows, each with its row; ``stem`` and a number name one without an id.

    A table without a row is a reject, so that it isn't lost silently.
    """
    empty = True
    for row in rows:
        empty = False
        origin = Origin(f"{stem}-{row.number}", shown)
        if isinstance(row, BadRow):
            yield Reject(source=shown, reason=row.reason, line=row.line, id=origin.id, raw=row.raw)
            continue
        try:
            yield article_from_row(row.cells, origin), row
        except ReadError as error:
            identity = str(row.cells.get("id") or origin.id)[:MAX_RAW]
            yield Reject(source=shown, reason=str(error), line=row.line, id=identity, raw=_raw(row))
    if empty:
        raise EmptyArticleError("the table holds no rows; it needs one row an article")


def _raw(row: Row) -> str:
    """The row's own text, or where it has none (.xlsx, .parquet) its cells as a JSON object."""
    return row.raw or json.dumps(dict(row.cells), ensure_ascii=False, default=str)[:MAX_RAW]
