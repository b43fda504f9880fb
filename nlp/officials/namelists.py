"""What the modules on persons' names share: the record of a name, and the lexicons that edge it."""

from __future__ import annotations

import re
from typing import NamedTuple

from nlp.officials.bodies import BODIES
from nlp.wordlists import one_of, read_words

_SURNAMES = read_words("surnames")
COMMON = frozenset(_SURNAMES["common"])
RARE = frozenset(_SURNAMES["rare"])
ETHNIC = frozenset(_SURNAMES["ethnic"])
SURNAMES = COMMON | RARE | ETHNIC

_HONORIFICS = read_words("honorifics")
HONORIFIC = rf"(?i:{one_of([*_HONORIFICS['honorific'], *_HONORIFICS['rank'], *_HONORIFICS['degree']])})"
HONOURED = re.compile(rf"(?<!\w){HONORIFIC}\.?:? \Z")
PERSONAL = re.compile(rf"(?<!\w)(?i:{one_of(_HONORIFICS['honorific'])}) \Z")
# The honorifics that open a run of capitals with a name: "Ông Nguyễn Văn A".
IN_CAPITALS = frozenset(("ông", "bà", "anh", "chị", "cô", "ngài"))

UNIT_BEFORE = re.compile(rf"(?<!\w)(?i:{one_of(BODIES['unit'])})\.? ?\Z")
BODY_SYLLABLES = frozenset(
    word for kind in ("public", "private", "unit") for word in BODIES[kind] if " " not in word
) - frozenset("đoàn an khoa giải hội bản đài tòa đảng khối đội tổ lực".split())
"""One-syllable words of bodies' names, without those that are common as given names."""

REACH = 16
"""How far before a name an honorific or a type word may begin ("các đồng chí "), in code points."""

_COUNTRIES = read_words("countries")
FOREIGN_COUNTRIES = frozenset((*_COUNTRIES["foreign"], *_COUNTRIES["near"]))
COUNTRIES = FOREIGN_COUNTRIES.union(_COUNTRIES["home"])

# K'Brốp and H'Lan Niê Kđăm open with their people's sign of a man or a woman, not with a surname; the
# surnames of the Cơ Tu are of this shape, Bh'ling, Bh'riu.
APOSTROPHE = re.compile(r"(?:[khy]|bh)['’]")


class Name(NamedTuple):
    """A name at ``[start, end)``; ``person`` is the full name in lower case.

    ``full`` is False for a short mention, which begins with its honorific ("ông Duy").
    """

    start: int
    end: int
    person: str
    full: bool


class Token(NamedTuple):
    """A capitalised syllable at ``[start, end)`` and its lower case."""

    start: int
    end: int
    key: str
