"""What a sentence and an article are known by: terms, cues, and cues together, as numbers.

A sentence has a feature or has it not. Features are, in the order of their numbers: terms (single
syllables, pairs of neighbours, longer words); triggers; classes of words; a trigger with a class in
the same sentence; a trigger at a place of the article; places. An article counts the sentences that
have a feature, its headline twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from nlp.topics.cues import Cues
from nlp.topics.keys import distinct, is_last, last_places
from nlp.topics.terms import TermTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import IntArray
    from nlp.scan import Scan

PLACES = ("headline", "lead", "middle", "end")
# The sentences after the headline that still tell what an article is about.
LEAD_SENTENCES = 2
# The last sentences: bylines, links to other articles, closing courtesies.
END_SENTENCES = 2
# What a word is to the features: a term, a trigger, a member of a class.
_TERM, _TRIGGER, _CLASSED = 1, 2, 4


@dataclass(frozen=True, slots=True)
class Counts:
    """Sparse rows: ``count[n]`` of ``feature[n]`` in row ``owner[n]``, each pair once, sorted by owner.

    The order within a row is that of a fixed way through its text, so that sums over it are the same to
    the last bit whatever stands in the rows beside it.
    """

    owner: IntArray
    feature: IntArray
    count: IntArray


class FeatureSpace:
    """The features that a model knows.

    Args:
        terms: The terms, each once.
        cues: Triggers and classes.
    """

    def __init__(self, terms: Sequence[str], cues: Cues) -> None:
        self.terms = tuple(terms)
        self.cues = cues
        self._n_triggers, self._n_classes = len(cues.triggers), len(cues.classes)
        self._classes = len(self.terms) + self._n_triggers
        self._pairs = self._classes + self._n_classes
        self._placed = self._pairs + self._n_triggers * self._n_classes
        self._places = self._placed + self._n_triggers * len(PLACES)
        self.n_features = self._places + len(PLACES)
        # A row's number and a feature's share one integer, so that sorting these sorts the rows.
        self._bits = self.n_features.bit_length()
        self._index_words()

    def _index_words(self) -> None:
        self._words = words = list(dict.fromkeys([*self.terms, *self.cues.words]))
        wanted = set(self.cues.words)
        number = {word: at for at, word in enumerate(words) if word in wanted}
        self._table = TermTable(words)
        self._kind = np.where(np.arange(len(words)) < len(self.terms), _TERM, 0).astype(np.uint8)
        self._trigger = np.full(len(words), -1, dtype=np.int64)
        self._trigger[[number[word] for word in self.cues.triggers]] = np.arange(self._n_triggers)
        self._class = np.zeros((len(words), self._n_classes), dtype=np.bool_)
        for column, members in enumerate(self.cues.classes.values()):
            self._class[[number[word] for word in members], column] = True
        self._kind[self._class.any(axis=1)] |= _CLASSED
        self._kind[self._trigger >= 0] |= _TRIGGER

    @cached_property
    def names(self) -> tuple[str, ...]:
        """A readable name for each feature: ``bằng khen``, ``[bằng khen]{sport}``, ``[bằng khen]@lead``."""
        triggers = [f"[{word}]" for word in self.cues.triggers]
        classes = [f"{{{name}}}" for name in self.cues.classes]
        places = [f"@{place}" for place in PLACES]
        return (
            *self.terms,
            *triggers,
            *classes,
            *(trigger + each for trigger in triggers for each in classes),
            *(trigger + place for trigger in triggers for place in places),
            *places,
        )

    def of_sentences(self, found: Scan) -> Counts:
        """The features of every sentence of a scan; each count is 1."""
        base = found.sentence.astype(_key_type(len(found.article), self._bits)) << self._bits
        keys: list[NDArray[Any]] = [base[:0]]
        triggers, classed = _Occurrences(len(base)), _Occurrences(len(base))
        for length, at, words in self._table.find(found):
            kinds = self._kind.take(words)
            terms = np.flatnonzero(kinds & _TERM != 0)
            keys.append(base.take(at.take(terms)) + words.take(terms))
            cues = np.flatnonzero(kinds > _TERM)
            at, words, kinds = at[cues], words[cues], kinds[cues]
            for occurrences, kind in ((triggers, _TRIGGER), (classed, _CLASSED)):
                chosen = kinds & kind != 0
                occurrences.add(length, at[chosen], words[chosen])
        once = np.concatenate(keys)
        once = once[is_last(last_places(once))]
        rows = np.concatenate([once, *self._cue_keys(found, triggers.longest(), classed.longest())])
        # Each kind is sorted by sentence already, and a stable sort of sorted stretches only merges them.
        owner, feature = self._split(rows)
        order = np.argsort(owner, kind="stable")
        return Counts(owner.take(order), feature.take(order), np.ones(len(rows), dtype=np.int64))

    def _cue_keys(
        self, found: Scan, triggered: tuple[IntArray, IntArray], classed: tuple[IntArray, IntArray]
    ) -> list[IntArray]:
        """Keys (sentence and feature in one number) of all features that are no terms.

        ``triggered`` and ``classed`` are the places and numbers of the words of each kind.
        """
        at, words = classed
        row, column = _cells(self._class.take(words, axis=0))
        present = np.zeros((len(found.article), self._n_classes), dtype=np.bool_)
        present[found.sentence[at[row]], column] = True
        at, words = triggered
        pairs = distinct(found.sentence[at] * self._n_triggers + self._trigger[words])
        sentence, trigger = np.divmod(pairs, max(self._n_triggers, 1))
        place = _places(found)
        beside, class_beside = _cells(present.take(sentence, axis=0))
        class_sentence, class_ = _cells(present)
        type_ = _key_type(len(found.article), self._bits)
        made = [
            (sentence, len(self.terms) + trigger),
            (class_sentence, self._classes + class_),
            (sentence[beside], self._pairs + trigger[beside] * self._n_classes + class_beside),
            (sentence, self._placed + trigger * len(PLACES) + place[sentence]),
            (np.arange(len(place)), self._places + place),
        ]
        return [(owner.astype(type_) << self._bits) + feature.astype(type_) for owner, feature in made]

    def of_articles(self, found: Scan, sentences: Counts) -> Counts:
        """In how many sentences of each article a feature stands, the headline counted twice."""
        type_ = _key_type(found.n_articles, self._bits)
        base = found.article.astype(type_) << self._bits
        keys = base.take(sentences.owner) + sentences.feature.astype(type_)
        times = np.where(found.place == 0, 2.0, 1.0).take(sentences.owner)
        last = last_places(keys)
        kept = np.flatnonzero(is_last(last))
        count = np.bincount(last, weights=times, minlength=len(keys)).take(kept)
        return Counts(*self._split(keys.take(kept)), count.astype(np.int64))

    def _split(self, keys: IntArray) -> tuple[IntArray, IntArray]:
        """Rows and features of keys."""
        # Numpy takes rows of a table by its own integers several times faster than by narrower ones.
        wide = keys.astype(np.intp)
        return wide >> self._bits, wide & (1 << self._bits) - 1

    def term_places(self, found: Scan) -> Iterator[tuple[int, IntArray, IntArray]]:
        """Yield, for each length, at which syllables of a scan terms of that length start, and their features."""
        for length, at, words in self._table.find(found):
            chosen = np.flatnonzero(words < len(self.terms))
            yield length, at.take(chosen), words.take(chosen).astype(np.int64)

    def word_spans(self, found: Scan) -> list[tuple[str, int, int, int]]:
        """Every term or cue word with its sentence's number and its span in the article: for explanations."""
        return [
            (
                self._words[number],
                int(found.sentence[start]),
                int(found.starts[start]),
                int(found.ends[start + length - 1]),
            )
            for length, at, numbers in self._table.find(found)
            for start, number in zip(at.tolist(), numbers.tolist(), strict=True)
        ]


class _Occurrences:
    """Where words of one kind stand; in the end only those that no longer one covers.

    "cán bộ" is a word for officials, and the "bộ" in it is no ministry.
    """

    def __init__(self, n_syllables: int) -> None:
        self._covered = np.zeros(n_syllables, dtype=np.int8)
        self._found: list[tuple[int, IntArray, NDArray[Any]]] = []

    def add(self, length: int, at: IntArray, words: NDArray[Any]) -> None:
        """Add words of one length; shorter ones come first."""
        for step in range(length):
            self._covered[at + step] = length
        self._found.append((length, at, words))

    def longest(self) -> tuple[IntArray, IntArray]:
        """Where the words stand that no longer one covers at either end, and which they are."""
        places: list[NDArray[Any]] = [_NOTHING]
        kept: list[NDArray[Any]] = [_NOTHING]
        for length, at, words in self._found:
            free = (self._covered[at] == length) & (self._covered[at + length - 1] == length)
            places.append(at[free])
            kept.append(words[free])
        return np.concatenate(places), np.concatenate(kept)


_NOTHING = np.zeros(0, dtype=np.int64)


def _key_type(n_rows: int, bits: int) -> type[np.signedinteger[Any]]:
    """The narrowest integers that hold a row and a feature: narrow ones sort twice as fast."""
    return np.int32 if n_rows << bits < 1 << 31 else np.int64


def _cells(table: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """Rows and columns where a table holds True, several times faster than ``np.nonzero``."""
    row, column = np.divmod(np.flatnonzero(table), max(table.shape[1], 1))
    return row, column


def _places(found: Scan) -> IntArray:
    """For each sentence, the number in ``PLACES`` of where it stands in its article."""
    length = np.bincount(found.article, minlength=found.n_articles)[found.article]
    place = np.full(len(found.article), PLACES.index("middle"))
    place[found.place >= length - END_SENTENCES] = PLACES.index("end")
    place[found.place <= LEAD_SENTENCES] = PLACES.index("lead")
    place[found.place == 0] = PLACES.index("headline")
    return place
