"""Integer keys by the ten thousand: a table to find them in, and which of them are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import IntArray

    NodeArray = NDArray[np.int32]
    KeyArray = NDArray[np.uint64]

# Odd, so that the high bits of a product depend on all bits of a key: 2^64 divided by the golden
# ratio (Knuth's multiplicative hashing), and another without pattern.
_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_ODD = np.uint64(0xD6E8FEB86659FD93)
_Key = TypeVar("_Key", bound="np.integer[Any]")
_LAST = (1 << 64) - 1
_SEED = 2025


class KeyTable:
    """The number of each of a set of distinct 64-bit keys, found without a second try.

    Keys fall into small groups by one hash, and each group has a number of its own that sends its keys
    to slots which no other key has. So a look-up is three gathers, whatever the key, and no loop.

    Source:
        Belazzougui, Botelho and Dietzfelbinger, "Hash, Displace, and Compress", 2009.
    """

    def __init__(self, keys: KeyArray) -> None:
        bits = max(4, (2 * len(keys)).bit_length())  # at most half the slots are taken
        self._to_group, self._to_slot = np.uint64(66 - bits), np.uint64(64 - bits)
        self._displacement = np.zeros(1 << bits - 2, dtype=np.uint64)
        self._place(keys, bits)
        # An empty slot holds the first key, which is never looked for there.
        self._keys = np.full(1 << bits, keys[0] if len(keys) else 0, dtype=np.uint64)
        self._numbers = np.zeros(1 << bits, dtype=np.int32)
        slots = self._slots(keys)
        self._keys[slots], self._numbers[slots] = keys, np.arange(len(keys))

    def find(self, keys: KeyArray) -> tuple[IntArray, NodeArray]:
        """Which of these keys are in the table, by their places, and the numbers of those."""
        slots = self._slots(keys)
        found = np.flatnonzero(self._keys.take(slots) == keys)
        return found, self._numbers.take(slots.take(found))

    def _slots(self, keys: KeyArray) -> IntArray:
        mixed = self._displacement.take((keys * _GOLDEN >> self._to_group).view(np.int64))
        mixed ^= keys
        mixed *= _ODD
        mixed >>= self._to_slot
        return mixed.view(np.int64)

    def _place(self, keys: KeyArray, bits: int) -> None:
        """Draw numbers for all groups of one size at once, and again for those whose slots were taken."""
        group = (keys * _GOLDEN >> self._to_group).astype(np.int64)
        size = np.bincount(group, minlength=len(self._displacement))
        members, start = keys[np.argsort(group, kind="stable")], np.cumsum(size) - size
        taken, claim = np.zeros(1 << bits, dtype=np.bool_), np.empty(1 << bits, dtype=np.int32)
        chance = np.random.default_rng(_SEED)
        for large in range(size.max(initial=0), 0, -1):
            waiting = np.flatnonzero(size == large)
            while len(waiting):
                drawn = chance.integers(0, _LAST, len(waiting), dtype=np.uint64, endpoint=True)
                mixed = (members[start[waiting, None] + np.arange(large)] ^ drawn[:, None]) * _ODD
                slots = (mixed >> self._to_slot).astype(np.int64)
                names = np.arange(slots.size, dtype=np.int32).reshape(slots.shape)
                claim[slots] = names
                free = ((claim[slots] == names) & ~taken[slots]).all(axis=1)
                taken[slots[free]] = True
                self._displacement[waiting[free]] = drawn[free]
                waiting = waiting[~free]


def last_places(keys: NDArray[np.integer[Any]]) -> NDArray[np.int32]:
    """For each key, the last place where it stands.

    Every key writes its place into a slot and reads back what was written there last; keys that read the
    place of another one try again with other slots. Sorting takes as long where numpy sorts with vector
    instructions, and five times as long where these are slow (AVX-512 on Zen 4).
    """
    bits = max(4, (2 * len(keys)).bit_length())
    written = np.empty(1 << bits, dtype=np.int32)
    places = waiting = np.arange(len(keys), dtype=np.int32)
    mixed = keys.astype(np.uint64)
    while len(waiting):
        mixed *= _GOLDEN
        slots = (mixed >> np.uint64(64 - bits)).view(np.int64)
        written[slots] = waiting
        last = written.take(slots)
        if places is waiting:
            places = last
        else:
            places[waiting] = last
        again = np.flatnonzero(keys.take(last) != keys.take(waiting))
        waiting, mixed = waiting.take(again), mixed.take(again)
        mixed ^= mixed >> np.uint64(29)  # other bits decide the next time
    return places


def is_last(last_places: NDArray[np.int32]) -> NDArray[np.bool_]:
    """True at the last place of each key."""
    return np.asarray(last_places == np.arange(len(last_places), dtype=np.int32))


def distinct(keys: NDArray[_Key]) -> NDArray[_Key]:
    """Each key once, in rising order."""
    keys = np.sort(keys)
    changed = np.ones(len(keys), dtype=np.bool_)
    np.not_equal(keys[1:], keys[:-1], out=changed[1:])
    return keys[changed]
