"""The terms that a corpus brings: its syllables, pairs of neighbouring syllables, and longer words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.scan import scan, syllables

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.scan import HashArray, IntArray

# Articles that are scanned at once: a few megabytes of arrays.
_BLOCK = 512
_PAIR = np.uint64(0x9FB21C651E98DF25)  # odd; tells "a b" from "b a"
_ARTICLE = np.uint64(0xD6E8FEB86659FD93)


def frequent_terms(texts: Sequence[str], min_df: int) -> tuple[str, ...]:
    """Syllables, and pairs of neighbours within a sentence, that stand in at least ``min_df`` texts; sorted."""
    keys: list[HashArray] = []
    where: list[IntArray] = []
    for start in range(0, len(texts), _BLOCK):
        found = scan(texts[start : start + _BLOCK])
        pairs = np.flatnonzero(found.sentence[1:] == found.sentence[:-1])
        article = found.article[found.sentence]
        for at, key, length in (
            (np.arange(len(article)), found.hashes, 0),
            (pairs, found.hashes[pairs] * _PAIR + found.hashes[pairs + 1], 1),
        ):
            owner = article[at]
            _, first = np.unique(key ^ owner.astype(np.uint64) * _ARTICLE, return_index=True)
            keys.append(key[first])
            spans = np.stack([owner + start, found.starts[at], found.ends[at + length]], axis=1)[first]
            where.append(spans.astype(np.int32))
    _, first, frequency = np.unique(np.concatenate(keys), return_index=True, return_counts=True)
    spans = np.concatenate(where)[first[frequency >= min_df]]
    return tuple(sorted({_term(texts, span) for span in spans}))


def _term(texts: Sequence[str], span: NDArray[np.int32]) -> str:
    article, start, end = span.tolist()
    return " ".join(syllables(texts[article][start:end]))
