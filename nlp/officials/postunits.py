"""Which administrative unit a post is of: named in the post, or fixed by the article.

"Chủ tịch UBND huyện Thoại Sơn" names it; "Chủ tịch UBND huyện" leaves it to the article, whose only
district it is, or else one named before: not a neighbour or somebody's home, and rather the one whose
own bodies open the article than the one named last. A post of no unit (a minister's) has none.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence

from nlp.officials.positions import OF_THE_PAST, Post
from nlp.types import Place
from nlp.unittypes import COMMITTEES, PROVINCE, TYPES

# A type word or a Party committee's name, and what level and types of unit it stands for.
_LEVEL_WORD = re.compile(
    r"(?<!\w)(?:tỉnh|thành phố|thành|tp|quận|huyện|thị xã|thị trấn|thị|xã(?! hội)|phường|đặc khu)"
    r"(?: (?:ủy|uỷ|đoàn))?(?!\w)"
    r"|(?<!\w)sở(?!\w)"
)
# A unit named only as a neighbour, a home, an origin, a guest's, or in brackets behind another.
_TYPED = rf"(?:(?:{'|'.join(map(re.escape, sorted(TYPES, key=len, reverse=True)))})\.? ?)?"
_ASIDE = re.compile(
    r"(?<!\w)(?:giáp(?: ranh)?(?: với)?|quê(?: quán| gốc)?(?: ở| tại)?|(?:đến )?từ|(?:thường )?trú(?: tại| ở)?"
    rf"|ngụ(?: tại| ở)?|(?<!thuộc )(?<![.…\n] )(?<!\n)đoàn(?: công tác)?(?: của)?|bà con) {_TYPED}\Z"
)
_LISTED = re.compile(rf"(?:,| và|;) {_TYPED}")
_BRACKETED = re.compile(rf" \({_TYPED}")
# A unit in a body's name, "Đảng ủy, UBND đặc khu Lý Sơn", and one that opens a sentence, "Tại xã ...".
_IN_BODY = re.compile(
    r"(?<!\w)(?:ubnd|hđnd|ủy ban nhân dân|uỷ ban nhân dân|hội đồng nhân dân|mttq(?: việt nam| vn)?|đảng bộ|công an"
    rf"|(?:tỉnh|thành|huyện|quận|thị|đảng) (?:ủy|uỷ)|(?:tỉnh|thành|huyện|quận|thị) đoàn|sở [^,.;\n]{{2,30}}) {_TYPED}\Z"
)
_PLACED = re.compile(rf"(?:\A|[.!?:…\n][”\"]? ?)(?:(?:tại|ở|đến|về|còn ở|riêng ở|riêng) )?{_TYPED}\Z")
# How much of an article is its headline and lead, and how far before a unit the patterns above look.
_LEAD = 400
_BEFORE = 50


class PostUnits:
    """The units that an article names, to look posts up in.

    Args:
        places: What the place finder found; places without a code fix no unit.
    """

    def __init__(self, places: Sequence[Place]) -> None:
        mentions = [(span.start, span.end, place) for place in places for span in place.mentions]
        mentions.sort(key=lambda mention: mention[:2])
        self._mentions = mentions
        self._starts = [mention[0] for mention in mentions]
        self._places = places
        self._of_kind: dict[str, _Candidates] = {}

    def unit_of(self, key: str, posts: Sequence[Post]) -> str | None:
        """Return the code of the first post that has a unit, None where none of a person's has one.

        "Phó Bí thư Đảng ủy, Chủ tịch UBND xã Ia Pal": the second says of which commune. A post of the
        past behind another one says where somebody came from, and is passed over.
        """
        for i, post in enumerate(posts):
            if i and key.startswith(OF_THE_PAST, post.start):
                continue
            unit = self.unit(key, post)
            if unit is not None:
                return unit
        return None

    def unit(self, key: str, post: Post) -> str | None:
        """Return the code of a post's unit, None where the article does not fix it.

        Args:
            key: The article's text in lower case.
            post: One of its posts.
        """
        if not self._mentions:
            return None
        first = bisect(self._starts, post.start - 1)
        if first < len(self._starts) and self._starts[first] < post.end:
            return self._mentions[first][2].code
        words = list(_LEVEL_WORD.finditer(key, post.start, post.end))
        if not words:
            return None
        # "Trưởng phòng Nội vụ Sở": the last word is the unit's, but a Sở is the province's.
        word = words[-1].group().removesuffix(" ủy").removesuffix(" uỷ").removesuffix(" đoàn")
        if word not in self._of_kind:
            self._of_kind[word] = self._candidates(key, word)
        return self._of_kind[word].before(key, post.start)

    def _candidates(self, key: str, word: str) -> _Candidates:
        """Return the units that a type word may mean, in order."""
        kind, levels = ("", PROVINCE) if word == "sở" else TYPES[COMMITTEES.get(word, word)]
        fitting = [
            (begin, place.code, aside or _is_gone(place))
            for (begin, _, place), aside in zip(self._mentions, self._asides(key), strict=True)
            if place.level in levels and (not kind or place.type in ("", kind) or levels == PROVINCE)
        ]
        if len({code for _, code, _ in fitting}) > 1:
            fitting = [candidate for candidate in fitting if not candidate[2]]
        return _Candidates(key, [begin for begin, _, _ in fitting], [code for _, code, _ in fitting])

    def _asides(self, key: str) -> list[bool]:
        """Tell of each mention whether it is a neighbour's, a home's or the like, lists of them included."""
        asides: list[bool] = []
        former = 0
        for begin, end, _ in self._mentions:
            before = key[max(former, begin - _BEFORE) : begin]
            after_one = bool(asides) and asides[-1]
            listed = after_one and _LISTED.fullmatch(key, former, begin) is not None
            # In the lead it is the article's province: "thị xã Điện Bàn (Quảng Nam)".
            may_be = after_one or (bool(asides) and begin > _LEAD)
            bracketed = may_be and _BRACKETED.fullmatch(key, former, begin) is not None
            asides.append(listed or bracketed or _ASIDE.search(before) is not None)
            former = end
        return asides


def _is_gone(place: Place) -> bool:
    """Tell whether a province lies in another one by now, "khu vực Hòa Bình": nobody holds a post of it."""
    return place.level == "province" and place.province not in ("", place.name)


class _Candidates:
    """The mentions of the units that a type word may mean, and which of them a post is of.

    Args:
        key: The article's text in lower case.
        starts: Where the mentions begin, in order.
        codes: The code of each.
    """

    def __init__(self, key: str, starts: list[int], codes: list[str | None]) -> None:
        self._starts = starts
        self._codes = codes
        in_lead = {
            code
            for start, code in zip(starts, codes, strict=True)
            if start <= _LEAD and _IN_BODY.search(key, max(0, start - _BEFORE), start)
        }
        self._of_lead = next(iter(in_lead)) if len(in_lead) == 1 else None

    def before(self, key: str, start: int) -> str | None:
        """Return the code of the unit of a post at ``start``: the only one, or one named before it."""
        if len(set(self._codes)) <= 1:
            return self._codes[0] if self._codes else None
        last = bisect(self._starts, start) - 1
        if last < 0:
            return self._of_lead
        named = self._starts[last]
        if self._of_lead is not None and not self._is_of_the_post(key, named, start):
            return self._of_lead
        return self._codes[last] if start - named <= _REACH else None

    @staticmethod
    def _is_of_the_post(key: str, named: int, start: int) -> bool:
        """Tell whether the unit named last is rather meant than that of the lead."""
        before = max(0, named - _BEFORE)
        if _IN_BODY.search(key, before, named):
            return True
        between = key[named:start]
        return "\n" not in between and (". " not in between or _PLACED.search(key, before, named) is not None)


# A unit named farther back than this no longer fixes what "huyện" means, in code points.
_REACH = 800
