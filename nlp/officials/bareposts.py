"""Later mentions of an official by the post alone: "Chủ tịch UBND huyện", "đồng chí Bí thư Huyện ủy".

Only what an article itself makes plain is gathered: exactly one of the persons it names holds the
post, it is of no other unit, and the words around it speak of a person and not of the office at large
("Chủ tịch UBND các xã", "Quyết định của Thủ tướng").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from nlp.normalize import CAPITALS, match_key
from nlp.officials.namelists import PERSONAL, REACH
from nlp.officials.positions import OF_THE_PAST, Post
from nlp.officials.postunits import PostUnits
from nlp.types import Span
from nlp.unittypes import TYPES

# Posts that many hold at once, so that the next one met is seldom the one named before.
_HELD_BY_MANY = re.compile(
    r"(?:đại biểu|đb|ủy viên|uỷ viên|thường vụ|thẩm phán|thanh tra viên|kiểm)|.*viên\Z"
)
# What stands before a post that means several persons, the office itself, or somebody beside its holder.
_NO_ONE_PERSON = re.compile(
    r"""
    (?<!\w)
    (?: các|những|mỗi|mọi|từng|một|hai|ba|bốn|nhiều|tất\ cả|toàn\ thể|bất\ kỳ|số\ lượng|\d+     # 1. several, any
      | chức|hàm|phụ\ cấp|chức\ vụ|chức\ danh|cương\ vị|vị\ trí|vai\ trò|tư\ cách    # 2. the office
      | thẩm\ quyền|thời|ghế|giữ|làm|là|bầu|trở\ thành|bổ\ nhiệm|thay|ứng\ cử|tân|nguyên|cựu
      | văn\ phòng|phủ|dinh|thư\ ký|trợ\ lý|phu\ nhân|vợ|chồng|con\ trai|con\ gái     # 3. somebody near
      | lái\ xe|đoàn|hội\ nghị
    )\ \Z
    """,
    re.VERBOSE,
)
# A paper of the office, which a predecessor may have signed: "theo Quyết định số 12 của Thủ tướng".
_PAPER_OF = re.compile(
    r"(?:quyết định|chỉ thị|công điện|nghị định|bằng khen|giấy khen|cờ thi đua|danh hiệu|thông báo|văn bản"
    r"|thông tư|kế hoạch|thẩm quyền|nhiệm vụ|chức năng)(?:(?!\. )[^;\n]){0,60} của (?:đồng chí )?\Z"
)
_AT_LARGE = re.compile(
    rf"""
    \ (?: các|cấp|\d|nào|đó|khác|mới|cũ|tiền\ nhiệm|nhiệm\ kỳ|lâm\ thời|nước|đầu\ tiên|hoặc|hay)(?!\w)
    | (?:,|/|;|\ và|\ -|\ –)\ ?(?:quận|huyện|thị\ xã|thành\ phố|tp|xã|phường|thị\ trấn|đặc\ khu|tỉnh|các)(?!\w)
    | \ (?-i:[{CAPITALS}])
    """,
    re.VERBOSE | re.IGNORECASE,
)
_BEFORE = 90
_FULL_FORMS = (("ủy ban nhân dân", "ubnd"), ("hội đồng nhân dân", "hđnd"))
_ACTING = re.compile(r"(?:quyền|q\.) ?")
# "Chủ tịch xã" is the head of its UBND, "Bí thư huyện" of its Huyện ủy, whatever other chairs there are.
_PLAIN_OFFICES = (("tịch", "ubnd"), ("thư", "ủy"))
# The syllables of the type words; of the abbreviations posts have TP alone.
_LEVELS = frozenset(syllable for kind, _ in TYPES.values() for syllable in kind.split()) | {"tp"}


class _Held(NamedTuple):
    """A post that a named person holds, and its words as they are compared."""

    post: Post
    words: list[str]


class _Holder(NamedTuple):
    """The one person who holds a post: his index, where he is first said to, and the units it may be of."""

    person: int
    since: int
    units: frozenset[str | None]


class _Holders:
    """Who of an article holds which post; each question is answered once.

    Args:
        key: The text in lower case.
        holders: The posts of each person.
        units: The units of posts.
    """

    def __init__(self, key: str, holders: Sequence[Sequence[Post]], units: PostUnits) -> None:
        self._key = key
        self._units = units
        self._posts = [
            [_Held(post, _words(key, post)) for post in posts if _is_of_today(key, post)] for posts in holders
        ]
        self._by_opening: dict[tuple[str, ...], list[tuple[int, _Held]]] = {}
        for person, posts in enumerate(self._posts):
            for held in posts:
                self._by_opening.setdefault(tuple(held.words[:2]), []).append((person, held))
        self._found: dict[tuple[str, tuple[str, ...]], _Holder | None] = {}

    def only_one(self, post: Post, words: list[str]) -> _Holder | None:
        """Return the one person who holds a post of these words, None where none or several do."""
        asked = post.side, tuple(words)
        if asked not in self._found:
            self._found[asked] = self._find(post, words)
        return self._found[asked]

    def _find(self, post: Post, words: list[str]) -> _Holder | None:
        rivals = self._by_opening.get(tuple(words[:2]), ())
        fitting = [(person, held) for person, held in rivals if _covers(post, words, held)]
        if len({person for person, _ in fitting}) != 1:
            return None
        person = fitting[0][0]
        # "Bí thư Đảng ủy, Chủ tịch HĐND xã" is "Bí thư Đảng ủy xã" later on: the unit of either post will do.
        his = self._posts[person] if _LEVELS.intersection(words) else [held for _, held in fitting]
        units = frozenset(self._units.unit(self._key, held.post) for held in his)
        return _Holder(person, min(held.post.start for _, held in fitting), units)


def mentions_by_post(
    text: str, key: str, chains: Sequence[Sequence[Post]], holders: Sequence[Sequence[Post]], units: PostUnits
) -> list[list[Span]]:
    """Return, for each holder, the later stretches that mean him by a post alone, in order.

    Args:
        text: A normalized text.
        key: The text in lower case, of the same length.
        chains: Posts that belong to no name, neighbours of one chain together.
        holders: The posts of each person named in the text, of those who are no officials as well:
            a post that two persons hold means neither.
        units: The units of posts; "Chủ tịch UBND xã" of another commune is another person.
    """
    mentions: list[list[Span]] = [[] for _ in holders]
    known = _Holders(key, holders, units)
    for chain in chains:
        owners = [_owner(text, key, post, known, units) for post in chain]
        if len(set(owners)) == 1:  # "Bí thư Huyện ủy, Chủ tịch HĐND huyện" is one mention
            found = [(chain[0].start, chain[-1].end, owners[0])]
        else:
            found = [(post.start, post.end, owner) for post, owner in zip(chain, owners, strict=True)]
        for start, end, owner in found:
            if owner is not None:
                honorific = PERSONAL.search(text, max(0, start - REACH), start)
                mentions[owner].append(Span(honorific.start() if honorific else start, end))
    return mentions


def _owner(text: str, key: str, post: Post, known: _Holders, units: PostUnits) -> int | None:
    """Return the index of the one person who holds a post, None where none or several do."""
    if not _is_of_today(key, post) or not _means_a_person(text, key, post):
        return None
    holder = known.only_one(post, _words(key, post))
    if holder is None or holder.since >= post.start or units.unit(key, post) not in holder.units:
        return None
    return holder.person


def _is_of_today(key: str, post: Post) -> bool:
    return post.kind in ("state", "party", "post", "bound") and not key.startswith(OF_THE_PAST, post.start)


def _means_a_person(text: str, key: str, post: Post) -> bool:
    head = key[post.start : post.head_end]
    if _HELD_BY_MANY.match(head) or _AT_LARGE.match(text, post.end):
        return False
    before = key[max(0, post.start - _BEFORE) : post.start]
    if PERSONAL.search(before):
        return not before.endswith(("các đồng chí ", "các ông ", "các bà "))
    if post.kind in ("post", "bound") and not post.side:
        return False  # "Giám đốc", "Trưởng phòng": there are too many of them
    return not _NO_ONE_PERSON.search(before) and not _PAPER_OF.search(before)


def _words(key: str, post: Post) -> list[str]:
    """Return the words of a post as they are compared: in one spelling, "quyền" and "UBND" made alike."""
    told = match_key(key[post.start : post.end])
    for full, short in _FULL_FORMS:
        told = told.replace(full, short)
    return re.findall(r"\w+", _ACTING.sub("", told, count=1) if _ACTING.match(told) else told)


def _covers(post: Post, words: list[str], held: _Held) -> bool:
    """Tell whether a bare post says nothing that a person's post does not say, and means the same office."""
    more = set(words).difference(held.words)
    if words[:2] != held.words[:2] or not more <= _LEVELS:
        return False
    if more and (_LEVELS.intersection(held.words) or not set(held.words) <= set(words)):
        return False
    if post.side != "unit" or "hđnd" in words:
        return True
    if held.post.side == "unit":
        return "hđnd" not in held.words
    return all(office in held.words for head, office in _PLAIN_OFFICES if head in words)
