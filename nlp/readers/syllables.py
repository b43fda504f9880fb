"""Whether a word is spelled as a Vietnamese syllable can be: the yardstick for guessing an encoding."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import islice

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_TONE = re.compile(f"[{_TONES}]")
# Syllables that close with a stop carry the sharp or the heavy tone only.
_STOPPED = re.compile(r"(?:ch|c|p|t)\Z")
_SHARP_OR_HEAVY = frozenset("\u0301\u0323")
_SYLLABLE = re.compile(
    r"""
    (?:ngh?|gh|gi|g|kh|k|ph|qu|th|tr|t|ch|c|nh|n|[bdđhlmprsvx])?          # 1. onset
    (?: (?:iê|yê)(?:c|m|n|ng|p|t|u)                                      # 2. rime
      | (?:ia|ya|ưa|ua|uya|uơ|uê|uy|oa|oe|ue)
      | ươ(?:c|i|m|n|ng|p|t|u) | uô(?:c|i|m|n|ng|p|t)
      | uyê(?:n|t) | oo(?:c|ng) | uâ(?:n|ng|t|y) | uê(?:ch|nh|n) | uy(?:u|t|ch|nh|n|p|a)?
      | oa(?:c|ch|i|m|n|ng|nh|o|p|t|y) | oă(?:c|m|n|ng|t) | oe(?:n|o|t)
      | a(?:c|ch|i|m|n|ng|nh|o|p|t|u|y)? | ă(?:c|k|m|n|ng|p|t) | â(?:c|m|n|ng|p|t|u|y)
      | e(?:c|m|n|ng|o|p|t|nh|ch)? | ê(?:ch|m|n|nh|p|t|u|c)? | i(?:ch|m|n|nh|p|t|u|c)?
      | o(?:c|i|m|n|ng|p|t)? | ô(?:c|i|m|n|ng|p|t)? | ơ(?:i|m|n|p|t|c|ng)?
      | u(?:c|i|m|n|ng|p|t)? | ư(?:c|i|m|n|ng|t|u)? | y(?:m|n|t|nh|p|ch)?
      | [aâăeêiy](?:o|u)?
    )
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+")


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether a lower-case word in NFC could be a Vietnamese syllable.

    >>> is_syllable("nghị"), is_syllable("hộp"), is_syllable("hòp"), is_syllable("señor")
    (True, True, False, False)
    """
    letters = unicodedata.normalize("NFD", word)
    tones = _TONE.findall(letters)
    if len(tones) > 1:
        return False
    bare = unicodedata.normalize("NFC", _TONE.sub("", letters))
    if not _SYLLABLE.fullmatch(bare):
        return False
    return not _STOPPED.search(bare) or not tones or tones[0] in _SHARP_OR_HEAVY


def syllable_share(text: str, *, limit: int = 400) -> float:
    """Return which share of the first words could be Vietnamese syllables, in [0, 1]; 0 for no words."""
    words = [found.group().lower() for found in islice(_WORD.finditer(text), limit)]
    return sum(map(is_syllable, words)) / len(words) if words else 0.0
