"""What the columns of a table mean, and how one row becomes an article.

Column names are compared without case, tones, blanks and underscores, so that "Tiêu đề",
"TIEU_DE" and "tiêu đề" are one. The names stand in ``data/columns.csv``, one a line, in the order in
which they are preferred where a table has several for one field.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from nlp.errors import EmptyArticleError, ReadError
from nlp.files import DATA
from nlp.normalize import match_key, normalize
from nlp.readers.dates import parse_date
from nlp.readers.legacy import convert, detect_pasted
from nlp.readers.portal import author_of, join_headline, opening_headline, read_page
from nlp.types import Article

COLUMNS_FILE = DATA / "columns.csv"
FIELDS = ("id", "title", "summary", "text", "published", "author", "source")
"""The fields of an article that a mapping may name; ``text`` is the one that must be there."""
LABEL_FIELDS = ("topics", "primary", "evidence", "weight")
"""The further fields of a labelled corpus; an article does not hold them."""

_WORD = re.compile(r"[^\W\d_]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# The longest id that a log line, a file name and a database key carry without trouble.
_MAX_ID = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a row stands: what its article is called and comes from if the row doesn't say."""

    id: str
    source: str


def assign_columns(header: Iterable[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Say which column holds which field.

    Args:
        header: The table's column names.
        mapping: Field to column, as the user told; it overrules the known names.

    Returns:
        Field to column, as the column is written in the header; always with ``text``.

    Raises:
        ReadError: No column holds the text, or a mapped column is missing. The message names the
            columns found and ``--map``.
    """
    names = [name for name in header if name is not None]
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(fold(name), name)
    assigned: dict[str, str] = {}
    for field, column in (mapping or {}).items():
        found = column if column in names else by_key.get(fold(column))
        if found is None:
            raise ReadError(f"there is no column {column!r} for {field}; {_columns_found(names)}")
        assigned[field] = found
    for key, field in _known_columns().items():
        if field not in assigned and key in by_key and by_key[key] not in assigned.values():
            assigned[field] = by_key[key]
    if "text" not in assigned:
        raise ReadError(
            f"no column holds the article's text; {_columns_found(names)}; "
            "name it with --map text=COLUMN or rename it to 'text' or 'nội dung'"
        )
    return assigned


def check_mapping(mapping: Mapping[str, str] | None) -> None:
    """Refuse a mapping of a field that an article does not have.

    Raises:
        ReadError: The message names the fields there are.
    """
    for field in mapping or {}:
        if field not in FIELDS + LABEL_FIELDS:
            raise ReadError(f"--map {field}=...: an article has no {field!r}, only {', '.join(FIELDS)}")


def fold(name: str) -> str:
    """Return what two spellings of a column name share.

    >>> fold("Nội dung") == fold("NOI_DUNG")
    True
    """
    bare = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    return "".join(letter for letter in bare if letter.isalnum())


def article_from_row(row: Mapping[str, object], origin: Origin) -> Article:
    """Make an article of a row's fields.

    A text that is clearly a page copied from a portal loses the page's furniture (``nlp.readers.portal``); any
    other stays as it is. It opens with the title and the summary where the row has them.

    Args:
        row: Field to cell; cells that are missing, None or empty are the same.
        origin: Names the article where the row has no id or source.

    Raises:
        ReadError: A cell is of the wrong type, or the row holds no words.
    """
    cells = _unicode({field: _string(field, row.get(field)) for field in FIELDS if field != "published"})
    try:
        published = parse_date(row.get("published"))
    except ValueError as error:
        raise ReadError(f"published: {error}") from None
    clean = {field: normalize(cell) if cell else "" for field, cell in cells.items()}
    text, title = clean["text"], _one_line(clean["title"])
    author, source = _one_line(clean["author"]), _one_line(clean["source"])
    page = read_page(text)
    if page.copied:
        text = page.body if not title or match_key(title) == match_key(page.title) else page.text
        title = title or page.title
        author, source = author or page.author, source or page.source
    published = published or page.published
    text = join_headline(title, _with_summary(text, clean["summary"]))
    if not _WORD.search(text):
        raise EmptyArticleError("the article holds no words; give it a text or leave the row out")
    identity = _one_line(clean["id"])[:_MAX_ID] or origin.id
    return Article(
        id=identity,
        text=text,
        title=title or opening_headline(text),
        published=published,
        source=source or origin.source,
        author=author or author_of(text),
    )


def _one_line(text: str) -> str:
    return text.replace("\n", " ")


def _columns_found(names: list[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:20])
    return f"the columns are {shown or 'none'}{', ...' if len(names) > 20 else ''}"


@cache
def _known_columns() -> dict[str, str]:
    """Folded column name to field, in the order of preference."""
    with COLUMNS_FILE.open(encoding="utf-8", newline="") as stream:
        return {fold(row["column"]): row["field"] for row in csv.DictReader(stream)}


def _string(field: str, value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\N{REPLACEMENT CHARACTER}", value) if not value.isascii() else value
    if field != "text" and isinstance(value, int | float) and not isinstance(value, bool):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    raise ReadError(f"{field} is {_kind(value)}, not a text; write it as a string")


def _kind(value: object) -> str:
    kinds = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return kinds.get(type(value), f"a {type(value).__name__}")


def _unicode(cells: dict[str, str]) -> dict[str, str]:
    """Write TCVN3 or VNI that was pasted as Latin letters in Unicode.

    The cells of a row are judged together, since a title of three words is too short to tell.
    """
    encoding = detect_pasted("\n".join((cells["title"], cells["summary"], cells["text"])))
    if encoding is None:
        return cells
    return {field: convert(cell, encoding) for field, cell in cells.items()}


def _with_summary(text: str, summary: str) -> str:
    if not summary or match_key(summary) in match_key(text[: len(summary) + 500]):
        return text
    return f"{summary}\n\n{text}"
