from __future__ import annotations

import numpy as np
import pytest

from nlp.evaluation import Counts, compare, evaluate, expected_calibration_error, reliability

TOPICS = ("reform", "awards")


@pytest.fixture
def gold() -> np.ndarray:
    return np.random.default_rng(1).random((400, 2)) < 0.3


def flipped(gold: np.ndarray, n: int, seed: int) -> np.ndarray:
    """The gold labels with n cells wrong."""
    wrong = gold.copy()
    cells = np.random.default_rng(seed).choice(gold.size, n, replace=False)
    wrong.flat[cells] ^= True
    return wrong


def test_counts_give_the_textbook_fractions() -> None:
    counts = Counts(tp=6, fp=2, fn=4)
    assert counts.precision == 0.75
    assert counts.recall == 0.6
    assert counts.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))
    assert counts.support == 10


def test_nothing_to_find_and_nothing_found_is_perfect() -> None:
    assert Counts(0, 0, 0).f1 == 1.0
    assert Counts(0, 1, 0).f1 == 0.0


def test_figures_agree_with_scikit_learn(gold: np.ndarray) -> None:
    from sklearn.metrics import brier_score_loss, f1_score

    predicted = flipped(gold, 60, seed=2)
    proba = np.where(predicted, 0.8, 0.1)
    result = evaluate(gold, predicted, proba, TOPICS)
    assert result.micro.f1 == pytest.approx(f1_score(gold, predicted, average="micro"))
    assert result.macro_f1 == pytest.approx(f1_score(gold, predicted, average="macro"))
    assert result.topics[0].brier == pytest.approx(brier_score_loss(gold[:, 0], proba[:, 0]))
    assert result.exact == pytest.approx((gold == predicted).all(axis=1).mean())


def test_interval_holds_the_figure_and_narrows_with_more_articles(gold: np.ndarray) -> None:
    predicted = flipped(gold, 60, seed=2)
    few = evaluate(gold[:100], predicted[:100], predicted[:100].astype(float), TOPICS)
    many = evaluate(gold, predicted, predicted.astype(float), TOPICS)
    for result in (few, many):
        low, high = result.micro_interval
        assert low < result.micro.f1 < high
    assert np.diff(many.micro_interval) < np.diff(few.micro_interval)


def test_primary_counts_its_absence_too() -> None:
    gold = np.array([[True, False], [False, False]])
    result = evaluate(gold, gold, gold.astype(float), TOPICS, (["reform", None], ["reform", "awards"]))
    assert result.primary == 0.5


def test_calibration_error_of_a_calibrated_score_is_small_and_of_a_boastful_one_large() -> None:
    rng = np.random.default_rng(3)
    proba = rng.random(20_000)
    gold = rng.random(20_000) < proba
    assert expected_calibration_error(gold, proba) < 0.02
    assert expected_calibration_error(gold, np.sqrt(proba)) > 0.1
    assert sum(n for _, _, n in reliability(gold, proba)) == 20_000


def test_a_clearly_worse_challenger_is_found_worse_and_an_equal_one_is_not(gold: np.ndarray) -> None:
    champion = flipped(gold, 40, seed=4)
    worse = {each.name: each.is_worse for each in compare(gold, champion, flipped(gold, 160, seed=5), TOPICS)}
    assert worse["micro"]
    equal = compare(gold, champion, champion.copy(), TOPICS)
    assert not any(each.is_worse for each in equal)
    assert all(each.champion == each.challenger for each in equal)


def test_a_loss_in_one_topic_is_not_hidden_by_a_gain_in_another(gold: np.ndarray) -> None:
    champion = flipped(gold, 60, seed=6)
    challenger = gold.copy()
    challenger[:, 1] = ~gold[:, 1]
    verdict = {each.name: each.is_worse for each in compare(gold, champion, challenger, TOPICS)}
    assert verdict["awards"] and not verdict["reform"]
