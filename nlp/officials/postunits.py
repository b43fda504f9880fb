"""Which administrative unit a post is of: named in the post, or fixed by the article.

"Chủ tịch UBND huyện Thoại Sơn" names it; "Chủ tịch UBND huyện" leaves it to the article, whose only
district it is, or else the one named last before. A post of no unit (a minister's) has none.
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
    r"(?<!\w)(?:tỉnh|thành phố|thành|tp|quận|huyện|thị|xã|phường|thị trấn|đặc khu)(?: (?:ủy|uỷ|đoàn))?(?!\w)"
    r"|(?<!\w)sở(?!\w)"
)


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
        self._of_kind: dict[str, tuple[list[int], list[str | None]]] = {}

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
        return self._nearest(word, post.start)

    def _nearest(self, word: str, start: int) -> str | None:
        """Return the code of the only unit of a type word's kind, or of the last one before ``start``."""
        if word not in self._of_kind:
            self._of_kind[word] = self._mentions_of_kind(word)
        starts, codes = self._of_kind[word]
        if len(set(codes)) <= 1:
            return codes[0] if codes else None
        last = bisect(starts, start) - 1
        return codes[last] if last >= 0 and start - starts[last] <= _REACH else None

    def _mentions_of_kind(self, word: str) -> tuple[list[int], list[str | None]]:
        """Return where the units stand that a type word may mean, in order, and their codes."""
        kind, levels = ("", PROVINCE) if word == "sở" else TYPES[COMMITTEES.get(word, word)]
        fitting = [
            (begin, place.code)
            for begin, _, place in self._mentions
            if place.level in levels and (not kind or place.type in ("", kind) or levels == PROVINCE)
        ]
        return [begin for begin, _ in fitting], [code for _, code in fitting]


# A unit named farther back than this no longer fixes what "huyện" means, in code points.
_REACH = 800
