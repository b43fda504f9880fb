"""The officials that an article names: name, posts, unit and every mention.

``OfficialFinder.find`` is the whole of it: heads of posts, names, posts with their bodies, the bonds
between them, and last the choice of who is an official at all by docs/annotation.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from nlp.gazetteer import Gazetteer, name_key
from nlp.normalize import match_key
from nlp.officials.bonds import Bond
from nlp.officials.names import find_names
from nlp.officials.people import tie
from nlp.officials.positions import Post, find_heads, find_posts
from nlp.officials.postunits import PostUnits
from nlp.officials.publicposts import public_posts
from nlp.types import Official, Place, Span
from nlp.wordlists import read_words

# Persons of history ("Chủ tịch Hồ Chí Minh") and leaders of other States whose names look Vietnamese.
_NO_OFFICIALS = frozenset(match_key(name) for names in read_words("persons").values() for name in names)
# Distinct names of units looked up; an article asks for some thirty, and most recur.
_CACHED_NAMES = 50_000


class OfficialFinder:
    """Finds officials by rules over the lexicons of posts, bodies and surnames.

    Args:
        gazetteer: Tells units from persons in "tỉnh Hà Giang Nguyễn Văn Sơn"; without one only the
            places given to ``find`` do.
    """

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer
        self._is_unit = lru_cache(maxsize=_CACHED_NAMES)(self._look_up)

    def find(self, text: str, places: tuple[Place, ...] = ()) -> tuple[Official, ...]:
        """Return the officials of a normalized text, in the order of their first mention.

        Args:
            text: The article, headline and all.
            places: What the place finder found in it; they fix the units of posts, and where a
                unit's name ends and a person's begins.
        """
        key = text.lower()
        if len(key) != len(text):  # İ is the one letter that grows in lower case
            key = text.replace("İ", "I").lower()
        heads = find_heads(key)
        if not heads:
            return ()
        units = {span.start: span.end for place in places for span in place.mentions}
        names = find_names(text, _title_words(text, heads), self._is_unit, units)
        if not names:
            return ()
        posts = find_posts(text, key, heads, [name.start for name in names])
        return _gather(text, key, tie(text, posts, names), PostUnits(places))

    def _look_up(self, name: str, levels: str) -> bool:
        return self._gazetteer is not None and any(
            unit.level[0] in levels for unit in self._gazetteer.named(name_key(name))
        )


def _title_words(text: str, heads: dict[int, tuple[int, str]]) -> dict[int, int]:
    """Return the end of each head by the start of each of its words: "nguyên Phó" begins twice."""
    titles = {}
    for start, (end, _) in heads.items():
        titles[start] = end
        space = text.find(" ", start, end)
        while space > 0:
            titles[space + 1] = end
            space = text.find(" ", space + 1, end)
    return titles


def _gather(text: str, key: str, bonds: Sequence[Bond], units: PostUnits) -> tuple[Official, ...]:
    """Make one official of all the bonds of a person, whatever tone placement spells the name."""
    persons: dict[str, list[Bond]] = {}
    for bond in bonds:
        persons.setdefault(bond.name.person, []).append(bond)
    merged: dict[str, list[Bond]] = {}
    for name, tied in persons.items():
        merged.setdefault(match_key(name), []).extend(tied)
    officials = []
    for name, tied in merged.items():
        posts = public_posts(text, key, tied)
        if not posts or name in _NO_OFFICIALS:
            continue
        tied.sort(key=lambda bond: bond.name.start)
        first = next((bond.name for bond in tied if bond.name.full), tied[0].name)
        shown = _distinct(text, posts)
        officials.append(
            Official(
                name=text[first.start : first.end],
                positions=tuple(text[post.start : post.end] for post in shown),
                unit=units.unit(key, shown[0]),
                mentions=tuple(Span(bond.name.start, bond.name.end) for bond in tied),
            )
        )
    return tuple(sorted(officials, key=lambda official: official.mentions[0]))


def _distinct(text: str, posts: Sequence[Post]) -> list[Post]:
    """Return the posts, each once and none whose words a fuller one holds ("Chủ tịch UBND tỉnh")."""
    kept: list[tuple[frozenset[str], Post]] = []
    for post in posts:
        words = frozenset(text[post.start : post.end].lower().split())
        if any(words <= others for others, _ in kept):
            continue
        kept = [(others, other) for others, other in kept if not others <= words]
        kept.append((words, post))
    return [post for _, post in kept]
