"""Linear models over TF-IDF rows: fitting by scikit-learn, scoring by numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from nlp.topics.features import Counts

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from nlp.arrays import BoolArray, FloatArray


# Weights differ from those of a hundred times tighter tolerance by less than half a thousandth of
# their length, the rounding of a model folder, and come in half the time.
_TOLERANCE = 1e-2
# With many rows each weight rests on more of them; on VNTC two answers in 9,966 change.
_TOLERANCE_OF_MANY = 1e-1
# Power of the idf: rare words tell sections apart better than frequent ones. With C = 2, 1.5 brings VNTC 0.0017
# more right answers out of fold than 1 with C = 1; independent topics are as well off either way.
_RARITY = 1.5
_SEED = 2025
# A column that the first fit gave no weight keeps this share of the strongest one's, so it can come back.
_LEAST_WEIGHT = 1e-3
# Entries times topics from which on a fit takes long.
_LONG_WORK = 50_000_000


@dataclass(frozen=True)
class LinearModel:
    """Weights over rows ``(1 + log count) * idf`` of unit length.

    ``idf`` has shape ``(n_features,)`` and is 0 for a feature that the model does not know, ``weights``
    ``(n_features, n_topics)``, ``intercepts`` ``(n_topics,)``.
    """

    idf: NDArray[np.float32]
    weights: NDArray[np.float32]
    intercepts: NDArray[np.float32]

    @cached_property
    def _table(self) -> NDArray[np.float32]:
        """A row a feature: what it adds to each value, and to the square of the row's length."""
        idf = self.idf[:, None]
        return np.ascontiguousarray(np.concatenate([self.weights * idf, idf * idf], axis=1))

    def values(self, rows: Counts, n_rows: int, *, counted: bool) -> NDArray[np.float32]:
        """Decision values, shape ``(n_rows, n_topics)``; ``counted`` is False where every count is 1."""
        values = np.repeat(self.intercepts[None, :], n_rows, axis=0)
        if not len(rows.owner):
            return values
        shares = self._table.take(rows.feature, axis=0)
        if counted:
            damped = 1 + np.log(rows.count.astype(np.float32))
            shares *= damped[:, None]
            shares[:, -1] *= damped
        first = np.flatnonzero(np.append(True, rows.owner[1:] != rows.owner[:-1]))
        sums = np.add.reduceat(shares, first, axis=0)
        length = np.sqrt(sums[:, -1:])
        values[rows.owner[first]] += np.divide(
            sums[:, :-1], length, out=np.zeros_like(sums[:, :-1]), where=length > 0
        )
        return values

    def shares(self, rows: Counts) -> NDArray[np.float32]:
        """What each entry of one row adds to each value; without the intercepts. Shape ``(n_entries, n_topics)``."""
        damped = (1 + np.log(rows.count.astype(np.float32))) * self.idf[rows.feature]
        length = np.sqrt((damped * damped).sum())
        return np.asarray(self.weights[rows.feature] * (damped / max(length, np.float32(1e-9)))[:, None])

    def scaled(self, mix: FloatArray, shift: FloatArray) -> LinearModel:
        """The model of ``values @ mix + shift``, rounded to what a model folder keeps."""
        weights = (self.weights @ mix).astype(np.float16).astype(np.float32)
        intercepts = (self.intercepts @ mix + shift).astype(np.float32)
        return LinearModel(self.idf, weights, intercepts)


def inverse_frequency(matrix: csr_matrix, min_df: int) -> NDArray[np.float32]:
    """Scikit-learn's smooth idf, ``log((1 + rows) / (1 + df)) + 1``, to a power; 0 below ``min_df`` rows."""
    frequency = np.bincount(matrix.indices, minlength=matrix.shape[1])
    idf = (np.log((1 + matrix.shape[0]) / (1 + frequency)) + 1) ** _RARITY
    return np.where(frequency >= min_df, idf, 0).astype(np.float32)


def weighted_rows(matrix: csr_matrix, idf: NDArray[np.float32]) -> csr_matrix:
    """Rows ``(1 + log count) * idf`` of unit length.

    In single precision, as in scoring, but held as the double that liblinear would copy them to.
    """
    from scipy.sparse import csr_matrix

    data = (1 + np.log(matrix.data)) * idf[matrix.indices]
    entries = np.diff(matrix.indptr)
    squares = np.zeros(len(entries))
    filled = entries > 0
    squares[filled] = np.add.reduceat(data * data, matrix.indptr[:-1][filled], dtype=np.float64)
    length = np.maximum(np.sqrt(squares), np.finfo(np.float32).tiny).astype(np.float32)
    data /= np.repeat(length, entries)
    rows = csr_matrix(
        (data.astype(np.float64), matrix.indices.copy(), matrix.indptr.copy()), shape=matrix.shape
    )
    rows.eliminate_zeros()
    return rows


def fit_linear(
    rows: csr_matrix,
    idf: NDArray[np.float32],
    gold: BoolArray,
    weights: FloatArray,
    used: BoolArray,
    c: float,
) -> LinearModel:
    """Fit one linear SVM a topic.

    Where a row bears exactly one topic, liblinear fits all in one call, which reads the rows once. One
    process does it: others would need copies of the rows, and save little more than they take to start.

    Args:
        rows: Weighted rows.
        idf: What they were weighted with.
        gold: ``(n_rows, n_topics)``, True where the topic applies.
        weights: How much each row counts.
        used: ``(n_rows, n_topics)``, False where a row is left out for a topic.
        c: Inverse strength of the regularization.

    Returns:
        The model; a topic that no used row bears, or every one, has weights of 0.
    """
    from sklearn.svm import LinearSVC

    long = rows.nnz * gold.shape[1] >= _LONG_WORK
    model = LinearSVC(C=c, tol=_TOLERANCE_OF_MANY if long else _TOLERANCE, random_state=_SEED)
    coefficients = np.zeros((rows.shape[1], gold.shape[1]), dtype=np.float32)
    intercepts = np.zeros(gold.shape[1], dtype=np.float32)
    borne = np.flatnonzero(gold.any(axis=0))
    if len(borne) > 2 and used.all() and (gold.sum(axis=1) == 1).all():
        model.fit(rows, gold.argmax(axis=1), sample_weight=weights)
        coefficients[:, borne], intercepts[borne] = model.coef_.T, model.intercept_
        return LinearModel(idf, coefficients, intercepts)
    for topic in borne:
        chosen = np.flatnonzero(used[:, topic])
        right = gold[chosen, topic]
        if right.any() and not right.all():
            part = rows if len(chosen) == rows.shape[0] else rows[chosen]
            model.fit(part, right, sample_weight=weights[chosen])
            coefficients[:, topic], intercepts[topic] = model.coef_[0], model.intercept_[0]
    return LinearModel(idf, coefficients, intercepts)


def fit_emphasized(
    rows: csr_matrix, idf: NDArray[np.float32], gold: BoolArray, weights: FloatArray, c: float
) -> LinearModel:
    """Fit one linear SVM a topic twice, the second time on columns scaled by the weights of the first.

    An SVM gives a little weight to each of the ten thousand features that happen to go with a few hundred
    articles. Scaled, what the first fit leant on gets its weight at a smaller penalty and what it hardly used at a
    greater one, as under a penalty that favours few features (the adaptive lasso, Zou 2006, with the SVM's own
    penalty). The weights returned are those of the columns as they were. Arguments as ``fit_linear`` takes them.
    """
    model = fit_linear(rows, idf, gold, weights, np.ones_like(gold), c)
    for topic in range(gold.shape[1]):
        size = np.abs(model.weights[:, topic].astype(np.float64))
        if not size.any():
            continue
        scale = size + _LEAST_WEIGHT * size.max()
        scaled = rows.copy()
        scaled.data *= scale[scaled.indices]
        # Rows as long as before in the mean, so that the penalty means the same.
        length = np.sqrt((scaled.data**2).sum() / scaled.shape[0])
        scaled.data /= length
        column = fit_linear(
            scaled, idf, gold[:, [topic]], weights, np.ones((len(gold), 1), dtype=np.bool_), c
        )
        model.weights[:, topic] = column.weights[:, 0] * scale / length
        model.intercepts[topic] = column.intercepts[0]
    return model
