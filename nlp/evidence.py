"""Which sentences carry a topic: the labeller's marks found again in the text."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.normalize import match_key, normalize
from nlp.types import LabelledText, Span

# Marks are a sentence's first words, sometimes followed by an ellipsis.
_MARK_TAIL = " .…"


def marked_sentences(article: LabelledText, topic: str, sentences: Sequence[Span]) -> tuple[int, ...]:
    """Numbers of the sentences that the labeller marked for a topic, in the order of the text.

    A mark stands where its words stand, be it at a sentence's start or inside one: a caption or a
    place line often runs into the sentence that the labeller read. A mark whose words are not in
    the text is ignored.
    """
    key = match_key(article.text)
    found = set()
    for mark in article.evidence.get(topic, ()):
        words = match_key(normalize(mark)).rstrip(_MARK_TAIL)
        at = key.find(words) if words else -1
        found |= {number for number, (start, end) in enumerate(sentences) if start <= at < end}
    return tuple(sorted(found))
