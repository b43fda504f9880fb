"""Words that a reader watches for: triggers, which name a matter, and classes of words around them.

A trigger such as "kỷ luật" says little by itself; beside words for officials or for athletes it says
much. Which triggers and classes there are stands in ``data/cues.csv``; none is tied to a topic.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from nlp.files import DATA
from nlp.scan import syllables

CUES_FILE = DATA / "cues.csv"


@dataclass(frozen=True, slots=True)
class Cues:
    """Triggers, and the words of each class; all in the form of ``nlp.scan.syllables``, joined by blanks."""

    triggers: tuple[str, ...]
    classes: Mapping[str, tuple[str, ...]]

    @property
    def words(self) -> tuple[str, ...]:
        """Every trigger and every word of a class, once."""
        return tuple(
            dict.fromkeys([*self.triggers, *(word for words in self.classes.values() for word in words)])
        )

    def to_json(self) -> dict[str, Any]:
        """What a model folder keeps, so that a later table of cues does not change an older model."""
        return {
            "triggers": list(self.triggers),
            "classes": {name: list(words) for name, words in self.classes.items()},
        }

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Self:
        """The inverse of ``to_json``."""
        return cls(tuple(raw["triggers"]), {name: tuple(words) for name, words in raw["classes"].items()})

    @classmethod
    def load(cls, path: Path = CUES_FILE) -> Self:
        """Read the table: columns ``class`` (empty for a trigger), ``words`` and ``source``."""
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        classes = dict.fromkeys(row["class"] for row in rows if row["class"])
        return cls(
            triggers=_words(row["words"] for row in rows if not row["class"]),
            classes={name: _words(row["words"] for row in rows if row["class"] == name) for name in classes},
        )


def _words(cells: Any) -> tuple[str, ...]:  # noqa: ANN401 - any iterable of strings
    return tuple(dict.fromkeys(" ".join(syllables(cell)) for cell in cells))
