"""What comes into the store: articles and suggestions, and the state of tags that follows from them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, insert, select, update

from desk.current import current_states
from desk.doubt import Doubt, Probes, assess
from desk.schema import articles, clean, history, now, suggestions
from desk.schema import tags as tags_table
from desk.state import State
from nlp.normalize import match_key
from nlp.records import article_digest, to_record
from nlp.types import Article, Tags

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row, Table

KEY_LENGTH = 300
# The columns of an article that change when it comes again with other words.
_WORDS = (
    *("title", "text", "published", "source", "author", "digest", "search_key", "changed_at"),
    *("doubt", "doubt_reason", "is_assessed"),
)


def put_articles(connection: Connection, chunk: Sequence[Article]) -> int:
    """Add or update articles without a suggestion; returns how many were new or changed."""
    changed = _upsert(connection, [storable(article) for article in chunk])
    refresh(connection, sorted(changed))
    return len(changed)


def put_tags(connection: Connection, chunk: Sequence[Tags], probes: Mapping[str, Probes]) -> int:
    """Add suggestions and their articles; returns how many suggestions were new."""
    answers = [replace(tags, article=storable(tags.article)) for tags in chunk]
    changed = _upsert(connection, [tags.article for tags in answers])
    digests = {tags.article.id: article_digest(tags.article) for tags in answers}
    known = _topics_by_model(connection, digests)
    moment = now()
    new: list[dict[str, Any]] = []
    doubts = []
    for tags in answers:
        article_id = tags.article.id
        models = known[article_id]
        others = [topics for model, topics in models.items() if model != tags.model]
        probe = probes.get(article_id)
        if tags.model not in models:
            new.append(_suggestion_row(tags, digests[article_id], moment))
        if tags.model not in models or probe:
            doubt = assess(tags, probes=probe, earlier=others[-1] if others else None)
            doubts.append((article_id, doubt, probe is not None))
    if new:
        connection.execute(insert(suggestions), new)
        log(connection, [_event(moment, row["article_id"], "suggest", row["model"]) for row in new])
    _set_doubts(connection, doubts)
    refresh(connection, sorted({row["article_id"] for row in new} | changed))
    return len(new)


def unchanged(connection: Connection, chunk: Sequence[Tags]) -> list[Tags]:
    """Those answers whose articles still have the words that were tagged."""
    digests = {row.id: row.digest for row in locked_rows(connection, [tags.article.id for tags in chunk])}
    return [tags for tags in chunk if digests.get(tags.article.id) == article_digest(tags.article)]


def storable(article: Article) -> Article:
    """The article with every character that some database refuses replaced by one that none does."""
    return replace(
        article,
        id=clean(article.id),
        text=clean(article.text),
        title=clean(article.title),
        source=clean(article.source),
        author=clean(article.author),
    )


def _set_doubts(connection: Connection, doubts: Iterable[tuple[str, Doubt, bool]]) -> None:
    """Write how doubtful articles are: id, doubt, and whether it was weighed with a classifier's probes."""
    rows = [
        {"at_id": article_id, "doubt": doubt.value, "doubt_reason": doubt.reason, "is_assessed": is_assessed}
        for article_id, doubt, is_assessed in doubts
    ]
    if rows:
        changed: dict[str, Any] = {name: bindparam(name) for name in ("doubt", "doubt_reason", "is_assessed")}
        connection.execute(update(articles).where(articles.c.id == bindparam("at_id")).values(changed), rows)


def refresh(connection: Connection, ids: Sequence[str], *, revisions: int = 1) -> None:
    """Derive the current tags, state and primary topic of articles anew, and count so many revisions."""
    if not ids:
        return
    rows = locked_rows(connection, ids)
    found = current_states(connection, rows)
    connection.execute(delete(tags_table).where(tags_table.c.article_id.in_(ids)))
    tag_rows = [each for article_id, (state, _) in found.items() for each in _tag_rows(article_id, state)]
    if tag_rows:
        connection.execute(insert(tags_table), tag_rows)
    values = ("revision", "state", "primary_topic", "suggestion_id", "changed_at")
    connection.execute(
        update(articles)
        .where(articles.c.id == bindparam("at_id"))
        .values({name: bindparam(name) for name in values}),
        [_state_row(row, *found[row.id], revisions) for row in rows],
    )


def insert_new(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> set[str]:
    """Insert rows and return the keys of those that went in.

    A row whose key is taken is passed over, also where it was taken by a transaction that ran beside this one.
    """
    from sqlalchemy.dialects import postgresql, sqlite

    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    key = next(iter(table.primary_key.columns))
    query = dialect.insert(table).on_conflict_do_nothing().returning(key)
    return set(connection.scalars(query, rows)) if rows else set()


def _upsert(connection: Connection, items: Sequence[Article]) -> set[str]:
    """Write articles and lock them; returns the ids of those that are new or whose words changed."""
    moment = now()
    wanted = {article.id: _article_row(article, moment) for article in items}
    known = {row.id for row in locked_rows(connection, list(wanted))}
    new = insert_new(connection, articles, [row for key, row in sorted(wanted.items()) if key not in known])
    stale = [
        row.id for row in locked_rows(connection, list(wanted)) if row.digest != wanted[row.id]["digest"]
    ]
    for article_id in stale:
        values = {name: wanted[article_id][name] for name in _WORDS}
        connection.execute(update(articles).where(articles.c.id == article_id).values(values))
    events = [_event(moment, each, "added") for each in sorted(new)]
    events += [_event(moment, each, "changed") for each in stale]
    if events:
        log(connection, events)
    return new | set(stale)


def locked_rows(connection: Connection, ids: Sequence[str]) -> Sequence[Row[Any]]:
    """Rows of articles, locked against others until the transaction ends, in an order that avoids deadlocks."""
    query = select(articles).where(articles.c.id.in_(ids)).order_by(articles.c.id).with_for_update()
    return connection.execute(query).all()


def _topics_by_model(
    connection: Connection, digests: Mapping[str, str]
) -> dict[str, dict[str, frozenset[str]]]:
    """For each article, the topics that each model said of its present text, oldest model first."""
    table = suggestions.c
    query = select(suggestions).where(table.article_id.in_(digests)).order_by(table.id)
    found: dict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    for row in connection.execute(query):
        if row.digest == digests[row.article_id]:
            found[row.article_id][row.model] = frozenset(topic["topic"] for topic in row.record["topics"])
    return found


def _article_row(article: Article, moment: str) -> dict[str, Any]:
    return {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "published": article.published,
        "source": article.source,
        "author": article.author,
        "digest": article_digest(article),
        "search_key": match_key(f"{article.id}\n{article.title}\n{article.text}"),
        "added_at": moment,
        "changed_at": moment,
        "revision": 0,
        "state": "waiting",
        "suggestion_id": None,
        "primary_topic": None,
        "doubt": 1.0,
        "doubt_reason": "untagged",
        "is_assessed": False,
    }


def _suggestion_row(tags: Tags, digest: str, moment: str) -> dict[str, Any]:
    return {
        "article_id": tags.article.id,
        "model": tags.model,
        "digest": digest,
        "at": moment,
        "record": to_record(tags),
    }


def _state_row(row: Row[Any], state: State, suggestion: Row[Any] | None, revisions: int) -> dict[str, Any]:
    return {
        "at_id": row.id,
        "revision": row.revision + revisions,
        "state": "done" if state.is_done else "waiting",
        "primary_topic": state.primary,
        "suggestion_id": suggestion.id if suggestion else None,
        "changed_at": now(),
    }


def _tag_rows(article_id: str, state: State) -> list[dict[str, Any]]:
    return [
        {
            "article_id": article_id,
            "kind": tag.kind,
            "key": tag.key[:KEY_LENGTH],
            "position": position,
            "label": tag.label[:KEY_LENGTH],
            "search_key": match_key(tag.label[:KEY_LENGTH]),
            "detail": tag.detail,
            "score": tag.score,
            "band": tag.band,
            "state": tag.state,
            "unit": tag.record.get("unit") or "" if tag.kind == "official" else "",
        }
        for position, tag in enumerate(state.tags)
    ]


def _event(moment: str, article_id: str, action: str, model: str = "") -> dict[str, Any]:
    return {
        "at": moment,
        "user": "",
        "article_id": article_id,
        "action": action,
        "kind": "",
        "key": "",
        "reason": "",
        "model": model,
    }


def log(connection: Connection, events: list[dict[str, Any]]) -> None:
    """Add rows to the history."""
    connection.execute(insert(history), events)
