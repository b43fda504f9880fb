"""Files that hold one article each: .txt, .html, .docx."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from datetime import date
from html import unescape
from pathlib import Path

from nlp.errors import EmptyArticleError, MissingExtraError, ReadError
from nlp.normalize import match_key, normalize
from nlp.readers.dates import find_date
from nlp.readers.furniture import MAX_FURNITURE, read_line
from nlp.readers.legacy import convert, detect_encoding, detect_pasted
from nlp.readers.portal import join_headline, read_page
from nlp.readers.zips import check_office_file

_LETTER = re.compile(r"[^\W\d_]")
MAX_DOCUMENT = 16 * 1024 * 1024
"""Bytes of a .txt or .html; the longest of 38,766 articles of 2017 has 60,000."""

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_CONTROLS = re.compile("[\x00-\x08]")
# A page with more broken characters than one in two hundred was read in the wrong encoding.
_MAX_BROKEN = 0.005
_REFERENCE = re.compile(r"&(?:#\d{2,3}|#x[0-9a-f]{2}|[a-z]{2,8}\d?);", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]{0,2000}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file tells, normalized; ``text`` opens with the title if there is one."""

    text: str
    title: str = ""
    published: date | None = None
    author: str = ""
    source: str = ""


def read_txt(path: Path) -> Document:
    """Read a plain text: a page as copied from a portal, or just an article."""
    return document_from_text(decode_document(_bytes_of(path)))


def document_from_text(text: str) -> Document:
    """Take a text apart into headline, date, byline and body."""
    encoding = detect_pasted(text)
    page = read_page(normalize(convert(text, encoding) if encoding else text))
    return Document(
        text=page.text, title=page.title, published=page.published, author=page.author, source=page.source
    )


def decode_document(data: bytes) -> str:
    """Return the text of a whole file.

    Raises:
        EmptyArticleError: There are no bytes.
        ReadError: It is no text, or of no encoding that is known.
    """
    if not data:
        raise EmptyArticleError(_empty())
    if len(data) > MAX_DOCUMENT:
        raise ReadError(_too_large())
    return detect_encoding(data).decode(data).removeprefix("\ufeff")


def has_words(text: str) -> bool:
    """Whether a letter stands in the text."""
    return bool(_LETTER.search(text))


def _bytes_of(path: Path) -> bytes:
    if path.stat().st_size > MAX_DOCUMENT:
        raise ReadError(_too_large())
    return path.read_bytes()


def _empty() -> str:
    return "the file is empty (0 bytes); save it again, or leave it out"


def _too_large() -> str:
    return f"this is over {MAX_DOCUMENT >> 20} MB, too large for one article; put one article a line into a .jsonl"


def read_html(path: Path) -> Document:
    """Read a saved page."""
    return document_from_html(_bytes_of(path))


def document_from_html(data: bytes) -> Document:
    """Take a page apart into main text, headline and date, by trafilatura.

    A date is taken from a labelled line of the page ("Ngày đăng: ..."), else from its metadata, never
    from an event in the text.
    """
    try:
        import trafilatura
        from lxml.etree import LxmlError  # type: ignore[import-untyped]
    except ImportError:
        raise MissingExtraError("reading .html needs trafilatura: pip install 'thetin[html]'") from None
    html = _font_free(_html_text(data))
    try:
        found = trafilatura.bare_extraction(
            html,
            with_metadata=True,
            include_comments=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except (LxmlError, ValueError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        raise ReadError(
            f"the page can't be taken apart ({_start_of(error)}); copy its text into a .txt"
        ) from None
    body = normalize(found.text or "") if isinstance(found, trafilatura.settings.Document) else ""
    if not isinstance(found, trafilatura.settings.Document) or not body:
        raise EmptyArticleError("no main text was found in the page; copy the article into a .txt")
    page = read_page(body)
    title = _headline(normalize(found.title or ""), page.title)
    return Document(
        text=join_headline(title, page.body if match_key(title) == match_key(page.title) else page.text),
        title=title,
        published=page.published or _labelled_date(html) or find_date(found.date or ""),
        author=page.author or normalize(found.author or ""),
        source=page.source or normalize(found.sitename or ""),
    )


def _headline(told: str, read: str) -> str:
    """Choose between the page's metadata and its first line; a window's title often carries the site's name."""
    told = told.replace("\n", " ")
    return read if read and (not told or match_key(read) in match_key(told)) else told


def _start_of(error: Exception) -> str:
    return str(error).partition("\n")[0][:80] or type(error).__name__


def read_docx(path: Path) -> Document:
    """Read a Word file by viparse: tracked changes resolved, tables by rows, legacy fonts in Unicode."""
    try:
        import docx  # noqa: F401  # viparse needs it and would say so in other words
        import viparse
    except ImportError:
        raise MissingExtraError(
            "reading .docx needs python-docx and viparse: pip install 'thetin[office]'"
        ) from None
    check_office_file(path, "word/document.xml", "a Word file")
    try:
        # Settings are given, or viparse would read a viparse.toml that happens to lie here.
        loaded = viparse.load(path, output="text", settings=viparse.Settings())
        text = "\n\n".join(part.text for part in loaded)
        if detect_pasted(text):
            # Letters of a font that the file doesn't name. The soft hyphen, ư in TCVN3, was taken for
            # what its name says; the raw text still has it.
            text = viparse.DocxEngine().extract(path, viparse.LoadOptions()).text
    except (
        viparse.ViparseError,
        OSError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
        RecursionError,
    ):
        raise ReadError("the Word file is damaged; save it again as .docx") from None
    if not text.strip():
        raise EmptyArticleError(
            "the Word file holds no text; a scanned page must be typed or recognized first"
        )
    return document_from_text(text)


def _html_text(data: bytes) -> str:
    """Return a page's text by its byte order mark, else what it says of itself, else by detection."""
    if not data:
        raise EmptyArticleError(_empty())
    if len(data) > MAX_DOCUMENT:
        raise ReadError(_too_large())
    declared = _CHARSET.search(data[:4096])
    try:
        return detect_encoding(data).decode(data).removeprefix("\ufeff")
    except ReadError:
        # Like a browser: a few broken bytes become a mark, the page is read all the same.
        text = data.decode(
            declared[1].decode("ascii") if declared and _is_codec(declared[1]) else "utf-8", "replace"
        )
        if _CONTROLS.search(text) or text.count("\N{REPLACEMENT CHARACTER}") > _MAX_BROKEN * len(text):
            raise
        return text


def _font_free(html: str) -> str:
    """Write TCVN3 or VNI in Unicode before the page is taken apart.

    Old pages hold the fonts' letters as they are or as references (``&#184;``). Afterwards would be too
    late: the soft hyphen, ư in TCVN3, doesn't survive.
    """
    letters = _REFERENCE.sub(lambda found: _letter(found.group()), html)
    font = detect_pasted(_TAGS.sub("\n", letters))
    return convert(letters, font) if font else html


def _letter(reference: str) -> str:
    """Return what a reference stands for, but leave those that markup needs."""
    letter = unescape(reference)
    return reference if letter.isascii() else letter


def _is_codec(name: bytes) -> bool:
    try:
        codecs.lookup(name.decode("ascii"))
    except LookupError:
        return False
    return name.lower() not in (b"utf-16", b"utf-32", b"utf-7")


def _labelled_date(html: str) -> date | None:
    """The date of the first short line of the page that tells when it was published."""
    for text in _TAGS.sub("\n", html).split("\n"):
        if 8 < len(text) < MAX_FURNITURE and any(mark.isdigit() for mark in text):
            line = read_line(normalize(unescape(text)))
            if "stamp" in line.kinds and line.is_dateline:
                return line.published
    return None
