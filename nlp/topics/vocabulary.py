"""The terms that a corpus brings: its syllables, pairs of neighbouring syllables, and longer words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.scan import scan, syllables
from nlp.topics.keys import is_last, last_places

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import FloatArray, HashArray, IntArray


# Articles that are scanned at once: a few megabytes of arrays.
_BLOCK = 512
_PAIR = np.uint64(0x9FB21C651E98DF25)  # odd; tells "a b" from "b a"
_ARTICLE = np.uint64(0xD6E8FEB86659FD93)


def frequent_terms(texts: Sequence[str], min_df: int) -> tuple[str, ...]:
    """Syllables, and pairs of neighbours within a sentence, that stand in at least ``min_df`` texts; sorted."""
    keys: list[HashArray] = []
    counts: list[FloatArray] = []
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
            once = np.flatnonzero(is_last(last_places(key ^ article[at].astype(np.uint64) * _ARTICLE)))
            distinct, frequency = _counted(key[once], np.ones(len(once)))
            place = at[once[distinct]]
            spans = [
                article[place] + start,
                found.starts[place],
                found.ends[place + length],
                np.full(len(place), length),
            ]
            keys.append(key[once[distinct]])
            counts.append(frequency)
            where.append(np.stack(spans, axis=1).astype(np.int32))
    distinct, frequency = _counted(np.concatenate(keys), np.concatenate(counts))
    chosen = np.concatenate(where)[distinct[frequency >= min_df]]
    return tuple(sorted(_terms(texts, chosen)))


def _counted(keys: HashArray, counts: FloatArray) -> tuple[IntArray, FloatArray]:
    """The last place of each distinct key, and the sum of its counts."""
    places = last_places(keys)
    distinct = np.flatnonzero(is_last(places))
    sums = np.bincount(places, weights=counts, minlength=len(keys))
    return distinct, np.asarray(sums[distinct], dtype=np.float64)


def _terms(texts: Sequence[str], chosen: NDArray[np.int32]) -> set[str]:
    """Terms by where they stand: article, start, end, and 0 for one syllable or 1 for two."""
    surfaces: tuple[list[str], list[str]] = [], []
    for article, start, end, length in chosen.tolist():
        surfaces[length].append(texts[article][start:end])
    # In one go: a call a term would take longer than counting them all.
    single, paired = (syllables("\n".join(each)) for each in surfaces)
    return {*single, *map(" ".join, zip(paired[::2], paired[1::2], strict=True))}
