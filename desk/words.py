"""The interface's words in the reader's language, and dates and numbers as it writes them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

from nlp.topicnames import topic_names

TEXTS = Path(__file__).resolve().parent / "texts"
LANGUAGES = ("vi", "en")
"""The first is the one that nobody has to choose."""
# Việt Nam has one time zone and no summer time.
HANOI = timezone(timedelta(hours=7))
# Records of earlier versions hold scores of 1.0 that were rounded.
_SUREST = 0.9999
_DATE = {"vi": "%d/%m/%Y", "en": "%Y-%m-%d"}


class Words:
    """Speaks one language; templates call it ``t``.

    Args:
        language: One of ``LANGUAGES``.
        texts: The texts by key; ``{name}`` in a text is a place to fill.
    """

    def __init__(self, language: str, texts: Mapping[str, str]) -> None:
        self.language = language
        self._texts = texts

    def __call__(self, key: str, **values: object) -> str:
        """The text of a key, filled; an unknown key is a fault of ours and raises KeyError."""
        return self._texts[key].format(**values)

    def reason(self, group: str, name: str) -> str:
        """The text of a name that code made, itself where the texts don't have it yet."""
        return self._texts.get(f"{group}.{name}", name)

    def either(self, group: str, name: object, other: object) -> str:
        """The text of a name, or that of another name of the group where there is none."""
        return self._texts.get(f"{group}.{name}") or self._texts[f"{group}.{other}"]

    def topic(self, label: str) -> str:
        """A topic's name for a reader; a label of somebody's own corpus is its own name."""
        return topic_names().get(label, {}).get(self.language, label)

    def day(self, day: date | str | None) -> str:
        """A day as the language writes it, "" for none."""
        if not day:
            return ""
        return (date.fromisoformat(day) if isinstance(day, str) else day).strftime(_DATE[self.language])

    def moment(self, at: str) -> str:
        """A moment of the store, which is in UTC, by the clock in Hà Nội."""
        moment = datetime.fromisoformat(at)
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        return moment.astimezone(HANOI).strftime(f"{_DATE[self.language]} %H:%M")

    def month(self, month: str) -> str:
        """A month such as ``2025-07`` as the language writes it: 7/2025."""
        year, number = month.split("-")
        return f"{int(number)}/{year}" if self.language == "vi" else month

    def percent(self, share: float | None) -> str:
        """A share as whole per cent, a dash for none; what is not certain never reads 100%."""
        if share is None:
            return "–"
        return f"{min(round(share * 100), 99) if share < 1 else 100}%"

    def score(self, score: float) -> str:
        """A model's score, which is rounded and never certain."""
        return self.percent(min(score, _SUREST))

    def number(self, value: float) -> str:
        """A count or figure: 1.234 and 0,82 in Vietnamese, 1,234 and 0.82 in English."""
        written = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
        return written.translate(str.maketrans(",.", ".,")) if self.language == "vi" else written


@cache
def words(language: str) -> Words:
    """The words of one of ``LANGUAGES``."""
    with (TEXTS / f"{language}.toml").open("rb") as stream:
        return Words(language, _flat(tomllib.load(stream)))


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    """Nested tables as one, ``queue.title`` by ``queue.title``."""
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= _flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return found
