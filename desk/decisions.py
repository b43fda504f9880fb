"""What editors decide on an article, and how the article looks with it.

Two editors may have the same article open. A decision says which revision it was made on, and is refused
if the article has another by now; nobody overwrites what they have not seen.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from desk import checks, history
from desk.current import article_of, current_states, decisions_of, newest_suggestions
from desk.intake import locked_rows, log, refresh
from desk.schema import articles, clean, now
from desk.schema import decisions as decisions_table
from desk.state import STANDING, Decision, MadeDecision, State, TagView, replay
from desk.store import unknown_article
from nlp.errors import ConflictError
from nlp.records import Record, from_record
from nlp.types import Article

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection, Row

    from desk.history import Event
    from desk.store import Store
    from nlp.topics.explanation import Evidence

    Explain = Callable[[str, str], tuple[Evidence, ...]]

__all__ = ["ArticleView", "Decision", "TagView", "decide", "view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleView:
    """One article as an editor sees it.

    ``record`` is ``docs/record.md``'s, with the tags that stand after all decisions. ``model`` made the
    suggestion, "" where none has seen this text. ``terms`` has, for each topic in ``topics``, the words
    that weighed most; empty where no model was at hand to explain.
    """

    article: Article
    record: Record
    topics: tuple[TagView, ...]
    officials: tuple[TagView, ...]
    places: tuple[TagView, ...]
    primary: str | None
    terms: dict[str, tuple[Evidence, ...]]
    state: str
    doubt: float
    reason: str
    revision: int
    model: str
    history: tuple[Event, ...]

    @property
    def text(self) -> str:
        """The text in which all spans count."""
        return self.article.text


def view(store: Store, article_id: str, *, explain: Explain | None = None) -> ArticleView:
    """Show an article with its tags, decisions and history.

    Args:
        store: The store.
        article_id: Its id.
        explain: Says which words spoke for a topic of a text, strongest first.

    Raises:
        UnknownArticleError: No article has the id.
    """
    article_id = clean(article_id)
    with store.reading() as connection:
        row = connection.execute(select(articles).where(articles.c.id == article_id)).first()
        if row is None:
            raise unknown_article(article_id)
        state, suggestion = current_states(connection, [row])[row.id]
        events = history.of_article(connection, article_id)
    topics = state.of_kind("topic")
    terms = {}
    if explain:
        terms = {tag.key: explain(row.text, tag.key) for tag in topics if tag.score is not None}
    return ArticleView(
        article=article_of(row),
        record=record_of(row, state, suggestion),
        topics=topics,
        officials=state.of_kind("official"),
        places=state.of_kind("place"),
        primary=state.primary,
        terms=terms,
        state=row.state,
        doubt=row.doubt,
        reason=row.doubt_reason,
        revision=row.revision,
        model=suggestion.model if suggestion else "",
        history=events,
    )


def decide(
    store: Store,
    article_id: str,
    wanted: Decision | Sequence[Decision],
    revision: int,
    *,
    topics: Collection[str] = (),
    is_reviewer: bool = True,
) -> int:
    """Write one or more decisions, all or none.

    Args:
        store: The store.
        article_id: The article decided on.
        wanted: In order; each is checked against the state that those before it leave.
        revision: The article's revision that the editor saw.
        topics: Topics that may be added beside those of the model's answer and of ``data/topics.toml``.
        is_reviewer: Whether the user may change what others finished or undo what others decided.

    Returns:
        The article's new revision.

    Raises:
        UnknownArticleError: No article has the id.
        ConflictError: The article has another revision by now.
        DecisionError: A decision says nothing, or nothing possible.
        UnknownTopicError: A topic is added that nobody knows.
        AccessError: Others finished the article, or made the decision to undo.
    """
    article_id = clean(article_id)
    batch = [wanted] if isinstance(wanted, Decision) else list(wanted)
    with store.writing() as connection:
        row = _locked(connection, article_id, revision)
        new = _made(connection, row, batch, topics, is_reviewer=is_reviewer)
        if new:
            write(connection, [(article_id, each) for each in new], revisions=len(new))
    return revision + len(batch)


def write(connection: Connection, made: Sequence[tuple[str, MadeDecision]], *, revisions: int) -> None:
    """Add decisions on locked articles, so many on each, log them, and derive the articles' state anew."""
    if made:
        connection.execute(insert(decisions_table), [_decision_row(*each) for each in made])
        log(connection, [_event_row(*each) for each in made])
        refresh(connection, sorted({article_id for article_id, _ in made}), revisions=revisions)


def _locked(connection: Connection, article_id: str, revision: int) -> Row[Any]:
    """The article's row, which nobody else may change until the transaction ends."""
    row = next(iter(locked_rows(connection, [article_id])), None)
    if row is None:
        raise unknown_article(article_id)
    if row.revision != revision:
        raise ConflictError(
            f"somebody changed the article {article_id!r} since you opened it (revision {row.revision}, "
            f"you saw {revision}); load it again and decide on what stands there now"
        )
    return row


def _made(
    connection: Connection,
    row: Row[Any],
    batch: Sequence[Decision],
    topics: Collection[str],
    *,
    is_reviewer: bool,
) -> list[MadeDecision]:
    """Check decisions one after the other, each against what those before it leave, and make them whole."""
    suggestion = newest_suggestions(connection, [row]).get(row.id)
    tags = from_record(suggestion.record) if suggestion else None
    earlier = decisions_of(connection, row.id)
    made: list[MadeDecision] = []
    moment = now()
    for number, decision in enumerate(batch, 1):
        so_far = [*earlier, *made]
        state = replay(tags, so_far, row.text, row.digest)
        checks.check_access(decision, state, so_far, is_reviewer=is_reviewer)
        made.append(
            MadeDecision(
                decision=checks.completed(decision, state, so_far, topics),
                id=0,
                revision=row.revision + number,
                model=suggestion.model if suggestion else "",
                digest=row.digest,
                at=moment,
            )
        )
    return made


def record_of(row: Row[Any], state: State, suggestion: Row[Any] | None) -> Record:
    """The record of an article with the tags that stand after all decisions."""
    standing = [tag for tag in state.tags if tag.state in STANDING]
    published = row.published.isoformat() if row.published else None
    return {
        "id": row.id,
        "title": row.title,
        "published": published,
        "source": row.source,
        "as_of": suggestion.record["as_of"] if suggestion else published,
        "topics": [_topic(tag) for tag in standing if tag.kind == "topic"],
        "primary": state.primary,
        "officials": [dict(tag.record) for tag in standing if tag.kind == "official"],
        "places": [dict(tag.record) for tag in standing if tag.kind == "place"],
        "model": suggestion.model if suggestion else "",
    }


def _topic(tag: TagView) -> Record:
    """A person's word is certain: what no model scored counts as 1."""
    return {
        "topic": tag.key,
        "score": 1.0 if tag.score is None else tag.score,
        "band": tag.band or "auto",
        "evidence": [list(span) for span in tag.spans],
    }


def _decision_row(article_id: str, made: MadeDecision) -> dict[str, Any]:
    decision = made.decision
    return {
        "article_id": article_id,
        "revision": made.revision,
        "action": decision.action,
        "kind": decision.kind,
        "key": decision.key,
        "value": dict(decision.value),
        "reason": decision.reason,
        "user": decision.user,
        "model": made.model,
        "digest": made.digest,
        "at": made.at,
    }


def _event_row(article_id: str, made: MadeDecision) -> dict[str, Any]:
    row = _decision_row(article_id, made)
    return {
        name: row[name] for name in ("at", "user", "article_id", "action", "kind", "key", "reason", "model")
    }
