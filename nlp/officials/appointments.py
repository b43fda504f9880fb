"""Posts told farther from their person: by a verb, in a later sentence, or before the name is given."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping

from nlp.officials.bonds import TITLES, Bond
from nlp.officials.positions import Post

_SENTENCE_END = re.compile(r"(?<![A-ZĐ]P)(?<![A-ZĐ]Q)[.!?…][\"”’)]*\s+(?=\S)|\n")
_APPOINTED = re.compile(
    r"""
    (?<!\w)
    (?:nhiệm\ vụ|giữ\ chức\ vụ|giữ\ chức\ danh|giữ\ chức|giữ\ các\ chức\ vụ|giữ|chức\ vụ|chức\ danh|chức|làm
      |trở\ thành|đảm\ nhiệm|đảm\ nhận|đảm\ trách|cương\ vị|vị\ trí|tư\ cách|bổ\ nhiệm|bầu
      |(?:tái\ )?đắc\ cử|trúng\ cử|tái\ cử|với\ vai\ trò|vai\ trò
      |(?:từng|ông|bà|anh|chị|đồng\ chí|đang|hiện|vốn|trước\ đó|trước\ đây|nguyên)\ là)
    (?:\s(?:là|của|làm|mới))?[\s:]*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_OF_WHOM = re.compile(
    rf"(?:\s\([^()]{{1,60}}\))?[^.;()\n]{{0,50}}?\s(?:đối với|với|cho|của)\s+(?:\w+ \w+ )?{TITLES}+\Z",
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
_TOWARDS = re.compile(rf" (?:\([^()]{{1,60}}\) )?đối với {TITLES}*\Z")
_ELECTS = re.compile(r"(?<!được )(?<!trúng )bầu (?:các )?chức")
# A post tied by a verb stands at most this far from its person, in code points.
_REACH = 260


def told_of(
    text: str, chain: list[Post], bonds: list[Bond], starts: list[int], persons: Mapping[str, list[Bond]]
) -> Bond | None:
    """Return whose posts they are by the verb before them, None where no verb ties them to anybody.

    Args:
        text: A normalized text.
        chain: Posts that stand beside no name.
        bonds: The names of the text, in order.
        starts: Where they start.
        persons: The bonds of each person, in order.
    """
    start = chain[0].start
    verb = _APPOINTED.search(text, max(0, start - 30), start)
    later = bisect(starts, start)
    if later < len(bonds):
        gap = text[chain[-1].end : bonds[later].name.start]
        gap = gap if bonds[later].name.full else gap + "ông "
        if _TOWARDS.match(gap) or (verb and len(gap) < 120 and _OF_WHOM.match(gap)):
            return bonds[later]
    if not later:
        return None
    former = bonds[later - 1]
    if verb is not None and _ELECTS.search(text, max(0, verb.start() - 15), verb.start() + len("chức")):
        return None  # "HĐND họp để bầu chức danh Chủ tịch UBND": nobody was named for it
    if verb is None:
        # "Ông Đinh Kỳ Giang cho biết ... . Vị Giám đốc Sở ...": who he is comes after what he says.
        if start - former.name.end > _REACH or not text.endswith(("Vị ", "vị "), 0, start):
            return None
        is_known = any(bond.posts for bond in persons[former.name.person])
        return former if chain[0].side and not is_known else None
    between = text[former.name.end : verb.start()]
    if len(between) > _REACH:
        return None
    *_, last = _SENTENCE_END.split(between)
    if len(last) == len(between) or (len(last) <= _CAREER_CLAUSE and _CAREER.match(last)):
        return former
    return None


def named_later(
    text: str, chain: list[Post], bonds: list[Bond], starts: list[int], persons: Mapping[str, list[Bond]]
) -> Bond | None:
    """Return who is meant by a post that opens a sentence where the next sentence gives the name.

    "Chủ tịch UBND huyện yêu cầu ... . Ông Trần Văn Hậu cũng mời ...": a person whom an article
    introduces without a word on who he is has been introduced by his post before. The arguments are
    those of ``told_of``.
    """
    later = bisect(starts, chain[0].start)
    if later == len(bonds) or not _OPENS_SENTENCE.search(text, max(0, chain[0].start - 8), chain[0].start):
        return None
    bond = bonds[later]
    between = text[chain[-1].end : bond.name.start]
    if (
        bond.posts
        or (
            chain[0].kind == "staff" and text.endswith("Theo ", 0, chain[0].start)
        )  # "Theo cán bộ điều tra, ông A"
        or not bond.name.full
        or len(between) > _REACH
        or "\n" in between.rstrip("\n ÔôngBbàĐđồchí")
    ):
        return None
    if persons[bond.name.person][0] is not bond:
        return None
    if not _GOES_ON.match(text, bond.name.end) or not _NAME_OPENS.search(between):
        return None
    return bond
