"""The desk of the screenshots: made-up editors decide as real ones might, and in the past."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import ROOT, made_tags

from desk.history import log
from desk.queue import Filter, search
from desk.store import Store


def test_made_up_editors_finish_articles_in_the_past(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT)  # bench/ is no part of what is installed
    from bench.madeup import EDITORS, decide_at_random

    ids = [f"a{at}" for at in range(12)]
    with Store.open(sqlite_url) as store:
        store.save_tags(made_tags(article_id, {"reform": 0.9, "awards": 0.6}) for article_id in ids)
        decide_at_random(store, ids[2:])
        assert search(store, Filter(state="done")).total == len(ids) - 2
        events = log(store, Filter(per_page=200), people_only=True).items
    assert {event.user for event in events} == set(EDITORS)
    assert {event.action for event in events} >= {"accept", "reject", "done"}
    assert all(datetime.fromisoformat(event.at) < datetime.now(UTC) for event in events)
