"""Which post belongs to which name: read from the words between the two.

Posts and names stand in a text as beads on a string. A post just before a name is that person's; so
is one after it behind a comma, a dash or an opening bracket; posts joined by commas or "kiêm" form a
chain of one person; names joined by commas share a post that is said of several ("các Phó Chủ tịch").
A post farther off is tied by a verb: "ông Duy được bổ nhiệm làm ...", "cách chức ... đối với ông Duy".
"""

from __future__ import annotations

import re
from bisect import bisect
from dataclasses import dataclass, field

from nlp.namelists import HONORIFIC, Name
from nlp.positions import Post

_TITLES = rf"(?:{HONORIFIC}[\s.,:]+)"
_BESIDE = re.compile(rf"\s+(?:lâm thời\s+|đương nhiệm\s+|mới\s+)?(?:\([^()\n]{{1,40}}\)\s+)?{_TITLES}*\Z")
# "..., quận Hai Bà Trưng, ông Đặng Xuân H.": the unit above may stand between.
_BEHIND_COMMA = re.compile(
    rf"(?:,\ (?:tỉnh|thành\ phố|TP\.?|huyện|quận|thị\ xã)\ [^,.;\n]{{2,30}})?\ ?[,–-]\ ?{_TITLES}+\Z",
    re.IGNORECASE,
)
_IS = re.compile(
    rf"""
    \s*(?:hiện\ nay|hiện\ tại|hiện|mới|lúc\ đó|khi\ đó|thời\ điểm\ đó)?,?\s*
    (?::|là|gồm\ có|gồm)[\s:]*
    (?:(?:các|hai|ba|bốn)\s+)?{_TITLES}*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(
    r"""
    (?:\ \((?:ảnh|bìa\ [a-zà-ỹ]+|giữa|thứ\ [^()]{2,20})\))?\ ?(?:[,(–—-]|\ -)?\ ?
    (?:\(?(?:\d{2}\ tuổi|sinh\ năm\ \d{4}|sn\ \d{4}|sinh\ ngày\ [\d/-]+|\d{4})\)?\s*[,;–-]?\s*)?   # 1. an age
    (?:đảng\ viên,\s)?
    (?:(?:người\s+)?                                                                             # 2. "is", "was"
      (?:(?:hiện\ nay|hiện|nay|đang|khi\ ấy|khi\ đó|lúc\ đó|lúc\ ấy|bấy\ giờ|thời\ điểm\ đó|hiện\ đang
          |vốn|từng|đều|cùng|nguyên|khi|trước\ đây)\s+)?
      (?:là|giữ\ chức\ vụ|giữ\ chức|làm|còn\ là|hiện|với\ tư\ cách\ là|với\ tư\ cách|với\ vai\ trò
          |trên\ cương\ vị|đương\ kim)\s+)?
    (?:các\s+|một\s+)?\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHAIN = re.compile(
    r"""
    \ ?(?:,|;|-|–|\.)?\ ?\(?
    (?:kiêm\ nhiệm|kiêm|đồng\ thời\ là|đồng\ thời|và\ là|và
      |(?:hiện\ nay|hiện\ đang|hiện|nay|sau\ đó|trước\ đó|rồi)\ (?:chuyển\ )?(?:là|làm|giữ\ chức\ vụ|giữ\ chức))?
    \ ?\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LIST = re.compile(rf"\s?(?:\([^()\n]{{1,30}}\)\s?)?(?:,\ và|,\ cùng|,|;|và|cùng\ với|cùng|&)\s+{_TITLES}*\Z")
_SEVERAL = re.compile(r"(?<!\w)(?:các|hai|ba|bốn|năm|sáu|những|\d+)\s+\Z", re.IGNORECASE)
_ALL = re.compile(r"(?<!\w)(?:đều|cùng)\s", re.IGNORECASE)

_SENTENCE_END = re.compile(r"(?<![A-ZĐ]P)(?<![A-ZĐ]Q)[.!?…][\"”’)]*\s+(?=\S)|\n")
_APPOINTED = re.compile(
    r"""
    (?<!\w)
    (?:nhiệm\ vụ|giữ\ chức\ vụ|giữ\ chức\ danh|giữ\ chức|giữ\ các\ chức\ vụ|giữ|chức\ vụ|chức\ danh|chức|làm
      |trở\ thành|đảm\ nhiệm|đảm\ nhận|đảm\ trách|cương\ vị|vị\ trí|tư\ cách|bổ\ nhiệm|bầu|với\ vai\ trò|vai\ trò
      |từng\ là)
    (?:\s(?:là|của|làm|mới))?[\s:]*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_WHOM = re.compile(
    rf"(?:\s\([^()]{{1,60}}\))?[^.;()\n]{{0,50}}?\s(?:đối với|với|cho|của)\s+(?:\w+ \w+ )?{_TITLES}+\Z",
    re.IGNORECASE,
)
# How a later sentence goes on telling a person's career without the name: "Sau đó, ông làm ...".
_CAREER = re.compile(
    r"""
    sau|trước|tiếp|từ|năm|tháng|đến|hiện|ngày|giai\ đoạn|khi|ông|bà|đồng\ chí|anh|chị|rồi|cũng|thực\ hiện
    |trực\ tiếp|\d|\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CAREER_CLAUSE = 90
_OPENS_SENTENCE = re.compile(r"(?:\A|[.!?…:][\"”’)]?\s+|\n|[“\"])(?:Riêng |Theo |Vị )?\Z")
_GOES_ON = re.compile(
    r" (?!và |cùng |là |ở |trú |ngụ |\d)[a-zà-ỹđ]|, (?:đã|đang|cũng|vừa|bị|được|nói|cho|giữ chức)(?!\w)"
)
_NAME_OPENS = re.compile(r"(?:[.!?…][\"”’)]*\s+|,[\"”]? |\n)(?:[Ôô]ng|[Bb]à|[Đđ]ồng chí|[Cc]hị|[Aa]nh) \Z")
_OF_SEVERAL = re.compile(
    r"(?<!\w)(?:các|hai|ba|bốn) (?:ông|bà|đồng chí|anh|chị|đ/c)(?:, bà)?:? \Z", re.IGNORECASE
)
_TOWARDS = re.compile(rf" (?:\([^()]{{1,60}}\) )?đối với {_TITLES}+\Z")
# A post tied by a verb stands at most this far from its person, in code points.
_REACH = 260


@dataclass(slots=True)
class Bond:
    """The posts tied to one occurrence of a name."""

    name: Name
    before: list[Post] = field(default_factory=list)
    after: list[Post] = field(default_factory=list)
    told: list[Post] = field(default_factory=list)

    @property
    def posts(self) -> list[Post]:
        """All posts: those beside the name in the order of the text, then those told farther off."""
        return [*self.before, *self.after, *self.told]


def tie(text: str, posts: list[Post], names: list[Name]) -> list[Bond]:
    """Tie posts to the names that they belong to; one bond a name, in order, perhaps without a post."""
    bonds, loose = _tie_beside(text, posts, names)
    starts = [bond.name.start for bond in bonds]
    for chain in loose:
        bond = _told_of(text, chain, bonds, starts) or _named_later(text, chain, bonds, starts)
        if bond is not None:
            bond.told += chain
    return bonds


def _tie_beside(text: str, posts: list[Post], names: list[Name]) -> tuple[list[Bond], list[list[Post]]]:
    beads: list[Post | Name] = sorted([*posts, *names], key=lambda bead: bead[0])
    bonds: list[Bond] = []
    loose: list[list[Post]] = []  # chains that stand beside no name
    chain: list[Post] = []  # posts that nobody has claimed, up to the name that comes
    i = 0
    while i < len(beads):
        bead = beads[i]
        i += 1
        if isinstance(bead, Post):
            if chain and not _CHAIN.match(text[chain[-1].end : bead.start]):
                loose.append(chain)
                chain = []
            chain.append(bead)
            continue
        bond = Bond(bead)
        bonds.append(bond)
        if chain and _precedes(text, chain[-1], bead):
            bond.before = chain
        else:
            if chain:
                loose.append(chain)
            _share_before(text, bonds)
        following = _chain_after(text, beads, i, bead)
        heir = beads[i + len(following)] if i + len(following) < len(beads) else None
        if following and isinstance(heir, Name):
            following = _divide(text, following, heir, bool(bond.before))
        bond.after = following
        _share_after(text, bonds)
        i += len(following)
        chain = []
    return bonds, [*loose, chain] if chain else loose


def _precedes(text: str, post: Post, name: Name) -> bool:
    gap = text[post.end : name.start]
    if not gap and not name.full:
        return True
    return len(gap) <= 60 and bool(_BESIDE.match(gap) or _BEHIND_COMMA.match(gap) or _IS.match(gap))


def _chain_after(text: str, beads: list[Post | Name], i: int, name: Name) -> list[Post]:
    following: list[Post] = []
    end, pattern = name.end, _AFTER
    while i < len(beads):
        bead = beads[i]
        if isinstance(bead, Name) or bead.start - end > 60 or not pattern.match(text[end : bead.start]):
            break
        if bead.start - end == 1 and text[bead.start].islower():
            break  # "Nguyễn Văn A chủ tọa phiên tòa" tells what he does
        following.append(bead)
        end, pattern = bead.end, _CHAIN
        i += 1
    return following


def _divide(text: str, following: list[Post], heir: Name, has_before: bool) -> list[Post]:
    """Return those of the posts between two names that are the first one's."""
    gap = text[following[-1].end : heir.start]
    if not _BESIDE.match(gap) and (gap or heir.full):
        return following
    if has_before:
        return []
    return following[:-1]


def _share_before(text: str, bonds: list[Bond]) -> None:
    """Give the last name the post of the name before it where that post is said of several."""
    if len(bonds) < 2:
        return
    former, last = bonds[-2], bonds[-1]
    if not former.before or former.after or not _LIST.match(text[former.name.end : last.name.start]):
        return
    first = former.before[0]
    if _SEVERAL.search(text, max(0, first.start - 8), first.start):
        last.before = list(former.before)


def _share_after(text: str, bonds: list[Bond]) -> None:
    """Deal out posts said of the names before them: "hai ông A và B (nguyên chủ tịch và phó chủ tịch)"."""
    posts = bonds[-1].after
    if not posts or len(bonds) < 2:
        return
    listed = _listed(text, bonds)
    if len(listed) == 1:
        return
    gap = text[bonds[-1].name.end : posts[0].start]
    if len(posts) == len(listed) > 1 and " và " in text[posts[-2].end : posts[-1].start]:
        for bond, post in zip(listed, posts, strict=True):
            bond.after = [post]
    elif (
        _ALL.search(gap)
        or _SEVERAL.search(gap)
        or (
            "(" not in gap
            and _OF_SEVERAL.search(text, max(0, listed[0].name.start - 20), listed[0].name.start)
        )
    ):
        for bond in listed[:-1]:
            bond.after = list(posts)


def _listed(text: str, bonds: list[Bond]) -> list[Bond]:
    """Return the bonds without a post that the last one ends the list of, itself included."""
    listed = [bonds[-1]]
    for former in reversed(bonds[:-1]):
        gap = text[former.name.end : listed[-1].name.start]
        if former.posts or len(gap) > 40 or not _LIST.match(gap):
            break
        listed.append(former)
    return listed[::-1]


def _told_of(text: str, chain: list[Post], bonds: list[Bond], starts: list[int]) -> Bond | None:
    """Return whose posts they are by the verb before them, None where no verb ties them to anybody."""
    start = chain[0].start
    verb = _APPOINTED.search(text, max(0, start - 30), start)
    later = bisect(starts, start)
    if later < len(bonds):
        gap = text[chain[-1].end : bonds[later].name.start]
        gap = gap if bonds[later].name.full else gap + "ông "
        if _TOWARDS.match(gap) or (verb and len(gap) < 120 and _OF_WHOM.match(gap)):
            return bonds[later]
    if verb is None:
        return None
    if not later:
        return None
    former = bonds[later - 1]
    between = text[former.name.end : verb.start()]
    if len(between) > _REACH:
        return None
    *_, last = _SENTENCE_END.split(between)
    if len(last) == len(between) or (len(last) <= _CAREER_CLAUSE and _CAREER.match(last)):
        return former
    return None


def _named_later(text: str, chain: list[Post], bonds: list[Bond], starts: list[int]) -> Bond | None:
    """Return who is meant by a post that opens a sentence where the next sentence gives the name.

    "Chủ tịch UBND huyện yêu cầu ... . Ông Trần Văn Hậu cũng mời ...": a person whom an article
    introduces without a word on who he is has been introduced by his post before.
    """
    later = bisect(starts, chain[0].start)
    if later == len(bonds) or not _OPENS_SENTENCE.search(text, max(0, chain[0].start - 8), chain[0].start):
        return None
    bond = bonds[later]
    between = text[chain[-1].end : bond.name.start]
    if (
        bond.posts
        or not bond.name.full
        or len(between) > _REACH
        or "\n" in between.rstrip("\n ÔôngBbàĐđồchí")
    ):
        return None
    if any(other.name.person == bond.name.person for other in bonds[:later]):
        return None
    if not _GOES_ON.match(text, bond.name.end) or not _NAME_OPENS.search(between):
        return None
    return bond
