"""Which topics an article carries, how sure that is, and which sentences say so.

A topic's decision value adds up over terms: those of the whole article, and those of its strongest
sentence, since a topic stands in one sentence of a long article as often as in the whole. The
values become probabilities and thresholds by ``nlp.calibration``, on articles that the weights
behind them have not seen.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np

from nlp.calibration import Calibration, fit_calibration
from nlp.errors import CorpusError, UnknownTopicError
from nlp.evidence import marked_sentences
from nlp.features import term_spans, terms_of
from nlp.sentences import sentence_spans
from nlp.types import LabelledText, Span, TopicTag

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sklearn.feature_extraction.text import TfidfVectorizer

    FloatArray = NDArray[np.float64]
    BoolArray = NDArray[np.bool_]

_SEED = 2025


@dataclass(frozen=True, slots=True)
class TopicAnswer:
    """What the classifier says of one article: topics by falling score; ``primary`` is one of them or None."""

    topics: tuple[TopicTag, ...]
    primary: str | None


class Evidence(NamedTuple):
    """A term's share of a decision value, and where it stands."""

    term: str
    weight: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers to the articles of a fit by classifiers that had not seen them.

    ``proba`` and ``predicted`` have shape ``(n_articles, n_topics)``.
    """

    proba: FloatArray
    predicted: BoolArray
    primary: tuple[str | None, ...]


class TopicClassifier:
    """Linear classifiers over TF-IDF of an article and of its sentences.

    Args:
        min_df: Articles that a term must stand in to be learnt.
        c: Inverse strength of the regularization.
        n_folds: Folds of the cross-validation behind thresholds and probabilities.

    Attributes:
        topics_: The topics, in the order of the columns of every array.
        single_label_: True where every article of the corpus had exactly one topic.
        calibrations_: One a topic.
        validation_: Out-of-fold answers to the articles of the fit.
    """

    def __init__(self, *, min_df: int = 2, c: float = 1.0, n_folds: int = 5) -> None:
        self.min_df = min_df
        self.c = c
        self.n_folds = n_folds

    def fit(self, articles: Sequence[LabelledText]) -> Self:
        """Learn from labelled articles; those without a topic are learnt from too.

        Raises:
            CorpusError: Fewer articles than folds, or fewer than two sets of labels.
        """
        if len(articles) < self.n_folds or len({frozenset(article.topics) for article in articles}) < 2:
            raise CorpusError(
                f"{len(articles)} articles do not tell topics apart; give at least {self.n_folds}, labelled differently"
            )
        self.topics_ = tuple(sorted({topic for article in articles for topic in article.topics}))
        self.single_label_ = all(len(article.topics) == 1 for article in articles)
        gold = np.array([[topic in article.topics for topic in self.topics_] for article in articles])
        folds = np.random.default_rng(_SEED).permutation(len(articles)) % self.n_folds
        values = np.empty(gold.shape)
        for fold in range(self.n_folds):
            inside = [article for article, at in zip(articles, folds, strict=True) if at != fold]
            outside = [article.text for article, at in zip(articles, folds, strict=True) if at == fold]
            self._fit_weights(inside)
            values[folds == fold] = self._decision(outside)[0]
        self.calibrations_ = tuple(
            fit_calibration(column, right) for column, right in zip(values.T, gold.T, strict=True)
        )
        self._fit_weights(articles)
        self.validation_ = self._validation(values)
        return self

    def tag(self, texts: Sequence[str]) -> list[TopicAnswer]:
        """Tag normalized texts, in order; a topic is listed when its score reaches its threshold."""
        values, sentence_values = self._decision(texts)
        proba = self._proba(values)
        listed = self._listed(proba)
        primary = self._primary(proba, listed)
        return [
            TopicAnswer(tuple(self._tags(text, proba[row], listed[row], sentence_values[row])), primary[row])
            for row, text in enumerate(texts)
        ]

    def predict_proba(self, texts: Sequence[str]) -> FloatArray:
        """Calibrated probabilities, shape ``(n_articles, n_topics)``."""
        return self._proba(self._decision(texts)[0])

    def decision_function(self, texts: Sequence[str]) -> FloatArray:
        """Decision values before calibration, shape ``(n_articles, n_topics)``."""
        return self._decision(texts)[0]

    def explain(self, text: str, topic: str, limit: int = 10) -> tuple[Evidence, ...]:
        """Say which terms spoke for and against a topic, the weightiest first.

        Over all terms, together with the term ``""`` that stands for the intercept, the weights
        add up to the decision value exactly.

        Raises:
            UnknownTopicError: ``topic`` was not in the corpus; the message lists those that were.
        """
        column = self._column(topic)
        sentences = sentence_spans(text)
        shares: dict[str, float] = defaultdict(float)
        row = self._vectorizer.transform([text])
        names = self._vectorizer.get_feature_names_out()
        for index, value in zip(row.indices, row.data, strict=True):
            shares[names[index]] += value * self._article_weights[index, column]
        if sentences:
            best = sentences[int(np.argmax(self._decision([text])[1][0][:, column]))]
            row = self._vectorizer.transform([text[best.start : best.end]])
            for index, value in zip(row.indices, row.data, strict=True):
                shares[names[index]] += value * self._sentence_weights[index, column]
        shares[""] += float(self._intercepts[:, column].sum())
        spans: dict[str, list[Span]] = defaultdict(list)
        for term, span in term_spans(text):
            spans[term].append(span)
        ranked = sorted(shares, key=lambda term: -abs(shares[term]))[:limit]
        return tuple(Evidence(term, float(shares[term]), tuple(spans.get(term, ()))) for term in ranked)

    def top_terms(
        self, topic: str, limit: int = 20
    ) -> tuple[list[tuple[str, float]], list[tuple[str, float]]]:
        """Return the terms that weigh most for a topic, and those that weigh most against it."""
        weights = (self._article_weights + self._sentence_weights)[:, self._column(topic)]
        names = self._vectorizer.get_feature_names_out()
        order = np.argsort(-weights)
        pro, con = order[:limit], order[::-1][:limit]
        return (
            [(str(names[n]), float(weights[n])) for n in pro],
            [(str(names[n]), float(weights[n])) for n in con],
        )

    def state(self) -> tuple[dict[str, NDArray[Any]], dict[str, Any]]:
        """All that a model folder holds: arrays for an npz and what JSON can say."""
        arrays = {
            "article_weights": self._article_weights,
            "sentence_weights": self._sentence_weights,
            "intercepts": self._intercepts,
            "idf": self._vectorizer.idf_,
        }
        meta = {
            "topics": list(self.topics_),
            "single_label": self.single_label_,
            "settings": {"min_df": self.min_df, "c": self.c, "n_folds": self.n_folds},
            "calibrations": [each.to_json() for each in self.calibrations_],
            "vocabulary": [str(name) for name in self._vectorizer.get_feature_names_out()],
        }
        return arrays, meta

    @classmethod
    def from_state(cls, arrays: Mapping[str, NDArray[Any]], meta: Mapping[str, Any]) -> Self:
        """The inverse of ``state``: scores are equal after the round trip."""
        made = cls(**meta["settings"])
        made.topics_ = tuple(meta["topics"])
        made.single_label_ = bool(meta["single_label"])
        made.calibrations_ = tuple(Calibration.from_json(raw) for raw in meta["calibrations"])
        made._vectorizer = _vectorizer(vocabulary=meta["vocabulary"])
        made._vectorizer.idf_ = arrays["idf"]
        made._article_weights = arrays["article_weights"]
        made._sentence_weights = arrays["sentence_weights"]
        made._intercepts = arrays["intercepts"]
        return made

    def _fit_weights(self, articles: Sequence[LabelledText]) -> None:
        texts = [article.text for article in articles]
        gold = np.array([[topic in article.topics for topic in self.topics_] for article in articles])
        weights = np.array([article.weight for article in articles])
        self._vectorizer = _vectorizer(min_df=self.min_df).fit(texts)
        article, article_intercepts = _fit_linear(self._vectorizer.transform(texts), gold, weights, self.c)
        pieces, marked, owner = _sentence_examples(articles, self.topics_)
        sentence, sentence_intercepts = np.zeros_like(article), np.zeros_like(article_intercepts)
        if marked.any():
            sentence, sentence_intercepts = _fit_linear(
                self._vectorizer.transform(pieces), marked, weights[owner], self.c
            )
        self._article_weights, self._sentence_weights = article, sentence
        self._intercepts = np.stack([article_intercepts, sentence_intercepts])

    def _decision(self, texts: Sequence[str]) -> tuple[FloatArray, list[FloatArray]]:
        """Decision values of articles, and of each one's sentences ``(n_sentences, n_topics)``."""
        spans = [sentence_spans(text) for text in texts]
        pieces = [text[a:b] for text, cut in zip(texts, spans, strict=True) for a, b in cut]
        weights = self._sentence_weights if self._sentence_weights.any() else self._article_weights
        flat = self._vectorizer.transform(pieces) @ weights if pieces else np.zeros((0, len(self.topics_)))
        values = np.asarray(self._vectorizer.transform(texts) @ self._article_weights) + self._intercepts.sum(
            axis=0
        )
        of_sentences = np.split(np.asarray(flat), np.cumsum([len(cut) for cut in spans])[:-1])
        if self._sentence_weights.any():
            for row, sentences in enumerate(of_sentences):
                if len(sentences):
                    values[row] += sentences.max(axis=0)
        return values, of_sentences

    def _proba(self, values: FloatArray) -> FloatArray:
        columns = [each.proba(column) for each, column in zip(self.calibrations_, values.T, strict=True)]
        return np.stack(columns, axis=1)

    def _listed(self, proba: FloatArray) -> BoolArray:
        if self.single_label_:
            return proba == proba.max(axis=1, keepdims=True)
        return proba >= [each.threshold for each in self.calibrations_]

    def _primary(self, proba: FloatArray, listed: BoolArray) -> list[str | None]:
        best = np.where(listed, proba, -1.0).argmax(axis=1)
        return [self.topics_[at] if any_ else None for at, any_ in zip(best, listed.any(axis=1), strict=True)]

    def _tags(self, text: str, proba: FloatArray, listed: BoolArray, sentences: FloatArray) -> list[TopicTag]:
        spans = sentence_spans(text) or (Span(0, len(text)),)
        tags = []
        for column in sorted(np.flatnonzero(listed), key=lambda at: -proba[at]):
            order = np.argsort(-sentences[:, column]) if len(sentences) else [0]
            tags.append(
                TopicTag(
                    topic=self.topics_[column],
                    score=float(proba[column]),
                    band="auto" if proba[column] >= self.calibrations_[column].auto else "suggest",
                    evidence=tuple(spans[at] for at in order[:2]),
                )
            )
        return tags

    def _validation(self, values: FloatArray) -> OutOfFold:
        proba = self._proba(values)
        listed = self._listed(proba)
        return OutOfFold(proba, listed, tuple(self._primary(proba, listed)))

    def _column(self, topic: str) -> int:
        if topic not in self.topics_:
            raise UnknownTopicError(
                f"{topic!r} is no topic of this model; it knows {', '.join(self.topics_)}"
            )
        return self.topics_.index(topic)


def _vectorizer(**options: Any) -> TfidfVectorizer:  # noqa: ANN401 - passed on to scikit-learn
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer=terms_of, sublinear_tf=True, **options)


def _fit_linear(
    features: Any,
    gold: BoolArray,
    weights: FloatArray,
    c: float,  # noqa: ANN401 - a sparse matrix
) -> tuple[FloatArray, FloatArray]:
    """One linear SVM a topic; a topic that nothing or everything bears gets zero weights."""
    from sklearn.svm import LinearSVC

    coefficients = np.zeros((features.shape[1], gold.shape[1]))
    intercepts = np.zeros(gold.shape[1])
    for column, right in enumerate(gold.T):
        if right.any() and not right.all():
            model = LinearSVC(C=c, random_state=_SEED).fit(features, right, sample_weight=weights)
            coefficients[:, column], intercepts[column] = model.coef_[0], model.intercept_[0]
    return coefficients, intercepts


def _sentence_examples(
    articles: Sequence[LabelledText], topics: Sequence[str]
) -> tuple[list[str], BoolArray, NDArray[np.int64]]:
    """Sentences with the topics they are marked for, and the number of the article of each.

    An unmarked sentence of an article that bears a topic may carry it all the same, so of such
    articles only sentences with a mark are taken.
    """
    pieces: list[str] = []
    rows: list[list[bool]] = []
    owner: list[int] = []
    for number, article in enumerate(articles):
        spans = sentence_spans(article.text)
        marked = {topic: set(marked_sentences(article, topic, spans)) for topic in article.topics}
        for at, (start, end) in enumerate(spans):
            labels = [at in marked.get(topic, ()) for topic in topics]
            if not article.topics or any(labels):
                pieces.append(article.text[start:end])
                rows.append(labels)
                owner.append(number)
    return pieces, np.array(rows).reshape(-1, len(topics)), np.array(owner, dtype=np.int64)
