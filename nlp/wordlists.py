"""Lexicons from ``data/*.csv``, and the patterns that find their words in one pass.

A lexicon has one word or phrase a line, its kind, and where it was taken from. Words stand in lower
case and in the old tone placement (hòa); patterns accept the new one (hoà) as well, so that a text
needs no folding, which would cost more than the search.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from functools import cache

from nlp.errors import NlpError
from nlp.files import DATA

# A tone mark on the first of two vowels (old) or on the second (new), at the end of a syllable.
_PLACEMENTS = (
    "òa oà óa oá ỏa oả õa oã ọa oạ òe oè óe oé ỏe oẻ õe oẽ ọe oẹ ùy uỳ úy uý ủy uỷ ũy uỹ ụy uỵ".split()
)
_OLD_TO_NEW = dict(zip(_PLACEMENTS[::2], _PLACEMENTS[1::2], strict=True))
_OLD_PLACEMENT = re.compile(rf"(?<!q)(?:{'|'.join(_OLD_TO_NEW)})(?!\w)")

Trie = dict[str, "Trie"]


@cache
def read_words(name: str) -> dict[str, tuple[str, ...]]:
    """Return the words of a lexicon by their kind, in the file's order.

    Args:
        name: The file's name in ``data/``, without ``.csv``.

    Raises:
        NlpError: The file is missing or has another header.
    """
    path = DATA / f"{name}.csv"
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
    except FileNotFoundError as error:
        raise NlpError(f"{path} is missing; reinstall thetin") from error
    if not rows or rows[0][1:] != ["kind", "source"]:
        raise NlpError(f"{path}: the header is not word,kind,source; reinstall thetin")
    words: dict[str, list[str]] = {}
    for word, kind, _ in rows[1:]:
        words.setdefault(kind, []).append(word)
    return {kind: tuple(listed) for kind, listed in words.items()}


def spellings(word: str) -> tuple[str, ...]:
    """Return a word in both tone placements, the old one first.

    >>> spellings("ủy ban"), spellings("sở")
    (('ủy ban', 'uỷ ban'), ('sở',))
    """
    new = _OLD_PLACEMENT.sub(lambda found: _OLD_TO_NEW[found.group()], word)
    return (word,) if new == word else (word, new)


def one_of(words: Iterable[str]) -> str:
    """Return a pattern that matches the longest of the words, in either tone placement.

    The alternatives share their beginnings, so that a thousand words cost hardly more than one; a
    plain ``a|b|c`` would try each in turn. A word ends where no
    letter or digit follows.

    >>> pattern = re.compile(one_of(["bộ", "bộ trưởng", "ủy ban"]))
    >>> [pattern.match(text).group() for text in ("bộ trưởng Y tế", "bộ phận", "uỷ ban")]
    ['bộ trưởng', 'bộ', 'uỷ ban']
    """
    root: Trie = {}
    for word in words:
        for spelling in spellings(word):
            node = root
            for letter in spelling:
                node = node.setdefault(letter, {})
            node[""] = {}
    return _pattern(root)


def _pattern(node: Trie) -> str:
    if not node:
        return ""
    branches = []
    for letter in sorted(node, reverse=True):  # the end, "", comes last: the longest word wins
        if letter == "":
            branches.append(r"(?!\w)")
            continue
        piece, child = letter, node[letter]
        while len(child) == 1 and "" not in child:  # a chain without forks is one literal
            (follower,) = child
            piece += follower
            child = child[follower]
        branches.append(re.escape(piece) + _pattern(child))
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
