"""Posts that several persons share, or that one person's post says more of: "các Phó Chủ tịch A và B"."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from nlp.officials.bonds import TITLES, Bond
from nlp.officials.positions import Post

_LIST = re.compile(rf"\s?(?:\([^()\n]{{1,30}}\)\s?)?(?:,\ và|,\ cùng|,|;|và|cùng\ với|cùng|&)\s+{TITLES}*\Z")
_SEVERAL = re.compile(
    r"(?<!\w)(?:các|hai|ba|bốn|năm|sáu|những|\d+)\s+(?:đồng chí |ông |bà |đ/c )?\Z", re.IGNORECASE
)
_OF_SEVERAL = re.compile(
    r"(?<!\w)(?:các|hai|ba|bốn) (?:ông|bà|đồng chí|anh|chị|đ/c)(?:, bà)?:? \Z", re.IGNORECASE
)
_ALL = re.compile(r"(?<!\w)(?:đều|cùng)\s", re.IGNORECASE)
# What opens the list of those that hold a post, and what closes it: "Sáu ủy viên Bộ Chính trị (A, B và C)".
_OPENS_LIST = re.compile(r" \(|: ?")
_CLOSES = {"(": re.compile(r"\)"), ":": re.compile(r"[.!?…](?:\s|\Z)|\n")}
# Of these one has several besides: a list behind a colon holds no two secretaries of one committee.
_MEMBERSHIP = re.compile(
    r"(?:nguyên )?(?:(?:ủy|uỷ) viên|(?:tỉnh|thành|huyện|quận|thị|đảng) (?:ủy|uỷ) viên|đại biểu)"
)
# What else comes behind such a list: "cùng lãnh đạo các sở, ông C".
_OTHERS_COME = re.compile(r"lãnh đạo|đại diện|đại biểu|cùng (?:dự|các|với)|tham dự|về phía")
# Between a person with a post and the next one's bare post, or the next one who has it behind the name.
_NEXT = re.compile(rf"\)?\s?(?:,|;|,? ?và|,? ?cùng)\s+{TITLES}*\Z")
_CHIEF = re.compile(r"(?:nguyên |cựu |quyền )?(?:phó )?")


def share_before(text: str, bonds: list[Bond]) -> None:
    """Give the last name the post of the name before it where that post is said of several."""
    if len(bonds) < 2:
        return
    former, last = bonds[-2], bonds[-1]
    if not former.before or former.after or not _LIST.match(text[former.name.end : last.name.start]):
        return
    if _is_of_several(text, former.before[0]):
        last.before = list(former.before)


def share_after(text: str, bonds: list[Bond]) -> None:
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
    for former in islice(reversed(bonds), 1, None):
        gap = text[former.name.end : listed[-1].name.start]
        if former.posts or len(gap) > 40 or not _LIST.match(gap):
            break
        listed.append(former)
    return listed[::-1]


def share_over_list(text: str, bonds: list[Bond]) -> None:
    """Give a post said of several to all on the list behind it, who have posts of their own beside it.

    "Sáu ủy viên Bộ Chính trị (Tổng bí thư A, Phó Thủ tướng B ...)", "các Ủy viên Trung ương Đảng: A, Bộ
    trưởng ...; B, Bí thư ...". The next post that is said of several ends the list.
    """
    for i, bond in enumerate(bonds):
        if not bond.before:
            continue
        post = bond.before[0]
        opens = _OPENS_LIST.match(text, post.end)
        if opens is None or not _is_of_several(text, post):
            continue
        if ":" in opens[0] and not _MEMBERSHIP.match(text[post.start : post.end].lower()):
            continue
        closes = _CLOSES[opens[0].strip()].search(text, opens.end())
        end = closes.start() if closes else len(text)
        for other in islice(bonds, i + 1, None):
            if other.name.start > end or any(_is_of_several(text, own) for own in other.before):
                break
            if _OTHERS_COME.search(text, bond.name.end, other.name.start):
                break
            if post not in other.before:
                other.before = [post, *other.before]


def follow_neighbours(text: str, bonds: list[Bond]) -> None:
    """Say of a bare "Phó chủ tịch" whether it is public by the neighbour whose deputy it is of.

    "Chủ tịch UBND TP.HCM A và Phó chủ tịch B", "A, nguyên chủ tịch UBND tỉnh; B, nguyên phó chủ tịch".
    """
    for former, bond in pairwise(bonds):
        if len(bond.posts) != 1 or not former.posts:
            continue
        post, chief = bond.posts[0], (former.after or former.before)[-1:]
        if not chief or post.side or post.kind != "post" or post.end > post.head_end:
            continue
        if "phó" not in text[post.start : post.end].lower():
            continue  # "A, Phó giám đốc Ban Quản lý dự án; B, Giám đốc và C, Phó giám đốc Công ty ..."
        end = max(former.name.end, chief[0].end)
        start = min(bond.name.start, post.start)
        if (
            end < start
            and _NEXT.match(text[end:start])
            and _heads(text, chief[0]).startswith(_heads(text, post))
        ):
            side = "public" if chief[0].kind in ("state", "party") else chief[0].side
            followed = [post._replace(side=side)]
            if bond.before:
                bond.before = followed
            elif bond.after:
                bond.after = followed


def _is_of_several(text: str, post: Post) -> bool:
    return _SEVERAL.search(text, max(0, post.start - 20), post.start) is not None


def _heads(text: str, post: Post) -> str:
    """Return the head of a post in lower case, of a deputy's that of his chief's."""
    return _CHIEF.sub("", text[post.start : post.head_end].lower(), count=1)
