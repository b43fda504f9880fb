"""The report of a fit: one HTML file that needs no network, or plain text, by the file's suffix."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from nlp import charts
from nlp.errors import MissingExtraError, ReportError
from nlp.evaluation import Evaluation
from nlp.files import DATA, write_atomic
from nlp.types import LabelledText, Reject

if TYPE_CHECKING:
    from nlp.arrays import BoolArray, FloatArray
    from nlp.topics.classifier import TopicClassifier

TEMPLATE = DATA / "report.html.jinja"
# The most confident mistakes teach most; beyond some thirty nobody reads on.
WORST_ERRORS = 30
WEIGHTS_SHOWN = 20
LABEL_ERRORS_SHOWN = 30
_TEXT_SHOWN = 1500
_HTML = frozenset({".html", ".htm"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """Out-of-fold answers to a corpus: rows are ``articles``, columns are ``topics``."""

    articles: Sequence[LabelledText]
    topics: tuple[str, ...]
    gold: BoolArray
    proba: FloatArray
    predicted: BoolArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicError:
    """An article tagged otherwise than its label says, with how sure the model was."""

    article: LabelledText
    topic: str
    missed: bool
    proba: float
    evidence: tuple[str, ...]

    @property
    def excerpt(self) -> str:
        """The text as far as a reader needs it."""
        text = self.article.text
        return text if len(text) <= _TEXT_SHOWN else text[:_TEXT_SHOWN] + " …"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """Everything a report tells about one fit."""

    validation: Validation
    evaluation: Evaluation
    classifier: TopicClassifier
    rejects: Sequence[Reject]
    created: str
    seconds: float


def check_report(path: Path) -> None:
    """Say before the fit what would keep its report from being written.

    Raises:
        ReportError: The folder is missing.
        MissingExtraError: HTML is asked for and the extra ``report`` is not installed.
    """
    if not path.parent.is_dir():
        raise ReportError(f"{path}: there is no folder {path.parent}; make it, or give --report another path")
    missing = [name for name in ("jinja2", "matplotlib", "cleanlab") if find_spec(name) is None]
    if path.suffix.lower() in _HTML and missing:
        raise MissingExtraError(f"the HTML report needs {', '.join(missing)}: pip install 'thetin[report]'")


def write_report(path: Path, fit: Fit) -> None:
    """Write the report at once or not at all: HTML for ``.html``, else plain text.

    Raises:
        MissingExtraError: HTML is asked for and the extra ``report`` is not installed.
    """
    content = _html(fit) if path.suffix.lower() in _HTML else _text(fit)
    with write_atomic(path) as stream:
        stream.write(content)


def worst_errors(fit: Fit) -> list[TopicError]:
    """The mistakes the model was surest of, the surest first."""
    import numpy as np

    validation = fit.validation
    wrong = validation.gold != validation.predicted
    surprise = np.where(wrong, np.abs(validation.proba - validation.gold), -1.0)
    order = np.argsort(-surprise, axis=None)[: min(WORST_ERRORS, int(wrong.sum()))]
    errors = []
    for row, column in zip(*np.unravel_index(order, wrong.shape), strict=True):
        article, topic = validation.articles[row], validation.topics[column]
        spans = [
            span for each in fit.classifier.explain(article.text, topic, limit=6) for span in each.spans[:1]
        ]
        errors.append(
            TopicError(
                article=article,
                topic=topic,
                missed=bool(validation.gold[row, column]),
                proba=float(validation.proba[row, column]),
                evidence=tuple(dict.fromkeys(article.text[start:end] for start, end in spans)),
            )
        )
    return errors


def likely_label_errors(validation: Validation) -> list[tuple[LabelledText, list[str], list[str]]]:
    """Articles whose labels the out-of-fold scores contradict, the likeliest first, by cleanlab.

    Returns:
        Article, its gold topics, and the topics that the scores speak for.

    Raises:
        MissingExtraError: The extra ``report`` is not installed.

    Source:
        Northcutt, Jiang and Chuang, "Confident Learning", 2021; Thyagarajan et al. for several labels.
    """
    try:
        from cleanlab.multilabel_classification.filter import find_label_issues
    except ImportError as error:
        raise MissingExtraError("label errors are found by cleanlab: pip install 'thetin[report]'") from error

    labels = [[int(column) for column in row.nonzero()[0]] for row in validation.gold]
    order = find_label_issues(labels, validation.proba, return_indices_ranked_by="self_confidence", n_jobs=1)
    found = []
    for row in order[:LABEL_ERRORS_SHOWN]:
        named = [
            [topic for topic, there in zip(validation.topics, labels_row, strict=True) if there]
            for labels_row in (validation.gold[row], validation.predicted[row])
        ]
        found.append((validation.articles[row], named[0], named[1]))
    return found


def _html(fit: Fit) -> str:
    try:
        from jinja2 import Environment, StrictUndefined
    except ImportError as error:
        raise MissingExtraError("the HTML report needs: pip install 'thetin[report]'") from error

    validation = fit.validation
    drawings = {
        "F1 by topic": charts.f1_intervals(fit.evaluation),
        "Precision and recall": charts.precision_recall(
            validation.gold, validation.proba, validation.predicted, validation.topics
        ),
        "Reliability of the scores": charts.reliability_curves(
            validation.gold, validation.proba, validation.topics
        ),
        "Confusion of topics": charts.confusion(validation.gold, validation.predicted, validation.topics),
    }
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.from_string(TEMPLATE.read_text(encoding="utf-8")).render(
        fit=fit,
        drawings=drawings,
        errors=worst_errors(fit),
        label_errors=likely_label_errors(validation),
        weights={topic: fit.classifier.top_terms(topic, limit=WEIGHTS_SHOWN) for topic in validation.topics},
    )


def _text(fit: Fit) -> str:
    lines = [f"thetin: report of the fit of {fit.created}", "", *fit.evaluation.table(), "", "Worst errors"]
    for error in worst_errors(fit):
        kind = "missed" if error.missed else "invented"
        lines.append(
            f"  {error.article.id}: {kind} {error.topic} at {error.proba:.2f}: {'; '.join(error.evidence)}"
        )
    lines += ["", f"Rows left out: {len(fit.rejects)}"]
    lines += [f"  {each.source}:{each.line}: {each.reason}" for each in fit.rejects]
    return "\n".join(lines) + "\n"
