"""Clear articles finished at once: only those that are clear and unchanged, and taken back as one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import made_tags

from desk import batches
from desk.decisions import Decision, decide, view
from desk.history import log
from desk.learning import decided_articles
from desk.queue import Filter, search
from desk.schema import now
from desk.statistics import overview
from desk.store import Store
from nlp.errors import AccessError
from nlp.types import Article

ACCEPT = Decision(action="accept", kind="topic", key="reform", user="minh")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        opened.save_tags(made_tags(article_id, {"reform": 0.95}) for article_id in ("a1", "a2", "a3"))
        opened.save_tags([made_tags("doubtful", {"reform": 0.6}), made_tags("other", {"awards": 0.95})])
        opened.add_articles([Article(id="untagged", text="Họp.")])
        yield opened


def done(store: Store) -> set[str]:
    return {item.id for item in search(store, Filter(state="done")).items}


def test_what_is_clear_and_filtered_is_finished_and_nothing_else(store: Store) -> None:
    assert batches.count_clear(store, Filter(topic="reform")) == 3
    moment = batches.finish_clear(store, Filter(topic="reform"), "lan", now())
    assert done(store) == {"a1", "a2", "a3"}
    assert batches.count_finished(store, moment) == 3
    assert batches.count_clear(store, Filter()) == 1
    events = log(store, Filter(), people_only=True).items
    assert {(event.user, event.action, event.reason, event.model) for event in events} == {
        ("lan", "done", "batch", "tiny@1")
    }


def test_what_changed_since_it_was_shown_is_left_alone(store: Store) -> None:
    shown_at = now()
    decide(store, "a1", ACCEPT, view(store, "a1").revision)
    batches.finish_clear(store, Filter(), "lan", shown_at)
    assert done(store) == {"a2", "a3", "other"}


def test_all_is_taken_back_at_once_but_what_somebody_touched(store: Store) -> None:
    before = {article_id: view(store, article_id).topics for article_id in ("a1", "a2")}
    moment = batches.finish_clear(store, Filter(topic="reform"), "lan", now())
    decide(store, "a3", ACCEPT, view(store, "a3").revision)
    with pytest.raises(AccessError, match="lan"):
        batches.undo(store, moment, "minh", is_reviewer=False)
    batches.undo(store, moment, "lan", is_reviewer=False)
    assert done(store) == {"a3"}
    assert {article_id: view(store, article_id).topics for article_id in before} == before
    assert batches.count_finished(store, moment) == 0
    batches.undo(store, moment, "boss", is_reviewer=True)
    assert done(store) == {"a3"}


def test_no_model_learns_from_what_nobody_looked_at_nor_is_measured_by_it(
    store: Store, database: str
) -> None:
    batches.finish_clear(store, Filter(topic="reform"), "lan", now())
    assert decided_articles(database) == []
    assert overview(store, Filter(state="all")).acceptance == ()
    decide(store, "a1", Decision(action="done", user="minh"), view(store, "a1").revision)
    assert [article.id for article in decided_articles(database)] == ["a1"]
    decide(store, "a2", ACCEPT, view(store, "a2").revision)
    assert [article.id for article in decided_articles(database)] == ["a1", "a2"]
    assert [each.accepted for each in overview(store, Filter(state="all")).acceptance] == [2]
