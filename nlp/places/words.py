"""The words and patterns by which Vietnamese text announces a place: lists, numbers, plurals."""

from __future__ import annotations

import re
from functools import cache

from nlp.wordlists import read_words

_NO_COUNT = (
    r"(?![\w/%]|[.,-]\d|[ ](?:năm|tháng|ngày|người|lần|tỷ|tỉ|triệu|ngàn|nghìn|căn|hộ|xã|phường|ha|tuổi)\b)"
)
NUMBER = re.compile(rf"\.?[ ]?(\d{{1,2}}){_NO_COUNT}")
NEXT_NUMBER = re.compile(rf"(?:,[ ]?|[ ](?:và|hoặc|hay)[ ]|[ ]?-[ ]?)(\d{{1,2}}){_NO_COUNT}")
PLURAL = re.compile(
    r"(?i:(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|bảy|tám|chín|mười|cả|nhiều|\d+)[ ]"
    r"(?:\w+[ ]){0,3}?(?:tỉnh|thành|huyện|quận|thị|xã|phường|đặc|tp))(?:[\w ,]){0,30}:?[ ]?$"
)
# "các xã vùng trũng Hải Dương, Hải Định": a list whose type word stands some words before its names.
LOOSE_LIST = re.compile(
    r"(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|bảy|tám|\d+) (tỉnh|huyện|quận|thị xã|xã|phường|thị trấn|đặc khu)"
    r"(?: [a-zà-ỹđ]+){0,3} (?!thuộc|của|tại|ở|phía|vùng|khu|cho|từ|về|trong|trên|với|do|theo|người)[a-zà-ỹđ]+:? $"
)
# A list of villages, streets or rivers: what goes on it is none of ours either.
OTHERS_LIST = re.compile(
    r"(?i:(?<!\w)(?:các|những|hai|ba|bốn|năm|sáu|\d+) (?:tuyến )?"
    r"(?:thôn|ấp|bản|làng|buôn|xóm|khóm|khu phố|đường|phố|sông|suối|hồ|núi|cầu|chợ)) $"
)
# "Khu phố Dương Đông, An Thới (đặc khu Phú Quốc)": what follows a village's name, where both lie in a commune.
VILLAGE = re.compile(r"(?i:(?<!\w)(?:thôn|ấp|bản|làng|buôn|xóm|khóm|khu phố)) $")
IN_ONE_COMMUNE = re.compile(
    r"(?:(?:, | và )(?!(?i:xã|phường|thị trấn|huyện))(?:(?! và )[^,.;:()\n]){2,30}){1,9}"
    r" \((?:xã|phường|thị trấn|đặc khu|[PX]\.|TT\.) ?\w"
)
ROADS = frozenset(("đường", "lộ", "phố"))
FORMER = re.compile(
    r"[\"”]?\s*\(?(?:cũ|trước đây|trước kia|trước(?: khi)? (?:sáp nhập|hợp nhất|chia tách|nhập)|xưa)\b"
)
LIST_GAP = re.compile(r"(?:,(?: và| hay| hoặc)?|;| và| hoặc| hay|,? cùng| lẫn| với| đến) |\s?[-–—/]\s?")

# A name of one syllable is too often a word; one that no Vietnamese syllable can be is safe (Pleiku, KBang).
_VOWELS = "aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ"
MANY_SYLLABLES = re.compile(
    rf"[ ']|[{_VOWELS}][^{_VOWELS}\W]+[{_VOWELS}]|^(?!ch|gh|kh|ng|nh|ph|th|tr)[^{_VOWELS}\W]{{2}}"
)


_OWN_FILES = {
    "surname": ("surnames", ("common", "ethnic")),
    "country": ("countries", ("near", "home", "former")),
}


@cache
def place_words(kind: str) -> frozenset[str]:
    """Return the words of one kind in ``data/place_words.csv``, or of a kind that has its own file.

    Of ``surnames.csv`` the rare ones are left out: half of them (Phú, An, Sơn, Lộc) open more places
    than persons. Of ``countries.csv`` those are taken that a type word may stand before.
    """
    if kind in _OWN_FILES:
        name, kinds = _OWN_FILES[kind]
        return frozenset(word for each in kinds for word in read_words(name)[each])
    return frozenset(read_words("place_words").get(kind, ()))
