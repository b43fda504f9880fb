"""What editors decide becomes a model: promoted when it is not worse, refused when it is, and taken back."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import ROOT

import train
from desk.decisions import Decision, decide, view
from desk.learning import decided_articles
from desk.store import Store
from nlp.manifest import read_manifest
from nlp.types import Article, LabelledText, Tags

TOPICS = ("awards", "discipline", "reform")
Judge = Callable[[tuple[str, ...]], tuple[str, ...]]


def decided(url: str, articles: list[LabelledText], judge: Judge) -> str:
    """A store in which an editor finished articles that no model had found a topic for."""
    with Store.open(url) as store:
        for each in articles:
            store.save_tags(
                [
                    Tags(
                        article=Article(id=each.id, text=each.text),
                        as_of=date(2026, 1, 1),
                        topics=(),
                        primary=None,
                        officials=(),
                        places=(),
                        model="none@0",
                    )
                ]
            )
            given = [Decision(action="add", kind="topic", key=key, user="lan") for key in judge(each.topics)]
            decide(
                store, each.id, [*given, Decision(action="done", user="lan")], view(store, each.id).revision
            )
    return url


@pytest.fixture
def model(tiny_model: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(tiny_model, tmp_path / "mine"))


def test_decisions_are_labels(sqlite_url: str, labelled_texts: list[LabelledText]) -> None:
    some = labelled_texts[:20]
    found = decided_articles(decided(sqlite_url, some, lambda topics: topics))
    assert {each.id: set(each.topics) for each in found} == {each.id: set(each.topics) for each in some}
    assert {each.id: each.text for each in found} == {each.id: each.text for each in some}


def test_a_model_from_right_decisions_is_promoted_and_can_be_taken_back(
    sqlite_url: str, model: Path, labelled_texts: list[LabelledText]
) -> None:
    champion = read_manifest(model).id
    url = decided(sqlite_url, labelled_texts, lambda topics: topics)
    corpus = str(ROOT / "data" / "corpus" / "portal.jsonl")
    assert train.main([corpus, "--decisions", url, "--model", str(model), "--quiet"]) == train.DONE
    assert read_manifest(model).id != champion
    assert train.main(["--rollback", "--model", str(model)]) == train.DONE
    assert read_manifest(model).id == champion


def test_a_model_from_wrong_decisions_is_refused_and_the_one_in_use_stays(
    sqlite_url: str, model: Path, labelled_texts: list[LabelledText], capsys: pytest.CaptureFixture[str]
) -> None:
    champion = read_manifest(model)

    def opposite(topics: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(topic for topic in TOPICS if topic not in topics)

    url = decided(sqlite_url, labelled_texts, opposite)
    assert train.main(["--decisions", url, "--model", str(model), "--quiet"]) == train.NOT_PROMOTED
    assert "stays as it is" in capsys.readouterr().err
    assert read_manifest(model) == champion


def test_a_model_that_lost_a_topic_is_refused_in_words(
    sqlite_url: str, model: Path, labelled_texts: list[LabelledText], capsys: pytest.CaptureFixture[str]
) -> None:
    def without_discipline(topics: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(topic for topic in topics if topic != "discipline")

    url = decided(sqlite_url, labelled_texts, without_discipline)
    assert train.main(["--decisions", url, "--model", str(model), "--quiet"]) == train.NOT_PROMOTED
    assert "no longer knows discipline" in capsys.readouterr().err


def test_a_store_that_is_not_there_is_said_in_words(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert train.main(["--decisions", f"sqlite:///{tmp_path}/no/desk.db"]) == train.FAILURE
    assert "can't be opened" in capsys.readouterr().err
    assert not (ROOT / "models" / "local").exists()
