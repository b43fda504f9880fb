"""The quality gate: the shipped model on articles kept apart, against floors that only a person lowers.

``data/gate.json`` holds the digest of the set and a floor for each figure. A floor is what the model in
use reached, less ``epsilon``, which is what two flipped articles move. When the set changes, its digest
no longer matches and the floors must be looked at again.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.corpus import read_corpus
from nlp.evaluation import Evaluation
from nlp.files import file_digest
from nlp.modelfolder import DEFAULT_MODEL, load_classifier
from nlp.training import evaluate_on

ROOT = Path(__file__).resolve().parent.parent
GATE = json.loads((ROOT / "data" / "gate.json").read_text(encoding="utf-8"))
TEST_SET = ROOT / "data" / "portal-test.jsonl"


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    classifier, _ = load_classifier(DEFAULT_MODEL)
    return evaluate_on(classifier, read_corpus([TEST_SET]).articles)


def test_the_set_is_the_one_the_floors_were_measured_on() -> None:
    assert file_digest(TEST_SET) == GATE["digest"], (
        "portal-test.jsonl changed: measure again and set the floors anew"
    )


def test_the_set_was_not_fitted_on() -> None:
    fitted = {article.text for article in read_corpus([ROOT / "data" / "corpus"]).articles}
    assert not fitted & {article.text for article in read_corpus([TEST_SET]).articles}


@pytest.mark.parametrize("topic", [*GATE["f1"], "micro", "primary"])
def test_no_figure_falls_below_its_floor(evaluation: Evaluation, topic: str) -> None:
    figures = {each.topic: each.counts.f1 for each in evaluation.topics}
    figures |= {"micro": evaluation.micro.f1, "primary": evaluation.primary or 0.0}
    floor = (GATE["f1"] | {"micro": GATE["micro"], "primary": GATE["primary"]})[topic]
    assert figures[topic] >= floor, "\n".join(evaluation.table())
