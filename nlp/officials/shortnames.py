"""The ways in which an article writes one person's name: full, without surname, by given name."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence, Set

from nlp.officials.nameedges import begins_body
from nlp.officials.namelists import IN_CAPITALS, PERSONAL, REACH, UNIT_BEFORE, Name, Token


def settle(names: list[Name]) -> list[Name]:
    """Let names that the text writes in two lengths be one person's.

    "Xuân Anh" is a short mention where "Nguyễn Xuân Anh" is named as well; "Vũ Văn Tám Xin", which
    runs into the next sentence, ends where "Vũ Văn Tám" does.
    """
    persons = {name.person for name in names}
    if len(persons) < 2:
        return names
    tails = {person.split(" ", 1)[1]: person for person in persons if person.count(" ") >= 2}
    return [_settled(name, persons, tails) for name in names]


def _settled(name: Name, persons: Set[str], tails: dict[str, str]) -> Name:
    person = tails.get(name.person, name.person)
    # The surname may be missing from two lengths at once: "Xuân Anh", "Văn Xuân Anh".
    person = _head_of(tails.get(person, person), persons)
    if person == name.person:
        return name
    if name.person.startswith(person):
        return Name(name.start, name.start + len(person), person, True)
    return Name(name.start, name.end, person, False)


def _head_of(person: str, persons: Set[str]) -> str:
    """Return the shortest name of three syllables or more that a name goes on from; else the name."""
    syllables = person.split(" ")
    heads = (" ".join(syllables[:size]) for size in range(3, len(syllables)))
    return next((head for head in heads if head in persons), person)


def find_short_mentions(
    text: str, names: Sequence[Name], scraps: Iterable[Sequence[Token]], title_ends: Set[int]
) -> list[Name]:
    """Return the mentions of full names by given name: "ông Duy", "bà Thanh Trà", "Chủ tịch Chung".

    Of two persons with one given name, the one named last before is meant.

    Args:
        text: The text.
        names: The full names in it.
        scraps: Capitalised syllables that are no full name, one to three in a row.
        title_ends: Where the heads of posts end, which do for an honorific.
    """
    bearers = _bearers(names)
    shorts = []
    for tokens in scraps:
        owners = bearers.get(" ".join(token.key for token in tokens if token.key not in IN_CAPITALS))
        if not owners:
            continue
        start = _start(text, tokens, title_ends)
        if start < 0:
            continue
        owner = owners[max(0, bisect_left(owners, (start,)) - 1)]
        shorts.append(Name(start, tokens[-1].end, owner.person, False))
    return shorts


def _bearers(names: Sequence[Name]) -> dict[str, list[Name]]:
    bearers: dict[str, list[Name]] = {}
    for name in sorted(names):
        syllables = name.person.split(" ")
        for size in range(1, min(3, len(syllables))):
            bearers.setdefault(" ".join(syllables[-size:]), []).append(name)
    return bearers


def _start(text: str, tokens: Sequence[Token], title_ends: Set[int]) -> int:
    """Return where a short mention begins, its honorific included; -1 where nothing makes it one."""
    start = tokens[0].start
    before = max(0, start - REACH)
    if tokens[0].key in IN_CAPITALS and len(tokens) > 1:
        return -1 if UNIT_BEFORE.search(text, before, start) else start
    honorific = PERSONAL.search(text, before, start)
    if honorific:
        return honorific.start()
    return start if start - 1 in title_ends and not begins_body(text, tokens[-1]) else -1
