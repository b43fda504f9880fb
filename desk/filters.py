"""The queue's filter as a page's address carries it; a form sends empty fields, which filter nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote, urlencode

from desk.queue import Filter

_FIELDS = ("text", "topic", "place", "official", "since", "until", "state")
_MAX_FIELD = 300
_MAX_PAGE = 1_000_000


def filter_of(fields: Mapping[str, str], *, state: str = "waiting", per_page: int = 50) -> Filter:
    """Read a filter; what is not understood filters nothing, so that an old bookmark still opens.

    Args:
        fields: The address's fields.
        state: Which articles where the address tells none.
        per_page: Articles a page.
    """
    given = {name: fields.get(name, "").strip()[:_MAX_FIELD] for name in _FIELDS}
    page = fields.get("page", "")
    values: dict[str, Any] = {
        "topic": given["topic"] or None,
        "place": given["place"] or None,
        "official": given["official"] or None,
        "since": _day(given["since"]),
        "until": _day(given["until"]),
        "state": given["state"] if given["state"] in ("waiting", "done", "all") else state,
        "text": given["text"],
        "page": min(int(page), _MAX_PAGE) if page.isascii() and page.isdigit() and len(page) < 9 else 1,
        "per_page": per_page,
    }
    return Filter(**values)


def query_of(wanted: Filter, *, state: str = "waiting", **changes: str | int) -> str:
    """Write a filter as the part of an address after the question mark; what filters nothing is left out."""
    values = {name: getattr(wanted, name) for name in _FIELDS} | changes
    kept = {
        name: str(value)
        for name, value in values.items()
        if value and not (name == "state" and value == state) and not (name == "page" and value == 1)
    }
    return urlencode(kept)


def article_url(article_id: str, query: str = "") -> str:
    """Where an article's page is, with the filter that the editor came from."""
    return f"/articles/{quote(article_id, safe='')}" + (f"?{query}" if query else "")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
