"""What an editor sent by a form on an article's page, as decisions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from desk.decisions import ArticleView
from desk.state import Decision
from desk.units import unit_of
from nlp.errors import DecisionError
from nlp.gazetteer import Gazetteer

_PLACE_FIELDS = ("name", "type", "level", "province")


def decisions_of(fields: Mapping[str, Any], view: ArticleView, on: date, user: str) -> list[Decision]:
    """Read a form.

    Its field ``action`` is one of ``desk.state.ACTIONS``, or ``accept-all``; a reject carries its
    reason behind a colon, ``reject:wrong``, so that one button says both.

    Args:
        fields: The form's fields.
        view: The article as it stands.
        on: The day by which its places are linked.
        user: Who sent it.
    """
    given = {name: value.strip() for name, value in fields.items() if isinstance(value, str)}
    action, _, reason = given.get("action", "").partition(":")
    kind, key = given.get("kind", ""), given.get("key", "")
    if action == "accept-all":
        return accepted(view, user)
    value: dict[str, Any] = {}
    if action in ("add", "mend") and kind == "official":
        value = _official(given)
    elif action in ("add", "mend") and kind == "place":
        value = _place(given, on)
    elif action == "done":
        kind = key = ""
    made: dict[str, Any] = {"action": action, "kind": kind, "key": key, "value": value, "reason": reason}
    return [Decision(**made, user=user)]


def accepted(view: ArticleView, user: str) -> list[Decision]:
    """Accept whatever nobody decided on yet.

    Raises:
        DecisionError: There is nothing left to accept.
    """
    waiting = [tag for tag in (*view.topics, *view.officials, *view.places) if tag.state == "suggested"]
    if not waiting:
        raise DecisionError("every tag of the article is decided on already")
    return [Decision(action="accept", kind=tag.kind, key=tag.key, user=user) for tag in waiting]


def _official(given: Mapping[str, str]) -> dict[str, Any]:
    """An official's fields; posts stand one a line."""
    value: dict[str, Any] = {"name": given.get("name", "")}
    if "positions" in given:
        value["positions"] = [line.strip() for line in given["positions"].splitlines() if line.strip()]
    return value


def _place(given: Mapping[str, str], on: date) -> dict[str, Any]:
    """A place's fields; a code that the gazetteer knows says all the others."""
    code = given.get("code", "")
    unit = unit_of(code, on) if code else None
    if unit is None:
        return {name: given[name] for name in _PLACE_FIELDS if given.get(name)} | {"code": code or None}
    province = Gazetteer.load().province_of(unit, on)
    return {
        "code": unit.code,
        "name": unit.name,
        "type": unit.type,
        "level": unit.level,
        "province": province.name if province else "",
    }
