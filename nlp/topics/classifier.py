"""Which topics an article carries, how sure that is, and which sentences say so.

A topic stands in one sentence of a long article as often as in the whole. So a topic's decision
value has two parts: what the article's features say, and what those of its strongest sentence say,
learnt from the sentences that labellers marked. Both parts are linear, the value is the logit of a
calibrated probability, and every feature's share of it can be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from nlp.errors import UnknownTopicError
from nlp.scan import scan
from nlp.topics.answers import AnswerMaker, TopicAnswer, Values
from nlp.topics.calibration import Calibration, logistic, softmax
from nlp.topics.cues import Cues
from nlp.topics.explanation import Evidence, explain
from nlp.topics.features import FeatureSpace
from nlp.topics.linear import LinearModel
from nlp.topics.phrases import WholeWords
from nlp.topics.primary import PrimaryModel
from nlp.types import LabelledText

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import BoolArray, FloatArray
    from nlp.topics.fitting import OutOfFold

# Texts that are scored at once: enough to outweigh the cost of a numpy call, few enough that the
# arrays stay in the processor's cache.
_BLOCK = 64


class TopicClassifier:
    """Linear classifiers over TF-IDF of an article and of its sentences.

    Args:
        min_df: Articles that a feature must stand in, and sentences for its weight in sentences.
        c: Inverse strength of the regularization.
        n_folds: Folds of the cross-validation behind thresholds and probabilities; large corpora
            are content with fewer.
        topicless_weight: How much an article without a topic counts when probabilities and
            thresholds are fitted. A labelled corpus holds more of them, chosen for looking alike,
            than the articles of government that a portal tags.

    Attributes:
        topics_: The topics, in the order of the columns of every array.
        single_label_: True where every article of the corpus had exactly one topic; then every
            answer has exactly one.
        calibrations_: One a topic.
        validation_: Out-of-fold answers to the articles of the fit; not kept in a model folder.
    """

    topics_: tuple[str, ...]
    single_label_: bool
    calibrations_: tuple[Calibration, ...]
    validation_: OutOfFold

    def __init__(
        self, *, min_df: int = 2, c: float = 2.0, n_folds: int = 5, topicless_weight: float = 0.38
    ) -> None:
        self.min_df = min_df
        self.c = c
        self.n_folds = n_folds
        self.topicless_weight = topicless_weight

    def fit(self, articles: Sequence[LabelledText]) -> Self:
        """Learn from labelled articles; those without a topic are learnt from too.

        Raises:
            CorpusError: Fewer articles than folds, or fewer than two sets of labels.
        """
        from threadpoolctl import threadpool_limits

        from nlp.topics.fitting import fit_topics

        # The dense matrices have a few columns; more threads would mostly wait for each other.
        with threadpool_limits(1):
            fitted = fit_topics(
                articles,
                min_df=self.min_df,
                c=self.c,
                n_folds=self.n_folds,
                topicless_weight=self.topicless_weight,
            )
        self.topics_, self.single_label_ = fitted.topics, fitted.single_label
        self._space, self._primary = fitted.space, fitted.primary
        self._article_model, self._sentence_model = fitted.article_model, fitted.sentence_model
        self.calibrations_, self.validation_ = fitted.calibrations, fitted.validation
        return self

    def tag(self, texts: Sequence[str]) -> list[TopicAnswer]:
        """Tag normalized texts, in order; a topic is listed when its score reaches its threshold."""
        # Where topics exclude each other the one that an article has is primary.
        maker = AnswerMaker(self.topics_, self.calibrations_, None if self.single_label_ else self._primary)
        answers: list[TopicAnswer] = []
        for start in range(0, len(texts), _BLOCK):
            block = texts[start : start + _BLOCK]
            values = self._values(block)
            proba = self._proba(values.decision.astype(np.float64))
            answers += maker.answers(block, values, proba, self._listed(proba))
        return answers

    def predict_proba(self, texts: Sequence[str]) -> FloatArray:
        """Calibrated probabilities, shape ``(n_articles, n_topics)``."""
        return self._proba(self.decision_function(texts))

    def decision_function(self, texts: Sequence[str]) -> FloatArray:
        """Logits of the probabilities, shape ``(n_articles, n_topics)``."""
        blocks = [
            self._values(texts[start : start + _BLOCK]).decision for start in range(0, len(texts), _BLOCK)
        ]
        return np.concatenate([np.zeros((0, len(self.topics_)), np.float32), *blocks]).astype(np.float64)

    def explain(self, text: str, topic: str, limit: int = 10) -> tuple[Evidence, ...]:
        """Say which features spoke for and against a topic, the weightiest first.

        Over all features, together with the term ``""`` that stands for the intercept, the weights
        add up to the decision value. Names in brackets are cues: ``[bằng khen]{sport}`` is the trigger
        "bằng khen" in a sentence with words of sport.

        Raises:
            UnknownTopicError: ``topic`` was not in the corpus; the message lists those that were.
        """
        column = self._column(topic)
        values = self._values([text])
        best = (
            int(values.sentences[:, column].argmax())
            if self._sentence_model and len(values.sentences)
            else None
        )
        models = (self._article_model, self._sentence_model)
        return explain(self._space, values.found, models, best, column)[:limit]

    def whole_words(self, text: str, given: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """Evidence with spans that neither begin nor end inside a word, for a reader; weights stay."""
        words = WholeWords(text, scan([text]), self._space, self._article_model.idf)
        return tuple(each._replace(spans=words.widen(each.spans)) for each in given)

    def top_terms(
        self, topic: str, limit: int = 20
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Return the features that weigh most for a topic, and those that weigh most against it."""
        column = self._column(topic)
        weights = self._article_model.weights[:, column] * self._article_model.idf
        if self._sentence_model:
            weights = weights + self._sentence_model.weights[:, column] * self._sentence_model.idf
        order = np.argsort(-weights, kind="stable")
        sides = order[:limit], order[::-1][:limit]
        pro, con = ([(self._space.names[at], float(weights[at])) for at in side] for side in sides)
        return pro, con

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that a model folder holds: arrays for an npz and what JSON can say."""
        arrays: dict[str, NDArray[Any]] = {
            "article_idf": self._article_model.idf,
            "article_weights": self._article_model.weights.astype(np.float16),
            "article_intercepts": self._article_model.intercepts,
        }
        if self._sentence_model:
            arrays |= {
                "sentence_idf": self._sentence_model.idf,
                "sentence_weights": self._sentence_model.weights.astype(np.float16),
                "sentence_intercepts": self._sentence_model.intercepts,
            }
        meta: dict[str, Any] = {
            "topics": list(self.topics_),
            "single_label": self.single_label_,
            "settings": {
                "min_df": self.min_df,
                "c": self.c,
                "n_folds": self.n_folds,
                "topicless_weight": self.topicless_weight,
            },
            "calibrations": [each.to_json() for each in self.calibrations_],
            "primary": self._primary.to_json(),
            "cues": self._space.cues.to_json(),
            "terms": list(self._space.terms),
        }
        return arrays, meta

    @classmethod
    def from_state(cls, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> Self:
        """The inverse of ``state``: scores are equal after the round trip.

        Raises:
            ValueError: The arrays do not fit the vocabulary.
        """
        made = cls(**meta["settings"])
        made.topics_ = tuple(meta["topics"])
        made.single_label_ = bool(meta["single_label"])
        made.calibrations_ = tuple(Calibration.from_json(raw) for raw in meta["calibrations"])
        made._primary = PrimaryModel.from_json(meta["primary"])
        made._space = FeatureSpace(meta["terms"], Cues.from_json(meta["cues"]))
        shape = made._space.n_features, len(made.topics_)
        made._article_model = _model(arrays, "article", shape)
        made._sentence_model = _model(arrays, "sentence", shape) if "sentence_weights" in arrays else None
        return made

    def _values(self, texts: Sequence[str]) -> Values:
        found = scan(texts)
        rows = self._space.of_sentences(found)
        decision = self._article_model.values(
            self._space.of_articles(found, rows), found.n_articles, counted=True
        )
        model = self._sentence_model or self._article_model
        sentences = model.values(rows, len(found.article), counted=False)
        edges = np.searchsorted(found.article, np.arange(found.n_articles + 1))
        if self._sentence_model and len(sentences):
            filled = np.flatnonzero(edges[1:] > edges[:-1])
            decision[filled] += np.maximum.reduceat(sentences, edges[filled], axis=0)
        return Values(found, decision, sentences, edges)

    def _proba(self, decision: FloatArray) -> FloatArray:
        return softmax(decision) if self.single_label_ and len(decision) else logistic(decision)

    def _listed(self, proba: FloatArray) -> BoolArray:
        if self.single_label_:
            return np.asarray(np.arange(proba.shape[1]) == proba.argmax(axis=1)[:, None])
        return np.asarray(proba >= [each.threshold for each in self.calibrations_])

    def _column(self, topic: str) -> int:
        if topic not in self.topics_:
            raise UnknownTopicError(
                f"{topic!r} is no topic of this model; it knows {', '.join(self.topics_)}"
            )
        return self.topics_.index(topic)


def _model(arrays: Mapping[str, NDArray[Any]], part: str, shape: tuple[int, int]) -> LinearModel:
    weights, idf = arrays[f"{part}_weights"], arrays[f"{part}_idf"]
    if weights.shape != shape or idf.shape != shape[:1]:
        raise ValueError(
            f"{part} weights of shape {weights.shape} for {shape[0]} features and {shape[1]} topics"
        )
    return LinearModel(idf, weights.astype(np.float32), arrays[f"{part}_intercepts"])
