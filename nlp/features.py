"""Terms of a text: syllables and pairs of neighbouring syllables, under the key where spellings meet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from nlp.normalize import match_key
from nlp.types import Span

_SYLLABLE = re.compile(r"\w+")


def terms_of(text: str) -> list[str]:
    """Every term of a text, repeated as often as it stands there."""
    return [term for term, _ in term_spans(text)]


def term_spans(text: str) -> Iterator[tuple[str, Span]]:
    """Every term with its span, in code points of ``text``."""
    key = match_key(text)
    syllables = [(found.group(), Span(*found.span())) for found in _SYLLABLE.finditer(key)]
    yield from syllables
    for (first, left), (second, right) in pairwise(syllables):
        yield f"{first} {second}", Span(left.start, right.end)
