"""From a corpus to a model folder: fit, measure, compare with the model in use, write."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.corpus import Corpus
from nlp.errors import CorpusError
from nlp.evaluation import Comparison, Evaluation, compare, evaluate
from nlp.files import DATA
from nlp.manifest import Manifest
from nlp.modelfolder import load_classifier
from nlp.modelversions import save_model
from nlp.report import Fit, Validation
from nlp.topicnames import topic_names
from nlp.topics.answers import TopicAnswer
from nlp.topics.classifier import TopicClassifier
from nlp.types import LabelledText

if TYPE_CHECKING:
    from nlp.arrays import BoolArray

CARD_TEMPLATE = DATA / "card.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a challenger may take the champion's place, and the comparisons that say so.

    ``lost`` are topics that the champion gives and the challenger cannot: articles would go without
    them from one day to the next, however good the rest.
    """

    comparisons: tuple[Comparison, ...]
    lost: tuple[str, ...] = ()

    @property
    def promoted(self) -> bool:
        """True when the challenger lost no topic and is worse in none and not over all."""
        return not self.lost and not any(each.is_worse for each in self.comparisons)


def fit_classifier(corpus: Corpus, *, created: str) -> Fit:
    """Fit a classifier and measure it on the answers it gave to articles it had not seen."""
    started = time.monotonic()
    classifier = TopicClassifier().fit(corpus.articles)
    validation = Validation(
        articles=corpus.articles,
        topics=classifier.topics_,
        gold=gold_matrix(corpus.articles, classifier.topics_),
        proba=classifier.validation_.proba,
        predicted=classifier.validation_.predicted,
    )
    has_primary = any(article.primary for article in corpus.articles)
    primaries = [article.primary for article in corpus.articles], list(classifier.validation_.primary)
    evaluation = evaluate(
        validation.gold,
        validation.predicted,
        validation.proba,
        validation.topics,
        primaries if has_primary else None,
    )
    return Fit(
        validation=validation,
        evaluation=evaluation,
        classifier=classifier,
        rejects=corpus.rejects,
        created=created,
        seconds=time.monotonic() - started,
    )


def evaluate_on(classifier: TopicClassifier, articles: Sequence[LabelledText]) -> Evaluation:
    """Measure a classifier on labelled articles that it was not fitted on."""
    texts = [article.text for article in articles]
    answers = classifier.tag(texts)
    return evaluate(
        gold_matrix(articles, classifier.topics_),
        _given(answers, classifier.topics_),
        classifier.predict_proba(texts),
        classifier.topics_,
        ([article.primary for article in articles], [answer.primary for answer in answers]),
    )


def compare_with_champion(
    challenger: TopicClassifier, folder: Path, frozen: Sequence[LabelledText]
) -> Verdict:
    """Compare a new classifier with the one in a model folder on articles that neither was fitted on.

    Topics that only one of the two knows have no comparison; those that the challenger lost forbid
    its promotion.

    Raises:
        ModelError: The folder holds no model that can be loaded.
        CorpusError: The frozen articles bear no topic that both know.
    """
    champion, _ = load_classifier(folder)
    shared = tuple(topic for topic in champion.topics_ if topic in challenger.topics_)
    if not gold_matrix(frozen, shared).any():
        raise CorpusError(
            f"the frozen articles bear none of the topics that {folder} and the new model share: nothing to "
            "compare by; give others with --frozen"
        )
    predictions = [
        _given(classifier.tag([article.text for article in frozen]), shared)
        for classifier in (champion, challenger)
    ]
    return Verdict(
        comparisons=compare(gold_matrix(frozen, shared), predictions[0], predictions[1], shared),
        lost=tuple(topic for topic in champion.topics_ if topic not in shared),
    )


def write_model(fit: Fit, corpus: Corpus, folder: Path, *, sources: Sequence[str]) -> Manifest:
    """Write the fit as a model folder with its card, at once or not at all."""
    support = Counter(topic for article in corpus.articles for topic in article.topics)
    facts = {
        "digest": corpus.digest,
        "articles": len(corpus.articles),
        "without_topic": sum(not article.topics for article in corpus.articles),
        "topics": dict(sorted(support.items())),
        "sources": list(sources),
    }
    return save_model(
        fit.classifier,
        folder,
        created=fit.created,
        corpus=facts,
        figures=fit.evaluation.to_json(),
        card=_card(fit, corpus, sources),
    )


def gold_matrix(articles: Sequence[LabelledText], topics: Sequence[str]) -> BoolArray:
    """Labels as booleans, shape ``(n_articles, n_topics)``."""
    import numpy as np

    rows = [[topic in article.topics for topic in topics] for article in articles]
    return np.array(rows, dtype=np.bool_).reshape(len(articles), len(topics))


def _given(answers: Sequence[TopicAnswer], topics: Sequence[str]) -> BoolArray:
    """Topics that the answers list as booleans, shape ``(n_articles, n_topics)``."""
    import numpy as np

    given = [{tag.topic for tag in answer.topics} for answer in answers]
    rows = [[topic in listed for topic in topics] for listed in given]
    return np.array(rows, dtype=np.bool_).reshape(len(answers), len(topics))


def _card(fit: Fit, corpus: Corpus, sources: Sequence[str]) -> str:
    names = topic_names()
    thresholds = [
        f"| {topic} | {names.get(topic, {}).get('vi', topic)} | {each.threshold:.2f} | "
        + (
            f"{each.auto:.2f} | {each.auto_precision:.3f} ({each.auto_interval[0]:.3f}-{each.auto_interval[1]:.3f}) |"
            if each.auto <= 1
            else "none | |"
        )
        for topic, each in zip(fit.classifier.topics_, fit.classifier.calibrations_, strict=True)
    ]
    return CARD_TEMPLATE.read_text(encoding="utf-8").format(
        model="{model}",
        created=fit.created,
        sources="\n".join(f"- {source}" for source in sources),
        articles=len(corpus.articles),
        without_topic=sum(not article.topics for article in corpus.articles),
        digest=corpus.digest,
        figures="\n".join(fit.evaluation.table()),
        thresholds="\n".join(thresholds),
    )
