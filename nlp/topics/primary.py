"""Which of an article's topics is the primary one: what the headline and the lead are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.topics.calibration import fit_logistic
from nlp.topics.features import LEAD_SENTENCES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import BoolArray, FloatArray


@dataclass(frozen=True, slots=True)
class PrimaryModel:
    """A logistic model of a few facts about a topic in an article, the same for all topics.

    ``weights`` has an entry for each column of ``primary_facts`` and one for the intercept; empty
    where the corpus told no primary topics: then the likeliest topic is primary.
    """

    weights: tuple[float, ...]
    threshold: float

    def choose(self, decision: NDArray[Any], sentences: NDArray[Any], columns: Sequence[int]) -> int | None:
        """Return the primary one of the listed topics, None where the headline is about something else."""
        if not self.weights:
            return columns[0]
        values = self.values(primary_facts(decision, sentences))
        best = max(columns, key=lambda column: float(values[column]))
        return best if values[best] >= self.threshold else None

    def values(self, facts: FloatArray) -> FloatArray:
        """Logits of each row of facts."""
        return np.asarray(facts @ self.weights[:-1] + self.weights[-1])

    def to_json(self) -> dict[str, Any]:
        """The numbers as the model folder keeps them."""
        return {"weights": list(self.weights), "threshold": self.threshold}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> PrimaryModel:
        """The inverse of ``to_json``."""
        return cls(tuple(map(float, raw["weights"])), float(raw["threshold"]))


def primary_facts(decision: NDArray[Any], sentences: NDArray[Any]) -> FloatArray:
    """Facts about each topic in one article, shape ``(n_topics, 5)``.

    Its decision value; by how much that leads the other topics'; the sentence value of the
    headline, of the best of headline and lead, and of the best sentence below them.
    """
    decision = np.asarray(decision, dtype=np.float64)
    others = np.array([np.delete(decision, at).max(initial=-5.0) for at in range(len(decision))])
    lead = sentences[: LEAD_SENTENCES + 1]
    below = sentences[LEAD_SENTENCES + 1 :]
    nothing = np.full(len(decision), -5.0)
    return np.stack(
        [
            decision,
            np.clip(decision - others, -5, 5),
            sentences[0] if len(sentences) else nothing,
            lead.max(axis=0) if len(lead) else nothing,
            below.max(axis=0) if len(below) else nothing,
        ],
        axis=1,
    )


def fit_primary(facts: FloatArray, gold: BoolArray, primary: BoolArray) -> PrimaryModel:
    """Fit on out-of-fold facts.

    Args:
        facts: ``(n_articles, n_topics, n_facts)``.
        gold: ``(n_articles, n_topics)``, True where the topic applies; only these rows are learnt from.
        primary: The same shape, True for the primary topic.
    """
    if not primary.any():
        return PrimaryModel((), 0.0)
    rows, right = facts[gold], primary[gold]
    if right.all():
        return PrimaryModel((), 0.0)
    coefficients, intercept = fit_logistic(rows, right, np.ones(len(rows)))
    model = PrimaryModel((*coefficients[:, 0].tolist(), float(intercept[0])), 0.0)
    values = np.where(gold, model.values(facts), -np.inf)
    best = np.asarray(values.argmax(axis=1))
    articles = np.flatnonzero(gold.any(axis=1))
    score = values[articles, best[articles]]
    hit = np.asarray(primary[articles, best[articles]])
    none = np.logical_not(primary[articles].any(axis=1))
    # The threshold under which as many articles as possible get the right answer, None included.
    order = np.argsort(-score, kind="stable")
    correct = (
        np.concatenate([[0], np.cumsum(hit[order])])
        + none.sum()
        - np.concatenate([[0], np.cumsum(none[order])])
    )
    cut = int(correct.argmax())
    ranked = score[order]
    edges = (ranked[min(cut, len(ranked) - 1)] + ranked[max(cut - 1, 0)]) / 2
    return PrimaryModel(model.weights, float(edges))
