"""Files, tables, pages and old encodings, as articles of one normalized text."""

from nlp.readers.sources import READERS, read_articles, read_inputs

__all__ = ["READERS", "read_articles", "read_inputs"]
