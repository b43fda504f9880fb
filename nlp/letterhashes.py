"""Hashes of syllables: a random number a letter, added up with powers of one base.

That ``letters * powers`` add up makes the hash of any stretch a difference of two running sums, and
its place in the text a factor to divide by: so all syllables of a batch are hashed without a loop.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from nlp.normalize import match_key

if TYPE_CHECKING:
    from nlp.arrays import HashArray


# Code points with a row in the tables: Latin, Vietnamese, Greek, Cyrillic and the punctuation of
# newspapers. What lies beyond is rare and looked up one code point at a time.
TABLE_SIZE = 0x2100
# Odd, so that it has an inverse modulo 2^64; from L'Ecuyer's tables of multipliers.
_BASE = 0xDA942042E4DD58B5
_MASK = (1 << 64) - 1


def letter_hash(char: str) -> int:
    """A random number for a letter, the same for its cases."""
    return int(_mix(np.array([_lower_code(char)], dtype=np.uint64))[0])


def _lower_code(char: str) -> int:
    # As match_key lowers: the letter whose lower case is two characters stands as it is, and the
    # two small sigmas, of which str.lower chooses by the letters around, are one.
    return ord(char) if char == "İ" else ord("σ" if char == "ς" else char.lower())


def _mix(numbers: HashArray) -> HashArray:
    """Scatter numbers over 64 bits (splitmix64)."""
    numbers = (numbers + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)


@cache
def letter_table() -> HashArray:
    """Return the hashes of the letters below ``TABLE_SIZE``."""
    return _mix(np.array([_lower_code(chr(code)) for code in range(TABLE_SIZE)], dtype=np.uint64))


_powers: tuple[HashArray, HashArray] = (np.ones(1, np.uint64), np.ones(1, np.uint64))


def base_powers(length: int) -> tuple[HashArray, HashArray]:
    """``_BASE ** n`` and its inverse modulo 2^64 for n below ``length``; kept, and grown as asked."""
    global _powers
    if len(_powers[0]) < length:
        size = 1 << (length - 1).bit_length()
        made = []
        for base in (_BASE, pow(_BASE, -1, 1 << 64)):
            factors = np.full(size, base, dtype=np.uint64)
            factors[0] = 1
            made.append(np.multiply.accumulate(factors))
        _powers = (made[0], made[1])
    return _powers[0][:length], _powers[1][:length]


@cache
def folded_tail(tail: int) -> tuple[int, int]:
    """Hashes of two final letters under ``match_key``; the first letter's code stands in the high bits."""
    folded = match_key(chr(tail >> 32) + chr(tail & 0xFFFFFFFF))
    return letter_hash(folded[0]), letter_hash(folded[1])


def word_hashes(words: Iterable[str]) -> HashArray:
    """Hashes of words in lower case, in rising order."""
    made = [
        sum(letter_hash(char) * pow(_BASE, at, 1 << 64) for at, char in enumerate(word)) for word in words
    ]
    return np.sort(np.array([number & _MASK for number in made], dtype=np.uint64))
