"""Posts that stand beside a name and are somebody else's.

"Thừa ủy quyền của Chủ tịch nước, Bí thư Tỉnh ủy Lê Quốc Phong trao ..." names two persons, the first by
the post alone; a comma parts them as it parts the posts of one person. "Thủ tướng Shinzo Abe" has a name
of his own that no list of surnames has.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.normalize import CAPITALS, match_key
from nlp.officials.positions import Post
from nlp.wordlists import one_of, read_words

# For whom somebody acts, or whom he answers: never the one who is named behind the comma.
_FOR_SOMEBODY = r"""
    thừa\ (?:lệnh|ủy\ quyền|uỷ\ quyền)(?:\ của)? | được\ (?:sự\ )?(?:ủy|uỷ)\ (?:quyền|nhiệm)\ của
    | thay\ mặt(?:\ cho)?(?:\ (?:Đảng|Nhà\ nước|Chính\ phủ)(?:,|\ và))*
    | (?:TUQ|T/UQ|KT|K/T|TL|T/L)\.?
    | (?:trả\ lời|giải\ trình|làm\ rõ)\ [^.,;:\n]{0,30}(?:chất\ vấn|câu\ hỏi|ý\ kiến|kiến\ nghị)\ của(?:\ các)?
"""
# What opens a clause about somebody else, the subject coming after it: "Tiếp Chủ tịch JICA, Thủ tướng ...".
_WITH_SOMEBODY = r"""
    (?:theo|thực\ hiện|tiếp\ thu|căn\ cứ|trước)\ [^.,;:\n]{0,20}
        (?:đề\ nghị|đề\ xuất|chỉ\ đạo|ý\ kiến|yêu\ cầu|chất\ vấn|câu\ hỏi)\ của
    | (?:sau\ khi\ |khi\ )?nghe\ [^.,;:\n]{1,40}\ của | sau\ (?:báo\ cáo|phát\ biểu|phần\ trình\ bày)\ của
    | (?:tiếp|gặp|đón|tiếp\ xúc|gặp\ gỡ|tháp\ tùng|báo\ cáo(?:\ với)?|phát\ biểu\ trước|trước)
    | (?:(?:cùng\ )?(?:đi|dự|tham\ dự)|làm\ việc|hội\ đàm|hội\ kiến|trao\ đổi|nói\ chuyện|cùng)\ (?:với|cùng)
"""
_FOR = re.compile(rf"(?<!\w)(?:{_FOR_SOMEBODY})\ (?:đồng\ chí\ |ông\ |bà\ )?\Z", re.VERBOSE | re.IGNORECASE)
_WITH = re.compile(
    rf"(?:\A|[.!?…:;,\"“”]\s+|[\n\"“])(?:{_WITH_SOMEBODY})\ (?:đồng\ chí\ |ông\ |bà\ )?\Z",
    re.VERBOSE | re.IGNORECASE,
)
_OPENING = 90
# The named person is the subject where a verb follows; "... của Phó Bí thư, Chủ tịch UBND tỉnh A tại ..."
# is one person's chain of posts.
_ACTS = re.compile(
    r" (?!(?:và|là|cùng|với|tại|ở|về|của|trong|ngoài|có|còn|do|cho|từ|đến|vào|lúc|khi|sau|trước|nhân|như)(?!\w))"
    r"[a-zà-ỹđ]"
)
# Of these one has several, and they stand before the post that says who he is.
_MEMBERSHIP = re.compile(r"(?:ủy|uỷ) viên|(?:tỉnh|thành|huyện|quận|thị|đảng) (?:ủy|uỷ) viên|đại biểu|đb")

_FOREIGNERS = re.compile(rf"(?<!\w){one_of(sorted(map(match_key, read_words('persons')['foreign'])))}\Z")
_ROW = re.compile(rf"(?: [{CAPITALS}][\w’'-]+){{2,4}}\Z")
# Letters and clusters that no Vietnamese syllable has, at its edges: Shinzo, Abe, Lavrov, Obama.
_NOT_VIETNAMESE = re.compile(
    r"[fwzj]|(?:[bdlrsvxqk]|(?<!n)g)(?: |\Z)|[aeiou][bdglrsvxk][aeiou]|(?:sh|br|cl|dr|gr|st|pr|bl)"
)


def n_of_others(text: str, chain: Sequence[Post], name_end: int) -> int:
    """Return how many posts at the head of a chain before a name are somebody else's.

    Args:
        text: A normalized text.
        chain: Neighbouring posts, the last of them before the name.
        name_end: Where the name ends.
    """
    if len(chain) < 2:
        return 0
    start = chain[0].start
    before = max(0, start - _OPENING)
    is_for = _FOR.search(text, before, start) is not None
    if not is_for and not (_ACTS.match(text, name_end) and _WITH.search(text, before, start)):
        return 0
    n = 2 if len(chain) > 2 and _MEMBERSHIP.match(text[start : chain[0].end].lower()) else 1
    return n if is_for or text[chain[n - 1].end : chain[n].start].startswith(",") else 0


def names_a_foreigner(text: str, post: Post) -> bool:
    """Tell whether a post runs into a name that is no Vietnamese one: "Thủ tướng Shinzo Abe"."""
    if post.side or post.kind not in ("state", "post"):
        return False
    row = _ROW.search(text, post.head_end, post.end)
    if row is None:
        return False
    key = row[0].lower()
    return (
        _FOREIGNERS.search(match_key(key)) is not None or _NOT_VIETNAMESE.search(match_key(key)) is not None
    )
