"""The thread that tags: nothing ends it but its owner, and no article is paid for by another."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import TEXT, desk

from desk import tagging as tagging_module
from desk.store import Store
from desk.tagging import Tagging
from desk.waiting import give_up, mark_for
from nlp.errors import ModelError, UntrustedModelError
from nlp.manifest import MANIFEST
from nlp.types import Article, Reject, Tags

WAIT_S = 20
GOOD = Article(id="good", text=TEXT)
# What a faulty reader might bring; the tagger finds no day in it.
BAD = Article(id="bad", text=TEXT, published="2020")  # type: ignore[arg-type]


@pytest.fixture
def model(tiny_model: Path, tmp_path: Path) -> Path:
    """A model folder that a test may damage."""
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    with Store.open(sqlite_url) as opened:
        yield opened


@pytest.fixture
def tagging(model: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> Iterator[Tagging]:
    """A tagger over a store that looks at both in every round."""
    monkeypatch.setattr(tagging_module, "MODEL_PAUSE_S", 0.0)
    monkeypatch.setattr(tagging_module, "BACKGROUND_PAUSE_S", 0.01)
    opened = Tagging(model, store)
    opened.start()
    opened.loading.result(WAIT_S)
    yield opened
    opened.stop()


def eventually(is_so: Callable[[], bool]) -> bool:
    """Whether something comes true before long."""
    end = time.monotonic() + WAIT_S
    while not is_so() and time.monotonic() < end:
        time.sleep(0.01)
    return is_so()


def rows(store: Store, query: str) -> list[tuple[Any, ...]]:
    with store.reading() as connection:
        return [tuple(row) for row in connection.exec_driver_sql(query)]


def write(store: Store, query: str, *values: object) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(query, values)


def name_too_long(model: Path) -> None:
    """Have the manifest name a file at which the system can't even look: an OSError, no error of thetin's."""
    told = json.loads((model / MANIFEST).read_bytes())
    told["files"] = {f"{'w' * 300}{Path(name).suffix}": digest for name, digest in told["files"].items()}
    (model / "new").write_text(json.dumps(told), encoding="utf-8")
    (model / "new").replace(model / MANIFEST)


# What ends the thread, and what doesn't.


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (name_too_long, "could not be looked at"),
        (lambda model: (model / MANIFEST).write_bytes(b"{"), "is not used"),
    ],
    ids=["unreadable", "broken"],
)
def test_a_model_that_cannot_be_loaded_leaves_the_old_one_in_use(
    tagging: Tagging, model: Path, caplog: pytest.LogCaptureFixture, damage: Any, told: str
) -> None:
    before = tagging.model
    damage(model)
    assert eventually(lambda: told in caplog.text)
    (tags,) = tagging.submit([GOOD]).result(WAIT_S)
    assert isinstance(tags, Tags)
    assert tags.model == tagging.model == before
    assert tagging.is_running


def test_a_database_that_fails_does_not_end_the_tagging_of_requests(
    tagging: Tagging, store: Store, model: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write(store, "DROP TABLE articles")
    (model / MANIFEST).touch()
    assert eventually(lambda: "no such table" in caplog.text)
    (tags,) = tagging.submit([GOOD]).result(WAIT_S)
    assert isinstance(tags, Tags)
    assert tagging.is_running


def test_requests_that_come_while_the_model_is_loaded_wait_for_it(model: Path) -> None:
    tagging = Tagging(model)
    told = tagging.model, tagging.topics  # the manifest's word, before anything is loaded
    tagging.start()
    (tags,) = tagging.submit([GOOD]).result(WAIT_S)
    assert isinstance(tags, Tags)
    assert tags.model == tagging.model == told[0]
    assert tagging.topics == told[1]
    tagging.check()
    tagging.stop()


def test_a_model_that_turns_out_to_be_broken_is_told_to_whoever_asks(model: Path) -> None:
    tagging = Tagging(model)
    (weights,) = model.glob("weights-*.npz")
    weights.write_bytes(b"")
    tagging.start()
    assert isinstance(tagging.loading.exception(WAIT_S), UntrustedModelError)
    for ask in (tagging.check, lambda: tagging.submit([GOOD]), lambda: tagging.explain(TEXT, "reform")):
        with pytest.raises(UntrustedModelError, match="altered or cut"):
            ask()
    tagging.stop()


@pytest.mark.parametrize("pattern", ["manifest.json", "weights-*", "classifier-*"])
def test_a_model_that_is_not_there_is_told_at_once(model: Path, pattern: str) -> None:
    (file,) = model.glob(pattern)
    file.unlink()
    with pytest.raises(ModelError, match=r"no model here|missing though"):
        Tagging(model)


def test_a_tagger_that_was_stopped_says_so_instead_of_letting_wait(model: Path) -> None:
    tagging = Tagging(model)
    tagging.start()
    assert tagging.is_running
    tagging.stop()
    assert not tagging.is_running
    with pytest.raises(ModelError, match="start the desk again"):
        tagging.submit([GOOD])


def test_healthz_tells_a_dead_tagger(sqlite_url: str, tiny_model: Path) -> None:
    with desk(sqlite_url, tiny_model) as client:
        assert client.get("/healthz").status_code == 200
        client.app.state.tagging.stop()
        for answer in (client.get("/healthz"), client.post("/api/v1/tag", json={"text": TEXT})):
            assert answer.status_code == 503
            assert "start the desk again" in answer.json()["detail"]


# One article fails.


def test_a_failing_article_costs_no_other_its_tags(tagging: Tagging) -> None:
    requests = [tagging.submit(articles) for articles in ([GOOD], [BAD], [GOOD, BAD, GOOD], [GOOD] * 40)]
    kinds = [[type(outcome) for outcome in request.result(WAIT_S)] for request in requests]
    assert kinds == [[Tags], [Reject], [Tags, Reject, Tags], [Tags] * 40]
    assert tagging.n_tagged == 43


def test_an_article_of_the_store_that_fails_is_tried_once_and_the_others_are_tagged(
    store: Store, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    store.add_articles([Article(id=f"b{number}", text=f"{TEXT} {number}") for number in range(9)])
    write(store, "UPDATE articles SET title = x'00ff' WHERE id IN ('b1', 'b4')")  # a row that was damaged
    tagging = request.getfixturevalue("tagging")
    assert eventually(lambda: not rows(store, "SELECT 1 FROM articles WHERE NOT is_assessed"))
    assert rows(store, "SELECT id, doubt FROM articles WHERE doubt_reason = 'failed' ORDER BY id") == [
        ("b1", 1.0),
        ("b4", 1.0),
    ]
    assert rows(store, "SELECT count(*) FROM suggestions") == [(7,)]
    for article_id in ("b1", "b4"):
        assert caplog.text.count(f"{article_id}: the tagger failed") == 1

    mark_for(store, tagging.model)  # what a restart does
    assert eventually(lambda: caplog.text.count("b4: the tagger failed") == 2)
    store.add_articles([Article(id="b4", text=f"{TEXT} Sửa.")])
    assert eventually(lambda: rows(store, "SELECT count(*) FROM suggestions") == [(8,)])
    assert rows(store, "SELECT id FROM articles WHERE doubt_reason = 'failed'") == [("b1",)]


def test_words_that_came_meanwhile_are_not_given_up(store: Store) -> None:
    store.add_articles([GOOD])
    give_up(store, [Article(id="good", text="Bài cũ."), Article(id="gone", text=TEXT)])
    assert rows(store, "SELECT doubt_reason, is_assessed FROM articles") == [("untagged", 0)]
    give_up(store, [GOOD])
    assert rows(store, "SELECT doubt_reason, is_assessed FROM articles") == [("failed", 1)]
