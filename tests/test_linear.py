from __future__ import annotations

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random_array

from nlp.topics.linear import LinearModel, fit_emphasized, fit_linear, inverse_frequency, weighted_rows

N_ROWS, N_TELLING, N_IDLE = 600, 4, 400


@pytest.fixture(scope="module")
def counts() -> csr_matrix:
    """Rows of counts in which a few columns tell the first topic, with one row in ten mislabelled, and most nothing."""
    random = np.random.default_rng(5)
    columns = random_array((N_ROWS, N_TELLING + N_IDLE), density=0.05, rng=random)
    return csr_matrix((columns > 0).astype(np.float32))


@pytest.fixture(scope="module")
def gold(counts: csr_matrix) -> np.ndarray:
    telling = np.asarray(counts[:, :N_TELLING].sum(axis=1)).ravel() > 0
    mistaken = np.random.default_rng(6).random(N_ROWS) < 0.1
    return np.stack([telling ^ mistaken, np.zeros(N_ROWS, dtype=np.bool_)], axis=1)


def fits(counts: csr_matrix, gold: np.ndarray) -> tuple[LinearModel, LinearModel]:
    idf = inverse_frequency(counts, min_df=1)
    rows = weighted_rows(counts, idf)
    weights = np.ones(N_ROWS)
    plain = fit_linear(rows, idf, gold, weights, np.ones_like(gold), 2.0)
    return plain, fit_emphasized(rows, idf, gold, weights, 2.0)


def test_emphasis_moves_weight_to_the_columns_that_tell(counts: csr_matrix, gold: np.ndarray) -> None:
    plain, emphasized = (np.abs(model.weights[:, 0]) for model in fits(counts, gold))
    share_plain, share = (w[:N_TELLING].sum() / w.sum() for w in (plain, emphasized))
    assert share > 1.2 * share_plain


def test_emphasis_scores_better_what_it_has_not_seen(counts: csr_matrix, gold: np.ndarray) -> None:
    half = N_ROWS // 2
    idf = inverse_frequency(counts[:half], min_df=1)
    rows, others = weighted_rows(counts[:half], idf), weighted_rows(counts[half:], idf)
    telling = np.asarray(counts[half:, :N_TELLING].sum(axis=1)).ravel() > 0
    weights = np.ones(half)
    plain = fit_linear(rows, idf, gold[:half], weights, np.ones_like(gold[:half]), 2.0)
    emphasized = fit_emphasized(rows, idf, gold[:half], weights, 2.0)
    right, right_emphasized = (
        ((others @ model.weights[:, 0] + model.intercepts[0] > 0) == telling).mean()
        for model in (plain, emphasized)
    )
    assert right_emphasized > right


def test_a_topic_that_no_row_bears_has_no_weight(counts: csr_matrix, gold: np.ndarray) -> None:
    for model in fits(counts, gold):
        assert not model.weights[:, 1].any()
        assert model.intercepts[1] == 0
