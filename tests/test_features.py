"""The counted features against a slow, obvious way to find them, and the scores against scikit-learn's."""

from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.scan import scan, syllables
from nlp.sentences import sentence_spans
from nlp.topics.calibration import logistic
from nlp.topics.classifier import TopicClassifier
from nlp.topics.cues import CUES_FILE, Cues
from nlp.topics.examples import make_examples
from nlp.topics.features import PLACES, Counts, FeatureSpace
from nlp.topics.linear import fit_linear, inverse_frequency, weighted_rows
from nlp.topics.vocabulary import frequent_terms
from nlp.types import LabelledText


@pytest.fixture(scope="module")
def texts(labelled_texts: list[LabelledText]) -> list[str]:
    return ["", "Ngắn.", *(article.text for article in labelled_texts[:60])]


@pytest.fixture(scope="module")
def space(texts: list[str]) -> FeatureSpace:
    return FeatureSpace(frequent_terms(texts, 3), Cues.load())


def longest(words: list[str], cues: set[str]) -> set[str]:
    """The cues among the words that do not begin or end inside a longer one."""
    spans = [
        (at, at + n)
        for n in range(1, 8)
        for at in range(len(words) - n + 1)
        if " ".join(words[at : at + n]) in cues
    ]

    def covered(at: int, length: int) -> bool:
        return any(start <= at < end and end - start > length for start, end in spans)

    return {
        " ".join(words[start:end])
        for start, end in spans
        if not covered(start, end - start) and not covered(end - 1, end - start)
    }


def slow_features(text: str, space: FeatureSpace) -> list[set[str]]:
    """The names of every sentence's features, found with strings, sets and loops."""
    spans = sentence_spans(text)
    rows = []
    for number, (start, end) in enumerate(spans):
        words = syllables(text[start:end])
        inside = {" ".join(words[at : at + n]) for n in range(1, 5) for at in range(len(words) - n + 1)}
        triggers = {f"[{word}]" for word in longest(words, set(space.cues.triggers))}
        members = longest(words, {word for each in space.cues.classes.values() for word in each})
        classes = {f"{{{name}}}" for name, each in space.cues.classes.items() if members & set(each)}
        last = number >= len(spans) - 2
        place = "headline" if number == 0 else "lead" if number <= 2 else "end" if last else "middle"
        pairs = {trigger + each for trigger in triggers for each in classes}
        placed = {f"{trigger}@{place}" for trigger in triggers}
        rows.append(inside & set(space.terms) | triggers | classes | pairs | placed | {f"@{place}"})
    return rows


def names_by_row(rows: Counts, n_rows: int, space: FeatureSpace) -> list[Counter[str]]:
    named: list[Counter[str]] = [Counter() for _ in range(n_rows)]
    for owner, feature, count in zip(rows.owner, rows.feature, rows.count, strict=True):
        named[owner][space.names[feature]] = int(count)
    return named


def test_features_are_those_of_the_slow_path(texts: list[str], space: FeatureSpace) -> None:
    found = scan(texts)
    fast = space.of_sentences(found)
    slow = [slow_features(text, space) for text in texts]
    assert names_by_row(fast, len(found.article), space) == [Counter(row) for rows in slow for row in rows]
    articles = names_by_row(space.of_articles(found, fast), len(texts), space)
    for counts, rows in zip(articles, slow, strict=True):
        assert counts == sum(map(Counter, [*rows, *rows[:1]]), Counter())


def test_an_entry_stands_once_and_a_feature_has_one_name(texts: list[str], space: FeatureSpace) -> None:
    found = scan(texts)
    sentences = space.of_sentences(found)
    for rows in (sentences, space.of_articles(found, sentences)):
        keys = rows.owner * space.n_features + rows.feature
        assert len(np.unique(keys)) == len(keys)
    assert len(set(space.names)) == len(space.names) == space.n_features


def test_scores_are_those_of_scikit_learn(labelled_texts: list[LabelledText], space: FeatureSpace) -> None:
    """The same features through scikit-learn's vectorizer give the same rows; the scores follow from them."""
    examples = make_examples(labelled_texts, ("awards", "reform"), space)
    idf = inverse_frequency(examples.articles, 2)
    model = fit_linear(
        weighted_rows(examples.articles, idf),
        idf,
        examples.gold,
        examples.weights,
        np.ones_like(examples.gold),
        1.0,
    )
    bags = [
        [name for rows in [slow_features(article.text, space)] for row in [*rows, *rows[:1]] for name in row]
        for article in labelled_texts
    ]
    vectorizer = TfidfVectorizer(analyzer=lambda bag: bag, sublinear_tf=True, min_df=2)
    vectorizer.fit(bags)
    vectorizer.idf_ = vectorizer.idf_**1.5
    matrix = vectorizer.transform(bags)
    columns = [space.names.index(name) for name in vectorizer.get_feature_names_out()]
    # Repeats of a name within one sentence's set do not exist, so counts are of sentences in both.
    expected = matrix @ model.weights[columns] + model.intercepts
    found = scan([article.text for article in labelled_texts])
    rows = space.of_articles(found, space.of_sentences(found))
    np.testing.assert_allclose(model.values(rows, len(bags), counted=True), expected, atol=2e-5)


def slow_values(bags: list[Counter[str]], arrays: Mapping[str, NDArray[Any]], part: str) -> NDArray[Any]:
    """Decision values of bags of feature numbers, term by term as the formula reads."""
    idf, weights = arrays[f"{part}_idf"].astype(float), arrays[f"{part}_weights"].astype(float)
    rows = []
    for bag in bags:
        shares = {feature: (1 + math.log(count)) * idf[feature] for feature, count in bag.items()}
        length = math.sqrt(sum(share**2 for share in shares.values())) or 1.0
        rows.append(
            sum((share / length * weights[at] for at, share in shares.items()), np.zeros(weights.shape[1]))
        )
    return np.array(rows) + arrays[f"{part}_intercepts"]


def test_answers_are_those_of_the_slow_path(labelled_texts: list[LabelledText]) -> None:
    """Whole answers, so that what is fast can be no less accurate than what is plain."""
    classifier = TopicClassifier().fit(labelled_texts)
    arrays, meta = classifier.state()
    space = FeatureSpace(meta["terms"], Cues.from_json(meta["cues"]))
    number = {name: at for at, name in enumerate(space.names)}
    texts = [article.text for article in labelled_texts]
    decision = []
    for text in texts:
        sentences = [Counter(number[name] for name in row) for row in slow_features(text, space)]
        article = sum([*sentences, *sentences[:1]], Counter())
        strongest = slow_values(sentences, arrays, "sentence").max(axis=0)
        decision.append(slow_values([article], arrays, "article")[0] + strongest)
    np.testing.assert_allclose(classifier.decision_function(texts), decision, atol=2e-5)
    listed = logistic(np.array(decision)) >= [each.threshold for each in classifier.calibrations_]
    given = [{tag.topic for tag in answer.topics} for answer in classifier.tag(texts)]
    assert given == [{classifier.topics_[at] for at in np.flatnonzero(row)} for row in listed]
    assert listed.any(axis=0).all()


def test_the_table_of_cues_is_in_order() -> None:
    cues = Cues.load()
    assert Cues.from_json(cues.to_json()) == cues
    assert len(set(cues.triggers)) == len(cues.triggers)
    assert all(cues.classes.values())
    assert all(line.split(",")[-1].strip() for line in CUES_FILE.read_text(encoding="utf-8").splitlines())
    assert len(PLACES) == 4


def test_frequent_terms_count_articles_not_occurrences() -> None:
    texts = ["Bằng khen. Bằng khen.", "bằng khen 2017", "Giấy khen 2018"]
    assert frequent_terms(texts, 2) == ("0", "bằng", "bằng khen", "khen", "khen 0")
    assert frequent_terms(texts, 3) == ("khen",)


def test_words_are_told_without_a_copy_of_the_vocabulary() -> None:
    """An explanation that went through all terms held up the desk's other requests, the more the larger the model."""
    space = FeatureSpace(tuple(f"từ {number}" for number in range(50_000)), Cues.load())
    found = scan(["Ông An nhận bằng khen."])
    space.word_spans(found)
    tracemalloc.start()
    space.word_spans(found)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 8 * len(space.terms)
