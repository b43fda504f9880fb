"""thetin: reads Vietnamese government news and tags it with topics, officials and places.

>>> from nlp import load_tagger, read_articles
>>> tagger = load_tagger()
>>> articles = list(read_articles("data/sample"))

The names load on first use, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nlp.modelfolder import load_tagger
    from nlp.readers.sources import read_articles
    from nlp.tagger import Tagger
    from nlp.types import Article, Tags

__all__ = ["Article", "Tagger", "Tags", "load_tagger", "read_articles"]
__version__ = "0.1.0"

_HOMES = {
    "Article": "nlp.types",
    "Tagger": "nlp.tagger",
    "Tags": "nlp.types",
    "load_tagger": "nlp.modelfolder",
    "read_articles": "nlp.readers.sources",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module attribute may be anything
    if name not in _HOMES:
        raise AttributeError(f"module 'nlp' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
