"""What a classifier says of articles beyond their tags: how near each topic came, and whether the title agrees."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk.doubt import Probes

if TYPE_CHECKING:
    from nlp.topics.classifier import TopicClassifier
    from nlp.types import Article


def probe(classifier: TopicClassifier, articles: Sequence[Article]) -> dict[str, Probes]:
    """What a classifier says of articles beyond their tags, by article id."""
    titled = [article for article in articles if article.title]
    bodies = [article.text.removeprefix(article.title) for article in titled]
    texts = [article.text for article in articles] + [article.title for article in titled] + bodies
    proba = classifier.predict_proba(texts)
    limits = [each.threshold for each in classifier.calibrations_]
    listed = [
        frozenset(
            topic
            for topic, score, limit in zip(classifier.topics_, row, limits, strict=True)
            if score >= limit
        )
        for row in proba
    ]
    titles = dict(zip((a.id for a in titled), listed[len(articles) :], strict=False))
    of_bodies = dict(zip((a.id for a in titled), listed[len(articles) + len(titled) :], strict=True))
    found = {}
    for article, row in zip(articles, proba, strict=False):
        scores = dict(zip(classifier.topics_, map(float, row), strict=True))
        found[article.id] = Probes(
            scores=scores,
            thresholds=_rivals(scores)
            if classifier.single_label_
            else dict(zip(scores, limits, strict=True)),
            title_topics=frozenset() if classifier.single_label_ else titles.get(article.id, frozenset()),
            body_topics=of_bodies.get(article.id, frozenset()),
        )
    return found


def _rivals(scores: dict[str, float]) -> dict[str, float]:
    """Where exactly one topic applies, a topic's threshold is the best score of the others."""
    return {topic: max((s for t, s in scores.items() if t != topic), default=0.0) for topic in scores}
