"""One pass over a batch of texts: syllables and sentences as arrays, without a loop over characters.

The texts are laid end to end as code points, and everything is found by table look-ups and shifts
over that one array. A syllable is a run of letters and digits under ``match_key``; it is known by a
64-bit hash of its letters, so that no string is made. Sentences are those of ``nlp.sentences``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from nlp.letterhashes import TABLE_SIZE, base_powers, folded_tail, letter_hash, letter_table, word_hashes
from nlp.normalize import match_key
from nlp.sentences import ABBREVIATIONS, SMALL_LETTERS, ends_with_abbreviation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from nlp.arrays import HashArray, IntArray

    CodeArray = NDArray[np.intp]
    FlagArray = NDArray[np.uint16]

_Number = TypeVar("_Number", bound=np.generic)

_WORD, _DIGIT, _SPACE, _LINE, _MARK, _CLOSER, _COLON, _OPENER, _DASH, _CAPITAL, _TONED, _GLIDE = (
    1 << n for n in range(12)
)
_SIGNS = {_MARK: ".!?…", _CLOSER: '"”’»)]', _COLON: ";:", _OPENER: '"“‘«([', _DASH: "-–—•", _LINE: "\n"}
_SIGN_FLAGS: dict[str, int] = {}
for _flag, _signs in _SIGNS.items():
    for _sign in _signs:
        _SIGN_FLAGS[_sign] = _SIGN_FLAGS.get(_sign, 0) | _flag
# Ends a batch: a line, so that there is one, and a character that is neither word nor blank nor sign,
# so that nothing runs past it.
_END = "\n\0"
# What match_key moves the tone of, at the end of a syllable after o or u.
_TONED_LETTERS = frozenset(
    letter for letter in SMALL_LETTERS if any(match_key(glide + letter) != glide + letter for glide in "ou")
)
_LONGEST_ABBREVIATION = max(map(len, ABBREVIATIONS))


@dataclass(frozen=True, slots=True)
class Scan:
    """The syllables and sentences of a batch of texts, in order.

    ``hashes``, ``starts``, ``ends`` and ``sentence`` have one entry a syllable; ``sentence`` is the
    number of its sentence in the batch, or of its line where every line is one. ``sentence_starts``,
    ``sentence_ends``, ``article`` and ``place`` have one entry a sentence: its span in code points
    of its own article, the article's number in the batch, and the sentence's number in the article.
    ``starts`` and ``ends`` count code points of the article too.
    """

    n_articles: int
    hashes: HashArray
    starts: IntArray
    ends: IntArray
    sentence: IntArray
    sentence_starts: IntArray
    sentence_ends: IntArray
    article: IntArray
    place: IntArray


def scan(texts: Sequence[str]) -> Scan:
    """Find the syllables and sentences of normalized texts."""
    joined = "\n".join([*texts, _END])
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.intp)
    offsets = np.concatenate([[0], np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)])
    rare = np.flatnonzero(codes >= TABLE_SIZE)
    flags = _look_up(codes, rare, _flags, _flag_table())
    starts, ends = _runs(flags & _WORD != 0)
    letters = _look_up(codes, rare, letter_hash, letter_table())
    _fold_tones(codes, flags, starts, ends, letters)
    powers, inverse = base_powers(len(codes) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum(letters * powers[:-1], out=sums[1:])
    hashes = (sums.take(ends) - sums.take(starts)) * inverse.take(starts)
    _fold_numbers(flags, starts, ends, hashes)
    sentence_starts, sentence_ends = _sentences(joined, codes, flags, sums)
    article = np.searchsorted(offsets, sentence_starts, side="right") - 1
    counts = np.searchsorted(starts, sentence_ends) - np.searchsorted(starts, sentence_starts)
    sentence = np.repeat(np.arange(len(counts)), counts)
    first = np.searchsorted(article, np.arange(len(texts)))
    origin = offsets[article]
    syllable_origin = origin[sentence]
    return Scan(
        n_articles=len(texts),
        hashes=hashes ^ (hashes >> np.uint64(29)),
        starts=starts - syllable_origin,
        ends=ends - syllable_origin,
        sentence=sentence,
        sentence_starts=sentence_starts - origin,
        sentence_ends=sentence_ends - origin,
        article=article,
        place=np.arange(len(article)) - first[article],
    )


def syllables(text: str) -> list[str]:
    """The syllables of a text as strings, a number as ``"0"``: what the hashes stand for, one by one."""
    found = re.findall(r"\w+", match_key(text).replace("ς", "σ"))
    return ["0" if word.isdigit() else word for word in found]


def _look_up(
    codes: CodeArray, rare: IntArray, function: Callable[[str], int], table: NDArray[_Number]
) -> NDArray[_Number]:
    """``table[codes]``, with ``function`` where codes are ``rare``, beyond the table's reach."""
    if not len(rare):
        return table.take(codes)
    values = table.take(np.minimum(codes, TABLE_SIZE - 1))
    distinct, where = np.unique(codes[rare], return_inverse=True)
    values[rare] = np.array([function(chr(code)) for code in distinct], dtype=table.dtype)[where]
    return values


def _flags(char: str) -> int:
    flags = _SIGN_FLAGS.get(char, 0)
    if char.isalnum() or char == "_":
        flags |= _WORD
        lowered = char.lower()
        if char.isdigit():
            flags |= _DIGIT
        if char != "_" and char not in SMALL_LETTERS:
            flags |= _CAPITAL
        if lowered in _TONED_LETTERS:
            flags |= _TONED
        elif lowered in "ou":
            flags |= _GLIDE
    elif char.isspace():
        flags |= _SPACE
    return flags


@cache
def _flag_table() -> NDArray[np.uint16]:
    return np.array([_flags(chr(code)) for code in range(TABLE_SIZE)], dtype=np.uint16)


def _fold_numbers(flags: FlagArray, starts: IntArray, ends: IntArray, hashes: HashArray) -> None:
    """Give every whole number the hash of "0"."""
    numbers = np.flatnonzero(flags.take(starts) & flags.take(ends - 1) & _DIGIT)
    if len(numbers):
        digits = np.flatnonzero(flags & _DIGIT != 0)
        begin, end = starts[numbers], ends[numbers]
        whole = np.searchsorted(digits, end) - np.searchsorted(digits, begin) == end - begin
        hashes[numbers[whole]] = letter_table()[ord("0")]


def _fold_tones(
    codes: CodeArray, flags: FlagArray, starts: IntArray, ends: IntArray, letters: HashArray
) -> None:
    """Move the tone of a final oà, oè, uý to where ``match_key`` puts it, in the letters' hashes."""
    last = ends[(ends - starts >= 2) & (flags.take(ends - 1) & _TONED != 0)] - 1
    last = last[flags.take(last - 1) & _GLIDE != 0]
    # The character before may belong to the word before, or be no letter: a q is none of these.
    before = codes.take(np.maximum(last - 2, 0))
    last = last[(before != ord("q")) & (before != ord("Q")) | (last < 2)]
    if len(last):
        tails, where = np.unique(codes[last - 1] << 32 | codes[last], return_inverse=True)
        folded = np.array([folded_tail(tail) for tail in tails.tolist()], dtype=np.uint64)
        letters[last - 1], letters[last] = folded[where, 0], folded[where, 1]


def _runs(inside: NDArray[np.bool_]) -> tuple[IntArray, IntArray]:
    """Starts and ends of the stretches where ``inside`` holds; the last entry must be False."""
    change = np.flatnonzero(inside[1:] != inside[:-1]) + 1
    if len(inside) and inside[0]:
        change = np.concatenate([[0], change])
    return change[::2], change[1::2]


def _sentences(text: str, codes: CodeArray, flags: FlagArray, sums: HashArray) -> tuple[IntArray, IntArray]:
    """Spans of the sentences in the joined text, by the rules of ``nlp.sentences``."""
    lines = np.flatnonzero(flags & _LINE != 0)
    marks, mark_ends = _runs(flags & _MARK != 0)
    mark_ends = _skip(flags, _CLOSER, mark_ends)
    follower = _skip(flags, _SPACE, mark_ends)
    at_line_end = lines[np.searchsorted(lines, mark_ends)] < follower
    opens = (flags[follower] & _DASH != 0) | (flags[_skip(flags, _OPENER, follower)] & _CAPITAL != 0)
    real = (flags[mark_ends] & _SPACE != 0) & (at_line_end | opens)
    stops = np.flatnonzero(real & (codes[marks] == ord(".")) & (flags[marks + 1] & _LINE == 0))
    for number in stops[_may_abbreviate(flags, sums, marks[stops])]:
        real[number] = not ends_with_abbreviation(text, 0, int(marks[number]))
    colons = np.flatnonzero(flags & _COLON != 0) + 1
    colons = colons[lines[np.searchsorted(lines, colons)] < _skip(flags, _SPACE, colons)]
    borders = np.sort(np.concatenate([mark_ends[real], colons, lines + 1]))
    starts = _skip(flags, _SPACE, np.concatenate([[0], borders[:-1]]))
    ends = _skip(flags, _SPACE, borders - 1, step=-1) + 1
    filled = starts < ends
    return starts[filled], ends[filled]


def _skip(flags: FlagArray, kind: int, positions: IntArray, step: int = 1) -> IntArray:
    """Step over characters of a kind; ``_END`` is of none, and stands before the first character too."""
    positions = positions.copy()
    waiting = np.flatnonzero(flags.take(positions) & kind)
    while len(waiting):
        positions[waiting] += step
        waiting = waiting[flags[positions[waiting]] & kind != 0]
    return positions


def _may_abbreviate(flags: FlagArray, sums: HashArray, stops: IntArray) -> IntArray:
    """Which full stops have a word before them that is one letter or has an abbreviation's hash."""
    begins = stops.copy()
    for _ in range(_LONGEST_ABBREVIATION):
        before = np.maximum(begins - 1, 0)
        begins -= (begins > 0) & (flags[before] & (_SPACE | _OPENER) == 0)
    inverse = base_powers(len(sums))[1]
    hashes = (sums[stops] - sums[begins]) * inverse[begins]
    known = _abbreviation_hashes()
    nearest = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    return np.flatnonzero((stops - begins == 1) | (known[nearest] == hashes))


@cache
def _abbreviation_hashes() -> HashArray:
    return word_hashes(ABBREVIATIONS)
