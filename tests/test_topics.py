"""Laws of the classifier, on a small corpus of the project's own and on label sets made up here."""

from __future__ import annotations

import json
import unicodedata
from dataclasses import replace

import numpy as np
import pytest

from nlp.errors import CorpusError, UnknownTopicError
from nlp.normalize import normalize
from nlp.scan import syllables
from nlp.sentences import sentence_spans
from nlp.topics.classifier import TopicClassifier
from nlp.types import LabelledText

ODD_TEXTS = ["", "…", "12", "Hà Nội", "chữ " * 3000]


@pytest.fixture(scope="module")
def classifier(labelled_texts: list[LabelledText]) -> TopicClassifier:
    return TopicClassifier().fit(labelled_texts)


@pytest.fixture(scope="module")
def texts(labelled_texts: list[LabelledText]) -> list[str]:
    return [*ODD_TEXTS, *(article.text for article in labelled_texts[:30])]


@pytest.fixture(scope="module")
def sections(labelled_texts: list[LabelledText]) -> TopicClassifier:
    """A corpus of one label an article, without evidence."""
    labels = [
        replace(
            article, topics=(article.topics[0] if article.topics else "other",), primary=None, evidence={}
        )
        for article in labelled_texts
    ]
    return TopicClassifier().fit(labels)


def test_scores_survive_the_state(classifier: TopicClassifier, texts: list[str]) -> None:
    arrays, meta = classifier.state()
    again = TopicClassifier.from_state(arrays, json.loads(json.dumps(meta)))
    np.testing.assert_array_equal(again.predict_proba(texts), classifier.predict_proba(texts))
    assert again.tag(texts) == classifier.tag(texts)
    assert all(array.dtype != object for array in arrays.values())


def test_weights_of_another_vocabulary_are_refused(classifier: TopicClassifier) -> None:
    arrays, meta = classifier.state()
    with pytest.raises(ValueError, match="features"):
        TopicClassifier.from_state(arrays, {**meta, "terms": meta["terms"][1:]})


def test_answers_do_not_depend_on_the_batch(classifier: TopicClassifier, texts: list[str]) -> None:
    proba = [classifier.predict_proba([text])[0] for text in texts]
    np.testing.assert_array_equal(classifier.predict_proba(texts), proba)
    together = classifier.tag(texts * 3)
    assert together[: len(texts)] == together[len(texts) : 2 * len(texts)]
    assert [classifier.tag([text])[0] for text in texts] == together[: len(texts)]
    assert classifier.tag([]) == []
    assert classifier.predict_proba([]).shape == (0, len(classifier.topics_))


@pytest.mark.parametrize("topic", ["awards", "discipline", "reform"])
def test_an_explanation_adds_up(classifier: TopicClassifier, texts: list[str], topic: str) -> None:
    column = classifier.topics_.index(topic)
    for text, values in zip(texts, classifier.decision_function(texts), strict=True):
        evidence = classifier.explain(text, topic, limit=10**6)
        assert sum(each.weight for each in evidence) == pytest.approx(values[column], abs=1e-3)
        weights = [abs(each.weight) for each in evidence]
        assert weights == sorted(weights, reverse=True)
        assert all(text[start:end].strip() for each in evidence for start, end in each.spans)
    assert len(classifier.explain(texts[-1], topic, limit=3)) == 3


def test_what_a_tag_promises(classifier: TopicClassifier, texts: list[str]) -> None:
    thresholds = dict(zip(classifier.topics_, classifier.calibrations_, strict=True))
    some = False
    for text, answer in zip(texts, classifier.tag(texts), strict=True):
        scores = [tag.score for tag in answer.topics]
        assert scores == sorted(scores, reverse=True)
        assert answer.primary is None or answer.primary in {tag.topic for tag in answer.topics}
        for tag in answer.topics:
            some = True
            assert thresholds[tag.topic].threshold <= tag.score <= 1
            is_sure = tag.score >= thresholds[tag.topic].auto and len(syllables(text)) >= 40
            assert tag.band == ("auto" if is_sure else "suggest")
            assert tag.evidence and set(tag.evidence) <= set(sentence_spans(text))
    assert some


@pytest.mark.parametrize("scrap", ["Cảnh cáo", "Bằng khen.", "Cải cách hành chính"])
def test_a_scrap_of_text_is_never_sure(classifier: TopicClassifier, scrap: str) -> None:
    assert all(tag.band == "suggest" for tag in classifier.tag([scrap])[0].topics)


def test_spellings_of_one_article_get_the_same_tags(classifier: TopicClassifier, texts: list[str]) -> None:
    for text in texts:
        expected = classifier.predict_proba([text])
        for spelling in (unicodedata.normalize("NFD", text), text.replace("òa", "oà").replace("úy", "uý")):
            np.testing.assert_array_equal(classifier.predict_proba([normalize(spelling)]), expected)


def test_out_of_fold_answers_have_the_shape_of_the_corpus(
    classifier: TopicClassifier, labelled_texts: list[LabelledText]
) -> None:
    shape = len(labelled_texts), len(classifier.topics_)
    validation = classifier.validation_
    assert validation.proba.shape == validation.predicted.shape == validation.first_sentence.shape == shape
    assert len(validation.primary) == len(labelled_texts)
    assert ((validation.proba >= 0) & (validation.proba <= 1)).all()


def test_the_same_corpus_gives_the_same_weights(
    classifier: TopicClassifier, labelled_texts: list[LabelledText]
) -> None:
    again, _ = TopicClassifier().fit(labelled_texts).state()
    for name, array in classifier.state()[0].items():
        np.testing.assert_array_equal(array, again[name])


def test_one_label_an_article_gives_exactly_one(sections: TopicClassifier, texts: list[str]) -> None:
    assert sections.single_label_ and "other" in sections.topics_
    np.testing.assert_allclose(sections.predict_proba(texts).sum(axis=1), 1)
    for answer in sections.tag(texts):
        assert len(answer.topics) == 1 and answer.primary == answer.topics[0].topic
    evidence = sections.explain(texts[-1], "other", limit=10**6)
    value = sections.decision_function(texts[-1:])[0, sections.topics_.index("other")]
    assert sum(each.weight for each in evidence) == pytest.approx(value, abs=1e-3)


def test_two_labels_without_entries_anywhere(labelled_texts: list[LabelledText]) -> None:
    labels = [
        replace(article, topics=("có",) if article.topics else ("không",), primary=None, evidence={})
        for article in labelled_texts
    ]
    model = TopicClassifier().fit(labels)
    assert model.topics_ == ("có", "không")
    right = [
        answer.primary == each.topics[0]
        for answer, each in zip(model.tag([a.text for a in labels]), labels, strict=True)
    ]
    assert np.mean(right) > 0.9


def test_topics_without_marks_or_primaries_are_learnt_too(labelled_texts: list[LabelledText]) -> None:
    bare = [replace(article, evidence={}, primary=None) for article in labelled_texts]
    answers = TopicClassifier().fit(bare).tag([article.text for article in bare])
    assert any(answer.topics for answer in answers)
    assert all(answer.primary == answer.topics[0].topic for answer in answers if answer.topics)


@pytest.mark.parametrize("n_articles", [0, 3, 20])
def test_a_corpus_that_tells_nothing_apart_is_refused(n_articles: int) -> None:
    articles = [LabelledText(id=str(n), text="Một câu.", topics=("reform",)) for n in range(n_articles)]
    with pytest.raises(CorpusError, match="labelled differently"):
        TopicClassifier().fit(articles)


def test_an_unknown_topic_is_named(classifier: TopicClassifier) -> None:
    with pytest.raises(UnknownTopicError, match="it knows awards, discipline, reform"):
        classifier.explain("Một câu.", "sport")
    pro, con = classifier.top_terms("awards", limit=5)
    assert len(pro) == len(con) == 5
    assert pro[0][1] > 0 > con[0][1]
