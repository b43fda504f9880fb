"""From decision values to probabilities, thresholds and bands, all from out-of-fold values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.arrays import BoolArray, FloatArray


# Precision of the band that may be accepted without a look. The model card states what was measured.
AUTO_PRECISION = 0.95
# A labelled corpus, chosen by key words, lacks the look-alikes of a day's feed: at the same probability
# a feed held three to six wrong answers where the corpus held one, read on 8,000 articles of 2017. So
# each wrong answer counts for this many when the band is chosen; docs/topics.md says how it then held.
FEED_ODDS = 5
# A precision measured on fewer articles than this says nothing: no `auto` band then.
MIN_AUTO_ARTICLES = 20
# Half of a 95% interval, in standard deviations of the normal distribution.
_Z = 1.96
# Thresholds outside this range list everything or next to nothing.
_LOWEST, _HIGHEST = 0.1, 0.9
# Inverse strength of the regularization of the few weights that are fitted here: next to none.
_C = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How one topic's probabilities read.

    A topic is listed from ``threshold`` on and may be accepted without a look from ``auto`` on;
    ``auto`` is above 1 where no band reached the stated precision. ``auto_precision`` and
    ``auto_interval`` are that band's precision on the articles of the fit and its 95% interval.
    """

    threshold: float
    auto: float
    auto_precision: float
    auto_interval: tuple[float, float]

    def to_json(self) -> dict[str, Any]:
        """The numbers as the model folder keeps them."""
        return {
            "threshold": self.threshold,
            "auto": self.auto,
            "auto_precision": self.auto_precision,
            "auto_interval": list(self.auto_interval),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Calibration:
        """The inverse of ``to_json``."""
        low, high = raw["auto_interval"]
        return cls(
            threshold=float(raw["threshold"]),
            auto=float(raw["auto"]),
            auto_precision=float(raw["auto_precision"]),
            auto_interval=(float(low), float(high)),
        )


def logistic(values: FloatArray) -> FloatArray:
    """The logistic function, without overflow at either end."""
    import numpy as np

    # exp of a large positive number overflows, of a large negative one vanishes: use the latter only.
    small = np.exp(-np.abs(values))
    return np.where(values >= 0, 1 / (1 + small), small / (1 + small))


def softmax(values: FloatArray) -> FloatArray:
    """Probabilities of topics of which exactly one applies; rows add up to 1."""
    import numpy as np

    powers = np.exp(values - values.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def fit_logistic(values: FloatArray, gold: Any, weights: FloatArray) -> tuple[FloatArray, FloatArray]:  # noqa: ANN401
    """Fit a logistic regression on a few columns of out-of-fold values.

    Args:
        values: ``(n_articles, n_columns)``.
        gold: One entry an article: whether the topic applies, or which topic does.
        weights: How much each article counts.

    Returns:
        Coefficients ``(n_columns, n_outputs)`` and intercepts ``(n_outputs,)``; one output where
        gold is True or False, else one for each topic in sorted order.
    """
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_C, max_iter=1000).fit(values, gold, sample_weight=weights)
    return model.coef_.T, model.intercept_


def fit_calibration(proba: FloatArray, gold: BoolArray, weights: FloatArray) -> Calibration:
    """Choose one topic's threshold and its ``auto`` band on out-of-fold probabilities.

    The threshold is the one of the highest F1 that the probabilities themselves expect. That is
    as good as the highest F1 counted on the articles, and moves far less from corpus to corpus,
    since no single article near the border decides it.

    Args:
        proba: Calibrated probabilities, shape ``(n_articles,)``.
        gold: True where the topic applies, same shape.
        weights: How much each article counts.
    """
    import numpy as np

    order = np.argsort(-proba, kind="stable")
    ranked, weight = proba[order], weights[order]
    found = np.cumsum(weight * ranked)
    expected_f1 = 2 * found / (np.cumsum(weight) + found[-1])
    threshold = float(np.clip(ranked[np.argmax(expected_f1)], _LOWEST, _HIGHEST))
    auto, precision, interval = _auto_band(ranked, gold[order])
    return Calibration(
        threshold=threshold, auto=max(auto, threshold), auto_precision=precision, auto_interval=interval
    )


def _auto_band(ranked: FloatArray, right: BoolArray) -> tuple[float, float, tuple[float, float]]:
    """The lowest probability from which on the stated share would be right in a day's feed.

    Returns:
        The probability, and of the articles from it on the share that is right, with its interval.
    """
    import numpy as np

    found, listed = np.cumsum(right), np.arange(1, len(right) + 1)
    share = found / (found + FEED_ODDS * (listed - found))
    good = np.flatnonzero((share >= AUTO_PRECISION) & (listed >= MIN_AUTO_ARTICLES))
    if not len(good):
        return 1.01, 0.0, (0.0, 0.0)
    hits, trials = int(found[good[-1]]), int(listed[good[-1]])
    return float(ranked[good[-1]]), hits / trials, wilson_interval(hits, trials)


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """95% interval of a share, sound for small counts and for shares near 0 or 1.

    >>> [round(end, 3) for end in wilson_interval(19, 20)]
    [0.764, 0.991]

    Source:
        Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if not trials:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z * _Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * ((share * (1 - share) + z2 / (4 * trials)) / trials) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
