"""Tags as JSON records and back, and flattened into rows for spreadsheets.

``docs/record.md`` is the contract; a record's keys stand in its order. The same tags give the same
bytes on every machine and in every run: scores are rounded, nothing depends on the hour.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from nlp.files import text_digest
from nlp.types import Article, CurrentUnit, Official, Place, Reject, Span, Tags, TopicTag

# A calibrated probability is not known to more digits than this, and the last bits of a matrix
# product differ with the number of articles scored together.
SCORE_DIGITS = 4
LIST_SEPARATOR = "; "

Record = dict[str, Any]


def to_record(tags: Tags, *, with_text: bool = False) -> Record:
    """Return the record of one tagged article.

    Args:
        tags: The whole answer for one article.
        with_text: Carry the article's normalized text too, in which the spans count.
    """
    article = tags.article
    record: Record = {
        "id": article.id,
        "title": article.title,
        "published": article.published.isoformat() if article.published else None,
        "source": article.source,
        "as_of": tags.as_of.isoformat(),
        "topics": [_topic(topic) for topic in tags.topics],
        "primary": tags.primary,
        "officials": [_official(official) for official in tags.officials],
        "places": [_place(place) for place in tags.places],
        "model": tags.model,
    }
    if with_text:
        record["text"] = article.text
    return record


def from_record(record: Mapping[str, Any]) -> Tags:
    """Return the tags that a record tells; the text is empty where the record carries none.

    >>> tags = Tags(article=Article(id="a", text="Họp."), as_of=date(2025, 7, 1), topics=(), primary=None,
    ...             officials=(), places=(), model="default@0")
    >>> from_record(to_record(tags, with_text=True)) == tags
    True
    """
    published = record["published"]
    return Tags(
        article=Article(
            id=record["id"],
            text=record.get("text", ""),
            title=record["title"],
            published=date.fromisoformat(published) if published else None,
            source=record["source"],
        ),
        as_of=date.fromisoformat(record["as_of"]),
        topics=tuple(
            TopicTag(**{**topic, "evidence": _spans(topic["evidence"])}) for topic in record["topics"]
        ),
        primary=record["primary"],
        officials=tuple(
            Official(
                name=official["name"],
                positions=tuple(official["positions"]),
                unit=official["unit"],
                mentions=_spans(official["mentions"]),
            )
            for official in record["officials"]
        ),
        places=tuple(_place_from(place) for place in record["places"]),
        model=record["model"],
    )


def reject_record(reject: Reject) -> Record:
    """Return a rejected input as a line of ``OUT.rejects.jsonl`` tells it."""
    return {
        "source": reject.source,
        "line": reject.line,
        "id": reject.id,
        "reason": reject.reason,
        "raw": reject.raw,
    }


def dump_line(record: Mapping[str, Any]) -> bytes:
    """Return one line of JSONL, in UTF-8, with Vietnamese readable as it stands.

    A lone surrogate, which no UTF-8 can hold, makes the line fall back to ASCII with escapes.
    """
    try:
        return (json.dumps(record, ensure_ascii=False) + "\n").encode()
    except UnicodeEncodeError:
        return (json.dumps(record) + "\n").encode()


def article_digest(article: Article) -> str:
    """Return the SHA-256 of what an article says: its title, date, byline and words.

    Not of where it lay: a file that was moved holds no changed article.
    """
    published = article.published.isoformat() if article.published else ""
    return text_digest("\0".join((article.title, published, article.author, article.text)))


COLUMNS = (
    *("id", "title", "published", "source", "as_of", "primary", "topics", "scores", "bands"),
    *("officials", "positions", "official_units"),
    *("places", "place_types", "place_codes", "provinces", "current", "current_codes", "model"),
)
"""The columns of a flattened record, in order; ``text`` follows where the records carry it."""


def columns(*, with_text: bool) -> tuple[str, ...]:
    """The columns of rows whose records do or do not carry the text."""
    return (*COLUMNS, "text") if with_text else COLUMNS


def to_row(record: Mapping[str, Any]) -> dict[str, str]:
    """Flatten a record into one row, lists joined with ``"; "``.

    Lists that belong together keep their places: the second of ``officials`` holds the second of
    ``positions``. Inside one item, a list is joined with ``", "``.
    """
    topics, officials, places = record["topics"], record["officials"], record["places"]
    row = {
        **{name: record[name] or "" for name in ("id", "title", "published", "source", "as_of", "primary")},
        "topics": _joined(topic["topic"] for topic in topics),
        "scores": _joined(f"{topic['score']:g}" for topic in topics),
        "bands": _joined(topic["band"] for topic in topics),
        "officials": _joined(official["name"] for official in officials),
        "positions": _joined(", ".join(official["positions"]) for official in officials),
        "official_units": _joined(official["unit"] or "" for official in officials),
        "places": _joined(place["name"] for place in places),
        "place_types": _joined(place["type"] for place in places),
        "place_codes": _joined(place["code"] or "" for place in places),
        "provinces": _joined(place["province"] for place in places),
        "current": _joined(_current(place, "name") for place in places),
        "current_codes": _joined(_current(place, "code") for place in places),
        "model": record["model"],
    }
    if "text" in record:
        row["text"] = record["text"]
    return row


def _topic(topic: TopicTag) -> Record:
    return {
        "topic": topic.topic,
        "score": round(topic.score, SCORE_DIGITS),
        "band": topic.band,
        "evidence": [list(span) for span in topic.evidence],
    }


def _official(official: Official) -> Record:
    return {
        "name": official.name,
        "positions": list(official.positions),
        "unit": official.unit,
        "mentions": [list(span) for span in official.mentions],
    }


def _place(place: Place) -> Record:
    record: Record = {
        "name": place.name,
        "level": place.level,
        "type": place.type,
        "code": place.code,
        "province": place.province,
        "current": [
            {"name": unit.name, "type": unit.type, "code": unit.code, "province": unit.province}
            for unit in place.current
        ],
    }
    if place.candidates:
        record["candidates"] = list(place.candidates)
    record["mentions"] = [list(span) for span in place.mentions]
    return record


def _place_from(place: Mapping[str, Any]) -> Place:
    return Place(
        name=place["name"],
        level=place["level"],
        type=place["type"],
        code=place["code"],
        province=place["province"],
        current=tuple(CurrentUnit(**unit) for unit in place["current"]),
        candidates=tuple(place.get("candidates", ())),
        mentions=_spans(place["mentions"]),
    )


def _spans(pairs: list[list[int]]) -> tuple[Span, ...]:
    return tuple(Span(start, end) for start, end in pairs)


def _joined(items: Iterable[str]) -> str:
    return LIST_SEPARATOR.join(items)


def _current(place: Mapping[str, Any], key: str) -> str:
    return ", ".join(unit[key] for unit in place["current"])
