"""Persons of one name told apart by their posts and units, over many articles.

Two articles mean one person where they share a post and no units forbid it: "Chủ tịch UBND huyện" of
two districts is two persons. A name that comes back in the same district or commune with another post
is taken for the same person too, promoted or renamed, but marked doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, TypeVar

from nlp.normalize import match_key

# Articles listed with a row, the first that were added.
MAX_EXAMPLES = 3
_PUNCTUATION = re.compile(r"[\W_]+")
# A post that any of many bodies has, and that does not say which: "Bí thư Tỉnh ủy", "Phó phòng".
_OPEN_POST = re.compile(
    r"""
    \b(?: tỉnh | huyện | quận | thị\ xã | thành\ phố | xã | phường | thị\ trấn | đặc\ khu
      | (?:tỉnh|huyện|quận|thị|thành|đảng)\ (?:ủy|bộ)
      | sở | phòng | ban | chi\ cục | công\ an | đội | tổ | chi\ bộ | trung\ tâm )\Z
    | \A\w+\ \w+(?:\ \w+)?\Z
    """,
    re.VERBOSE,
)
_LEVEL = re.compile(r"\b(?:tỉnh|huyện|quận|thị|thành|tp|xã|phường|đặc khu|sở)\b")
# Codes of provinces have two digits; a province is too large for a name to mean one person.
_SMALL_UNIT_DIGITS = 3

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Signature:
    """What an article tells of a name: the posts, folded, and the code of their unit or ""."""

    positions: tuple[str, ...]
    unit: str

    @property
    def placed(self) -> int:
        """The index of the post that has the unit: the first that says of what kind, or else the first."""
        return next((i for i, post in enumerate(self.positions) if _LEVEL.search(post)), 0)


@dataclass(slots=True, eq=False)
class Sighting:
    """What the articles that tell one and the same thing have in common."""

    shown: tuple[str, ...]
    first: date
    last: date
    articles: int = 0
    examples: list[str] = field(default_factory=list)

    def add(self, article: str, day: date) -> None:
        """Count one more article."""
        self.first, self.last = min(self.first, day), max(self.last, day)
        self.articles += 1
        if len(self.examples) < MAX_EXAMPLES:
            self.examples.append(article)


@dataclass(slots=True)
class Person(Generic[T]):
    """What is known of one person; ``doubtful`` where only name and unit hold it together."""

    known: list[tuple[Signature, T]]
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Holding(Generic[T]):
    """What is known of a person in a post, which is the signature's post of that index."""

    signature: Signature
    index: int
    known: T


def fold_position(position: str) -> str:
    """Return the key under which the spellings of a post meet.

    >>> fold_position("Phó Chủ tịch UBND TP.HCM") == fold_position("phó chủ tịch UBND TP HCM")
    True
    """
    return _PUNCTUATION.sub(" ", match_key(position)).strip()


def is_open(position: str) -> bool:
    """Tell whether a folded post leaves open which body it is of."""
    return _OPEN_POST.search(position) is not None


def part_persons(sightings: Mapping[Signature, T]) -> list[Person[T]]:
    """Part what is known of one name into persons, in the order in which they were first met."""
    persons: list[Person[T]] = []
    for known in sightings.items():
        _join(persons, Person([known]), _share_a_post)
    for person in list(persons):
        if person not in persons:
            continue  # a join before took it in
        persons.remove(person)
        if _join(persons, person, _share_a_unit):
            next(one for one in persons if person.known[0] in one.known).doubtful = True
    order = {signature: index for index, signature in enumerate(sightings)}
    return sorted(persons, key=lambda person: min(order[signature] for signature, _ in person.known))


def posts_of(person: Person[T]) -> dict[tuple[str, str], list[Holding[T]]]:
    """Return a person's posts: what is known of each, by folded post and unit.

    A post without a unit goes to the one unit that the same post has elsewhere.
    """
    posts: dict[tuple[str, str], list[Holding[T]]] = {}
    for signature, known in person.known:
        for index, position in enumerate(signature.positions):
            unit = signature.unit if index == signature.placed else ""
            posts.setdefault((position, unit), []).append(Holding(signature, index, known))
    joined: dict[tuple[str, str], list[Holding[T]]] = {}
    for (position, unit), holdings in posts.items():
        units = [other for shared, other in posts if shared == position and other]
        fixed = units[0] if not unit and len(units) == 1 else unit
        joined.setdefault((position, fixed), []).extend(holdings)
    return joined


def _join(
    persons: list[Person[T]], person: Person[T], kindred: Callable[[Signature, Signature], bool]
) -> bool:
    """Add a person to the list, or to all those in it who are the same; tell whether there was one."""
    kin = [
        one
        for one in persons
        if any(kindred(mine, theirs) for mine, _ in person.known for theirs, _ in one.known)
    ]
    if not kin:
        persons.append(person)
        return False
    first, *others = kin
    for other in (person, *others):
        first.known.extend(other.known)
        first.doubtful |= other.doubtful
    for other in others:
        persons.remove(other)
    return True


def _share_a_post(one: Signature, other: Signature) -> bool:
    shared = set(one.positions) & set(other.positions)
    if one.unit and other.unit and one.unit != other.unit:
        # Another unit is another person, but for a post that names its own: "Thứ trưởng Bộ Xây dựng".
        return not all(map(is_open, shared))
    return bool(shared)


def _share_a_unit(one: Signature, other: Signature) -> bool:
    return one.unit == other.unit and len(one.unit) >= _SMALL_UNIT_DIGITS
