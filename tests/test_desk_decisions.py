"""What editors decide: replayed rightly, undone rightly, never over somebody else's head."""

from __future__ import annotations

import threading

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from desks import TEXT, made_tags
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desk.checks import completed
from desk.decisions import Decision, decide, view
from desk.state import REASONS, STANDING, MadeDecision, State, replay, suggested
from desk.store import Store
from nlp.errors import AccessError, ConflictError, DecisionError, UnknownArticleError, UnknownTopicError

TAGS = made_tags(topics={"reform": 0.9, "awards": 0.6})


def topic(action: str, key: str = "reform", *, user: str = "lan", reason: str = "") -> Decision:
    return Decision(action=action, kind="topic", key=key, user=user, reason=reason)  # type: ignore[arg-type]


def states(store: Store) -> dict[str, str]:
    seen = view(store, "a1")
    return {tag.key: tag.state for tag in (*seen.topics, *seen.officials, *seen.places)}


@pytest.fixture
def store(database: str) -> object:
    with Store.open(database) as opened:
        opened.save_tags([TAGS])
        yield opened


CASES = [
    ("accepted", [topic("accept")], {"reform": "accepted"}),
    ("rejected", [topic("reject", reason="wrong")], {"reform": "rejected"}),
    ("the later word counts", [topic("reject", reason="wrong"), topic("accept")], {"reform": "accepted"}),
    ("added", [topic("add", "discipline")], {"discipline": "added"}),
    ("adding what is suggested accepts it", [topic("add")], {"reform": "accepted"}),
    ("undone", [topic("accept"), Decision(action="undo", user="lan")], {"reform": "suggested"}),
    (
        "an added topic is gone when undone",
        [topic("add", "discipline"), Decision(action="undo")],
        {"discipline": None},
    ),
    (
        "undo of one tag leaves the others",
        [topic("accept"), topic("accept", "awards"), topic("undo")],
        {"reform": "suggested", "awards": "accepted"},
    ),
    (
        "two undos take two decisions back",
        [
            topic("accept"),
            topic("reject", reason="blocked"),
            Decision(action="undo"),
            Decision(action="undo"),
        ],
        {"reform": "suggested"},
    ),
    (
        "a name is mended",
        [
            Decision(
                action="mend", kind="official", key="Phạm Thị Mận", value={"name": "Phạm Thị Mẫn"}, user="lan"
            )
        ],
        {"Phạm Thị Mận": "mended"},
    ),
    (
        "a place without a code goes by type and name",
        [Decision(action="add", kind="place", value={"name": "Cổng Đông", "type": "thôn"})],
        {"thôn Cổng Đông": "added"},
    ),
]


@pytest.mark.parametrize(
    ("wanted", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_the_state_after_decisions(
    store: Store, wanted: list[Decision], expected: dict[str, str | None]
) -> None:
    decide(store, "a1", wanted, 1)
    assert {key: states(store).get(key) for key in expected} == expected


def test_a_decision_raises_the_revision_by_one(store: Store) -> None:
    assert view(store, "a1").revision == 1
    assert decide(store, "a1", [topic("accept"), topic("accept", "awards")], 1) == 3
    assert view(store, "a1").revision == 3


def test_a_decision_on_another_revision_is_refused_and_changes_nothing(store: Store) -> None:
    decide(store, "a1", topic("accept", user="lan"), 1)
    with pytest.raises(ConflictError, match="somebody changed the article"):
        decide(store, "a1", topic("reject", user="minh", reason="wrong"), 1)
    assert states(store)["reform"] == "accepted"


def test_of_editors_who_decide_at_once_exactly_one_is_heard(store: Store) -> None:
    outcomes: list[str] = []

    def press(user: str) -> None:
        try:
            decide(store, "a1", topic("accept", user=user), 1)
            outcomes.append("heard")
        except ConflictError:
            outcomes.append("refused")

    threads = [threading.Thread(target=press, args=(f"editor {n}",)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["heard"] + ["refused"] * 5


def test_all_decisions_of_a_request_or_none(store: Store) -> None:
    with pytest.raises(DecisionError, match="the reasons are wrong, marginal, blocked"):
        decide(store, "a1", [topic("accept"), topic("reject", "awards")], 1)
    assert set(states(store).values()) == {"suggested"}


def test_what_a_person_accepted_stays_when_the_next_model_misses_it(store: Store) -> None:
    decide(store, "a1", [topic("accept"), topic("reject", "awards", reason="marginal")], 1)
    store.save_tags([made_tags(topics={"awards": 0.9}, model="tiny@2")])
    assert {key: state for key, state in states(store).items() if key in ("reform", "awards")} == {
        "reform": "added",
        "awards": "rejected",
    }


def test_an_added_official_is_found_in_the_text_as_a_whole_word(store: Store) -> None:
    decide(
        store,
        "a1",
        Decision(action="add", kind="official", value={"name": "Mận", "positions": [" tổ  trưởng "]}),
        1,
    )
    added = view(store, "a1").officials[-1]
    assert [TEXT[span.start : span.end] for span in added.spans] == ["Mận", "Mận"]
    assert added.detail == "tổ trưởng"


def test_finishing_and_reopening(store: Store) -> None:
    revision = decide(store, "a1", Decision(action="done", user="lan"), 1)
    assert view(store, "a1").state == "done"
    decide(store, "a1", Decision(action="undo", user="lan"), revision)
    assert view(store, "a1").state == "waiting"


def test_the_primary_topic_is_never_one_that_was_rejected(store: Store) -> None:
    revision = decide(store, "a1", topic("reject", reason="wrong"), 1)
    assert view(store, "a1").primary == "awards"
    decide(store, "a1", topic("reject", "awards", reason="wrong"), revision)
    assert view(store, "a1").primary is None


def test_every_decision_is_in_the_history_with_its_model(store: Store) -> None:
    decide(store, "a1", [topic("reject", reason="blocked"), Decision(action="undo", user="minh")], 1)
    events = [
        (each.user, each.action, each.key, each.reason, each.model) for each in view(store, "a1").history
    ]
    assert events == [
        ("minh", "undo", "reform", "", "tiny@1"),
        ("lan", "reject", "reform", "blocked", "tiny@1"),
        ("", "suggest", "", "", "tiny@1"),
        ("", "added", "", "", ""),
    ]


@pytest.mark.parametrize(
    ("wanted", "error", "words"),
    [
        (topic("like"), DecisionError, "the actions are"),
        (Decision(action="accept", kind="mood", key="x"), DecisionError, "the kinds are"),
        (topic("accept", "discipline"), DecisionError, "add it first"),
        (topic("add", "football"), UnknownTopicError, "the topics are awards, discipline, reform"),
        (topic("mend"), DecisionError, "reject it and add another"),
        (Decision(action="undo"), DecisionError, "nothing|no decision"),
        (Decision(action="add", kind="official"), DecisionError, "name"),
        (Decision(action="add", kind="official", value={"name": " "}), DecisionError, "empty"),
        (Decision(action="add", kind="official", value={"name": "x" * 301}), DecisionError, "300"),
        (
            Decision(action="add", kind="official", value={"name": "A", "positions": "chủ tịch"}),
            DecisionError,
            "list",
        ),
        (
            Decision(action="add", kind="place", value={"name": "A", "level": "village"}),
            DecisionError,
            "levels",
        ),
        (Decision(action="add", kind="place", value={"name": ["A"]}), DecisionError, "text"),
    ],
)
def test_what_says_nothing_possible_is_refused(
    store: Store, wanted: Decision, error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        decide(store, "a1", wanted, 1)
    assert view(store, "a1").revision == 1


def test_an_article_that_is_not_there(store: Store) -> None:
    with pytest.raises(UnknownArticleError):
        decide(store, "a2", topic("accept"), 0)


def test_only_a_reviewer_changes_what_others_finished_or_decided(store: Store) -> None:
    revision = decide(store, "a1", topic("accept", user="lan"), 1)
    undo = Decision(action="undo", user="minh")
    with pytest.raises(AccessError, match="lan made this decision"):
        decide(store, "a1", undo, revision, is_reviewer=False)
    revision = decide(store, "a1", Decision(action="done", user="lan"), revision)
    with pytest.raises(AccessError, match="lan finished this article"):
        decide(store, "a1", topic("accept", "awards", user="minh"), revision, is_reviewer=False)
    assert decide(store, "a1", undo, revision, is_reviewer=True) == revision + 1


ACTIONS = st.one_of(
    st.builds(topic, st.just("accept"), st.sampled_from(["reform", "awards"])),
    st.builds(
        topic, st.just("reject"), st.sampled_from(["reform", "awards"]), reason=st.sampled_from(REASONS)
    ),
    st.builds(topic, st.just("add"), st.sampled_from(["reform", "awards", "discipline"])),
    st.just(Decision(action="done", user="lan")),
)


def played(wanted: list[Decision]) -> tuple[State, list[MadeDecision]]:
    made: list[MadeDecision] = []
    for number, decision in enumerate(wanted, 1):
        state = replay(TAGS, made, TEXT, "digest")
        whole = completed(decision, state, made, ())
        made.append(
            MadeDecision(decision=whole, id=number, revision=number, model="", digest="digest", at="")
        )
    return replay(TAGS, made, TEXT, "digest"), made


@given(st.lists(ACTIONS, max_size=8))
def test_law_undoing_everything_gives_the_suggestion_back(wanted: list[Decision]) -> None:
    undos = [Decision(action="undo", user="lan")] * len(wanted)
    state, _ = played(wanted + undos)
    assert state.tags == suggested(TAGS)
    assert not state.is_done


@given(st.lists(ACTIONS, min_size=1, max_size=8))
def test_law_one_undo_gives_the_state_before_the_last_decision(wanted: list[Decision]) -> None:
    assert played([*wanted, Decision(action="undo", user="lan")])[0] == played(wanted[:-1])[0]


@given(st.lists(ACTIONS, max_size=8))
def test_law_without_a_model_what_a_person_gave_still_stands(wanted: list[Decision]) -> None:
    state, made = played(wanted)
    given_by_a_person = {tag.key for tag in state.tags if tag.state in ("accepted", "added")}
    alone = replay(None, made, TEXT, "digest")
    assert {tag.key for tag in alone.tags if tag.state in STANDING} == given_by_a_person


@given(st.lists(ACTIONS, max_size=6))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_law_the_lists_say_what_the_article_says(
    tmp_path_factory: pytest.TempPathFactory, wanted: list[Decision]
) -> None:
    from desk.queue import Filter, search

    with Store.open(str(tmp_path_factory.mktemp("law") / "desk.db")) as store:
        store.save_tags([TAGS])
        decide(store, "a1", wanted, 1)
        seen = view(store, "a1")
        item = search(store, Filter(state="all")).items[0]
    assert [tag.key for tag in item.topics] == [tag.key for tag in seen.topics if tag.state in STANDING]
    assert item.state == seen.state
