"""Fitting a topic classifier: vocabulary, weights, and all that is chosen on out-of-fold values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.errors import CorpusError
from nlp.tokenizer import frequent_words
from nlp.topics.calibration import Calibration, fit_calibration, fit_logistic, logistic, softmax
from nlp.topics.cues import Cues
from nlp.topics.evidence import rank_evidence
from nlp.topics.examples import Examples, make_examples
from nlp.topics.features import FeatureSpace
from nlp.topics.linear import LinearModel, fit_emphasized, fit_linear, inverse_frequency, weighted_rows
from nlp.topics.primary import PrimaryModel, fit_primary, primary_facts
from nlp.topics.vocabulary import frequent_terms
from nlp.types import LabelledText

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from nlp.arrays import BoolArray, FloatArray


_SEED = 2025
# Out-of-fold probability of an article's own label below which the label is not believed.
_IMPOSSIBLE = 0.02
# From this many articles on, three folds tell as much as five, and take half the time.
_LARGE_CORPUS = 10_000
_FOLDS_OF_LARGE = 3


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """Answers to the articles of a fit by classifiers that had not seen them.

    ``proba`` and ``predicted`` have shape ``(n_articles, n_topics)``. ``first_sentence`` has the same
    shape: the number of the sentence that would be shown first as evidence.
    """

    proba: FloatArray
    predicted: BoolArray
    primary: tuple[str | None, ...]
    first_sentence: NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FittedTopics:
    """All that ``TopicClassifier.fit`` learns."""

    topics: tuple[str, ...]
    single_label: bool
    space: FeatureSpace
    article_model: LinearModel
    sentence_model: LinearModel | None
    calibrations: tuple[Calibration, ...]
    primary: PrimaryModel
    validation: OutOfFold


@dataclass(frozen=True, slots=True)
class _Values:
    """Values of articles by the two models, before they are mixed; sentences in the order of the examples."""

    article: FloatArray
    sentence: FloatArray
    best: FloatArray


@dataclass(frozen=True, slots=True)
class _Decision:
    """How values become logits, ``article @ mix + best * share + shift``, and what is chosen on these."""

    mix: FloatArray
    share: FloatArray
    shift: FloatArray
    calibrations: tuple[Calibration, ...]
    primary: PrimaryModel

    def logits(self, values: _Values) -> FloatArray:
        return np.asarray(values.article @ self.mix + values.best * self.share + self.shift)


def fit_topics(
    articles: Sequence[LabelledText], *, min_df: int, c: float, n_folds: int, topicless_weight: float
) -> FittedTopics:
    """Fit on labelled articles; see ``nlp.topics.classifier.TopicClassifier`` for the arguments."""
    if len(articles) < n_folds or len({frozenset(article.topics) for article in articles}) < 2:
        raise CorpusError(
            f"{len(articles)} articles do not tell topics apart; give at least {n_folds}, labelled differently"
        )
    topics = tuple(sorted({topic for article in articles for topic in article.topics}))
    single_label = all(len(article.topics) == 1 for article in articles)
    texts = [article.text for article in articles]
    terms = frequent_terms(texts, min_df)
    space = FeatureSpace(tuple(dict.fromkeys([*terms, *frequent_words(texts)])), Cues.load())
    examples = make_examples(articles, topics, space)
    trainer = _Trainer(examples, min_df, c, topics, single_label)
    importance = np.where(examples.gold.any(axis=1), 1.0, topicless_weight) * examples.weights
    folds = _folds(len(articles), n_folds)
    values = trainer.out_of_fold(folds)
    decision = trainer.decide(values, importance, np.ones(len(articles), dtype=np.bool_))
    article_model, sentence_model = trainer.fit(trainer.trusted(values, decision))
    n_topics = len(topics)
    return FittedTopics(
        topics=topics,
        single_label=single_label,
        space=space,
        article_model=article_model.scaled(decision.mix, decision.shift),
        sentence_model=sentence_model.scaled(np.diag(decision.share), np.zeros(n_topics))
        if sentence_model
        else None,
        calibrations=decision.calibrations,
        primary=decision.primary,
        validation=trainer.validate(values, importance, folds),
    )


def _folds(n_articles: int, n_folds: int) -> NDArray[np.int64]:
    if n_articles >= _LARGE_CORPUS:
        n_folds = min(n_folds, _FOLDS_OF_LARGE)
    return np.random.default_rng(_SEED).permutation(n_articles) % n_folds


class _Trainer:
    """Fits the same kind of models on different parts of the same examples.

    Document frequencies are those of the part alone: fitted on all articles, they would make
    out-of-fold values too good and thresholds too low for articles that are really new.
    """

    def __init__(
        self, examples: Examples, min_df: int, c: float, topics: tuple[str, ...], single_label: bool
    ) -> None:
        self.examples = examples
        self.min_df, self.c = min_df, c
        self.topics, self.single_label = topics, single_label
        self.edges = np.searchsorted(examples.owner, np.arange(len(examples.gold) + 1))

    def fit(self, part: BoolArray) -> tuple[LinearModel, LinearModel | None]:
        """Fit both models on the articles where ``part`` holds."""
        examples = self.examples
        counts = examples.articles if part.all() else examples.articles[np.flatnonzero(part)]
        idf = inverse_frequency(counts, self.min_df)
        rows = weighted_rows(counts, idf)
        del counts
        gold, weights = examples.gold[part], examples.weights[part]
        if self.single_label:
            article = fit_linear(rows, idf, gold, weights, np.ones_like(gold), self.c)
        else:
            article = fit_emphasized(rows, idf, gold, weights, self.c)
        if not examples.has_marks:
            return article, None
        chosen = np.flatnonzero(part[examples.owner])
        sentences = examples.sentences[chosen]
        idf = inverse_frequency(sentences, self.min_df)
        rows = weighted_rows(sentences, idf)
        weights = examples.weights[examples.owner[chosen]]
        used = examples.usable()[chosen]
        return article, fit_linear(rows, idf, examples.marked[chosen], weights, used, self.c)

    def out_of_fold(self, folds: NDArray[np.int64]) -> _Values:
        """Values of every article by models that have not seen it."""
        examples = self.examples
        article = np.zeros(examples.gold.shape)
        sentence = np.zeros(examples.marked.shape)
        for fold in range(int(folds.max()) + 1):
            article_model, sentence_model = self.fit(folds != fold)
            part = np.flatnonzero(folds == fold)
            article[part] = _values(article_model, examples.articles[part])
            if sentence_model:
                chosen = np.flatnonzero(folds[examples.owner] == fold)
                sentence[chosen] = _values(sentence_model, examples.sentences[chosen])
        best = np.zeros_like(article)
        filled = np.flatnonzero(self.edges[1:] > self.edges[:-1])
        if len(filled):
            best[filled] = np.maximum.reduceat(sentence, self.edges[filled], axis=0)
        return _Values(article, sentence, best)

    def decide(self, values: _Values, importance: FloatArray, part: BoolArray) -> _Decision:
        """Choose mixture, thresholds, bands and the model of the primary topic on out-of-fold values."""
        gold, n_topics = self.examples.gold, len(self.topics)
        share = np.zeros(n_topics)
        if self.single_label:
            which = gold[part].argmax(axis=1)
            mix, shift = fit_logistic(values.article[part], which, importance[part])
            if mix.shape[1] == 1:  # two topics: scikit-learn tells the logit of the second alone
                mix, shift = np.hstack([-mix / 2, mix / 2]), np.concatenate([-shift / 2, shift / 2])
            proba = softmax(values.article[part] @ mix + shift)
        else:
            mix, shift = np.zeros((n_topics, n_topics)), np.zeros(n_topics)
            for topic in range(n_topics):
                columns = np.stack([values.article[part, topic], values.best[part, topic]], axis=1)
                weights, intercept = fit_logistic(columns, gold[part, topic], importance[part])
                mix[topic, topic], share[topic] = weights[:, 0]
                shift[topic] = intercept[0]
            proba = logistic(values.article[part] @ mix + values.best[part] * share + shift)
        calibrations = tuple(
            fit_calibration(proba[:, topic], gold[part, topic], importance[part]) for topic in range(n_topics)
        )
        decision = _Decision(mix, share, shift, calibrations, PrimaryModel((), 0.0))
        if self.single_label:
            return decision
        facts = self.facts(values, decision)
        primary = np.array([[topic == name for topic in self.topics] for name in self.examples.primary])
        return _Decision(mix, share, shift, calibrations, fit_primary(facts[part], gold[part], primary[part]))

    def trusted(self, values: _Values, decision: _Decision) -> BoolArray:
        """The articles that the last fit learns from: all but those that bear the wrong one of many labels.

        Of labels of which exactly one applies, the one given is all but impossible for some articles
        of any large corpus; they are mislabelled far more often than hard (Northcutt and others,
        "Confident Learning", 2021). Labels that apply independently gained nothing from it.
        """
        gold = self.examples.gold
        if not self.single_label:
            return np.ones(len(gold), dtype=np.bool_)
        return np.asarray(softmax(decision.logits(values))[gold] >= _IMPOSSIBLE)

    def facts(self, values: _Values, decision: _Decision) -> FloatArray:
        """Facts about each topic in each article, see ``primary_facts``."""
        logits = decision.logits(values)
        sentences = values.sentence * decision.share
        rows = [
            primary_facts(logits[row], sentences[first:last])
            for row, (first, last) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True))
        ]
        return np.stack(rows)

    def validate(self, values: _Values, importance: FloatArray, folds: NDArray[np.int64]) -> OutOfFold:
        """Answers of which nothing, not even the thresholds, has seen the article's label."""
        proba = np.zeros(values.article.shape)
        predicted = np.zeros(values.article.shape, dtype=np.bool_)
        primary: list[str | None] = [None] * len(proba)
        for fold in range(int(folds.max()) + 1):
            decision = self.decide(values, importance, folds != fold)
            part = np.flatnonzero(folds == fold)
            logits = decision.logits(values)[part]
            proba[part] = softmax(logits) if self.single_label else logistic(logits)
            if self.single_label:
                predicted[part, proba[part].argmax(axis=1)] = True
            else:
                predicted[part] = proba[part] >= [each.threshold for each in decision.calibrations]
            for row, logit in zip(part.tolist(), logits, strict=True):
                primary[row] = self._primary(decision, values, row, logit, predicted[row])
        return OutOfFold(proba, predicted, tuple(primary), self._first_sentences(values, decision.share))

    def _primary(
        self, decision: _Decision, values: _Values, row: int, logit: FloatArray, listed: BoolArray
    ) -> str | None:
        columns = sorted(np.flatnonzero(listed).tolist(), key=lambda column: -logit[column])
        if not columns:
            return None
        if self.single_label:
            return self.topics[columns[0]]
        sentences = values.sentence[self.edges[row] : self.edges[row + 1]] * decision.share
        chosen = decision.primary.choose(logit, sentences, columns)
        return None if chosen is None else self.topics[chosen]

    def _first_sentences(self, values: _Values, share: FloatArray) -> NDArray[np.int64]:
        first = np.zeros(values.article.shape, dtype=np.int64)
        for row, (start, end) in enumerate(zip(self.edges[:-1], self.edges[1:], strict=True)):
            for column in range(len(self.topics)) if end > start else ():
                first[row, column] = rank_evidence(values.sentence[start:end, column] * share[column])[0][0]
        return first


def _values(model: LinearModel, matrix: csr_matrix) -> FloatArray:
    """Decision values of sparse rows of counts."""
    return np.asarray(weighted_rows(matrix, model.idf) @ model.weights + model.intercepts, dtype=np.float64)
