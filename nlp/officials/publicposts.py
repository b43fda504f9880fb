"""Which posts make an official, by docs/annotation.md.

Posts of the Party, the State, the administration, the courts, the forces and the mass organisations do;
those of companies, schools, hospitals, media, sport and of foreign States do not. Where the post itself
does not tell ("Phó phòng", "Giám đốc"), the bodies named around it do.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.officials.bodies import FIELDS, BodyWords
from nlp.officials.bonds import Bond
from nlp.officials.namelists import FOREIGN_COUNTRIES
from nlp.officials.positions import Post, side_at, surroundings
from nlp.wordlists import one_of

_COUNTRIES = one_of(FOREIGN_COUNTRIES)
# A country's name that closes a post, or that a name in foreign letters follows; no "Tư Pháp".
_FOREIGN = re.compile(
    rf"(?<!tư )(?<!lập )(?<!xã )(?<!huyện )(?<!phường )(?<!trấn )(?<!\w){_COUNTRIES}(?:\Z| .*[fwzj])"
)
_OF_VIETNAM = re.compile(r"việt nam|(?<!\w)vn(?!\w)")
_ENVOY_OF = re.compile(rf" (?:đặc mệnh toàn quyền )?(?:nước )?{_COUNTRIES}")

# A bare title, "Phó phòng", is a public body's where public bodies prevail this far around it, in
# code points. On 2,700 unlabelled articles of 2017 some nine in ten of those kept were right.
_BEFORE, _BEHIND = 400, 150
# What a bare title goes on with where its body is nobody's in particular: "Giám đốc một công ty".
_SOME = re.compile(
    r"(?: của)? (?:một|các|nhiều|hãng|đền|chùa|chợ|đình|miếu|chung cư|tòa nhà|điều hành|kinh doanh|âm nhạc"
    r"|trường)(?!\w)"
)
# What a bare title is of was named at most so far before it, in code points.
_NAMED_REACH = 4_000
_STOP = re.compile(r"[,.;()\n]| [-–] ")
_BEHIND_WORDS = 50
_OWNERS = re.compile(r"(?:chủ tịch|giám đốc)\Z")
# General words for a body of any kind: they tell neither side.
_GENERAL = "trung tâm;cơ quan;công tác;đơn vị;ngành;phòng;trạm;viện;nhà;ban;đội;hội;tổ".split(";")
_GENERAL_WORD = re.compile(rf" (?:{'|'.join(_GENERAL)})")
_IN_GENERAL = re.compile(rf"(?:{_GENERAL_WORD.pattern})+\Z")
_FIELDS = BodyWords(set(FIELDS) - set(_GENERAL))
_OF_A_NAMED = re.compile(r" trung tâm\Z")
# "Công ty Tiếp thị do Lã Thị K. làm giám đốc": of whatever public bodies the sentences around tell.
_RUN_BY = re.compile(
    r"(?:công ty|cty|doanh nghiệp|xí nghiệp|hợp tác xã|htx)(?!\w)[^.;\n]{0,90} do [^.,;\n]{2,50} làm \Z"
)
_RUN_BY_REACH = 160
_VAGUE = re.compile(r" (?:nghiệp vụ|ngành|quản lý|kỹ thuật)(?!\w)")


def public_posts(text: str, key: str, bonds: Sequence[Bond]) -> list[Post]:
    """Return the posts that make a person an official; [] for whoever is none.

    Args:
        text: A normalized text.
        key: The text in lower case, of the same length.
        bonds: All bonds of one person.
    """
    posts: list[Post] = []
    doubtful: list[Post] = []  # taken only along with a post that is beyond doubt
    private = False
    for bond in bonds:
        for post in bond.posts:
            private |= post.side == "private"
            if _is_foreign(text, key, post):
                if post not in bond.told and not _is_somebody_elses(text, key, post, bond):
                    return []
            elif _is_public(text, key, post):
                posts.append(post)
            elif post.kind in ("post", "bound", "village") and post.side != "private":
                doubtful.append(post)
    if private:
        # A company's director whom another sentence calls a bare "Giám đốc".
        return [post for post in sorted(posts) if post.side or post.kind in ("state", "party")]
    return sorted([*posts, *doubtful]) if posts else []


def _is_somebody_elses(text: str, key: str, post: Post, bond: Bond) -> bool:
    """Tell whether a post of our State stands between a foreign post and the name: "... của Lào, Thủ tướng A"."""
    if post not in bond.before[:-1]:
        return False
    nearest = bond.before[-1]
    return nearest.kind in ("state", "party") and not _is_foreign(text, key, nearest)


def _is_foreign(text: str, key: str, post: Post) -> bool:
    """Tell whether a post closes with a country's name: "Thủ tướng Lào", not "Bí thư Lào Cai"."""
    if post.kind == "bound" and _ENVOY_OF.match(key, post.head_end):
        return not _OF_VIETNAM.search(key, post.start, post.end)
    country = _FOREIGN.search(key, post.head_end, post.end)
    if country is None or not text[country.start()].isupper():
        return False
    # One capitalised syllable behind another is part of a longer name: "xã Hồng Đức".
    before = key.rfind(" ", post.head_end, country.start() - 1) + 1
    part_of_name = before > post.head_end and text[before].isupper() and " " not in country.group()
    return not part_of_name and not _OF_VIETNAM.search(key, post.start, post.end)


def _is_public(text: str, key: str, post: Post) -> bool:
    if key.endswith(("đại biểu", "đb"), post.start, post.head_end):
        if post.side == "unit" and text.startswith("(", post.start - 1):
            return True  # "ông A (ĐB An Giang)"
        return post.end == post.head_end or post.side == "public"
    if post.kind == "state" or (post.kind == "party" and post.side != "private"):
        return True
    if post.kind in ("none", "village") or post.side == "private":
        return False
    if post.kind == "bound":
        if key.endswith("chuyên trách", post.start, post.head_end):
            return True  # a full-time head of the deputies of a province
        if key.find("tổng giám đốc", post.start, post.head_end) >= 0:
            return post.side == "public"  # of "Điện Quang": a field of work is in many a company's name
        return post.side == "public" or _is_fielded(key, post)
    if post.kind == "staff":
        return _is_staff_post(key, post)
    return post.side in ("public", "unit") or _stands_among_public(text, key, post)


def _stands_among_public(text: str, key: str, post: Post) -> bool:
    if text[post.head_end : post.end] == " tổ chức":
        return False  # of a contest; the Party's Ban Tổ chức is written with a capital
    if _SOME.match(key, post.end) or _goes_on_private(text, key, post):
        return False
    if _RUN_BY.search(key, max(0, post.start - _RUN_BY_REACH), post.start):
        return False
    fielded = _is_fielded(key, post)
    bare = post.end == post.head_end or _IN_GENERAL.match(key, post.head_end, post.end)
    if not bare and _OWNERS.search(key, post.start, post.head_end):
        return fielded  # "Chủ tịch Novaland": a body that no list knows
    named = bare and _named_before(key, post)
    if named:
        return named > 0
    balance = surroundings(text, key, max(0, post.start - _BEFORE), post.end + _BEHIND)
    return balance > 0 or (balance == 0 and fielded)


def _named_before(key: str, post: Post) -> int:
    """Return 1 where the body that a bare title is of was named before and is public, -1 where it is not.

    "Giám đốc Trung tâm" is of the centre that the article named last: of public services, or of health.
    """
    word = _OF_A_NAMED.match(key, post.head_end, post.end)
    if word is None:
        return 0
    first = max(0, post.start - _NAMED_REACH)
    start = key.rfind(word[0], first, post.start)
    while start >= 0:
        side = side_at(key, start + 1)
        if side:
            return 1 if side == "public" else -1
        start = key.rfind(word[0], first, start)
    return 0


def _goes_on_private(text: str, key: str, post: Post) -> bool:
    """Tell whether the words behind a post name a body that is none: "Trưởng ban Văn nghệ Đài ..."."""
    stop = _STOP.search(text, post.end, post.end + _BEHIND_WORDS)
    end = stop.start() if stop else min(len(text), post.end + _BEHIND_WORDS)
    return surroundings(text, key, post.end, end) < 0


def _is_fielded(key: str, post: Post) -> bool:
    """Tell whether a field of work follows, behind general words for its body if any: "Tổ Đo vẽ"."""
    at = post.head_end
    while not (key.startswith(" ", at, post.end) and _FIELDS.end_at(key, at + 1, post.end)):
        general = _GENERAL_WORD.match(key, at, post.end)
        if general is None:
            return False
        at = general.end()
    return True


def _is_staff_post(key: str, post: Post) -> bool:
    """Tell whether "cán bộ", "công chức" and the like are followed by what makes them a post."""
    head = key[post.start : post.head_end]
    fielded = _is_fielded(key, post)
    if head.endswith("chuyên viên"):
        return post.end > post.head_end
    if _VAGUE.match(key, post.head_end):
        return False
    if head.endswith(("cán bộ", "công chức")):
        return fielded or (head.endswith("công chức") and post.side == "public")
    return post.side in ("public", "unit") or (fielded and head.endswith("kế toán"))
