"""Words by underthesea, as spans of the text; the only module that imports it.

A word has one or more syllables. Segmenting takes some 17 milliseconds an article and is done when a
model is fitted: the words found there become terms that every later text is matched with, in
fitting and in use alike.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from nlp.scan import syllables
from nlp.types import Span

# Articles of a corpus that are segmented; more of them bring only rare words.
SAMPLED_ARTICLES = 300
# Sampled articles that a word must stand in.
MIN_ARTICLES = 3
# Terms of two syllables are pairs of neighbours anyway; longer "words" are names run together.
SYLLABLES = (3, 4)
_PART = 50


def word_spans(text: str) -> Iterator[Span]:
    """Cut a normalized text into words and signs; every visible character is in one of the spans.

    underthesea may rejoin, respell or split what it reads, so each piece is looked for again in the
    text, and what it skipped becomes a piece of its own.
    """
    from underthesea import word_tokenize

    at = 0
    for token in word_tokenize(text, use_token_normalize=False):
        for piece in (token,) if token in text[at : at + len(token) + 2] else token.split():
            start = text.find(piece, at)
            if start < 0:
                continue
            yield from _pieces(text, at, start)
            yield Span(start, start + len(piece))
            at = start + len(piece)
    yield from _pieces(text, at, len(text))


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches between blanks of a part of the text that no token covers."""
    at = start
    for piece in text[start:end].split():
        begin = text.index(piece, at)
        at = begin + len(piece)
        yield Span(begin, at)


def frequent_words(texts: Sequence[str]) -> tuple[str, ...]:
    """Words of three or four syllables that stand in several of a sample of texts; sorted.

    The sample is spread evenly over the texts, and what is found there is kept in the user's cache, since
    the next fit mostly reads the same articles. A second process takes as long to start as it would save.
    """
    from joblib import Memory

    step = max(1, len(texts) // SAMPLED_ARTICLES)
    sample = list(texts[::step][:SAMPLED_ARTICLES])
    parts = [sample[start : start + _PART] for start in range(0, len(sample), _PART)]
    cached = Memory(_cache_folder(), verbose=0).cache(_long_words)
    counts: Counter[str] = Counter()
    for part in parts:
        for words in cached(part):
            counts.update(words)
    return tuple(sorted(word for word, n in counts.items() if n >= MIN_ARTICLES))


def _long_words(texts: Sequence[str]) -> list[list[str]]:
    """The distinct long words of each text, as terms."""
    shortest, longest = SYLLABLES
    found = []
    for text in texts:
        words = {tuple(syllables(text[start:end])) for start, end in word_spans(text)}
        found.append(
            sorted(" ".join(word) for word in words if shortest <= len(word) <= longest and "0" not in word)
        )
    return found


def _cache_folder() -> Path:
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "thetin"
