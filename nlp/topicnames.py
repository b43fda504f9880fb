"""The topics that the project knows by name, from ``data/topics.toml``; a model may know others."""

from __future__ import annotations

import tomllib
from functools import cache

from nlp.files import DATA

TOPICS_FILE = DATA / "topics.toml"


@cache
def topic_names() -> dict[str, dict[str, str]]:
    """Labels with their names in reading order, ``{"reform": {"vi": ..., "en": ...}}``."""
    with TOPICS_FILE.open("rb") as stream:
        return {label: {k: str(v) for k, v in entry.items()} for label, entry in tomllib.load(stream).items()}
