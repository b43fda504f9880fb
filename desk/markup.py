"""An article's text cut where a mark begins or ends, so that a template can show evidence and names in it."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.types import Span


@dataclass(frozen=True, slots=True)
class Mark:
    """What to show in the text: the tag's id on the page, its kind, and where it stands."""

    ref: str
    kind: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text under the same marks.

    ``kinds`` and ``refs`` are of those marks; ``first`` are the refs that stand here for the first time.
    """

    text: str
    kinds: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    first: tuple[str, ...] = ()


def paragraphs(text: str, marks: Iterable[Mark]) -> list[list[Piece]]:
    r"""Cut a text into paragraphs, and these into pieces.

    Spans may overlap, and may reach over the end of a paragraph; what lies outside the text is left out.

    >>> found = paragraphs("Ông A.\n\nXã B.", [Mark("x", "place", (Span(8, 12),))])
    >>> [[piece.text for piece in each] for each in found]
    [['Ông A.'], ['Xã B', '.']]
    """
    cutter = _Cutter(text, marks)
    found: list[list[Piece]] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        if line.strip():
            found.append(cutter.pieces(start, end))
        start = end + 1
    return found


class _Cutter:
    """Cuts one text, from its beginning to its end."""

    def __init__(self, text: str, marks: Iterable[Mark]) -> None:
        self._text = text
        self._spans = sorted(
            (span[0], span[1], mark.ref, mark.kind)
            for mark in marks
            for span in mark.spans
            if 0 <= span[0] < span[1] <= len(text)
        )
        self._cuts = sorted({at for start, end, *_ in self._spans for at in (start, end)})
        self._seen: set[str] = set()

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Cut a paragraph that stands from ``start`` to ``end``."""
        here = [span for span in self._spans if span[0] < end and span[1] > start]
        edges = [start, *self._cuts[bisect_left(self._cuts, start + 1) : bisect_left(self._cuts, end)], end]
        return [self._piece(left, right, here) for left, right in pairwise(edges)]

    def _piece(self, left: int, right: int, spans: Sequence[tuple[int, int, str, str]]) -> Piece:
        over = [(ref, kind) for start, end, ref, kind in spans if start <= left and end >= right]
        refs = tuple(dict.fromkeys(ref for ref, _ in over))
        first = tuple(ref for ref in refs if ref not in self._seen)
        self._seen.update(refs)
        return Piece(self._text[left:right], tuple(dict.fromkeys(kind for _, kind in over)), refs, first)
