"""The officials that an article names: name, posts, unit and every mention.

``OfficialFinder.find`` is the whole of it: heads of posts, names, posts with their bodies, the bonds
between them, and last the choice of who is an official at all by docs/annotation.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.gazetteer import Gazetteer, name_key
from nlp.names import HONORIFIC, Name, find_names
from nlp.people import Bond, tie
from nlp.positions import Post, find_heads, find_posts
from nlp.types import Official, Place, Span
from nlp.wordlists import one_of, read_words

_FOREIGN = re.compile(rf" (?:{one_of(read_words('countries')['foreign'])})")
_HISTORIC = frozenset(("hồ chí minh", "tôn đức thắng", "hồ chủ tịch"))


class OfficialFinder:
    """Finds officials by rules over the lexicons of posts, bodies and surnames.

    Args:
        gazetteer: Tells units from persons in "tỉnh Hà Giang Nguyễn Văn Sơn"; without one only the
            places given to ``find`` do.
    """

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer
        self._is_unit = lru_cache(maxsize=50_000)(self._look_up)

    def find(self, text: str, places: tuple[Place, ...] = ()) -> tuple[Official, ...]:
        """Return the officials of a normalized text, in the order of their first mention."""
        key = text.lower()
        if len(key) != len(text):
            key = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        heads = find_heads(key)
        if not heads:
            return ()
        units = {span.start: span.end for place in places for span in place.mentions}
        titles = {start: end for start, (end, _) in heads.items()}
        names = find_names(text, titles, self._is_unit, units)
        posts = find_posts(text, key, heads, [name.start for name in names])
        bonds = tie(text, posts, names)
        return _gather(text, key, bonds, places)

    def _look_up(self, name: str) -> bool:
        return self._gazetteer is not None and bool(self._gazetteer.named(name_key(name)))


def _gather(text: str, key: str, bonds: Sequence[Bond], places: tuple[Place, ...]) -> tuple[Official, ...]:
    persons: dict[str, list[Bond]] = {}
    for bond in bonds:
        persons.setdefault(key[bond.name.start : bond.name.end], []).append(bond)
    officials = []
    for name, tied in persons.items():
        posts = [post for bond in tied for post in bond.posts if post.kind != "none"]
        if not posts or name in _HISTORIC or not _is_official(key, tied, posts):
            continue
        first = tied[0].name
        officials.append(
            Official(
                name=text[first.start : first.end],
                positions=_distinct(text, [post for post in posts if post.side != "private"]),
                unit=None,
                mentions=tuple(Span(bond.name.start, bond.name.end) for bond in tied),
            )
        )
    return tuple(officials)


def _is_official(key: str, tied: Sequence[Bond], posts: Sequence[Post]) -> bool:
    if any(_FOREIGN.match(key, post.head_end) for post in posts):
        return False
    if any(post.side in ("public", "unit") for post in posts):
        return True
    if any(post.kind in ("state", "party") and post.side != "private" for post in posts):
        return True
    return False


def _distinct(text: str, posts: Sequence[Post]) -> tuple[str, ...]:
    """Return the posts as they stand, each once and none that a fuller one holds."""
    full: list[str] = []
    for post in posts:
        position = text[post.start : post.end]
        words = set(position.lower().split())
        if any(words <= set(other.lower().split()) for other in full):
            continue
        full = [other for other in full if not set(other.lower().split()) <= words]
        full.append(position)
    return tuple(full)
