"""Whether a challenger takes the champion's place: real classifiers, articles that neither was fitted on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from nlp.corpus import read_corpus
from nlp.errors import CorpusError, ModelNotFoundError
from nlp.modelfolder import load_classifier
from nlp.modelversions import save_model
from nlp.topics.classifier import TopicClassifier
from nlp.training import Verdict, compare_with_champion, gold_matrix
from nlp.types import LabelledText

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def frozen() -> Sequence[LabelledText]:
    return read_corpus([ROOT / "data" / "portal-test.jsonl"]).articles


@pytest.fixture(scope="module")
def good(tiny_model: Path) -> TopicClassifier:
    return load_classifier(tiny_model)[0]


@pytest.fixture(scope="module")
def spoiled(labelled_texts: list[LabelledText]) -> TopicClassifier:
    """A classifier that learnt awards from the wrong articles, and the rest like the good one."""
    awarded = [article for article in labelled_texts if "awards" in article.topics]
    others = [article for article in labelled_texts if not article.topics]
    wrong = {article.id: without(article, "awards") for article in awarded}
    wrong |= {
        article.id: replace(article, topics=("awards",), primary="awards", evidence={})
        for article in others[: len(awarded)]
    }
    return TopicClassifier().fit([wrong.get(article.id, article) for article in labelled_texts])


def without(article: LabelledText, topic: str) -> LabelledText:
    return replace(
        article,
        topics=tuple(other for other in article.topics if other != topic),
        primary=None if article.primary == topic else article.primary,
        evidence={name: starts for name, starts in article.evidence.items() if name != topic},
    )


def saved(classifier: TopicClassifier, folder: Path) -> Path:
    save_model(classifier, folder, created="2026-01-01", corpus={}, figures={}, card="")
    return folder


def worse(verdict: Verdict) -> set[str]:
    return {each.name for each in verdict.comparisons if each.is_worse}


def test_an_equal_challenger_is_promoted(
    good: TopicClassifier, tiny_model: Path, frozen: Sequence[LabelledText]
) -> None:
    verdict = compare_with_champion(good, tiny_model, frozen)
    assert [each.name for each in verdict.comparisons] == [*good.topics_, "micro"]
    assert all(each.champion == each.challenger for each in verdict.comparisons)
    assert verdict.promoted


def test_a_better_challenger_is_promoted(
    good: TopicClassifier, spoiled: TopicClassifier, frozen: Sequence[LabelledText], tmp_path: Path
) -> None:
    verdict = compare_with_champion(good, saved(spoiled, tmp_path / "model"), frozen)
    assert verdict.promoted
    gained = {each.name: each.challenger - each.champion for each in verdict.comparisons}
    assert gained["awards"] > 0.1 and gained["micro"] > 0


def test_a_challenger_that_is_worse_on_one_topic_is_refused_for_it(
    spoiled: TopicClassifier, tiny_model: Path, frozen: Sequence[LabelledText]
) -> None:
    verdict = compare_with_champion(spoiled, tiny_model, frozen)
    assert "awards" in worse(verdict)
    assert "reform" not in worse(verdict)
    assert not verdict.promoted


def test_the_verdict_is_the_same_each_time(
    spoiled: TopicClassifier, tiny_model: Path, frozen: Sequence[LabelledText]
) -> None:
    """The resamples are drawn with a seed: who runs the command again is not told otherwise."""
    assert compare_with_champion(spoiled, tiny_model, frozen) == compare_with_champion(
        spoiled, tiny_model, frozen
    )


def test_a_frozen_set_without_a_topic_counts_its_false_alarms_only(
    good: TopicClassifier, spoiled: TopicClassifier, tiny_model: Path, frozen: Sequence[LabelledText]
) -> None:
    bare = [article for article in frozen if "awards" not in article.topics]
    same = compare_with_champion(good, tiny_model, bare)
    assert same.promoted
    alarmed = compare_with_champion(spoiled, tiny_model, bare)
    (awards,) = (each for each in alarmed.comparisons if each.name == "awards")
    assert awards.challenger == 0


@pytest.fixture(scope="module")
def narrow(labelled_texts: list[LabelledText]) -> TopicClassifier:
    """A classifier that never heard of discipline."""
    return TopicClassifier().fit([without(article, "discipline") for article in labelled_texts])


def test_a_challenger_that_lost_a_topic_is_refused(
    narrow: TopicClassifier, tiny_model: Path, frozen: Sequence[LabelledText]
) -> None:
    verdict = compare_with_champion(narrow, tiny_model, frozen)
    assert [each.name for each in verdict.comparisons] == ["awards", "reform", "micro"]
    assert verdict.lost == ("discipline",)
    assert not verdict.promoted


def test_a_challenger_that_gained_a_topic_is_compared_by_the_others(
    good: TopicClassifier, narrow: TopicClassifier, frozen: Sequence[LabelledText], tmp_path: Path
) -> None:
    verdict = compare_with_champion(good, saved(narrow, tmp_path / "model"), frozen)
    assert verdict.lost == ()
    assert verdict.promoted


def test_nothing_to_compare_by_is_no_promotion(good: TopicClassifier, tiny_model: Path) -> None:
    foreign = [LabelledText(id="a", text="Đội nhà thua trận.", topics=("sports",))]
    with pytest.raises(CorpusError, match="--frozen"):
        compare_with_champion(good, tiny_model, foreign)


def test_without_a_champion_there_is_no_comparison(
    good: TopicClassifier, frozen: Sequence[LabelledText], tmp_path: Path
) -> None:
    with pytest.raises(ModelNotFoundError):
        compare_with_champion(good, tmp_path / "none", frozen)


def test_gold_of_no_articles_keeps_its_topics() -> None:
    assert gold_matrix([], ("reform", "awards")).shape == (0, 2)
