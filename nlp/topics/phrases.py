"""Evidence widened to whole words, for a reader.

A model's terms are pairs of neighbouring syllables, which may begin or end inside a word: "trả kết" where the
article says "trả kết quả". No segmentation is at hand when an article is tagged, but the model knows how
rare each syllable and each pair is, and so how much more often two syllables meet than by chance. Inside a
word they are bound more strongly than at its edge.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from nlp.types import Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from nlp.scan import Scan
    from nlp.topics.features import FeatureSpace

# How much more strongly an edge is bound to what stands outside than to what stands inside for it to be no edge,
# in units of the model's idf; syllables taken in at each side. Both by the phrases of 110 articles of the
# project's corpus, read one by one: with no margin, more are widened by a mere neighbour.
MARGIN = 1.0
MAX_SYLLABLES = 2


class WholeWords:
    """The bonds between the syllables of one text.

    Args:
        text: The text.
        found: Its scan.
        space: The features of a model.
        idf: How rare each feature is, 0 where the model does not know it; shape ``(n_features,)``.
    """

    def __init__(self, text: str, found: Scan, space: FeatureSpace, idf: NDArray[np.float32]) -> None:
        self._text = text
        self._starts, self._ends = found.starts.tolist(), found.ends.tolist()
        self._at = {start: at for at, start in enumerate(self._starts)}
        rare: dict[int, dict[int, float]] = {1: {}, 2: {}}
        for length, places, features in space.term_places(found):
            if length in rare:
                rare[length] |= zip(places.tolist(), idf.take(features).tolist(), strict=True)
        self._one, self._two = rare[1], rare[2]

    def widen(self, spans: Iterable[Span]) -> tuple[Span, ...]:
        """Spans of two syllables, widened where an edge is inside a word; others as they are."""
        return tuple(self._widened(span) for span in spans)

    def _widened(self, span: Span) -> Span:
        first = self._at.get(span.start, -1)
        if first < 0 or first + 1 >= len(self._ends) or self._ends[first + 1] != span.end:
            return span
        start, last = first, first + 1
        while first - start < MAX_SYLLABLES and self._bond(start - 1) > self._bond(start) + MARGIN:
            start -= 1
        while last - first <= MAX_SYLLABLES and self._bond(last) > self._bond(last - 1) + MARGIN:
            last += 1
        return Span(self._starts[start], self._ends[last])

    def _bond(self, at: int) -> float:
        """How strongly a syllable is bound to the next: how much less rare their pair is than both together.

        Minus infinity where the model does not know the pair or it can't stand within a word.
        """
        if not (self._two.get(at) and self._one.get(at) and self._one.get(at + 1)):
            return float("-inf")
        (start, end), (next_start, next_end) = ((self._starts[n], self._ends[n]) for n in (at, at + 1))
        if self._text[end:next_start].strip() or not _may_be_one(
            self._text[start:end], self._text[next_start:next_end]
        ):
            return float("-inf")
        return self._one[at] + self._one[at + 1] - self._two[at]


def _may_be_one(syllable: str, following: str) -> bool:
    """Tell by capitals whether two syllables may stand in one word.

    >>> _may_be_one("Gia", "Lai"), _may_be_one("Trưởng", "phòng"), _may_be_one("TỈNH", "ỦY")
    (True, True, True)
    >>> _may_be_one("ông", "Lê"), _may_be_one("UBND", "tỉnh")
    (False, False)
    """
    if following[0].isupper() and not syllable[0].isupper():
        return False
    return len(syllable) == 1 or syllable.isupper() == following.isupper()
