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
from nlp.topics.keys import KeyTable, distinct

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import IntArray
    from nlp.scan import Scan

    NodeArray = NDArray[np.int32]
    KeyArray = NDArray[np.uint64]

_HALF = np.uint64(32)
# Terms that are hashed at once: all of a model's together would take a hundred megabytes for a moment.
_BLOCK = 8192


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
        letters = distinct(hashes)  # np.unique would import numpy.ma, 15 ms of every start
        self._syllables = KeyTable(letters)
        _, numbers = self._syllables.find(hashes)
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
        at, nodes = self._syllables.find(found.hashes)
        # Known syllables, as followers of others: none opens a sentence.
        followers = np.full(len(found.hashes) + 1, -1, dtype=np.int32)
        followers[at] = nodes
        followers[np.flatnonzero(found.sentence[1:] != found.sentence[:-1]) + 1] = -1
        length = 1
        while len(at):
            terms = self._term.take(nodes)
            hit = np.flatnonzero(terms >= 0)
            yield length, at.take(hit), terms.take(hit)
            follower = followers.take(at + length)
            deeper = np.flatnonzero((follower >= 0) & self._deeper.take(nodes))
            at, nodes, follower = at.take(deeper), nodes.take(deeper), follower.take(deeper)
            there, edges = self._edges.find(_edges(nodes, follower))
            at, nodes = at.take(there), edges + np.int32(self._first_edge)
            length += 1


def _edges(nodes: NodeArray, syllables: NodeArray) -> KeyArray:
    return nodes.astype(np.uint64) << _HALF | syllables.astype(np.uint64)


def _term_hashes(terms: Sequence[str]) -> tuple[KeyArray, IntArray]:
    """Hashes of the terms' syllables, one after the other, and how many each term has."""
    hashes, lengths = [np.zeros(0, dtype=np.uint64)], [np.zeros(0, dtype=np.int64)]
    for start in range(0, len(terms), _BLOCK):
        block = terms[start : start + _BLOCK]
        found = scan(block)
        hashes.append(found.hashes)
        lengths.append(np.bincount(found.article[found.sentence], minlength=len(block)))
    return np.concatenate(hashes), np.concatenate(lengths)
