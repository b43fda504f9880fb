"""The lexicon of bodies, "UBND", "Sở Y tế", and of their fields of work, by one pattern for all who ask.

A pattern of 1,300 words takes the better part of a cold start to compile, so there is one: it finds the
longest word of any kind, and whoever asks for words of some kinds gets the longest of these that the
word found begins with, which is the same as what a pattern of their own would find.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable

from nlp.wordlists import one_of, read_words, spellings

BODIES = read_words("bodies")
FIELDS = (*BODIES["field"], *BODIES["department"])
"""Fields of work, "tài chính", and departments that are called after theirs."""

KIND_OF_BODY = {
    spelling: kind for kind, words in BODIES.items() for word in words for spelling in spellings(word)
}
"""The kind of each word, in either tone placement."""

# No "hành chính công" in "Phòng Hành chính Công ty ...", and no newspaper in "Sở Y tế báo cáo".
BODY = re.compile(
    rf"(?<!\w){one_of(KIND_OF_BODY)}(?!(?<=\ công)\ ty(?!\w)|(?<=\ báo)\ (?:cáo|động|tin)(?!\w))"
)
"""The longest word of any kind that stands somewhere in a lower-cased text."""

_EDGE = re.compile(r"(?!\w)")
# The strings that a word begins with and that end where a word may, the longest first: the word is one.
_BEGINNINGS = {word: [word[: edge.start()] for edge in _EDGE.finditer(word)][::-1] for word in KIND_OF_BODY}


class BodyWords:
    """Some words of the lexicon, found where they begin.

    Args:
        words: Words of the lexicon.
    """

    def __init__(self, words: Iterable[str]) -> None:
        own = {spelling for word in words for spelling in spellings(word)}
        # How long the longest of these words is that a word of the lexicon begins with.
        self._lengths = {
            word: next((len(beginning) for beginning in beginnings if beginning in own), 0)
            for word, beginnings in _BEGINNINGS.items()
        }

    def __contains__(self, key: str) -> bool:
        """Whether a lower-cased string is one of the words."""
        return self._lengths.get(key) == len(key)

    def end_at(self, key: str, start: int = 0, end: int = sys.maxsize) -> int:
        """Return where the longest of the words that begins at ``start`` ends; 0 where none does.

        Args:
            key: A text in lower case.
            start: Where the word begins; no letter stands before it.
            end: Up to where the text is read.
        """
        found = BODY.match(key, start, end)
        length = self._lengths[found.group()] if found else 0
        return length and start + length


NAMES_OF_BODIES = BodyWords(
    word for kind, words in BODIES.items() if kind not in ("unit", "link") for word in words
)
"""The name of a body or of its field of work."""
