"""Files, tables, pages and old encodings, as articles of one normalized text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.readers.sources import READERS, read_articles, read_inputs

__all__ = ["READERS", "read_articles", "read_inputs"]

__getattr__ = door(__name__, dict.fromkeys(__all__, "nlp.readers.sources"))
