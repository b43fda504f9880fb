"""Terms of one or more syllables found in a scan: a trie over hashes, walked level by level.

A node of the trie is a number; an edge is the pair of a node and the syllable that follows. The
edges stand in a table with open addressing, so that a whole batch steps down one level with a
handful of array operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from nlp.scan import scan

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.scan import IntArray, Scan

    NodeArray = NDArray[np.int32]
    KeyArray = NDArray[np.uint64]

# Knuth's multiplicative hashing: 2^64 divided by the golden ratio, odd.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_HALF = np.uint64(32)


class KeyTable:
    """The number of each of a set of distinct 64-bit keys: open addressing, at most half filled."""

    def __init__(self, keys: KeyArray) -> None:
        bits = max(4, (2 * len(keys)).bit_length())
        self._shift = np.uint64(64 - bits)
        self._last = (1 << bits) - 1
        self._keys = np.zeros(1 << bits, dtype=np.uint64)
        self._numbers = np.full(1 << bits, -1, dtype=np.int32)
        waiting, slots = np.arange(len(keys)), self._slots(keys)
        while len(waiting):
            free = np.flatnonzero(self._numbers[slots] < 0)
            taken, first = np.unique(slots[free], return_index=True)
            placed = free[first]
            self._keys[taken] = keys[waiting[placed]]
            self._numbers[taken] = waiting[placed]
            waiting = np.delete(waiting, placed)
            slots = np.delete(slots, placed) + 1 & self._last

    def get(self, keys: KeyArray) -> NodeArray:
        """The number of each key, -1 where it is not in the table."""
        slots = self._slots(keys)
        numbers = self._numbers.take(slots)
        open_ = np.flatnonzero((self._keys.take(slots) != keys) & (numbers >= 0))
        slots = slots[open_]
        while len(open_):
            slots = slots + 1 & self._last
            numbers[open_] = self._numbers[slots]
            again = (self._keys[slots] != keys[open_]) & (numbers[open_] >= 0)
            open_, slots = open_[again], slots[again]
        return numbers

    def _slots(self, keys: KeyArray) -> IntArray:
        return (keys * _GOLDEN >> self._shift).astype(np.int64)


class TermTable:
    """Terms as a trie.

    Args:
        terms: Distinct terms, their syllables as ``nlp.scan.syllables`` gives them, joined by blanks.

    Attributes:
        n_terms: How many there are.
    """

    def __init__(self, terms: Sequence[str]) -> None:
        self.n_terms = len(terms)
        hashes, lengths = _term_hashes(terms)
        ends = np.cumsum(lengths)
        starts = ends - lengths
        letters = np.unique(hashes)
        self._syllables = KeyTable(letters)
        numbers = self._syllables.get(hashes)
        self._term = np.full(len(letters), -1, dtype=np.int32)
        self._deeper = np.zeros(len(letters), dtype=np.bool_)
        nodes = numbers[starts] if len(starts) else numbers
        self._term[nodes[lengths == 1]] = np.flatnonzero(lengths == 1)
        longer = np.flatnonzero(lengths > 1)
        nodes, edges, depth = nodes[longer], [], 1
        while len(longer):
            self._deeper[nodes] = True
            keys = _edges(nodes, numbers[starts[longer] + depth])
            new, where = np.unique(keys, return_inverse=True)
            nodes = (where + len(self._term)).astype(np.int32)
            edges.append(new)
            depth += 1
            grown = np.full(len(new), -1, dtype=np.int32)
            done = lengths[longer] == depth
            grown[where[done]] = longer[done]
            self._term = np.concatenate([self._term, grown])
            self._deeper = np.concatenate([self._deeper, np.zeros(len(new), dtype=np.bool_)])
            nodes, longer = nodes[~done], longer[~done]
        self._first_edge = len(letters)
        self._edges = KeyTable(np.concatenate([np.zeros(0, dtype=np.uint64), *edges]))

    def find(self, found: Scan) -> Iterator[tuple[int, IntArray, NodeArray]]:
        """Yield, for each length, where in the scan terms of that length start, and their numbers.

        A term never crosses the border of a sentence. Occurrences may overlap.
        """
        numbers = self._syllables.get(found.hashes)
        at = np.flatnonzero(numbers >= 0)
        nodes = numbers[at]
        sentence, length = found.sentence, 1
        while len(at):
            terms = self._term.take(nodes)
            hit = np.flatnonzero(terms >= 0)
            yield length, at[hit], terms[hit]
            deeper = np.flatnonzero(self._deeper.take(nodes) & (at + length < len(numbers)))
            at, nodes = at[deeper], nodes[deeper]
            follower = numbers[at + length]
            inside = np.flatnonzero((follower >= 0) & (sentence[at + length] == sentence[at]))
            at, nodes, follower = at[inside], nodes[inside], follower[inside]
            nodes = self._edges.get(_edges(nodes, follower))
            there = np.flatnonzero(nodes >= 0)
            at, nodes = at[there], nodes[there] + np.int32(self._first_edge)
            length += 1


def _edges(nodes: NodeArray, syllables: NodeArray) -> KeyArray:
    return nodes.astype(np.uint64) << _HALF | syllables.astype(np.uint64)


def _term_hashes(terms: Sequence[str]) -> tuple[KeyArray, IntArray]:
    """Hashes of the terms' syllables, one after the other, and how many each term has."""
    found = scan(terms)
    return found.hashes, np.bincount(found.article[found.sentence], minlength=len(terms))
