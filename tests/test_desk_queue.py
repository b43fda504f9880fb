"""The queue: which articles a filter lets through, in which order, and why they are doubtful."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import made_tags
from hypothesis import given
from hypothesis import strategies as st

from desk.decisions import Decision, decide, view
from desk.doubt import BAND_DOUBT, Probes, assess
from desk.queue import Filter, neighbour, progress, search
from desk.store import Store

ARTICLES = [
    made_tags("sure", {"reform": 0.99}, published=date(2024, 1, 1)),
    made_tags("weak", {"awards": 0.52}, published=date(2024, 2, 1)),
    made_tags("none", {}, text="Bắn pháo hoa ở Hoà Bình đêm giao thừa.", published=date(2024, 3, 1)),
    made_tags("undated", {"reform": 0.9, "discipline": 0.8}, published=None),
]


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    with Store.open(database) as opened:
        opened.save_tags(ARTICLES)
        yield opened


FILTERS = [
    ("all that wait", Filter(), {"sure", "weak", "none", "undated"}),
    ("a topic", Filter(topic="reform"), {"sure", "undated"}),
    ("no such topic", Filter(topic="refor"), set()),
    ("a place by code", Filter(place="09619"), {"sure", "weak", "undated"}),
    ("a place by part of its name, capitals aside", Filter(place="sen CHIỂU"), {"sure", "weak", "undated"}),
    ("an official by part of the name", Filter(official="phạm thị"), {"sure", "weak", "undated"}),
    ("since a day", Filter(since=date(2024, 2, 1)), {"weak", "none"}),
    ("until a day", Filter(until=date(2024, 2, 1)), {"sure", "weak"}),
    ("words of the text, either tone placement", Filter(text="hòa bình"), {"none"}),
    ("an id", Filter(text="undated"), {"undated"}),
    ("several fields narrow", Filter(topic="reform", until=date(2030, 1, 1)), {"sure"}),
    ("what is done", Filter(state="done"), set()),
]


@pytest.mark.parametrize(
    ("wanted", "expected"), [case[1:] for case in FILTERS], ids=[case[0] for case in FILTERS]
)
def test_filters(store: Store, wanted: Filter, expected: set[str]) -> None:
    page = search(store, wanted)
    assert {item.id for item in page.items} == expected
    assert page.total == len(expected)


def test_a_rejected_topic_is_found_no_longer(store: Store) -> None:
    decide(store, "weak", Decision(action="reject", kind="topic", key="awards", reason="wrong"), 1)
    assert search(store, Filter(topic="awards")).total == 0


def test_what_waits_stands_before_what_is_done_and_the_doubtful_first(store: Store) -> None:
    decide(store, "weak", Decision(action="done"), view(store, "weak").revision)
    items = search(store, Filter(state="all")).items
    assert [item.state for item in items] == ["waiting"] * 3 + ["done"]
    doubts = [item.doubt for item in items[:3]]
    assert doubts == sorted(doubts, reverse=True)


def test_pages_cut_the_same_list(store: Store) -> None:
    whole = [item.id for item in search(store, Filter()).items]
    pages = [search(store, Filter(page=page, per_page=3)) for page in (1, 2, 3)]
    assert [item.id for page in pages for item in page.items] == whole
    assert {(page.total, page.pages) for page in pages} == {(4, 2)}


def test_an_article_without_a_title_shows_its_first_words(store: Store) -> None:
    store.save_tags([made_tags("plain", {}, text="Câu đầu.\n\nCâu hai.")])
    assert next(item.title for item in search(store, Filter(text="plain")).items) == "Câu đầu."


def test_progress_counts_what_the_filter_lets_through_in_any_state(store: Store) -> None:
    store.save_tags(made_tags(f"progress{at}", {"awards": 0.9}) for at in range(3))
    decide(store, "progress0", Decision(action="done", user="lan"), view(store, "progress0").revision)
    assert progress(store, Filter(topic="awards", text="progress")) == (1, 3)
    assert progress(store, Filter(text="nothing of the kind")) == (0, 0)


def test_the_next_article_is_another_one(store: Store) -> None:
    first = search(store, Filter()).items[0].id
    assert neighbour(store, Filter(), first) == search(store, Filter()).items[1].id
    assert neighbour(store, Filter(topic="awards"), "weak") is None


THRESHOLDS = {"reform": 0.5, "awards": 0.4}
DOUBTS = [
    ("far above and far below", {"reform": 0.99}, {"reform": 0.99, "awards": 0.01}, "sure"),
    ("near the threshold, listed", {"reform": 0.55}, {"reform": 0.55, "awards": 0.01}, "near_threshold"),
    (
        "near the threshold, not listed beside another",
        {"reform": 0.99},
        {"reform": 0.99, "awards": 0.38},
        "near_threshold",
    ),
    ("no topic but near", {}, {"reform": 0.45, "awards": 0.01}, "near_miss"),
    ("no topic and far", {}, {"reform": 0.02, "awards": 0.01}, "sure"),
    ("only suggested", {"reform": 0.69}, {"reform": 0.69, "awards": 0.01}, "band"),
    (
        "only suggested, beside another that is hardly nearer its threshold",
        {"reform": 0.69},
        {"reform": 0.69, "awards": 0.27},
        "band",
    ),
    ("no topic, and one that is neither near nor far", {}, {"reform": 0.3, "awards": 0.2}, "sure"),
]


@pytest.mark.parametrize(
    ("listed", "scores", "reason"), [case[1:] for case in DOUBTS], ids=[case[0] for case in DOUBTS]
)
def test_the_reason_of_a_doubt(listed: dict[str, float], scores: dict[str, float], reason: str) -> None:
    doubt = assess(made_tags(topics=listed), probes=Probes(scores=scores, thresholds=THRESHOLDS))
    assert doubt.reason == reason
    assert 0 <= doubt.value <= 1


@pytest.mark.parametrize(
    ("listed", "reason"),
    [
        ({"reform": 0.95}, "likely"),
        ({"reform": 0.89}, "band"),
        ({"reform": 0.95, "awards": 0.75}, "band"),
        ({"reform": 0.995}, "sure"),
    ],
)
def test_a_high_score_below_the_band_of_no_look_is_called_likely(
    listed: dict[str, float], reason: str
) -> None:
    tags = made_tags(topics=listed, auto=0.99)
    assert assess(tags).reason == reason
    assert assess(tags, probes=Probes(scores=listed, thresholds=THRESHOLDS)).reason == reason


SCORE = st.floats(0, 1)


@given(
    reform=SCORE, awards=SCORE, thresholds=st.tuples(SCORE, SCORE), titled=st.booleans(), probed=st.booleans()
)
def test_no_clear_article_stands_above_one_with_a_reason(
    reform: float, awards: float, thresholds: tuple[float, float], titled: bool, probed: bool
) -> None:
    scores = {"reform": reform, "awards": awards}
    limits = dict(zip(scores, thresholds, strict=True))
    tags = made_tags(topics={topic: score for topic, score in scores.items() if score >= limits[topic]})
    probes = Probes(scores=scores, thresholds=limits, title_topics=frozenset(["reform"] if titled else []))
    doubt = assess(tags, probes=probes if probed else None)
    assert 0 <= doubt.value <= 1
    assert (doubt.reason == "sure") == (doubt.value < BAND_DOUBT)


def test_a_title_that_promises_another_topic_is_doubtful() -> None:
    probes = Probes(
        scores={"reform": 0.99, "awards": 0.01},
        thresholds=THRESHOLDS,
        title_topics=frozenset(["awards"]),
        body_topics=frozenset(["reform"]),
    )
    assert assess(made_tags(topics={"reform": 0.99}), probes=probes).reason == "title_body"


def test_models_that_disagree_are_more_doubtful_than_anything_a_score_says() -> None:
    tags = made_tags(topics={"reform": 0.99})
    assert assess(tags, earlier=frozenset(["awards"])).reason == "versions"
    assert assess(tags, earlier=frozenset(["reform"])).reason == "sure"
