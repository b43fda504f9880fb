"""Tags for a person at a terminal: what an editor wants to know of an article, in a few lines."""

from __future__ import annotations

import shutil
import sys
import textwrap
from collections.abc import Callable, Iterator

from nlp.records import columns, to_record
from nlp.types import Article, Official, Place, Span, Tags, TopicTag
from nlp.writers import WRITERS

_INDENT = " " * 12
_FALLBACK_TITLE = 80


def printer(written_as: str, *, with_text: bool) -> Callable[[Iterator[Tags]], None]:
    """Return what writes tags to standard output: ``table`` for a person, or a format of ``WRITERS``."""
    out = sys.stdout.buffer

    def write(answers: Iterator[Tags]) -> None:
        """Write each answer as soon as it comes."""
        if written_as == "table":
            width = shutil.get_terminal_size().columns
            for tags in answers:
                out.write(describe(tags, width).encode("utf-8", "replace"))
                out.flush()
        else:
            records = (to_record(tags, with_text=with_text) for tags in answers)
            WRITERS[written_as](records, out, columns(with_text=with_text))
            out.flush()

    return write


def describe(tags: Tags, width: int = 100) -> str:
    """Return an article's tags as a few lines that end with an empty one.

    Args:
        tags: Tags whose article carries its text.
        width: Columns of the terminal.
    """
    article = tags.article
    title = article.title or article.text[:_FALLBACK_TITLE].partition("\n")[0]
    day = (
        f"{article.published:%d/%m/%Y}"
        if article.published
        else f"undated, taken as of {tags.as_of:%d/%m/%Y}"
    )
    lines = [title, f"  {article.id}, {day}"]
    lines += _block("topics", [_topic(topic, tags.primary) for topic in tags.topics], width)
    quotes = [_quote(article, topic.evidence[0]) for topic in tags.topics if topic.evidence]
    lines += _block("because", list(dict.fromkeys(quotes)), width)
    lines += _block("officials", [_official(official) for official in tags.officials], width)
    lines += _block("places", [_place(place) for place in tags.places], width)
    return "\n".join(lines) + "\n\n"


def _block(name: str, items: list[str], width: int) -> list[str]:
    """Lay items one under the other beside their name."""
    lines = []
    for number, item in enumerate(items or ["-"]):
        opening = f"  {name:<10}" if number == 0 else _INDENT
        lines += textwrap.wrap(
            item,
            max(width, 40),
            initial_indent=opening,
            subsequent_indent=_INDENT + "  ",
            break_long_words=False,
        )
    return lines


def _topic(topic: TopicTag, primary: str | None) -> str:
    marks = [mark for mark, applies in (("primary", topic.topic == primary), (topic.band, True)) if applies]
    # Cut, not rounded: no score reads 1.00, for none is certain.
    return f"{topic.topic} {int(100 * topic.score) / 100:.2f} ({', '.join(marks)})"


def _quote(article: Article, span: Span) -> str:
    return f"“{' '.join(article.text[span.start : span.end].split())}”"


def _official(official: Official) -> str:
    posts = ", ".join(official.positions) or "-"
    return f"{official.name}: {posts}{f' [{official.unit}]' if official.unit else ''}"


def _place(place: Place) -> str:
    code = place.code or (f"one of {', '.join(place.candidates)}" if place.candidates else "no code")
    province = f", {place.province}" if place.province and place.level != "province" else ""
    now = ", ".join(f"{unit.type} {unit.name} [{unit.code}]" for unit in place.current)
    return f"{place.type} {place.name} [{code}]{province}{f' → {now}' if now else ''}"
