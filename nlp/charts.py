"""The report's pictures as SVG: precision and recall, reliability, F1 with intervals, confusion of topics."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nlp.errors import MissingExtraError
from nlp.evaluation import Evaluation, reliability

if TYPE_CHECKING:
    from nlp.arrays import BoolArray, FloatArray

# Okabe and Ito's palette, told apart by readers with any kind of colour vision; past eight topics it repeats.
_PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8B8000", "#000000")
_WIDTH_INCHES = 5.2
_HEIGHT_INCHES = 3.8


def precision_recall(gold: BoolArray, proba: FloatArray, predicted: BoolArray, topics: Sequence[str]) -> str:
    """One curve a topic over all thresholds, with a dot at the threshold in use."""
    from sklearn.metrics import average_precision_score, precision_recall_curve

    from nlp.evaluation import Counts

    with _figure() as (axes, svg):
        for column, topic in enumerate(topics):
            precision, recall, _ = precision_recall_curve(gold[:, column], proba[:, column])
            area = average_precision_score(gold[:, column], proba[:, column])
            axes.plot(recall, precision, color=_color(column), label=f"{topic} (AP {area:.2f})")
            hits = gold[:, column] & predicted[:, column]
            counts = Counts(
                int(hits.sum()),
                int((predicted[:, column] & ~hits).sum()),
                int((gold[:, column] & ~hits).sum()),
            )
            axes.plot(counts.recall, counts.precision, "o", color=_color(column))
        axes.set(xlabel="Recall", ylabel="Precision", xlim=(0, 1.01), ylim=(0, 1.02))
        axes.legend(loc="lower left", frameon=False, fontsize=8)
    return svg[0]


def reliability_curves(gold: BoolArray, proba: FloatArray, topics: Sequence[str]) -> str:
    """What share of the articles with a score really bears the topic; on the diagonal the score is true."""
    with _figure() as (axes, svg):
        axes.plot([0, 1], [0, 1], color="#999", linestyle=":", linewidth=1)
        for column, topic in enumerate(topics):
            points = reliability(gold[:, column], proba[:, column])
            axes.plot(
                [mean for mean, _, _ in points],
                [share for _, share, _ in points],
                marker="o",
                markersize=4,
                color=_color(column),
                label=topic,
            )
        axes.set(xlabel="Score", ylabel="Share that bears the topic", xlim=(0, 1.01), ylim=(0, 1.02))
        axes.legend(loc="upper left", frameon=False, fontsize=8)
    return svg[0]


def f1_intervals(evaluation: Evaluation) -> str:
    """F1 of each topic and over all, with its 95% bootstrap interval."""
    names = [figures.topic for figures in evaluation.topics] + ["micro"]
    values = [figures.counts.f1 for figures in evaluation.topics] + [evaluation.micro.f1]
    intervals = [figures.f1_interval for figures in evaluation.topics] + [evaluation.micro_interval]
    with _figure() as (axes, svg):
        for row, (value, (low, high)) in enumerate(zip(values, intervals, strict=True)):
            axes.plot([low, high], [row, row], color=_color(row), linewidth=3, alpha=0.45)
            axes.plot(value, row, "o", color=_color(row))
            axes.annotate(
                f"{value:.3f}", (value, row), textcoords="offset points", xytext=(0, 8), ha="center"
            )
        axes.set_yticks(range(len(names)), names)
        axes.set(
            xlabel="F1", ylim=(-0.6, len(names) - 0.2), xlim=(min(low for low, _ in intervals) - 0.05, 1.0)
        )
        axes.invert_yaxis()
    return svg[0]


def confusion(gold: BoolArray, predicted: BoolArray, topics: Sequence[str]) -> str:
    """For articles of each gold topic (and of none), how often each topic was given."""
    import numpy as np

    def with_none(labels: BoolArray) -> FloatArray:
        return np.column_stack([labels, ~labels.any(axis=1)]).astype(float)

    names = [*topics, "none"]
    shares = with_none(gold).T @ with_none(predicted)
    shares /= np.maximum(with_none(gold).sum(axis=0), 1)[:, None]
    with _figure() as (axes, svg):
        axes.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
        for row, column in np.ndindex(shares.shape):
            shade = "white" if shares[row, column] > 0.6 else "black"
            axes.text(
                column, row, f"{shares[row, column]:.0%}", ha="center", va="center", color=shade, fontsize=8
            )
        axes.set_xticks(range(len(names)), names, rotation=30, ha="right", fontsize=8)
        axes.set_yticks(range(len(names)), names, fontsize=8)
        axes.set(xlabel="Given", ylabel="Gold")
    return svg[0]


def _color(index: int) -> str:
    return _PALETTE[index % len(_PALETTE)]


@contextmanager
def _figure() -> Iterator[tuple[Any, list[str]]]:
    """Yield axes and a list that holds the finished SVG after the block."""
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise MissingExtraError(
            "the HTML report draws with matplotlib: pip install 'thetin[report]'"
        ) from error

    svg: list[str] = []
    # Text stays text, so it can be searched and read aloud; the salt makes the ids, and so the file, repeatable.
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "thetin", "font.family": "sans-serif"}):
        figure = Figure(figsize=(_WIDTH_INCHES, _HEIGHT_INCHES), layout="constrained")
        axes = figure.subplots()
        axes.spines[["top", "right"]].set_visible(False)
        yield axes, svg
        stream = io.StringIO()
        figure.savefig(stream, format="svg", metadata={"Date": None})
    svg.append(stream.getvalue()[stream.getvalue().index("<svg") :])
