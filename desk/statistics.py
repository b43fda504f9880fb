"""What the store says as a whole: topics by month, places, how far models and editors are to be trusted."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, case, extract, func, select

from desk.agreement import Agreement, between_editors
from desk.learning import Drift, drift
from desk.queue import Filter, conditions
from desk.schema import articles, decisions, suggestions
from desk.schema import tags as tags_table
from desk.state import BATCH, STANDING

if TYPE_CHECKING:
    from sqlalchemy import Connection, ScalarSelect, Subquery

    from desk.store import Store

# Places that a chart can show and a person take in.
MAX_PLACES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCount:
    """How many articles of a month (``2025-07``) bear a topic; the topic "" counts all articles."""

    month: str
    topic: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceCount:
    """In how many articles a place is named; ``key`` is its code where it has one."""

    key: str
    label: str
    province: str
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Acceptance:
    """What editors made of a model's suggestions of one topic, decided in one month.

    ``added`` counts articles whose topic the model missed. A suggestion that stood when an editor
    finished the article counts as accepted, unless it was finished with many others and unseen.
    """

    topic: str
    model: str
    month: str
    accepted: int
    rejected: int
    added: int

    @property
    def precision(self) -> float | None:
        """The share of the suggestions that were right, None where none was decided on."""
        return _share(self.accepted, self.accepted + self.rejected)

    @property
    def recall(self) -> float | None:
        """The share of the right topics that were suggested, None where there is none."""
        return _share(self.accepted, self.accepted + self.added)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelUse:
    """How many articles a model has tagged, and when first and last."""

    model: str
    articles: int
    first: str
    last: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All figures of the page *Thống kê*; the filter applies to the first five."""

    articles: int
    waiting: int
    done: int
    months: tuple[MonthCount, ...]
    places: tuple[PlaceCount, ...]
    acceptance: tuple[Acceptance, ...]
    agreement: tuple[Agreement, ...]
    models: tuple[ModelUse, ...]
    drift: tuple[Drift, ...]


def overview(store: Store, wanted: Filter) -> Overview:
    """Count what a filter lets through; acceptance and agreement follow it too."""
    where = conditions(wanted)
    with store.reading() as connection:
        states: dict[str, int] = dict(
            connection.execute(
                select(articles.c.state, func.count()).where(*where).group_by(articles.c.state)
            ).all()
        )
        return Overview(
            articles=sum(states.values()),
            waiting=states.get("waiting", 0),
            done=states.get("done", 0),
            months=tuple(_months(connection, where)),
            places=tuple(_places(connection, where)),
            acceptance=tuple(_acceptance(connection, where)),
            agreement=tuple(between_editors(connection, where)),
            models=tuple(_models(connection)),
            drift=drift(connection),
        )


def _months(connection: Connection, where: list[ColumnElement[bool]]) -> list[MonthCount]:
    published = articles.c.published
    month = extract("year", published), extract("month", published)
    dated = [*where, published.is_not(None)]
    tag = tags_table.c
    found = Counter[tuple[str, str]]()
    for year, number, count in connection.execute(
        select(*month, func.count()).where(*dated).group_by(*month)
    ):
        found[_month(year, number), ""] = count
    query = (
        select(*month, tag.key, func.count())
        .join(tags_table, tag.article_id == articles.c.id)
        .where(*dated, tag.kind == "topic", tag.state.in_(STANDING))
        .group_by(*month, tag.key)
    )
    for year, number, topic, count in connection.execute(query):
        found[_month(year, number), topic] = count
    return [
        MonthCount(month=month, topic=topic, articles=count)
        for (month, topic), count in sorted(found.items())
    ]


def _places(connection: Connection, where: list[ColumnElement[bool]]) -> list[PlaceCount]:
    tag = tags_table.c
    count = func.count()
    query = (
        select(tag.key, func.max(tag.label), func.max(tag.detail), count)
        .join(articles, tag.article_id == articles.c.id)
        .where(*where, tag.kind == "place", tag.state.in_(STANDING))
        .group_by(tag.key)
        .order_by(count.desc(), tag.key)
        .limit(MAX_PLACES)
    )
    return [
        PlaceCount(key=key, label=label, province=province, articles=number)
        for key, label, province, number in connection.execute(query)
    ]


def _last_decision() -> ScalarSelect[int]:
    """The id of the last decision on a tag, undoing left aside."""
    tag, made = tags_table.c, decisions.alias().c
    return (
        select(func.max(made.id))
        .where(made.article_id == tag.article_id, made.kind == "topic", made.key == tag.key)
        .where(made.action != "undo")
        .correlate(tags_table)
        .scalar_subquery()
    )


def _is_seen() -> ColumnElement[bool]:
    """That an article is done, and that who finished it last looked at it by itself."""
    made = decisions.alias().c
    last = (
        select(made.reason)
        .where(made.article_id == articles.c.id, made.action == "done")
        .order_by(made.id.desc())
        .limit(1)
        .correlate(articles)
        .scalar_subquery()
    )
    return and_(articles.c.state == "done", last != BATCH)


def _decided(where: list[ColumnElement[bool]]) -> Subquery:
    """The tags that were decided on: topic, the model that suggested it, month, verdict."""
    tag, made = tags_table.c, decisions.c
    # A tag that nobody touched in a finished article was accepted by whoever finished it.
    verdict = case(
        (tag.state == "rejected", "rejected"),
        (and_(tag.state == "added", made.action == "add"), "added"),
        else_="accepted",
    )
    model = func.coalesce(func.nullif(made.model, ""), suggestions.c.model, "")
    month = func.substr(func.coalesce(made.at, articles.c.changed_at), 1, 7)
    return (
        select(tag.key, model.label("model"), month.label("month"), verdict.label("verdict"))
        .select_from(tags_table)
        .join(articles, articles.c.id == tag.article_id)
        .join(suggestions, suggestions.c.id == articles.c.suggestion_id, isouter=True)
        .join(decisions, made.id == _last_decision(), isouter=True)
        .where(*where, tag.kind == "topic", (tag.state != "suggested") | _is_seen())
        .subquery()
    )


def _acceptance(connection: Connection, where: list[ColumnElement[bool]]) -> list[Acceptance]:
    # Grouped outside: inside, PostgreSQL can't tell that the constants grouped by are those selected.
    each = _decided(where).c
    columns = (each.key, each.model, each.month, each.verdict)
    query = select(*columns, func.count()).group_by(*columns)
    counts: dict[tuple[str, str, str], Counter[str]] = defaultdict(Counter)
    for topic, by, when, what, count in connection.execute(query):
        counts[topic, by, when][what] += count
    return [
        Acceptance(
            topic=topic,
            model=by,
            month=when,
            accepted=found["accepted"],
            rejected=found["rejected"],
            added=found["added"],
        )
        for (topic, by, when), found in sorted(counts.items())
    ]


def _models(connection: Connection) -> list[ModelUse]:
    said = suggestions.c
    query = (
        select(said.model, func.count(said.article_id.distinct()), func.min(said.at), func.max(said.at))
        .group_by(said.model)
        .order_by(func.max(said.at).desc())
    )
    return [
        ModelUse(model=model, articles=count, first=first, last=last)
        for model, count, first, last in connection.execute(query)
    ]


def _month(year: Any, number: Any) -> str:  # noqa: ANN401 - int or Decimal, by the database
    return f"{int(year):04}-{int(number):02}"


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
