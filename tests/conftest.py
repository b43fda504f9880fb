"""What many tests share: the shared data where it is present, and a small real model fitted once a run."""

from __future__ import annotations

import json
import shutil
import socket
from pathlib import Path

import pytest
from databases import (  # noqa: F401 - fixtures, found here by every test
    bare_database,
    database,
    postgres,
    postgres_template,
    sqlite_template,
    sqlite_url,
)
from door import door  # noqa: F401 - likewise

from nlp.types import LabelledText

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
CORPUS = ROOT / "data" / "corpus"
# Enough articles of the project's own corpus for a model that tells the topics apart, few enough to
# fit in a second or two.
TINY_ARTICLES = 160


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real articles, which stands beside the project where it was measured."""
    if not (SHARED / "data" / "dev.jsonl").exists():
        pytest.skip("../shared is not here: real articles are measured only where they are at hand")
    return SHARED


@pytest.fixture(scope="session")
def labelled_texts() -> list[LabelledText]:
    """The first articles of the project's own corpus, with their labels."""
    rows = [
        json.loads(line)
        for path in sorted(CORPUS.glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [
        LabelledText(
            id=row["id"],
            text=row["text"],
            topics=tuple(row["topics"]),
            primary=row["primary"],
            evidence={topic: tuple(starts) for topic, starts in row["evidence"].items()},
        )
        for row in rows[:TINY_ARTICLES]
    ]


@pytest.fixture(scope="session")
def tiny_model(labelled_texts: list[LabelledText], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder made by the real classifier from a small corpus."""
    from nlp.modelversions import save_model
    from nlp.topics.classifier import TopicClassifier

    folder = tmp_path_factory.mktemp("models") / "tiny"
    classifier = TopicClassifier().fit(labelled_texts)
    save_model(
        classifier, folder, created="2026-01-01T00:00:00+00:00", corpus={}, figures={}, card="{model}\n"
    )
    return folder


@pytest.fixture
def folder(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may break."""
    return Path(shutil.copytree(tiny_model, tmp_path / "tiny"))


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail as soon as anything in this process looks up a host or connects to one."""

    def refuse(*arguments: object, **_: object) -> None:
        raise AssertionError(f"a network call: {arguments}")

    for name in ("getaddrinfo", "create_connection", "gethostbyname"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(socket.socket, "connect", refuse)
