"""A page as somebody copies it from a portal: headline, date, portal, byline and body.

Losing a sentence of the body is worse than leaving a menu word in it: a line goes only when it is
furniture through and through (``nlp.readers.furniture``), or a byline after the last sentence. The place line
"(Cổng TTĐT An Giang) -" stays, since it names the province.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from nlp.normalize import match_key
from nlp.readers.bylines import read_byline
from nlp.readers.dates import read_dateline
from nlp.readers.furniture import Line, read_line
from nlp.readers.mastheads import is_body_name

# The head of a page: lines before the first paragraph, at most this many.
_HEAD_LINES = 16
# Lines after the last paragraph that are looked at; lists of other articles are about ten long.
_TAIL_LINES = 16
# A paragraph rather than a headline: this long, or this long and closed like a sentence. Headlines in
# portal-corpus.jsonl end at 130 characters.
_PARAGRAPH = 150
_SENTENCE = 70
_MAX_HEADLINE_WORDS = 32
_CLOSED = re.compile(r"[.…:;][\"”’»)\]]*\Z")
_FULL_STOP = re.compile(r"(?:(?<!\.)\.|[:;,]|\./\.)[\"”’»)\]]*\Z")
# What may stand before a byline: the end of a sentence, of a quotation or of an official text.
_TEXT_END = re.compile(r"(?:[.!?…]|/\.)[\"”’»)\]/]*\Z")
# What marks a line of the body that may be furniture; the others aren't looked at.
_PICTURE = re.compile(r"image|c[ỡở] chữ", re.IGNORECASE)
_MAX_PICTURE = 60
_EMPTY_LINES = re.compile("\n\n\n+")
_PLACE_LINE = re.compile(r"\A\((?P<portal>(?:Cổng|Trang|Báo)[^()]{2,60})\)\s?[-–—]?")
# Furniture that only a copied page has.
_STRONG = frozenset(
    {"menu", "tool", "count", "date", "greeting", "site", "image", "related", "share", "today"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A copied page taken apart. ``copied`` is False where no furniture was found."""

    title: str
    body: str
    published: date | None = None
    source: str = ""
    author: str = ""
    copied: bool = False

    @property
    def text(self) -> str:
        """The headline, an empty line, and the body."""
        return join_headline(self.title, self.body)


def read_page(text: str) -> Page:
    r"""Take a normalized text apart.

    >>> page = read_page("Trang chủ | Liên hệ\nXã A họp\nNgày đăng: 26/12/2018\nSáng 25/12, xã họp dân.")
    >>> page.title, page.published.isoformat()
    ('Xã A họp', '2018-12-26')
    """
    lines = text.split("\n")
    head = _read_head(lines)
    body = lines[head.body_at :]
    # What was taken leaves an empty line, so that paragraphs stay apart and broken lines together.
    above = [line if index in head.kept else "" for index, line in enumerate(lines[: head.body_at])]
    opening = read_dateline(body[0]) if body else None
    tail = _read_tail(body)
    body, pictures = _without_pictures(tail.body)
    copied = bool(head.kinds & _STRONG) or tail.copied or pictures
    place = next((found for line in lines[: head.body_at + 1] if (found := _PLACE_LINE.match(line))), None)
    return Page(
        title=head.title,
        body=_EMPTY_LINES.sub("\n\n", "\n".join([*above, *body]).strip()),
        published=head.published or (opening.day if opening else tail.published),
        source=head.site or (place["portal"] if place else "") or tail.origin or head.origin,
        author=tail.author or head.author,
        copied=copied,
    )


def opening_headline(text: str) -> str:
    """Return the first line if it is clearly a headline, else "".

    A headline is short, doesn't end like a sentence, and a longer paragraph follows it.
    """
    first, _, rest = text.partition("\n")
    if not _may_be_headline(first) or len(rest.strip()) <= len(first):
        return ""
    following = next((line for line in rest.split("\n") if line), "")
    return first if len(following) > min(len(first), _SENTENCE) else ""


def author_of(text: str) -> str:
    """Return the byline that closes a text, else ""."""
    before, _, last = text.rpartition("\n")
    return read_byline(last) if _TEXT_END.search(before.rstrip()) else ""


def join_headline(title: str, body: str) -> str:
    """Return the headline, an empty line and the body; the headline isn't doubled if the body opens with it."""
    opening = body.partition("\n")[0]
    if not title:
        return body
    if match_key(opening) == match_key(title):
        rest = body[len(opening) :].strip("\n")
        return f"{opening}\n\n{rest}" if rest else opening
    return f"{title}\n\n{body}" if body else title


@dataclass(slots=True)
class _Head:
    title: str
    kept: set[int]
    body_at: int
    kinds: set[str]
    published: date | None = None
    author: str = ""
    origin: str = ""
    site: str = ""


def _read_head(lines: list[str]) -> _Head:
    """Read the lines before the first paragraph: furniture, the headline, and what to keep."""
    head = _Head(title="", kept=set(), body_at=len(lines), kinds=set())
    read: list[tuple[int, Line]] = []
    for index, text in enumerate(lines):
        if not text:
            continue
        line = read_line(text)
        if line.is_furniture:
            # Under a short article, which is all head, other articles' titles are none of its own.
            ends = "related" in line.kinds and _are_links(lines[index + 1 :])
            ends = ends and not all(one.is_furniture for _, one in read)
        else:
            ends = _opens_body(text) or len(read) >= _HEAD_LINES
        if ends:
            head.body_at = index
            break
        read.append((index, line))
    # A page has one date alone on a line; several are the days of a programme.
    days = sum((line.is_bare_date and line.is_furniture) or "dateline" in line.kinds for _, line in read)
    programme = days > 1
    candidates: list[int] = []
    stamp: int | None = None  # where the line of date, tools or counters stands, below the headline
    for index, line in read:
        dated = "dateline" in line.kinds
        taken = line.is_furniture and not (programme and (line.is_bare_date or dated))
        if taken or (line.is_dateline and not line.is_bare_date and not (programme and dated)):
            if line.kinds & {"date", "tool", "share", "count"} and "today" not in line.kinds:
                stamp = index if stamp is None or (line.published and not head.published) else stamp
            _note(head, line)
        if not taken:
            candidates.append(index)
    _choose_headline(head, lines, candidates, stamp)
    return head


def _choose_headline(head: _Head, lines: list[str], candidates: list[int], stamp: int | None) -> None:
    headlines = [index for index in candidates if _may_be_headline(lines[index])]
    if head.kinds & _STRONG:
        # A word of the menu alone ("Đăng nhập"), or where and when it was written, heads no article.
        telling = [index for index in headlines if not _tells_nothing(lines[index])]
        headlines = telling or headlines
    above = [index for index in headlines if stamp is None or index < stamp]
    if not head.kinds & _STRONG:
        # No page, but a plain document: its first line or none.
        above = headlines[:1] if candidates[:1] == headlines[:1] else []
        headlines = []
    chosen = above[-1] if above else (headlines[0] if headlines else None)
    if chosen is not None:
        head.title = lines[chosen]
    for index in candidates:
        if index == chosen:
            continue
        if chosen is not None and index < chosen and is_body_name(lines[index]):
            head.site = head.site or lines[index]
        else:
            head.kept.add(index)


def _note(head: _Head, line: Line) -> None:
    head.kinds |= line.kinds
    head.published = head.published or line.published
    head.author = head.author or line.author
    head.origin = head.origin or line.origin
    head.site = head.site or line.site


def _tells_nothing(text: str) -> bool:
    line = read_line(text)
    return (not line.rest and bool(line.kinds)) or "dateline" in line.kinds


@dataclass(slots=True)
class _Tail:
    """``body`` are the lines that are left, ``origin`` is where the article was taken from."""

    body: list[str]
    copied: bool
    author: str = ""
    origin: str = ""
    published: date | None = None


def _read_tail(lines: list[str]) -> _Tail:
    """Take furniture and the byline from the end; the day that stands nearest to the text is the page's."""
    body = list(lines)
    tail = _Tail(body, copied=_cut_related(body))
    for _ in range(_TAIL_LINES):
        while body and not body[-1]:
            body.pop()
        if len(body) < 2:
            break
        line = read_line(body[-1])
        if line.is_furniture or line.is_dateline:
            tail.published = line.published or tail.published
        if line.is_furniture:
            tail.copied = tail.copied or bool(line.kinds & (_STRONG - {"date"}))
            tail.author, tail.origin = tail.author or line.author, tail.origin or line.origin
        elif not tail.author and (name := read_byline(body[-1])) and _follows_text(body):
            tail.author = name
        else:
            break
        body.pop()
    return tail


def _cut_related(body: list[str]) -> bool:
    """Cut the list of other articles that stands under the article, with its heading."""
    filled = [index for index, text in enumerate(body) if text][-_TAIL_LINES:]
    for index in filled:
        line = read_line(body[index])
        if line.is_furniture and "related" in line.kinds and _are_links(body[index + 1 :]):
            del body[index:]
            return True
    return False


def _are_links(lines: list[str]) -> bool:
    """Whether no line is a paragraph or closes like a sentence."""
    return not any(len(text) >= _PARAGRAPH or _CLOSED.search(text) for text in lines if text)


def _follows_text(body: list[str]) -> bool:
    """Whether a sentence ends before the last line, so that the line is no signature under a post."""
    before = next((text for text in reversed(body[:-1]) if text), "")
    return bool(_TEXT_END.search(before)) or read_line(before).is_furniture


def _without_pictures(body: list[str]) -> tuple[list[str], bool]:
    """Take the texts that stand for pictures and the letter sizes from between the paragraphs."""
    kept = [text for text in body if not _is_picture(text)]
    return kept, len(kept) < len(body)


def _is_picture(text: str) -> bool:
    if len(text) > _MAX_PICTURE or not _PICTURE.search(text):
        return False
    line = read_line(text)
    return line.is_furniture and bool(line.kinds & {"image", "tool"}) and not line.kinds & {"menu", "label"}


def _may_be_headline(text: str) -> bool:
    return (
        0 < len(text) <= 220
        and len(text.split()) <= _MAX_HEADLINE_WORDS
        and not _FULL_STOP.search(text)
        and any(letter.isalpha() for letter in text)
        and not (text.startswith("(") and text.rstrip(" -–").endswith(")"))
    )


def _is_paragraph(text: str) -> bool:
    return len(text) >= _PARAGRAPH or _is_sentence(text)


def _opens_body(text: str) -> bool:
    if _is_paragraph(text):
        return True
    dateline = read_dateline(text)
    return dateline is not None and dateline.opens


def _is_sentence(text: str) -> bool:
    return len(text) >= _SENTENCE and bool(_CLOSED.search(text))
