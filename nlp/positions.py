"""The grammar of posts: a head ("Phó Chủ tịch") and the body it belongs to ("UBND huyện Thoại Sơn").

A post ends where its words end: at a verb, a full stop, a comma that no department's name holds, or
where the next post or a person's name begins. Whether a post is public is told by its first body: a
director of a Sở is an official, a director of a company is not.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from nlp.names import CAPITAL
from nlp.wordlists import one_of, read_words

Kind = Literal["state", "party", "post", "staff", "village", "none"]
Side = Literal["public", "private", "unit", ""]

_HEADS = read_words("positions")
_BODIES = read_words("bodies")
_KIND_OF = {head: kind for kind, heads in _HEADS.items() for head in heads}
_SIDE_OF = {word: kind for kind, words in _BODIES.items() for word in words}

_HEAD_WORDS = one_of(_KIND_OF)
_HEAD = re.compile(_HEAD_WORDS)
_PREFIX = re.compile(r"(?<!\w)(?:(?:nguyên|cựu|quyền|q\.|cố)\s+)?(?:phó[ -]|phó tổng |đồng )?$")
_SUFFIX = re.compile(r" (?:thường trực|thứ nhất|phụ trách|chuyên trách|danh dự)(?!\w)")

_ORG = one_of([*_BODIES["public"], *_BODIES["private"]])
_FIELD = one_of(_BODIES["field"])
_UNIT = one_of(_BODIES["unit"])
_CAPITALISED = rf"(?-i:[{CAPITAL}])[\w'’]*(?:[.&/’'–-](?-i:[{CAPITAL}])[\w'’]*)*\.?(?=[\s,;.)]|\w)|T\.Ư|\d+(?![\d/.%]*[\d/%])"
_NO_HEAD = rf"(?!{_HEAD_WORDS}(?<!cán bộ)(?<!công chức))"
_BODY = re.compile(
    rf"""
    (?:                                                    # 1. bodies and fields, in any case
        (?:\s|\s?[-–]\s?|\s(?:và|&|của|thuộc|về|các)\s){_NO_HEAD}
        (?:{_ORG}|{_FIELD})
    )*
    (?:                                                    # 2. any capitalised word
        (?:\s|\s?[-–]\s?(?!\s)|\s(?:và|&|của|thuộc)\s){_NO_HEAD}
        (?:(?=(?-i:[{CAPITAL}]))(?:{_ORG}|{_FIELD})|(?!{_UNIT}){_CAPITALISED})
    )*
    (?:                                                    # 3. the unit, with or without its name
        (?:\s|\s(?:của|tại)\s){_UNIT}
        (?:\s?{_NO_HEAD}(?!{_UNIT})(?:{_CAPITALISED}))*
    )*
    """,
    re.VERBOSE | re.IGNORECASE,
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


def find_heads(key: str) -> dict[int, tuple[int, str]]:
    """Return the heads of posts in a lower-cased text: by start, the end and the head itself."""
    heads = {}
    last = 0
    for found in _HEAD.finditer(key):
        start, end = found.span()
        if start and (key[start - 1].isalnum() or key[start - 1] == "_"):
            continue
        before = _PREFIX.search(key, max(last, start - 14), start)
        if before:
            start = before.start()
        after = _SUFFIX.match(key, end)
        heads[start] = (after.end() if after else end, found.group())
        last = end
    return heads


_SIDE = re.compile(
    rf"(?<!\w)(?:{one_of(word for word, kind in _SIDE_OF.items() if kind in ('public', 'private', 'unit'))})"
)


def find_posts(text: str, key: str, heads: dict[int, tuple[int, str]], walls: list[int]) -> list[Post]:
    """Return the posts of a text, in order, none inside another.

    Args:
        text: A normalized text.
        key: The text in lower case, of the same length.
        heads: What ``find_heads`` found.
        walls: Where persons' names begin, ascending: no post runs into one.
    """
    posts: list[Post] = []
    wall = end = 0
    for start in sorted(heads):
        head_end, head = heads[start]
        if start < end:
            continue
        while wall < len(walls) and walls[wall] < head_end:
            wall += 1
        limit = walls[wall] if wall < len(walls) else len(text)
        body = _BODY.match(text, head_end, min(limit, head_end + _LONGEST_BODY))
        end = body.end() if body else head_end
        while text[end - 1] in " .,-–":
            end -= 1
        posts.append(Post(start, end, head_end, _KIND_OF[head], _side(key, start, head_end, end)))
    return posts


_LONGEST_BODY = 160


def _side(key: str, start: int, head_end: int, end: int) -> Side:
    found = _SIDE.search(key, head_end, end)
    if found is None:
        return ""
    return _SIDE_OF[found.group()]  # type: ignore[return-value]
