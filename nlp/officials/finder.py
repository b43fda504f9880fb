"""The officials that an article names: name, posts, unit and every mention.

``OfficialFinder.find`` is the whole of it: heads of posts, names, posts with their bodies, the bonds
between them, and last the choice of who is an official at all by docs/annotation.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.adminunits import name_key
from nlp.gazetteer import Gazetteer
from nlp.normalize import match_key
from nlp.officials.bareposts import mentions_by_post
from nlp.officials.bonds import Bond
from nlp.officials.names import find_names
from nlp.officials.people import tie
from nlp.officials.positions import Post, find_heads, find_posts, may_be_public
from nlp.officials.postunits import PostUnits
from nlp.officials.publicposts import public_posts
from nlp.types import Official, Place, Span
from nlp.wordlists import read_words

_PERSONS = {kind: frozenset(map(match_key, names)) for kind, names in read_words("persons").items()}
# Leaders of other States whose names look Vietnamese, and persons of history ("Chủ tịch Hồ Chí Minh").
_FOREIGN, _HISTORY = _PERSONS["foreign"], _PERSONS["history"]
_OF_TODAY = re.compile(
    r"\b(?:UBND|HĐND|MTTQ|Sở|Phòng|phòng|Công an|BCH|xã|phường|huyện|thôn|[Đđ]ặc khu|Trung tâm|Chi cục)\b"
)
# "Đặng Xuân H.": whom an article hides behind a letter it does not name.
_ANONYMOUS = re.compile(r" (?:[BCDĐGHKLMNPQRSTVX]\.|[AEIOU]\.(?= ?[,(;a-zà-ỹđ–-]))")
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
        if not may_be_public(heads):
            return ()
        units = {span.start: span.end for place in places for span in place.mentions}
        names = find_names(text, _title_words(text, heads), self._is_unit, units)
        if not names:
            return ()
        posts = find_posts(text, key, heads, [name.start for name in names], self._is_unit)
        bonds, bare = tie(text, posts, names)
        return _gather(text, key, bonds, bare, PostUnits(places))

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


def _gather(
    text: str, key: str, bonds: Sequence[Bond], bare: Sequence[Sequence[Post]], units: PostUnits
) -> tuple[Official, ...]:
    """Make one official of all the bonds of a person, whatever tone placement spells the name."""
    by_spelling: dict[str, list[Bond]] = {}
    for bond in bonds:
        by_spelling.setdefault(bond.name.person, []).append(bond)
    persons: dict[str, list[Bond]] = {}
    for name, tied in by_spelling.items():
        persons.setdefault(match_key(name), []).extend(tied)
    posts = {name: public_posts(text, key, tied) for name, tied in persons.items()}
    officials = {
        name: held
        for name, held in posts.items()
        if held
        and name not in _FOREIGN
        and not _is_of_history(text, name, held)
        and not _ANONYMOUS.match(text, persons[name][0].name.end - 2)
    }
    if not officials:
        return ()
    by_post: dict[str, list[Span]] = {}
    if bare:
        holders = [[post for bond in tied for post in bond.posts] for tied in persons.values()]
        by_post = dict(zip(persons, mentions_by_post(text, key, bare, holders, units), strict=True))
    found = (
        _official(text, key, persons[name], held, by_post.get(name, []), units)
        for name, held in officials.items()
    )
    return tuple(sorted(found, key=lambda official: official.mentions[0]))


def _is_of_history(text: str, name: str, posts: Sequence[Post]) -> bool:
    """Tell a person of history from a namesake of today, whose post is of a body that the past had not."""
    return name in _HISTORY and not any(_OF_TODAY.search(text, post.start, post.end) for post in posts)


def _official(
    text: str, key: str, tied: list[Bond], posts: Sequence[Post], by_post: Sequence[Span], units: PostUnits
) -> Official:
    tied.sort(key=lambda bond: bond.name.start)
    first = next((bond.name for bond in tied if bond.name.full), tied[0].name)
    shown = _distinct(text, posts)
    named = [Span(bond.name.start, bond.name.end) for bond in tied]
    later = [span for span in by_post if span.start > named[0].end]
    return Official(
        name=text[first.start : first.end],
        positions=tuple(text[post.start : post.end] for post in shown),
        unit=units.unit_of(key, shown),
        mentions=tuple(sorted([*named, *later])),
    )


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
