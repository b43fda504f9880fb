"""The current state of an article's tags: what the newest model suggests, and the decisions replayed on it.

Nothing here touches the store, so the rules can be read and tested by themselves. A tag is known by its
kind and key. A decision carries a copy of the tag it was about, so that what a person accepted stays
when a newer model no longer suggests it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from nlp.records import to_record
from nlp.types import Span, Tags

Kind = Literal["topic", "official", "place"]
Action = Literal["accept", "reject", "add", "mend", "undo", "done"]
TagState = Literal["suggested", "accepted", "rejected", "added", "mended"]

KINDS: tuple[Kind, ...] = ("topic", "official", "place")
ACTIONS: tuple[Action, ...] = ("accept", "reject", "add", "mend", "undo", "done")
REASONS = ("wrong", "marginal", "blocked")
"""Why a tag is rejected: it does not apply; it applies but hardly; it is right but must not be shown."""
BATCH = "batch"
"""Why an article is done that nobody looked at by itself: it was one of many clear ones."""
STANDING: tuple[TagState, ...] = ("suggested", "accepted", "added", "mended")
"""The states of tags that count; a rejected one does not."""

# The field of a tag's record that holds its spans.
_SPANS = {"topic": "evidence", "official": "mentions", "place": "mentions"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What an editor says of one tag, or of the article where ``action`` is ``done``.

    ``value`` is the tag's record, whole for ``add`` and changed fields for ``mend``. ``reason`` is one
    of ``REASONS`` for ``reject``. ``undo`` takes back the last decision that still counts, of the tag
    if ``kind`` and ``key`` name one, else of the article.
    """

    action: Action
    kind: str = ""
    key: str = ""
    value: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    user: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeDecision:
    """A decision as the store keeps it: when, at which revision, of which model's suggestion and text."""

    decision: Decision
    id: int
    revision: int
    model: str
    digest: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TagView:
    """One tag as an editor sees it.

    ``score`` is None and ``band`` "" where a person, or an older model, and not the newest one said it.
    ``detail`` is an official's posts or a place's province; ``record`` is the tag as ``docs/record.md``
    writes it. ``decided_by`` is "" for a mere suggestion.
    """

    kind: Kind
    key: str
    label: str
    detail: str
    score: float | None
    band: str
    state: TagState
    spans: tuple[Span, ...]
    record: Mapping[str, Any]
    reason: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """All tags of an article in order, its primary topic, and whether an editor finished it.

    ``is_batch``: it was finished with others, and nobody has looked at it by itself since.
    """

    tags: tuple[TagView, ...]
    primary: str | None
    is_done: bool
    is_batch: bool = False

    def of_kind(self, kind: Kind) -> tuple[TagView, ...]:
        """The tags of one kind, in order."""
        return tuple(tag for tag in self.tags if tag.kind == kind)


def tag_key(kind: str, record: Mapping[str, Any]) -> str:
    """Return what a tag is known by, inside its article and across articles.

    A topic's label, an official's name, a place's code; a place without a code goes by type and name.
    """
    if kind == "topic":
        return str(record["topic"])
    if kind == "official":
        return str(record["name"])
    return str(record.get("code") or f"{record.get('type', '')} {record['name']}".strip())


def suggested(tags: Tags) -> tuple[TagView, ...]:
    """Return a model's answer as tags that nobody decided on yet."""
    record = to_record(tags)
    views: dict[tuple[str, str], TagView] = {}
    for kind, field_name in zip(KINDS, ("topics", "officials", "places"), strict=True):
        for item in record[field_name]:
            key = base = tag_key(kind, item)
            number = 1
            while (kind, key) in views:  # two persons of one name
                number += 1
                key = f"{base} #{number}"
            views[kind, key] = _view(kind, key, item, score=item.get("score"), band=item.get("band", ""))
    return tuple(views.values())


def effective(decisions: Iterable[MadeDecision]) -> list[MadeDecision]:
    """Return the decisions that no later ``undo`` took back, in order."""
    kept: list[MadeDecision] = []
    for made in decisions:
        if made.decision.action != "undo":
            kept.append(made)
        elif (at := undone_by(made.decision, kept)) is not None:
            del kept[at]
    return kept


def undone_by(undo: Decision, kept: list[MadeDecision]) -> int | None:
    """Return the index of the decision that an undo would take back, None where there is none."""
    for at in range(len(kept) - 1, -1, -1):
        decision = kept[at].decision
        if not undo.kind or (decision.kind, decision.key) == (undo.kind, undo.key):
            return at
    return None


def replay(tags: Tags | None, decisions: Iterable[MadeDecision], text: str, digest: str) -> State:
    """Return the state of an article.

    Args:
        tags: What the newest model says; None where no model has seen the article.
        decisions: All decisions, oldest first.
        text: The article's text, in which names that a person added are looked up.
        digest: The text's digest; the article is done only if it was finished with this text.
    """
    views = {(view.kind, view.key): view for view in (suggested(tags) if tags else ())}
    is_done = is_batch = False
    for made in effective(decisions):
        decision = made.decision
        if decision.action == "done":
            is_done, is_batch = made.digest == digest, decision.reason == BATCH
        else:
            _apply(views, decision, text)
            is_batch = False
    order = {kind: rank for rank, kind in enumerate(KINDS)}
    ordered = tuple(sorted(views.values(), key=lambda view: order[view.kind]))
    return State(
        tags=ordered,
        primary=_primary(ordered, tags.primary if tags else None),
        is_done=is_done,
        is_batch=is_batch,
    )


def _apply(views: dict[tuple[Kind, str], TagView], decision: Decision, text: str) -> None:
    kind: Kind = decision.kind  # type: ignore[assignment]  # checked before it was stored
    at = (kind, decision.key)
    view = views.get(at)
    if view is None:
        if decision.action == "reject":
            return  # no model suggests it any more
        record = {**decision.value}
        if kind != "topic" and not record.get("mentions"):
            record["mentions"] = [list(span) for span in _occurrences(record["name"], text)]
        view = _view(kind, decision.key, record, score=None, band="")
        state: TagState = "added"
    else:
        state = "accepted"
    if decision.action == "mend":
        view = _view(kind, view.key, {**view.record, **decision.value}, score=view.score, band=view.band)
        state = "mended"
    elif decision.action == "reject":
        state = "rejected"
    views[at] = replace(view, state=state, reason=decision.reason, decided_by=decision.user)


def _view(kind: Kind, key: str, record: dict[str, Any], *, score: float | None, band: str) -> TagView:
    details = {
        "topic": "",
        "official": "; ".join(record.get("positions", ())),
        "place": record.get("province", ""),
    }
    labels = {
        "topic": record.get("topic", ""),
        "official": record.get("name", ""),
        "place": f"{record.get('type', '')} {record.get('name', '')}".strip(),
    }
    return TagView(
        kind=kind,
        key=key,
        label=labels[kind],
        detail=details[kind],
        score=score,
        band=band,
        state="suggested",
        spans=tuple(Span(*pair) for pair in record.get(_SPANS[kind], ())),
        record=record,
    )


def _occurrences(name: str, text: str) -> tuple[Span, ...]:
    """Where a name stands in a text as whole words."""
    found = re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
    return tuple(Span(*each.span()) for each in found)


def _primary(views: tuple[TagView, ...], primary: str | None) -> str | None:
    """The model's choice while it stands, else the standing topic that weighs most; a person's weigh 1."""
    standing = [view for view in views if view.kind == "topic" and view.state in STANDING]
    if any(view.key == primary for view in standing):
        return primary
    best = max(standing, key=lambda view: 1.0 if view.score is None else view.score, default=None)
    return best.key if best else None
