"""The grammar of posts: a head ("Phó Chủ tịch") and the body it belongs to ("UBND huyện Thoại Sơn").

A post ends where its words end: at a verb, a full stop, a comma that no department's name holds, or
where the next post or a person's name begins. Whether a post is public is told by its first body: a
director of a Sở is an official, a director of a company is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from nlp.normalize import CAPITALS
from nlp.officials.bodies import BODY, KIND_OF_BODY
from nlp.officials.bodynames import BodyAbove, body_above, body_end, project_end
from nlp.wordlists import one_of, read_words, spellings

Kind = Literal["state", "party", "post", "bound", "staff", "village", "none"]
Side = Literal["public", "private", "unit", ""]

_HEADS = read_words("positions")
_KIND_OF: dict[str, Kind] = {
    spelling: kind  # type: ignore[misc]  # the lexicon's test holds the kinds to these
    for kind, heads in _HEADS.items()
    for head in heads
    for spelling in spellings(head)
}
_NEVER_PUBLIC: frozenset[Kind] = frozenset(("none", "village"))

_HEAD_WORDS = one_of(_KIND_OF)
# A search that opens with one blank is twice as fast as one for twenty letters; other marks are made blanks.
_HEAD = re.compile(f" {_HEAD_WORDS}")
_MARKS_BEFORE_HEAD = "\n.,:;()[]\"'“”‘’/&+*•-–—"
OF_THE_PAST = ("nguyên ", "cựu ", "cố ")
"""What a post opens with that is held no more, in lower case."""

_PREFIX = re.compile(
    # No acting chief in "thừa ủy quyền Chủ tịch nước".
    rf"(?<!\w)(?:(?:{'|'.join(OF_THE_PAST).replace(' ', '')}|(?<!ủy )(?<!uỷ )quyền|q\.)\s+)?"
    r"(?:phó[ -]|phó tổng |đồng )?\Z"
)
_SUFFIX = re.compile(
    r" (?:thường trực|trực(?! (?:tiếp|thuộc|tuyến|quan|chiến|gác))"
    r"|thứ (?:nhất|hai|ba|1|2|3)|phụ trách|chuyên trách|dự khuyết|danh dự|cao cấp|(?<=viên )chính)(?!\w)"
)

# "Giám đốc Sở Y tế kiểm tra ...": fields of work that are verbs too, behind a body that is whole without.
_DOES = re.compile(
    rf"""
    .*? \ (?: (?:Sở|Bộ)\ (?-i:[{CAPITALS}])\w*(?:\ (?!(?:và|chỉ|kiểm|giám|điều|thẩm|tư|tuyên|phối|thanh)\ )\w+){{0,7}}?
           | (?:Tỉnh|Thành|Huyện|Quận|Thị|Đảng)\ (?:ủy|uỷ) | UBND | HĐND | Công\ an | Chính\ phủ | Quốc\ hội
        )
    (?=\ (?-i:kiểm\ tra|giám\ sát|chỉ\ đạo|chỉ\ huy|điều\ hành|điều\ tra|thẩm\ định|tư\ vấn|tuyên\ truyền)(?!\w))
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Posts inside a body, whose department and body stand in a row: "Trưởng phòng Tổ chức, Sở Nội vụ tỉnh".
_INNER = frozenset(
    "trưởng phòng;phó phòng;trưởng ban;phó ban;trưởng trạm;trạm trưởng;trạm phó;tổ trưởng;tổ phó;đội trưởng;đội phó;"
    "chuyên viên;trưởng bộ phận;vụ trưởng;vụ phó;cục trưởng;cục phó".split(";")
)


class Post(NamedTuple):
    """A post at ``[start, end)``; ``head_end`` is where its body begins.

    ``side`` is that of the first body named: public, private, only a unit, or none ("Phó phòng").
    """

    start: int
    end: int
    head_end: int
    kind: Kind
    side: Side


# "chức vụ Phó Bí thư" holds no "vụ phó", and the Secretariat is a body, "Ban Bí thư Trung ương Đảng".
_NO_HEAD_BEHIND = {
    "vụ phó": ("chức ", "nhiệm "),
    "bí thư": ("ban ",),
    "chủ tịch": ("đoàn ",),
    "giám đốc": ("ban ",),
    "tư lệnh": ("bộ ",),
    "thường vụ": ("ban ",),
    "bộ trưởng": ("hội nghị ", "hội đồng "),
}


def find_heads(key: str) -> dict[int, tuple[int, str]]:
    """Return the heads of posts in a lower-cased text: by start, the end and the head itself."""
    heads = {}
    last = 0
    blanked = key
    for mark in _MARKS_BEFORE_HEAD:
        blanked = blanked.replace(mark, " ")
    for found in _HEAD.finditer(f" {blanked}"):
        # With a blank put in front, a head stands in the key where its own blank stands here.
        start, end, head = found.start(), found.end() - 1, found[0][1:]
        if head.startswith("chính ") and key.startswith(" viên", end):  # "Phạm Minh Chính Ủy viên ..."
            start, end, head = start + len("chính "), end + len(" viên"), "ủy viên"
        if key.endswith(_NO_HEAD_BEHIND.get(head, ()), 0, start) or key.startswith(" quán", end):
            continue
        before = _PREFIX.search(key, max(last, start - 14), start)
        if before:
            start = before.start()
        after = _SUFFIX.match(key, end)
        heads[start] = (after.end() if after else end, head)
        last = end
    return heads


def may_be_public(heads: Mapping[int, tuple[int, str]]) -> bool:
    """Tell whether any of the heads found can be an official's: "Hiệu trưởng" and "Tổng biên tập" cannot."""
    return any(_KIND_OF[head] not in _NEVER_PUBLIC for _, head in heads.values())


# "Trợ lý Chủ tịch Quốc hội" is one post, and no chairman's.
_OF_A_CHIEF = frozenset(("trợ lý", "thư ký", "đặc phái viên"))
# Any body has these: "ủy viên BCH Liên đoàn Bóng đá" is of the body that comes next.
_COMMITTEES = frozenset(("bch", "ban chấp hành", "ban thường vụ", "ban thường trực"))
_LONGEST_BODY = 160


def find_posts(
    text: str,
    key: str,
    heads: dict[int, tuple[int, str]],
    walls: list[int],
    is_unit: Callable[[str, str], bool] | None = None,
) -> list[Post]:
    """Return the posts of a text, in order, none inside another.

    Args:
        text: A normalized text.
        key: The text in lower case, of the same length.
        heads: What ``find_heads`` found.
        walls: Where persons' names begin, ascending: no post runs into one.
        is_unit: Tells whether a string names an administrative unit of one of the levels whose
            initials stand in a second string; without it "Chủ tịch Hà Nội" has no side.
    """
    posts: list[Post] = []
    wall = end = 0
    for start in sorted(heads):
        head_end, head = heads[start]
        if start < end:
            continue
        if head in _OF_A_CHIEF:
            chief = head_end + len(" của ") if key.startswith(" của ", head_end) else head_end + 1
            head_end, head = heads.get(chief, (head_end, head))
        while wall < len(walls) and walls[wall] < head_end:
            wall += 1
        limit = walls[wall] if wall < len(walls) else len(text)
        end, above = _post_end(text, key, head, head_end, min(limit, head_end + _LONGEST_BODY))
        kind = _KIND_OF[head]
        side = (above and _side(text, key, above.start, above.end)) or _side(text, key, head_end, end)
        levels = "" if side else _levels_of(text, head, start)
        if levels and is_unit and is_unit(text[head_end + 1 : end], levels):
            side = "unit"
        posts.append(Post(start, end, head_end, kind, side))
    return posts


def _levels_of(text: str, head: str, start: int) -> str:
    """Return the initials of the levels that a bare unit behind a head may have, "" for none.

    "Chủ tịch Hà Nội", "(ĐB An Giang)".
    """
    if head == "chủ tịch":
        return "pd"
    return "p" if head in ("đại biểu", "đb") and text.startswith("(", start - 1) else ""


def _post_end(text: str, key: str, head: str, head_end: int, limit: int) -> tuple[int, BodyAbove | None]:
    """Return where a post ends, and the body that holds its department."""
    end = body_end(text, key, head_end, limit)
    end = project_end(text, key, head_end, end, limit)
    above = body_above(text, key, end, limit) if head in _INNER else None
    end = above.post_end if above else end
    does = _DOES.match(text, head_end, end)
    if does:
        end = does.end()
    if head.startswith(("đại biểu", "đb")):
        # "Trúng cử đại biểu Quốc hội tại tỉnh ...": where one was elected.
        where = key.find(" tại ", head_end, end)
        end = where if where > 0 else end
    while text[end - 1] in " .,-–":
        end -= 1
    return end, above


def _side(text: str, key: str, start: int, end: int) -> Side:
    """Return the side of the first body that a post names; a mere unit only where no body stands."""
    side: Side = ""
    for found in BODY.finditer(key, start, end):
        kind = KIND_OF_BODY[found.group()]
        if kind == "department":
            kind = "public"
        if found.group() in _COMMITTEES:
            side = "public"
        elif kind in ("public", "private"):
            if side == "unit" and " " not in found.group() and text[found.start()].isupper():
                continue  # a syllable of the unit's name: "xã Chiềng Khoa"
            return kind  # type: ignore[return-value]
        elif kind == "unit":
            side = side or "unit"
    return side


def side_at(key: str, start: int) -> Side:
    """Return the side of the body whose name begins at ``start``, "" where it is not known."""
    found = BODY.match(key, start)
    kind = KIND_OF_BODY[found.group()] if found else ""
    return kind if kind in ("public", "private") else ""  # type: ignore[return-value]


def surroundings(text: str, key: str, start: int, end: int) -> int:
    """Return by how many a stretch's words of public bodies outnumber those of other bodies.

    One syllable counts only in a body's name, "Sở Y tế": "giải" is a word of every article.
    """
    balance = 0
    for found in BODY.finditer(key, start, end):
        kind = KIND_OF_BODY[found.group()]
        if kind not in ("public", "private"):
            continue
        if " " not in found.group():
            follower = text[found.end() + 1 : found.end() + 2]
            if not (
                text[found.start()].isupper() and (follower.isupper() or text[found.end() - 1].isupper())
            ):
                continue
        balance += 1 if kind == "public" else -1
    return balance
