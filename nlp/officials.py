"""The officials that an article names: name, posts, unit and every mention.

``OfficialFinder.find`` is the whole of it: heads of posts, names, posts with their bodies, the bonds
between them, and last the choice of who is an official at all by docs/annotation.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.gazetteer import Gazetteer, name_key
from nlp.names import find_names
from nlp.people import Bond, tie
from nlp.positions import FIELDS, Post, find_heads, find_posts, surroundings
from nlp.types import Official, Place, Span
from nlp.wordlists import one_of, read_words

_FOREIGN = re.compile(rf"(?<!tư )(?<!lập )(?<!\w){one_of(read_words('countries')['foreign'])}(?:\Z| [^ ]*[fwzj])")
_ENVOY_OF = re.compile(rf" (?:đặc mệnh toàn quyền )?(?:nước )?{one_of(read_words('countries')['foreign'])}")
_NO_OFFICIALS = frozenset(name for names in read_words("persons").values() for name in names)


class OfficialFinder:
    """Finds officials by rules over the lexicons of posts, bodies and surnames.

    Args:
        gazetteer: Tells units from persons in "tỉnh Hà Giang Nguyễn Văn Sơn"; without one only the
            places given to ``find`` do.
    """

    def __init__(self, gazetteer: Gazetteer | None = None) -> None:
        self._gazetteer = gazetteer
        self._is_unit = lru_cache(maxsize=50_000)(self._look_up)

    def find(self, text: str, places: tuple[Place, ...] = ()) -> tuple[Official, ...]:
        """Return the officials of a normalized text, in the order of their first mention."""
        key = text.lower()
        if len(key) != len(text):
            key = "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
        heads = find_heads(key)
        if not heads:
            return ()
        units = {span.start: span.end for place in places for span in place.mentions}
        titles = _title_words(text, heads)
        names = find_names(text, titles, self._is_unit, units)
        posts = find_posts(text, key, heads, [name.start for name in names])
        bonds = tie(text, posts, names)
        return _gather(text, key, bonds, places)

    def _look_up(self, name: str, levels: str) -> bool:
        return self._gazetteer is not None and any(
            unit.level[0] in levels for unit in self._gazetteer.named(name_key(name))
        )


def _title_words(text: str, heads: dict[int, tuple[int, str]]) -> dict[int, int]:
    """Return the end of each head by the start of each of its words: "nguyên Phó" begins twice."""
    titles = {}
    for start, (end, _) in heads.items():
        titles[start] = end
        space = text.find(" ", start, end)
        while space > 0:
            titles[space + 1] = end
            space = text.find(" ", space + 1, end)
    return titles


def _gather(
    text: str, key: str, bonds: Sequence[Bond], places: tuple[Place, ...]
) -> tuple[Official, ...]:
    persons: dict[str, list[Bond]] = {}
    for bond in bonds:
        persons.setdefault(bond.name.person, []).append(bond)
    officials = []
    for name, tied in persons.items():
        posts = _public_posts(text, key, tied)
        if not posts or name in _NO_OFFICIALS:
            continue
        first = next(bond.name for bond in tied if bond.name.full)
        officials.append(
            Official(
                name=text[first.start : first.end],
                positions=_distinct(text, posts),
                unit=None,
                mentions=tuple(Span(bond.name.start, bond.name.end) for bond in tied),
            )
        )
    return tuple(officials)


def _public_posts(text: str, key: str, tied: Sequence[Bond]) -> list[Post]:
    """Return a person's posts that are public by docs/annotation.md, [] for a foreign official."""
    posts: list[Post] = []
    doubtful: list[Post] = []  # taken only with a post that is beyond doubt
    for bond in tied:
        for post in bond.posts:
            if _is_foreign(text, key, post):
                if post not in bond.told:
                    return []
            elif _is_public(text, key, post):
                posts.append(post)
            elif post.kind in ("post", "bound", "village") and post.side != "private":
                doubtful.append(post)
    if any(post.side == "private" for bond in tied for post in bond.posts):
        # A company's director whom another sentence calls a bare "Giám đốc".
        return [post for post in posts if post.side or post.kind in ("state", "party")]
    return sorted([*posts, *doubtful]) if posts else []


def _is_foreign(text: str, key: str, post: Post) -> bool:
    """Tell whether a post closes with a country's name: "Thủ tướng Lào", not "Bí thư Lào Cai"."""
    if post.kind == "bound" and _ENVOY_OF.match(key, post.head_end):
        return "việt nam" not in key[post.start : post.end]
    country = _FOREIGN.search(key, post.head_end, post.end)
    if country is None or not text[country.start()].isupper():
        return False
    # One capitalised syllable behind another is part of a longer name: "xã Hồng Đức".
    before = key.rfind(" ", post.head_end, country.start() - 1) + 1
    part_of_name = before > post.head_end and text[before].isupper() and " " not in country.group()
    return not part_of_name and "việt nam" not in key[post.start : post.end]


def _is_public(text: str, key: str, post: Post) -> bool:
    if key.endswith(("đại biểu", "đb"), post.start, post.head_end):
        return post.end == post.head_end or post.side == "public"
    if post.kind == "state" or (post.kind == "party" and post.side != "private"):
        return True
    if post.kind in ("none", "village") or post.side == "private":
        return False
    if post.kind == "bound":
        return post.side == "public" or bool(_FIELDED.match(key, post.head_end, post.end))
    if post.kind == "staff":
        return _is_staff_post(text, key, post)
    return post.side in ("public", "unit") or _stands_among_public(text, key, post)


# A bare title, "Phó phòng", is a public body's where public bodies prevail this far around it.
_BEFORE, _BEHIND = 400, 150
# What a bare title goes on with where its body is nobody's in particular: "Giám đốc một công ty".
_SOME = re.compile(r"(?: của)? (?:một|các|nhiều|đền|chùa|chợ|đình|miếu|chung cư|tòa nhà|hãng|điều hành|kinh doanh|marketing|âm nhạc|nghệ thuật|sáng tạo)(?!\w)")
_OWNERS = re.compile(r"(?:chủ tịch|giám đốc)\Z")
# A body's field of work, behind the general word for its kind if any: "Tổ Đo vẽ".
_GENERAL = frozenset(("phòng", "ban", "đội", "tổ", "viện", "nhà", "trạm", "trung tâm", "cơ quan", "đơn vị", "ngành", "hội", "công tác"))
_IN_GENERAL = re.compile(rf"(?: (?:{'|'.join(sorted(_GENERAL, reverse=True))}))+\Z")
_FIELDED = re.compile(
    rf"(?: (?:{'|'.join(_GENERAL)}))* (?:{one_of(set(FIELDS) - _GENERAL)})"
)
_VAGUE = re.compile(r" (?:nghiệp vụ|ngành|quản lý|kỹ thuật)(?!\w)")


def _stands_among_public(text: str, key: str, post: Post) -> bool:
    if _SOME.match(key, post.end):
        return False
    if (
        post.side == ""
        and post.end > post.head_end
        and _OWNERS.search(key, post.start, post.head_end)
        and not _IN_GENERAL.match(key, post.head_end, post.end)
    ):
        # "Chủ tịch Novaland": what follows the head is a body that no list knows.
        return bool(_FIELDED.match(key, post.head_end, post.end))
    balance = surroundings(text, key, max(0, post.start - _BEFORE), post.end + _BEHIND)
    return balance > 0 or (balance == 0 and bool(_FIELDED.match(key, post.head_end, post.end)))


def _is_staff_post(text: str, key: str, post: Post) -> bool:
    """Tell whether "cán bộ", "công chức" and the like are followed by what makes them a post."""
    head = key[post.start : post.head_end]
    if head.endswith("chuyên viên"):
        return post.end > post.head_end
    if head.endswith("công chức") and post.side == "public":
        return True
    if head.endswith(("cán bộ", "công chức", "nhân viên")):
        return bool(_FIELDED.match(key, post.head_end, post.end)) and not _VAGUE.match(key, post.head_end)
    if head.endswith("kế toán") and _FIELDED.match(key, post.head_end, post.end):
        return True
    return post.side in ("public", "unit")


def _distinct(text: str, posts: Sequence[Post]) -> tuple[str, ...]:
    """Return the posts as they stand, each once and none that a fuller one holds."""
    full: list[str] = []
    for post in posts:
        position = text[post.start : post.end]
        words = set(position.lower().split())
        if any(words <= set(other.lower().split()) for other in full):
            continue
        full = [other for other in full if not set(other.lower().split()) <= words]
        full.append(position)
    return tuple(full)
