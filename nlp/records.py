"""Tags as JSON records and back, and flattened into rows for spreadsheets.

``docs/record.md`` is the contract; a record's keys stand in its order. The same tags give the same
bytes on every machine and in every run: scores are rounded, nothing depends on the hour.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from nlp.files import text_digest
from nlp.types import Article, CurrentUnit, Official, Place, Reject, Span, Tags, TopicTag

# A calibrated probability is not known to more digits than this, and the last bits of a matrix
# product differ with the number of articles scored together.
SCORE_DIGITS = 4
LIST_SEPARATOR = "; "
# Between the items of a list that stands inside an item of a list, such as one official's positions.
# Names of posts hold commas ("Sở Văn hóa, Thể thao và Du lịch") but never this.
INNER_SEPARATOR = " | "
# In the words of an item the separators give way, so that a cell splits into as many items as there are.
_NO_SEPARATORS = str.maketrans({";": ",", "|": "/"})

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
    *("id", "title", "published", "source", "as_of", "primary", "topics", "scores", "bands", "evidence"),
    *("officials", "positions", "official_units", "official_mentions"),
    *("places", "place_levels", "place_types", "place_codes", "place_candidates", "provinces"),
    *("place_mentions", "current", "current_types", "current_codes", "current_provinces", "model"),
)
"""The columns of a flattened record, in order; ``text`` follows where the records carry it."""


def columns(*, with_text: bool) -> tuple[str, ...]:
    """The columns of rows whose records do or do not carry the text."""
    return (*COLUMNS, "text") if with_text else COLUMNS


def to_row(record: Mapping[str, Any]) -> dict[str, str]:
    """Flatten a record into one row that tells the same, lists joined with ``"; "``.

    Lists that belong together keep their places: the second of ``officials`` holds the second of
    ``positions``. Inside one item, a list is joined with ``" | "``, and a span is ``start..end``,
    which no spreadsheet takes for a date.
    """
    topics, officials, places = record["topics"], record["officials"], record["places"]
    row = {
        **{name: record[name] or "" for name in ("id", "title", "published", "source", "as_of", "primary")},
        "topics": _joined(topic["topic"] for topic in topics),
        "scores": _joined(f"{topic['score']:g}" for topic in topics),
        "bands": _joined(topic["band"] for topic in topics),
        "evidence": _lists(map(_told, topic["evidence"]) for topic in topics),
        "officials": _joined(official["name"] for official in officials),
        "positions": _lists(official["positions"] for official in officials),
        "official_units": _joined(official["unit"] or "" for official in officials),
        "official_mentions": _lists(map(_told, official["mentions"]) for official in officials),
        **_place_cells(places),
        "model": record["model"],
    }
    if "text" in record:
        row["text"] = record["text"]
    return row


def _place_cells(places: list[Record]) -> dict[str, str]:
    cells = {
        "places": _joined(place["name"] for place in places),
        "place_levels": _joined(place["level"] for place in places),
        "place_types": _joined(place["type"] for place in places),
        "place_codes": _joined(place["code"] or "" for place in places),
        "place_candidates": _lists(place.get("candidates", ()) for place in places),
        "provinces": _joined(place["province"] for place in places),
        "place_mentions": _lists(map(_told, place["mentions"]) for place in places),
    }
    for column, key in (
        ("current", "name"),
        ("current_types", "type"),
        ("current_codes", "code"),
        ("current_provinces", "province"),
    ):
        cells[column] = _lists((unit[key] for unit in place["current"]) for place in places)
    return cells


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
    return LIST_SEPARATOR.join(item.translate(_NO_SEPARATORS) for item in items)


def _lists(lists: Iterable[Iterable[str]]) -> str:
    return LIST_SEPARATOR.join(
        INNER_SEPARATOR.join(item.translate(_NO_SEPARATORS) for item in items) for items in lists
    )


def _told(span: Sequence[int]) -> str:
    return f"{span[0]}..{span[1]}"
