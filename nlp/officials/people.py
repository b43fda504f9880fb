"""Which post belongs to which name: read from the words between the two.

Posts and names stand in a text as beads on a string. A post just before a name is that person's; so
is one after it behind a comma, a dash or an opening bracket; posts joined by commas or "kiêm" form a
chain of one person; names joined by commas share a post that is said of several ("các Phó Chủ tịch").
A post farther off is tied by a verb; see ``appointments``.
"""

from __future__ import annotations

import re

from nlp.normalize import CAPITALS
from nlp.officials.appointments import named_later, told_of
from nlp.officials.bonds import TITLES, Bond
from nlp.officials.namelists import Name
from nlp.officials.otherposts import n_of_others, names_a_foreigner
from nlp.officials.positions import Post
from nlp.officials.sharedposts import follow_neighbours, share_after, share_before, share_over_list

_TERM = r"(?:\s+khóa\s+\w+)?"  # "đại biểu Quốc hội khóa XIV"
_BESIDE = re.compile(
    rf"{_TERM}\s+(?:lâm thời\s+|đương nhiệm\s+|mới\s+)?(?:\([^()\n]{{1,40}}\)\s+)?{TITLES}*\Z"
)
# "Chủ tịch UBND TP Hà Nội - Nguyễn Đức Chung cho rằng"; but not a bare "đội trưởng - ...".
_BEHIND_DASH = re.compile(rf"{_TERM}\s?[-–]\s?{TITLES}*\Z")
# "Chủ tịch UBND xã Vọng Thê, huyện Thoại Sơn Trần Văn Bình": the unit above, and the person at once.
_BEHIND_UNIT = re.compile(
    r"(?:,\ (?:(?:tỉnh|thành\ phố|huyện|quận|thị\ xã)\ |TP\.?\ ?)"
    rf"[{CAPITALS}][\w'’]*(?:\ [{CAPITALS}][\w'’]*){{0,3}})+\s+{TITLES}*\Z"
)
# "..., quận Hai Bà Trưng, ông Đặng Xuân H.": the unit above may stand between.
_BEHIND_COMMA = re.compile(
    rf"(?:,\ (?:tỉnh|thành\ phố|TP\.?|huyện|quận|thị\ xã)\ [^,.;\n]{{2,30}})?\ ?[,–-]\ ?{TITLES}+\Z",
    re.IGNORECASE,
)
# "... . Chủ tịch UBND tỉnh Yên Bái, Phùng Quốc H. cùng ... đến": but not "Theo ý kiến của Chủ tịch ..., A phải ...".
_OPENS_CLAUSE = re.compile(r"(?:\A|[.!?…:;,\"“”)]\s+|[\n\"“])\Z")
_VERB_FOLLOWS = re.compile(r" (?!và |là )[a-zà-ỹđ]")
# A post named behind these is another person's, for whom the one after the comma speaks or acts.
_FOR_ANOTHER = re.compile(
    r"(?:(?:thừa|được)\ (?:lệnh|ủy\ quyền|uỷ\ quyền)(?:\ của)?|thay\ mặt"
    r"|(?:theo|thực\ hiện)\ (?:chỉ\ đạo|ý\ kiến|đề\ nghị|ủy\ quyền|uỷ\ quyền)\ của)\ \Z",
    re.IGNORECASE,
)
# "bổ nhiệm ông A giữ chức Bí thư, bà B giữ chức Phó Bí thư": what one is given is not the next one's.
_GIVEN = re.compile(r"(?:giữ\ (?:các\ )?chức(?:\ vụ|\ danh)?|đảm\ nhiệm|đảm\ nhận)\ \Z", re.IGNORECASE)
# "Chủ tịch UBND TP. Trần Văn Hùng": the stop is the type word's.
_ENDS_ABBREVIATED = re.compile(r"(?<!\w)(?:TP|TX|TT|Tp|Tx|Tt)\Z")
_IS = re.compile(
    rf"""
    \s*(?:hiện\ nay|hiện\ tại|hiện|mới|lúc\ đó|khi\ đó|thời\ điểm\ đó)?,?\s*
    (?::|là|gồm\ có|gồm)[\s:]*
    (?:(?:các|hai|ba|bốn)\s+)?{TITLES}*\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_AFTER = re.compile(
    rf"""
    (?:\.(?=\s?[,(–—-]))?                                                                         # 0. "Đặng Xuân H.,"
    (?:\ \((?:(?:tức|bí\ danh|(?:tên\ )?thường\ gọi)\ [^()\n]{{2,30}}                              # "(Sáu Lý)"
      |(?-i:[{CAPITALS}][\w’'-]*(?:\ [{CAPITALS}][\w’'-]*){{0,3}}))\))?
    (?:\ \((?:ảnh|bìa\ [a-zà-ỹ]+|giữa|(?:bên\ )?(?:phải|trái)|thứ\ [^()]{{2,20}})\))?\ ?(?:[,(–—-]|\ -)?\ ?
    (?:\(?(?:\d{{2}}\ tuổi|sinh\ năm\ \d{{4}}|sn\ \d{{4}}|sinh\ ngày\ [\d/-]+|\d{{4}})\)?\s*[,;–-]?\s*)?   # 1. an age
    (?:(?:đảng\ viên|người\ có\ uy\ tín|(?:người|dân\ tộc)\ [\w-]+(?:\ [\w-]+)?
      |(?:nguyên\ )?(?:đại|thượng|trung|thiếu)\ (?:tá|tướng|úy)
      |(?-i:[A-ZĐƯ]{{2,7}}(?:\ TW)?(?:\ Đảng)?))(?:,|\ [-–])\s)?                 # a post in letters, "TUV"
    (?:(?:người\s+)?                                                                             # 2. "is", "was"
      (?:(?:hiện\ nay|hiện|nay|đang|khi\ ấy|khi\ đó|lúc\ đó|lúc\ ấy|bấy\ giờ|thời\ điểm\ đó|hiện\ đang
          |vốn|từng|đều|cùng|nguyên|khi|trước\ đây)\s+)?
      (?:là|giữ\ chức\ vụ|giữ\ chức|làm|còn\ là|hiện|với\ tư\ cách\ là|với\ tư\ cách|với\ vai\ trò
          |trên\ cương\ vị|đương\ kim)\s+)?
    (?:các\s+|một\s+(?:trong\s+(?:các|những|hai|ba|bốn|số|\d+)\s+)?)?\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHAIN = re.compile(
    r"""
    \ ?(?:,|;|-|–)?\ ?\(?
    (?:kiêm\ nhiệm|kiêm|đồng\ thời\ là|đồng\ thời|và\ là|và
      |(?:hiện\ nay|hiện\ đang|hiện|nay|sau\ đó|trước\ đó|rồi)\ (?:chuyển\ )?(?:là|làm|giữ\ chức\ vụ|giữ\ chức)
      |rồi|sau\ đó)?
    \ ?\Z
    """,
    re.VERBOSE | re.IGNORECASE,
)


def tie(text: str, posts: list[Post], names: list[Name]) -> tuple[list[Bond], list[list[Post]]]:
    """Tie posts to the names that they belong to.

    Returns:
        One bond a name, in order, perhaps without a post; and the posts that belong to no name, those
        of one chain together.
    """
    bonds, loose = _tie_beside(text, posts, names)
    share_over_list(text, bonds)
    follow_neighbours(text, bonds)
    starts = [bond.name.start for bond in bonds]
    persons: dict[str, list[Bond]] = {}
    for bond in bonds:
        persons.setdefault(bond.name.person, []).append(bond)
    bare = []
    for chain in loose:
        owner = told_of(text, chain, bonds, starts, persons) or named_later(
            text, chain, bonds, starts, persons
        )
        if owner is not None:
            owner.told += chain
        else:
            bare.append(chain)
    return bonds, bare


def _tie_beside(text: str, posts: list[Post], names: list[Name]) -> tuple[list[Bond], list[list[Post]]]:
    own = [post for post in posts if not names_a_foreigner(text, post)]
    beads: list[Post | Name] = sorted([*own, *names], key=lambda bead: bead[0])
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
        n = n_of_others(text, chain, bead.end)
        if n:
            loose.append(chain[:n])
            chain = chain[n:]
        if chain and _precedes(text, chain, bead):
            bond.before = chain
        else:
            if chain:
                loose.append(chain)
            share_before(text, bonds)
        following = _chain_after(text, beads, i, bead)
        heir = beads[i + len(following)] if i + len(following) < len(beads) else None
        if following and isinstance(heir, Name):
            following = _divide(text, following, heir, bool(bond.before))
        bond.after = following
        share_after(text, bonds)
        i += len(following)
        chain = []
    return bonds, [*loose, chain] if chain else loose


def _precedes(text: str, chain: list[Post], name: Name) -> bool:
    post = chain[-1]
    gap = text[post.end : name.start]
    if not gap and not name.full:
        return True
    if gap == ". " and name.full and _ENDS_ABBREVIATED.search(text, post.start, post.end):
        return True
    if gap.startswith(", ") and _GIVEN.search(text, max(0, chain[0].start - 20), chain[0].start):
        return False
    if post.kind == "staff" and "," in gap and text.endswith("Theo ", 0, post.start):
        return False  # "Theo cán bộ điều tra, ông A từng có tiền án"
    if "," in gap and _FOR_ANOTHER.search(text, max(0, post.start - 40), post.start):
        return False
    if (
        name.full
        and (post.end > post.head_end or post.kind in ("state", "party"))
        and _BEHIND_DASH.match(gap)
    ):
        return True
    if gap == ", " and name.full and post.end > post.head_end and _VERB_FOLLOWS.match(text, name.end):
        return _OPENS_CLAUSE.search(text, max(0, chain[0].start - 4), chain[0].start) is not None
    return len(gap) <= 60 and bool(_is_beside(gap) or _BEHIND_COMMA.match(gap) or _IS.match(gap))


def _is_beside(gap: str) -> bool:
    return bool(_BESIDE.match(gap) or _BEHIND_UNIT.match(gap))


def _chain_after(text: str, beads: list[Post | Name], i: int, name: Name) -> list[Post]:
    following: list[Post] = []
    end, pattern = name.end, _AFTER
    while i < len(beads):
        bead = beads[i]
        if isinstance(bead, Name) or bead.start - end > 60 or not pattern.match(text[end : bead.start]):
            break
        if text[end : bead.start] == " " and text[bead.start].islower():
            break  # "Nguyễn Văn A chủ tọa phiên tòa" tells what he does
        following.append(bead)
        end, pattern = bead.end, _CHAIN
        i += 1
    return following


def _divide(text: str, following: list[Post], heir: Name, has_before: bool) -> list[Post]:
    """Return those of the posts between two names that are the first one's."""
    gap = text[following[-1].end : heir.start]
    if not _is_beside(gap) and (gap or heir.full):
        return following
    if has_before:
        return []
    return following[:-1]
