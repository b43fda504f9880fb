"""Which features spoke for a topic and where their words stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from nlp.scan import Scan
from nlp.topics.features import Counts, FeatureSpace
from nlp.topics.linear import LinearModel
from nlp.types import Span


class Evidence(NamedTuple):
    """A feature's share of a decision value, and where its words stand in the text."""

    term: str
    weight: float
    spans: tuple[Span, ...]


def explain(
    space: FeatureSpace,
    found: Scan,
    models: tuple[LinearModel, LinearModel | None],
    best: int | None,
    column: int,
) -> tuple[Evidence, ...]:
    """Split the decision value of one article into shares, the weightiest first.

    Args:
        space: The features.
        found: The scan of the one article.
        models: Of the article, and of its strongest sentence or None.
        best: The number of that sentence, None where sentences were not learnt from.
        column: The topic's number.
    """
    article_model, sentence_model = models
    sentences = space.of_sentences(found)
    shares: dict[str, float] = defaultdict(float)
    _add(shares, space, article_model, space.of_articles(found, sentences), column)
    if sentence_model is not None and best is not None:
        inside = sentences.owner == best
        row = Counts(sentences.owner[inside], sentences.feature[inside], sentences.count[inside])
        _add(shares, space, sentence_model, row, column)
    spans: dict[str, list[Span]] = defaultdict(list)
    for word, _, start, end in space.word_spans(found):
        spans[word].append(Span(start, end))
    ranked = sorted(shares, key=lambda name: -abs(shares[name]))
    return tuple(Evidence(name, shares[name], tuple(spans.get(_word(name), ()))) for name in ranked)


def _add(shares: dict[str, float], space: FeatureSpace, model: LinearModel, row: Counts, column: int) -> None:
    shares[""] += float(model.intercepts[column])
    weights: Sequence[float] = model.shares(row)[:, column].tolist()
    for feature, weight in zip(row.feature.tolist(), weights, strict=True):
        shares[space.names[feature]] += weight


def _word(name: str) -> str:
    """The word whose place in the text shows a feature: the trigger of a cue, a term itself."""
    return name[1:].partition("]")[0] if name.startswith("[") else name
