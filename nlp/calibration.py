"""From decision values to probabilities, thresholds and bands, all from out-of-fold values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    BoolArray = NDArray[np.bool_]
    FloatArray = NDArray[np.float64]

# Precision of the band that may be accepted without a look, as the lower model card states it.
AUTO_PRECISION = 0.95
# A precision measured on fewer articles than this says nothing: no `auto` band then.
MIN_AUTO_ARTICLES = 20
# Half of a 95% interval in standard deviations of the normal distribution.
_Z = 1.96


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """How one topic's decision values read.

    ``slope`` and ``intercept`` give the probability ``1 / (1 + exp(-(slope * value + intercept)))``.
    A topic is listed from ``threshold`` on and may be accepted without a look from ``auto`` on,
    both probabilities; ``auto`` is above 1 where no band reached the stated precision.
    ``auto_precision`` and ``auto_interval`` are that band's precision and its 95% interval.
    """

    slope: float
    intercept: float
    threshold: float
    auto: float
    auto_precision: float
    auto_interval: tuple[float, float]

    def proba(self, values: FloatArray) -> FloatArray:
        """Probabilities of decision values, any shape."""
        return logistic(self.slope * values + self.intercept)

    def to_json(self) -> dict[str, Any]:
        """The numbers as the model folder keeps them."""
        return {
            "slope": self.slope,
            "intercept": self.intercept,
            "threshold": self.threshold,
            "auto": self.auto,
            "auto_precision": self.auto_precision,
            "auto_interval": list(self.auto_interval),
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Calibration:
        """The inverse of ``to_json``."""
        low, high = raw["auto_interval"]
        numbers = {
            name: float(raw[name]) for name in ("slope", "intercept", "threshold", "auto", "auto_precision")
        }
        return cls(**numbers, auto_interval=(float(low), float(high)))


def logistic(values: FloatArray) -> FloatArray:
    """The logistic function, without overflow at either end."""
    import numpy as np

    # exp of a large positive number overflows, of a large negative one vanishes: use the latter only.
    small = np.exp(-np.abs(values))
    positive = 1.0 / (1.0 + small)
    return np.where(values >= 0, positive, small * positive)


def fit_calibration(values: FloatArray, gold: BoolArray, weights: FloatArray | None = None) -> Calibration:
    """Fit one topic's calibration on out-of-fold decision values.

    The probability is Platt's, with his smoothed targets; the threshold is the one that maximizes
    F1; the ``auto`` band opens at the lowest probability from which on at least ``AUTO_PRECISION``
    of the listed articles are right.

    Args:
        values: Decision values, shape ``(n_articles,)``.
        gold: True where the topic applies, same shape.
        weights: How much each article counts; all the same by default.

    Source:
        Platt, "Probabilistic Outputs for Support Vector Machines", 1999.
    """
    import numpy as np

    weights = np.ones(len(values)) if weights is None else weights
    slope, intercept = _platt(values, gold, weights)
    proba = logistic(slope * values + intercept)
    auto, precision, interval = _auto_band(proba, gold)
    threshold = _best_threshold(proba, gold, weights)
    return Calibration(
        slope=slope,
        intercept=intercept,
        threshold=threshold,
        auto=max(auto, threshold),
        auto_precision=precision,
        auto_interval=interval,
    )


def _platt(values: FloatArray, gold: BoolArray, weights: FloatArray) -> tuple[float, float]:
    """Fit slope and intercept by Newton's method; the two targets are drawn in by one article each."""
    import numpy as np

    positives, negatives = weights[gold].sum(), weights[~gold].sum()
    target = np.where(gold, (positives + 1) / (positives + 2), 1 / (negatives + 2))
    design = np.stack([values, np.ones_like(values)], axis=1)
    theta = np.array([1.0, 0.0])
    for _ in range(100):
        proba = logistic(design @ theta)
        gradient = design.T @ (weights * (proba - target)) + 1e-6 * theta
        curvature = weights * np.maximum(proba * (1 - proba), 1e-6)
        step = np.linalg.solve((design * curvature[:, None]).T @ design + 1e-6 * np.eye(2), gradient)
        theta = theta - np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-8:
            break
    return float(max(theta[0], 1e-3)), float(theta[1])


def _best_threshold(proba: FloatArray, gold: BoolArray, weights: FloatArray) -> float:
    """The threshold of the highest F1, halfway to the next lower probability."""
    import numpy as np

    order = np.argsort(-proba, kind="stable")
    ranked, right, weight = proba[order], gold[order], weights[order]
    found = np.cumsum(weight * right)
    f1 = 2 * found / (np.cumsum(weight) + max((weights * gold).sum(), 1e-9))
    # Averaged over neighbours, so that a single lucky article does not choose the threshold.
    width = min(5, len(f1))
    smooth = np.convolve(
        np.pad(f1, (width // 2, width - 1 - width // 2), mode="edge"), np.ones(width) / width, "valid"
    )
    best = int(np.argmax(smooth))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float(np.clip((ranked[best] + below) / 2, 0.05, 0.95))


def _auto_band(proba: FloatArray, gold: BoolArray) -> tuple[float, float, tuple[float, float]]:
    import numpy as np

    order = np.argsort(-proba, kind="stable")
    found, listed = np.cumsum(gold[order]), np.arange(1, len(order) + 1)
    good = np.flatnonzero((found / listed >= AUTO_PRECISION) & (listed >= MIN_AUTO_ARTICLES))
    if not len(good):
        return 1.01, 0.0, (0.0, 0.0)
    last = good[-1]
    return (
        float(proba[order][last]),
        float(found[last] / listed[last]),
        wilson_interval(int(found[last]), int(listed[last])),
    )


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """95% interval of a share, sound for small counts and for shares near 0 or 1.

    Source:
        Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", 1927.
    """
    if not trials:
        return 0.0, 1.0
    share, z2 = successes / trials, _Z * _Z
    centre = (share + z2 / (2 * trials)) / (1 + z2 / trials)
    half = _Z / (1 + z2 / trials) * ((share * (1 - share) + z2 / (4 * trials)) / trials) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)
