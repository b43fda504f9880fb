"""Whether a decision says something possible, and what it has to carry to stand by itself later."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any

from desk.schema import clean
from desk.state import (
    ACTIONS,
    KINDS,
    REASONS,
    Decision,
    MadeDecision,
    State,
    TagView,
    effective,
    tag_key,
    undone_by,
)
from nlp.errors import AccessError, DecisionError, UnknownTopicError
from nlp.normalize import normalize
from nlp.topicnames import topic_names

MAX_WORDS = 300
"""Characters of a name or post that a person adds."""
MAX_POSITIONS = 20
_PLACE_LEVELS = ("province", "district", "commune")
_MENDABLE = {
    "topic": (),
    "official": ("name", "positions", "unit"),
    "place": ("name", "level", "type", "code", "province"),
}


def check_access(
    decision: Decision, state: State, made: Sequence[MadeDecision], *, is_reviewer: bool
) -> None:
    """Refuse what only a reviewer may do: to change what others finished, or undo what others decided.

    Raises:
        AccessError: The message names whose word it is.
    """
    if is_reviewer:
        return
    kept = effective(made)
    if state.is_done:
        finisher = next(each.decision.user for each in reversed(kept) if each.decision.action == "done")
        if finisher != decision.user:
            raise AccessError(f"{finisher} finished this article; only a reviewer may change it")
    if decision.action == "undo" and (at := undone_by(decision, kept)) is not None:
        maker = kept[at].decision.user
        if maker != decision.user:
            raise AccessError(f"{maker} made this decision; only a reviewer may undo it")


def completed(
    decision: Decision, state: State, made: Sequence[MadeDecision], topics: Collection[str]
) -> Decision:
    """Return the decision with all that it needs to be replayed when the suggestion is gone.

    Raises:
        DecisionError: It says nothing, or nothing possible; the message says what would be.
        UnknownTopicError: A topic is added that nobody knows.
    """
    if decision.action not in ACTIONS:
        raise DecisionError(f"{decision.action!r} is no action; the actions are {', '.join(ACTIONS)}")
    if decision.action == "done":
        return replace(decision, kind="", key="", value={}, reason="")
    if decision.action == "undo":
        return _completed_undo(decision, made)
    if decision.kind not in KINDS:
        raise DecisionError(f"{decision.kind!r} is no kind of tag; the kinds are {', '.join(KINDS)}")
    if decision.action == "add":
        return _completed_add(decision, state, topics)
    tag = next((tag for tag in state.of_kind(decision.kind) if tag.key == decision.key), None)
    if tag is None:
        raise DecisionError(f"the article has no {decision.kind} {decision.key[:MAX_WORDS]!r}; add it first")
    if decision.action == "mend":
        return _completed_mend(decision, tag)
    if decision.action == "reject" and decision.reason not in REASONS:
        raise DecisionError(f"say why: the reasons are {', '.join(REASONS)}")
    reason = decision.reason if decision.action == "reject" else ""
    return replace(decision, value=dict(tag.record), reason=reason)


def _completed_undo(decision: Decision, made: Sequence[MadeDecision]) -> Decision:
    kept = effective(made)
    at = undone_by(decision, kept)
    if at is None:
        raise DecisionError("there is no decision to undo")
    undone = kept[at].decision
    return replace(decision, kind=undone.kind, key=undone.key, value={"undone": undone.action}, reason="")


def _completed_add(decision: Decision, state: State, topics: Collection[str]) -> Decision:
    if decision.kind == "topic":
        topic = decision.key or decision.value.get("topic", "")
        known = {*topics, *topic_names(), *(tag.key for tag in state.of_kind("topic"))}
        if topic not in known:
            raise UnknownTopicError(
                f"{str(topic)[:MAX_WORDS]!r} is no topic; the topics are {', '.join(sorted(known))}"
            )
        value: dict[str, Any] = {"topic": topic, "evidence": []}
    else:
        value = _checked_fields(decision.kind, decision.value)
        if "name" not in value:
            raise DecisionError(f"give the {decision.kind}'s name")
        if decision.kind == "official":
            value = {"positions": [], "unit": None, **value, "mentions": []}
        else:
            value = {
                "level": "commune",
                "type": "",
                "code": None,
                "province": "",
                **value,
                "current": [],
                "mentions": [],
            }
    key = tag_key(decision.kind, value)
    return replace(decision, key=key, value=value, reason="")


def _completed_mend(decision: Decision, tag: TagView) -> Decision:
    changed = _checked_fields(decision.kind, decision.value)
    if not changed:
        fields = ", ".join(_MENDABLE[decision.kind]) or "none; reject it and add another"
        raise DecisionError(f"say what to mend; the fields of this tag are {fields}")
    return replace(decision, value={**tag.record, **changed}, reason="")


def _checked_fields(kind: str, value: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a tag that a person may write, cleaned; other fields are left out."""
    checked: dict[str, Any] = {}
    for name in _MENDABLE[kind]:
        if name in value:
            checked[name] = _positions(value[name]) if name == "positions" else _words(name, value[name])
    if "name" in checked and not checked["name"]:
        raise DecisionError("the name is empty")
    if checked.get("level", "commune") not in _PLACE_LEVELS:
        raise DecisionError(f"{checked['level']!r} is no level; the levels are {', '.join(_PLACE_LEVELS)}")
    for name in ("unit", "code"):
        if name in checked:
            checked[name] = checked[name] or None
    for name in ("type", "province"):
        if name in checked:
            checked[name] = checked[name] or ""
    return checked


def _positions(value: object) -> list[str]:
    if not isinstance(value, (list, tuple)) or len(value) > MAX_POSITIONS:
        raise DecisionError(f"positions are a list of at most {MAX_POSITIONS} posts")
    return [post for post in (_words("position", each) for each in value) if post]


def _words(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str) or len(value) > MAX_WORDS:
        raise DecisionError(f"{name} is a text of at most {MAX_WORDS} characters")
    return clean(" ".join(normalize(value).split()))
