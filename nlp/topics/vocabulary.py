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
    counts: list[IntArray] = []
    where: list[NDArray[np.int32]] = []
    for start in range(0, len(texts), _BLOCK):
        found = scan(texts[start : start + _BLOCK])
        pairs = np.flatnonzero(found.sentence[1:] == found.sentence[:-1])
        article = found.article[found.sentence]
        for at, key, length in (
            (np.arange(len(article)), found.hashes, 0),
            (pairs, found.hashes[pairs] * _PAIR + found.hashes[pairs + 1], 1),
        ):
            # Once an article, then once a block with its number of articles: little is kept.
            _, once = np.unique(key ^ article[at].astype(np.uint64) * _ARTICLE, return_index=True)
            distinct, first, frequency = np.unique(key[once], return_index=True, return_counts=True)
            place = at[once[first]]
            spans = [article[place] + start, found.starts[place], found.ends[place + length]]
            keys.append(distinct)
            counts.append(frequency)
            where.append(np.stack(spans, axis=1).astype(np.int32))
    _, first, same = np.unique(np.concatenate(keys), return_index=True, return_inverse=True)
    frequency = np.bincount(same, weights=np.concatenate(counts))
    chosen = np.concatenate(where)[first[frequency >= min_df]]
    return tuple(sorted({_term(texts, span) for span in chosen}))


def _term(texts: Sequence[str], span: NDArray[np.int32]) -> str:
    article, start, end = span.tolist()
    return " ".join(syllables(texts[article][start:end]))
