"""What a classifier's values say of an article: its topics, how sure each is, and the sentences that show it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.topics.calibration import Calibration
from nlp.topics.evidence import rank_evidence
from nlp.topics.primary import PrimaryModel
from nlp.types import Span, TopicTag

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import BoolArray, FloatArray
    from nlp.scan import Scan

# Syllables below which no tag is `auto`. Hardly an article that was learnt from has fewer than a hundred: in
# a scrap of text one word decides all, and "Cảnh cáo" alone scores 0.98.
_SHORTEST_AUTO = 40
# The highest score that is told: no answer of a classifier is certain, and more digits are not kept.
_SUREST = 0.9999
# Sentences shown for a topic: an editor reads two or three, not a dozen.
_MAX_EVIDENCE = 5


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """What the classifier says of one article: topics by falling score; ``primary`` is one of them or None."""

    topics: tuple[TopicTag, ...]
    primary: str | None


@dataclass(frozen=True, slots=True)
class Values:
    """Decision values of a batch, with what is needed to say more about them.

    ``decision`` has shape ``(n_articles, n_topics)``, ``sentences`` ``(n_sentences, n_topics)``; the
    sentences of article ``i`` are ``edges[i]`` to ``edges[i + 1]``.
    """

    found: Scan
    decision: NDArray[np.float32]
    sentences: NDArray[np.float32]
    edges: NDArray[np.int64]


class AnswerMaker:
    """Makes answers of values.

    Args:
        topics: The topics, in the order of the columns.
        calibrations: One a topic.
        primary: Chooses the primary topic; None where an article has one topic, which is primary.
    """

    def __init__(
        self, topics: tuple[str, ...], calibrations: tuple[Calibration, ...], primary: PrimaryModel | None
    ) -> None:
        self._topics = topics
        self._calibrations = calibrations
        self._primary = primary

    def answers(
        self, texts: Sequence[str], values: Values, proba: FloatArray, listed: BoolArray
    ) -> list[TopicAnswer]:
        """Return an answer for each text.

        Args:
            texts: The texts that the values are of.
            values: Their values.
            proba: The probabilities, shape ``(n_articles, n_topics)``.
            listed: Which topics each article carries, of the same shape.
        """
        answers = [TopicAnswer((), None)] * len(texts)
        for row in np.flatnonzero(listed.any(axis=1)).tolist():
            first, last = values.edges[row : row + 2].tolist()
            sentences = values.sentences[first:last]
            starts = values.found.sentence_starts[first:last].tolist()
            ends = values.found.sentence_ends[first:last].tolist()
            spans = [*map(Span, starts, ends)] or [Span(0, len(texts[row]))]
            syllables = int(np.diff(np.searchsorted(values.found.sentence, [first, last]))[0])
            is_long = syllables >= _SHORTEST_AUTO
            columns = sorted(np.flatnonzero(listed[row]).tolist(), key=lambda column: -proba[row, column])
            tags = tuple(
                self._tag(column, float(proba[row, column]), sentences, spans, is_long) for column in columns
            )
            chosen: int | None = columns[0]
            if self._primary is not None:
                chosen = self._primary.choose(values.decision[row], sentences, columns)
            answers[row] = TopicAnswer(tags, None if chosen is None else self._topics[chosen])
        return answers

    def _tag(
        self, column: int, score: float, sentences: NDArray[np.float32], spans: list[Span], is_long: bool
    ) -> TopicTag:
        order, values = rank_evidence(sentences[:, column] if len(sentences) else np.zeros(1))
        # A further sentence is shown when it speaks for the topic by itself.
        shown = [at for at, value in zip(order.tolist(), values.tolist(), strict=True) if value > 0]
        return TopicTag(
            topic=self._topics[column],
            score=min(score, _SUREST),
            band="auto" if is_long and score >= self._calibrations[column].auto else "suggest",
            evidence=tuple(spans[at] for at in shown[:_MAX_EVIDENCE] or order[:1].tolist()),
        )
