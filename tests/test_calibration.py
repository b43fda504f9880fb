from __future__ import annotations

import numpy as np
import pytest

from nlp.topics.calibration import (
    AUTO_PRECISION,
    FEED_ODDS,
    Calibration,
    fit_calibration,
    logistic,
    softmax,
    wilson_interval,
)


@pytest.fixture
def calibrated() -> tuple[np.ndarray, np.ndarray]:
    """Probabilities that are right by construction, and labels drawn by them."""
    random = np.random.default_rng(3)
    proba = random.beta(0.4, 0.8, size=4000)
    return proba, random.random(4000) < proba


def test_the_threshold_of_true_probabilities_is_half_the_f1(
    calibrated: tuple[np.ndarray, np.ndarray],
) -> None:
    """Lipton and others, 2014: F1 is highest when the threshold is half of it."""
    proba, gold = calibrated
    made = fit_calibration(proba, gold, np.ones(len(gold)))
    listed = proba >= made.threshold
    f1 = 2 * (listed & gold).sum() / (listed.sum() + gold.sum())
    assert made.threshold == pytest.approx(f1 / 2, abs=0.03)


def test_the_auto_band_keeps_its_precision(calibrated: tuple[np.ndarray, np.ndarray]) -> None:
    proba, gold = calibrated
    made = fit_calibration(proba, gold, np.ones(len(gold)))
    assert gold[proba >= made.auto].mean() == pytest.approx(made.auto_precision)
    wrong = 1 - made.auto_precision
    assert made.auto_precision / (made.auto_precision + FEED_ODDS * wrong) >= AUTO_PRECISION
    assert made.auto_interval[0] < made.auto_precision < made.auto_interval[1]
    assert made.threshold <= made.auto <= 1
    assert Calibration.from_json(made.to_json()) == made


def test_no_auto_band_where_nothing_is_precise() -> None:
    proba = np.linspace(0, 1, 100)
    made = fit_calibration(proba, np.arange(100) % 2 == 0, np.ones(100))
    assert made.auto > 1


@pytest.mark.parametrize(("successes", "trials"), [(0, 0), (0, 5), (5, 5), (50, 100)])
def test_an_interval_holds_its_share(successes: int, trials: int) -> None:
    low, high = wilson_interval(successes, trials)
    assert 0 <= low < high <= 1
    assert not trials or low <= successes / trials <= high


def test_probabilities_do_not_overflow() -> None:
    values = np.array([[-1e4, 0.0, 1e4]])
    np.testing.assert_allclose(logistic(values), [[0, 0.5, 1]])
    np.testing.assert_allclose(softmax(values), [[0, 0, 1]])
