"""Requests that bring articles: JSON with text or HTML, or an uploaded file."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

from desk.shapes import MAX_ARTICLES, ArticleIn
from nlp.errors import ReadError
from nlp.files import text_digest
from nlp.types import Article, Reject

_NAME_LENGTH = 120


def articles_of(given: Sequence[ArticleIn]) -> list[Article | Reject]:
    """Make articles of what a request's JSON says; what is none comes as a reject with its number."""
    return [_article(number, each) for number, each in enumerate(given, 1)]


def articles_of_file(name: str, content: bytes) -> list[Article | Reject]:
    """Read an uploaded file, one article or a table of them.

    The file's own name is used for its suffix and shown, never as a path.

    Raises:
        ReadError: It holds more articles than one request may bring, or none.
    """
    from nlp.readers.sources import read_file

    shown = PurePosixPath(PureWindowsPath(name).name).name[-_NAME_LENGTH:].replace("\x00", "") or "file"
    with tempfile.TemporaryDirectory(prefix="thetin-") as folder:
        path = Path(folder) / f"upload{PurePosixPath(shown).suffix.lower()[:10]}"
        path.write_bytes(content)
        found: list[Article | Reject] = []
        for item in read_file(path, shown):
            if len(found) == MAX_ARTICLES:
                raise ReadError(f"{shown} holds more than {MAX_ARTICLES} articles; send fewer at once")
            found.append(_named(item, content, shown))
    if len(found) == 1 and isinstance(found[0], Reject):
        raise ReadError(f"{shown}: {found[0].reason}")
    return found


def _article(number: int, given: ArticleIn) -> Article | Reject:
    try:
        return _from_html(given) if given.html else _from_text(given)
    except ReadError as error:
        return Reject(source="request", line=number, id=given.id, reason=str(error))


def _from_text(given: ArticleIn) -> Article:
    from nlp.readers.columns import Origin, article_from_row

    row = given.model_dump(exclude={"html"})
    return article_from_row(row, Origin(given.id or _id_of(given.text or ""), "api"))


def _from_html(given: ArticleIn) -> Article:
    """What the request says of the article goes before what the page says."""
    from nlp.readers.columns import Origin, article_from_row
    from nlp.readers.documents import read_html

    html = given.html or ""
    with tempfile.TemporaryDirectory(prefix="thetin-") as folder:
        path = Path(folder) / "page.html"
        path.write_bytes(html.encode("utf-8", "replace"))
        page = read_html(path)
    row: dict[str, Any] = {
        "id": given.id,
        "text": page.text,
        "title": given.title or page.title,
        "published": given.published or (page.published.isoformat() if page.published else None),
        "source": given.source or page.source,
        "author": given.author or page.author,
    }
    return article_from_row(row, Origin(given.id or _id_of(html), "api"))


def _named(item: Article | Reject, content: bytes, shown: str) -> Article | Reject:
    """Give an article that took its id from the temporary file's name one of its own."""
    if isinstance(item, Reject):
        return replace(item, source=shown)
    if not item.id.startswith("upload"):
        return item
    stem = PurePosixPath(shown).stem
    return replace(item, id=f"{stem}-{text_digest(item.text)[:8]}{item.id.removeprefix('upload')}")


def _id_of(text: str) -> str:
    """The same text twice is the same article."""
    return f"text-{text_digest(text)[:16]}"
