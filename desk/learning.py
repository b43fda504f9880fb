"""What models learn from editors, and when a model should be looked at again."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sqlalchemy import extract, func, select

from desk.current import current_states
from desk.schema import articles
from desk.schema import tags as tags_table
from desk.state import STANDING, State
from desk.store import Store
from nlp.types import LabelledText

if TYPE_CHECKING:
    from sqlalchemy import Connection, Row

# Articles read from the store at once.
_CHUNK = 200
# A month with fewer articles says nothing about shares.
MIN_ARTICLES = 30
# Months before the newest one from which a usual range can be told.
MIN_MONTHS = 4
# Standard deviations that are still usual: by chance alone, one month in 370 lies further out.
USUAL = 3.0
# Mean scores that differ by less are the same: a score is known to two digits at best.
SCORE_NOISE = 0.01
# A label that an editor saw and left or gave counts as much as one of the corpus.
DECIDED_WEIGHT = 1.0
# First characters of a sentence by which evidence is found again in a labelled text.
_OPENING = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A topic whose share or scores in the newest month left their usual range.

    ``share`` is of articles that bear the topic, ``score`` the mean over those. ``low`` and ``high``
    bound the usual range; ``articles`` were counted in the month.
    """

    topic: str
    measure: Literal["share", "score"]
    month: str
    value: float
    low: float
    high: float
    articles: int


def decided_articles(url: str) -> list[LabelledText]:
    """Return the articles that an editor finished, with the topics that stand after all decisions.

    A suggestion that the editor left alone when finishing is a label like any other: they saw it. Articles
    that were finished many at once are left out: a model would learn from its own word.
    """
    found: list[LabelledText] = []
    with Store.open(url) as store:
        last = ""
        while True:
            query = (
                select(articles)
                .where(articles.c.state == "done", articles.c.id > last)
                .order_by(articles.c.id)
                .limit(_CHUNK)
            )
            with store.reading() as connection:
                rows = connection.execute(query).all()
                states = current_states(connection, rows)
            found += [_labelled(row, states[row.id][0]) for row in rows if not states[row.id][0].is_batch]
            if len(rows) < _CHUNK:
                return found
            last = rows[-1].id


def drift(connection: Connection) -> tuple[Drift, ...]:
    """Compare the newest month that has enough articles with those before it.

    Months are those of publication, so that an archive tagged in one night still tells its own course.
    """
    counts, topics = _by_month(connection)
    months = sorted(month for month, count in counts.items() if count >= MIN_ARTICLES)
    if len(months) <= MIN_MONTHS:
        return ()
    newest, before = months[-1], months[:-1]
    found = []
    for topic in sorted({topic for by_topic in topics.values() for topic in by_topic}):
        shares = [topics[month][topic][0] / counts[month] for month in before]
        count, mean = topics[newest][topic]
        usual = _usual(shares, _binomial_deviation(shares, counts[newest]))
        share = count / counts[newest]
        if not usual[0] <= share <= usual[1]:
            found.append(_drift(topic, "share", newest, (share, *usual), counts[newest]))
        scores = [topics[month][topic][1] for month in before if topics[month][topic][0]]
        if count and len(scores) >= MIN_MONTHS:
            usual = _usual(scores, SCORE_NOISE)
            if not usual[0] <= mean <= usual[1]:
                found.append(_drift(topic, "score", newest, (mean, *usual), count))
    return tuple(found)


def _drift(
    topic: str,
    measure: Literal["share", "score"],
    month: str,
    figures: tuple[float, float, float],
    counted: int,
) -> Drift:
    value, low, high = figures
    return Drift(topic=topic, measure=measure, month=month, value=value, low=low, high=high, articles=counted)


def _labelled(row: Row[tuple[object, ...]], state: State) -> LabelledText:
    topics = [tag for tag in state.of_kind("topic") if tag.state in STANDING]
    evidence = {
        tag.key: tuple(row.text[span.start : span.end][:_OPENING] for span in tag.spans)
        for tag in topics
        if tag.spans
    }
    return LabelledText(
        id=row.id,
        text=row.text,
        topics=tuple(tag.key for tag in topics),
        primary=state.primary,
        evidence=evidence,
        weight=DECIDED_WEIGHT,
    )


Monthly = dict[str, dict[str, tuple[int, float]]]


def _by_month(connection: Connection) -> tuple[Counter[str], Monthly]:
    """Articles a month, and for each month and topic how many bear it and the mean of the model's scores."""
    published, tag = articles.c.published, tags_table.c
    month = extract("year", published), extract("month", published)
    counts = Counter[str]()
    query = select(*month, func.count()).where(published.is_not(None)).group_by(*month)
    for year, number, count in connection.execute(query):
        counts[f"{int(year):04}-{int(number):02}"] = count
    topics: Monthly = defaultdict(lambda: defaultdict(lambda: (0, 0.0)))
    by_topic = (
        select(*month, tag.key, func.count(), func.avg(tag.score))
        .join(tags_table, tag.article_id == articles.c.id)
        .where(published.is_not(None), tag.kind == "topic", tag.score.is_not(None))
        .group_by(*month, tag.key)
    )
    for year, number, topic, count, mean in connection.execute(by_topic):
        topics[f"{int(year):04}-{int(number):02}"][topic] = count, float(mean)
    return counts, topics


def _usual(before: Sequence[float], noise: float) -> tuple[float, float]:
    """The range around the mean of earlier months that a value is usually in."""
    mean = sum(before) / len(before)
    observed = math.sqrt(sum((each - mean) ** 2 for each in before) / (len(before) - 1))
    room = USUAL * max(observed, noise)
    return max(0.0, mean - room), min(1.0, mean + room)


def _binomial_deviation(shares: Sequence[float], count: int) -> float:
    """How far a share strays by chance alone among so many articles."""
    mean = sum(shares) / len(shares)
    return math.sqrt(mean * (1 - mean) / count)
