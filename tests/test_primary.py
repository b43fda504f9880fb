from __future__ import annotations

import numpy as np

from nlp.topics.primary import PrimaryModel, fit_primary, primary_facts


def test_the_topic_of_the_headline_is_primary() -> None:
    random = np.random.default_rng(5)
    decision = random.normal(2, 1, size=(300, 2))
    in_headline = random.random((300, 2)) < 0.5
    in_headline[in_headline.all(axis=1), 1] = False
    facts = np.stack(
        [
            primary_facts(values, np.stack([np.where(head, 2.0, -2.0), [-2.0, -2.0], [1.0, 1.0], [0.5, 0.5]]))
            for values, head in zip(decision, in_headline, strict=True)
        ]
    )
    model = fit_primary(facts, np.ones((300, 2), dtype=bool), in_headline)
    for values, head in zip(decision, in_headline, strict=True):
        sentences = np.stack([np.where(head, 2.0, -2.0), [-2.0, -2.0], [1.0, 1.0], [0.5, 0.5]])
        assert model.choose(values, sentences, [0, 1]) == (int(head.argmax()) if head.any() else None)
    assert PrimaryModel.from_json(model.to_json()) == model


def test_without_primaries_in_the_corpus_the_likeliest_topic_is_it() -> None:
    model = fit_primary(np.zeros((4, 2, 5)), np.ones((4, 2), dtype=bool), np.zeros((4, 2), dtype=bool))
    assert model.choose(np.array([1.0, 2.0]), np.zeros((0, 2)), [1, 0]) == 1


def test_facts_of_an_article_without_sentences() -> None:
    assert primary_facts(np.array([1.0]), np.zeros((0, 1))).shape == (1, 5)
