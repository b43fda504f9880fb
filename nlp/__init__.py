"""thetin: reads Vietnamese government news and tags it with topics, officials and places.

>>> from nlp import load_tagger, read_articles
>>> tagger = load_tagger()
>>> articles = list(read_articles("data/sample"))

The names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nlp.doors import door

if TYPE_CHECKING:
    from nlp.modelfolder import load_tagger
    from nlp.readers.sources import read_articles
    from nlp.tagger import Tagger
    from nlp.types import Article, Tags

__all__ = ["Article", "Tagger", "Tags", "load_tagger", "read_articles"]
__version__ = "0.1.0"

__getattr__ = door(
    __name__,
    {
        "Article": "nlp.types",
        "Tagger": "nlp.tagger",
        "Tags": "nlp.types",
        "load_tagger": "nlp.modelfolder",
        "read_articles": "nlp.readers.sources",
    },
)
