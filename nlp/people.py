"""Which post belongs to which name: read from the words between the two.

Posts and names stand in a text as beads on a string. A post just before a name is that person's; so
is one after it behind a comma, a dash or an opening bracket; posts joined by commas or "kiêm" form a
chain of one person; names joined by commas share a post that is said of several ("các Phó Chủ tịch").
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nlp.names import HONORIFIC, Name
from nlp.positions import Post

_TITLES = rf"(?:{HONORIFIC}\.?,?\s+)"
_BESIDE = re.compile(rf"\s+(?:\([^()\n]{{1,40}}\)\s+)?{_TITLES}*\Z")
_BEHIND_COMMA = re.compile(rf"\s?[,–-]\s*{_TITLES}+\Z")
_IS = re.compile(
    rf"""
    \s*(?:hiện\ nay|hiện\ tại|hiện|mới|lúc\ đó|khi\ đó|thời\ điểm\ đó)?,?\s*
    (?::|là|gồm|gồm\ có|gồm:)\s*
    (?:(?:các|hai|ba|bốn)\s+)?{_TITLES}*:?\s*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(
    r"""
    \s*[,(–—-]?\s*
    (?:\(?(?:\d{2}\ tuổi|sinh\ năm\ \d{4}|sn\ \d{4}|\d{4})\)?\s*[,;–-]?\s*)?
    (?:(?:người\s+)?(?:hiện\ nay\ là|hiện\ nay|hiện\ là|hiện\ giữ\ chức|hiện\ đang\ là|hiện|nay\ là|đang\ là|đang\ giữ\ chức|nguyên\ là
      |khi\ ấy\ là|khi\ đó\ là|lúc\ đó\ là|lúc\ ấy\ là|bấy\ giờ\ là|thời\ điểm\ đó\ là|vốn\ là|từng\ là|từng\ giữ\ chức|từng\ làm|đều\ là|cùng\ là|là
      |giữ\ chức\ vụ|giữ\ chức|làm|khi\ còn\ là|với\ tư\ cách\ là|với\ vai\ trò|trên\ cương\ vị|đương\ kim|với\ tư\ cách)\s+)?
    (?:các\s+|một\s+)?\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHAIN = re.compile(r"\s*(?:,|;|-|–|\.)?\s*(?:kiêm|kiêm nhiệm|đồng thời là|và là|và|,)?\s*\Z", re.IGNORECASE)
_LIST = re.compile(rf"\s*(?:\([^()\n]{{1,30}}\)\s*)?(?:,|;|và|, và|cùng|cùng với|&)\s*{_TITLES}*\Z")
_SEVERAL = re.compile(r"(?:(?<!\w)(?:các|hai|ba|bốn|năm|sáu|những|\d+)\s+)\Z", re.IGNORECASE)


@dataclass(slots=True)
class Bond:
    """The posts tied to one occurrence of a name."""

    name: Name
    before: list[Post] = field(default_factory=list)
    after: list[Post] = field(default_factory=list)

    @property
    def posts(self) -> list[Post]:
        """All posts, in the order of the text."""
        return [*self.before, *self.after]


def tie(text: str, posts: list[Post], names: list[Name]) -> list[Bond]:
    """Tie posts to the names they stand beside; one bond a name, in order, perhaps without a post."""
    beads: list[Post | Name] = sorted([*posts, *names], key=lambda bead: bead[0])
    bonds: list[Bond] = []
    chain: list[Post] = []  # posts that nobody has claimed, up to the name that comes
    i = 0
    while i < len(beads):
        bead = beads[i]
        if isinstance(bead, Post):
            if chain and not _CHAIN.match(text[chain[-1].end : bead.start]):
                chain = []
            chain.append(bead)
            i += 1
            continue
        bond = Bond(bead)
        bonds.append(bond)
        if chain:
            bond.before = _claim_before(text, chain, bead)
        if not bond.before:
            _share(text, bonds)
        i += 1
        following = _chain_after(text, beads, i, bead)
        heir = beads[i + len(following)] if i + len(following) < len(beads) else None
        if following and isinstance(heir, Name):
            following = _divide(text, following, heir, bool(bond.before))
        bond.after = following
        i += len(following)
        chain = []
    return bonds


def _claim_before(text: str, chain: list[Post], name: Name) -> list[Post]:
    gap = text[chain[-1].end : name.start]
    if len(gap) > 60:
        return []
    if _BESIDE.match(gap) or _BEHIND_COMMA.match(gap) or _IS.match(gap):
        return chain
    return []


def _chain_after(text: str, beads: list[Post | Name], i: int, name: Name) -> list[Post]:
    following: list[Post] = []
    end, pattern = name.end, _AFTER
    while i < len(beads):
        bead = beads[i]
        if isinstance(bead, Name) or bead.start - end > 60 or not pattern.match(text[end : bead.start]):
            break
        following.append(bead)
        end, pattern = bead.end, _CHAIN
        i += 1
    return following


def _divide(text: str, following: list[Post], heir: Name, has_before: bool) -> list[Post]:
    """Return those of the posts between two names that are the first one's."""
    gap = text[following[-1].end : heir.start]
    if not _BESIDE.match(gap):
        return following
    if has_before:
        return []
    return following[:-1]


def _share(text: str, bonds: list[Bond]) -> None:
    """Give the last name the post of the name before it where the post is said of several."""
    if len(bonds) < 2:
        return
    former, last = bonds[-2], bonds[-1]
    if not former.before or former.after or not _LIST.match(text[former.name.end : last.name.start]):
        return
    first = former.before[0]
    several = _SEVERAL.search(text, max(0, first.start - 8), first.start)
    if several or former.before[-1].end < 0 or _IS.match(text[former.before[-1].end : former.name.start]):
        last.before = list(former.before)
