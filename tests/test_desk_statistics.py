"""Figures over the store: counted by hand on a few articles."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import made_tags

from desk.decisions import Decision, decide, view
from desk.learning import MIN_ARTICLES, MIN_MONTHS, decided_articles
from desk.queue import Filter
from desk.statistics import Acceptance, Agreement, overview
from desk.store import Store

ALL = Filter(state="all")


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        yield opened


def say(store: Store, article_id: str, *wanted: Decision) -> None:
    decide(store, article_id, wanted, view(store, article_id).revision)


def topic(action: str, key: str, user: str = "lan") -> Decision:
    reason = "wrong" if action == "reject" else ""
    return Decision(action=action, kind="topic", key=key, user=user, reason=reason)  # type: ignore[arg-type]


def test_months_and_places(store: Store) -> None:
    store.save_tags(
        [
            made_tags("a", {"reform": 0.9}, published=date(2024, 1, 31)),
            made_tags("b", {"reform": 0.9, "awards": 0.9}, published=date(2024, 2, 1)),
            made_tags("c", {}, published=date(2024, 2, 29)),
            made_tags("d", {"reform": 0.9}, published=None),
        ]
    )
    say(store, "b", topic("reject", "reform"))
    found = overview(store, ALL)
    assert [(each.month, each.topic, each.articles) for each in found.months] == [
        ("2024-01", "", 1),
        ("2024-01", "reform", 1),
        ("2024-02", "", 2),
        ("2024-02", "awards", 1),
    ]
    assert [(place.key, place.label, place.province, place.articles) for place in found.places] == [
        ("09619", "xã Sen Chiểu", "Hà Nội", 4)
    ]
    assert (found.articles, found.waiting, found.done) == (4, 4, 0)
    assert overview(store, Filter(state="all", topic="awards")).articles == 1


def test_acceptance_counts_each_tag_by_its_last_word(store: Store) -> None:
    store.save_tags(made_tags(name, {"reform": 0.9}) for name in "abcd")
    say(store, "a", topic("accept", "reform"))
    say(store, "b", topic("accept", "reform"), topic("reject", "reform"))
    say(store, "c", Decision(action="done", user="lan"), topic("add", "awards"))
    say(store, "d", topic("reject", "reform"), Decision(action="undo", user="lan"))
    month = view(store, "a").history[0].at[:7]
    assert overview(store, ALL).acceptance == (
        Acceptance(topic="awards", model="tiny@1", month=month, accepted=0, rejected=0, added=1),
        Acceptance(topic="reform", model="tiny@1", month=month, accepted=2, rejected=1, added=0),
    )
    assert overview(store, ALL).acceptance[1].precision == pytest.approx(2 / 3)
    assert overview(store, ALL).acceptance[0].recall == 0


def test_agreement_between_two_editors(store: Store) -> None:
    store.save_tags(made_tags(name, {"reform": 0.9}) for name in "abcd")
    for name, first, second in (
        ("a", "accept", "accept"),
        ("b", "reject", "reject"),
        ("c", "accept", "reject"),
    ):
        say(store, name, topic(first, "reform", "lan"), topic(second, "reform", "minh"))
    say(store, "d", topic("accept", "reform", "lan"))
    assert overview(store, ALL).agreement == (
        Agreement(first="lan", second="minh", both=3, agreed=2, kappa=pytest.approx(0.4)),
    )


def test_models_and_what_they_tagged(store: Store) -> None:
    store.save_tags(made_tags(name) for name in "ab")
    store.save_tags([made_tags("a", model="tiny@2")])
    assert [(use.model, use.articles) for use in overview(store, ALL).models] == [
        ("tiny@2", 1),
        ("tiny@1", 2),
    ]


def test_an_empty_store_has_figures_too(store: Store) -> None:
    found = overview(store, ALL)
    assert (found.articles, found.months, found.acceptance, found.drift) == (0, (), (), ())


def months(store: Store, shares: list[float], score: float = 0.9) -> None:
    """Articles of one month after another, a share of which bears a topic."""
    for number, share in enumerate(shares, 1):
        store.save_tags(
            made_tags(
                f"m{number}-{each}",
                {"reform": score} if each < share * MIN_ARTICLES else {},
                published=date(2024, number, 1),
            )
            for each in range(MIN_ARTICLES)
        )


def test_drift_warns_when_a_share_leaves_its_range(store: Store) -> None:
    months(store, [0.3, 0.33, 0.3, 0.36, 0.9])
    (warning,) = overview(store, ALL).drift
    assert (warning.topic, warning.measure, warning.month) == ("reform", "share", "2024-05")
    assert warning.low < 0.32 < warning.high < warning.value


def test_drift_is_silent_in_the_usual_range_and_with_too_few_months(store: Store) -> None:
    months(store, [0.3, 0.33, 0.3, 0.36, 0.34][:MIN_MONTHS])
    assert overview(store, ALL).drift == ()
    months(store, [0.3, 0.33, 0.3, 0.36, 0.34])
    assert overview(store, ALL).drift == ()


def test_what_editors_finished_becomes_labels(database: str) -> None:
    with Store.open(database) as store:
        store.save_tags(made_tags(f"n{n:03}", {"reform": 0.9, "awards": 0.8}) for n in range(230))
        say(store, "n001", topic("reject", "reform"), topic("add", "discipline"), Decision(action="done"))
        say(store, "n002", topic("reject", "reform"))
        say(store, "n229", topic("reject", "reform"), topic("reject", "awards"), Decision(action="done"))
    labelled = {each.id: each for each in decided_articles(database)}
    assert {key: each.topics for key, each in labelled.items()} == {
        "n001": ("awards", "discipline"),
        "n229": (),
    }
    assert labelled["n001"].primary in ("awards", "discipline")
    assert labelled["n001"].evidence["awards"] == (labelled["n001"].text[:11],)
