"""What looks like a unit's name and is none: persons, rivers, streets, companies, places abroad."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.adminunits import AdminUnit
from nlp.normalize import CAPITALS
from nlp.places.runs import RunReader, Segment
from nlp.places.spans import RUN, DashedNames
from nlp.places.words import place_words
from nlp.unittypes import PROVINCE
from nlp.wordlists import read_words

# A bare province's name behind these, with no preposition in between, is part of a company's.
_COMPANY = re.compile(
    r"(?:ông ty|Cty|CTCP|ập đoàn|gân hàng|hách sạn|iêu thị|í nghiệp|hà máy|iên doanh|âu lạc bộ|CLB)"
    r"[^.,;:()\n\"“”–]*[ -]$"
)
_PREPOSITION = re.compile(r" (?:tại|ở|của|thuộc|trên|từ|về|và|với|cho|tỉnh|thành phố) ")
# A post right before the type word: what follows an unknown "xã …" may be its holder's name.
_POST = re.compile(
    r"(?i:chủ tịch|bí thư|trưởng|phó|cán bộ|công chức|chiến sĩ|đại biểu|chỉ huy|viên|kế toán|địa chính)"
    r"[^.,;:()\n]{0,50}(?:: )?$"
)
# Trùng Khánh, Trung Quốc
_FOREIGN = re.compile(
    rf" ?[,(] ?(?:tỉnh [^,.\n]{{2,20}}, ?)?(?:nước )?(?:{'|'.join(map(str.title, read_words('countries')['near']))})"
    rf"(?!\w| [{CAPITALS}])"
)


class Exclusions:
    """Tells by the words around a name that it is no unit's, or a unit's of another country.

    Args:
        reader: Knows which provinces there are.
        dashed: The names with a dash inside.
    """

    def __init__(self, reader: RunReader, dashed: DashedNames) -> None:
        self._reader = reader
        self._dashed = dashed
        self._harmless = place_words("harmless")
        self._before_person = place_words("before_person")
        self._before_any = place_words("before_any")
        self._before_other = place_words("before_other")
        self._before_commune = place_words("before_commune")

    def is_other(self, text: str, start: int, word: str, units: Iterable[AdminUnit]) -> bool:
        """Tell whether the word before a bare name makes it a person, a river, a street or the like."""
        word = word.lstrip('("“[')
        if not word:
            return text.startswith("-", start - 1) and _in_a_company(text, start)
        pair = " ".join(text[max(0, start - 20) : start].lower().rsplit("\n", 1)[-1].split()[-2:]).lstrip(
            '("“'
        )
        if pair in self._harmless:
            return False
        if word in self._before_person or pair in self._before_person:
            return True
        if word in self._before_any or pair in self._before_any:
            return True
        if _in_a_company(text, start):
            return True
        if any(unit.level == "province" for unit in units):
            return False
        if word in self._before_other or pair in self._before_other:
            return True
        if word[-1:].isdigit():
            return True  # a house number: 408 Điện Biên Phủ
        if any(unit.level == "district" for unit in units):
            return False
        return word in self._before_commune or pair in self._before_commune

    def is_abroad(self, text: str, end: int) -> bool:
        """Tell whether a name is said to lie in another country, or a province that is none of ours.

        "Trùng Khánh, Trung Quốc" and "huyện Ba Vet, tỉnh Svay Rieng" end at ``end`` before the comma.
        """
        if _FOREIGN.match(text, end):
            return True
        if not text.startswith((", tỉnh ", " (tỉnh "), end):
            return False
        province = RUN.match(text, end + len(", tỉnh "))
        if province is None:
            return False
        return not self._reader.read(self._dashed.whole(text, province.start(), province[0]), "tỉnh")


def is_named_after_post(text: str, start: int, segment: Segment, run_length: int) -> bool:
    """Tell whether "xã Thông Minh Thuận" is a post and a person rather than a commune unknown to the table.

    A person behind the name, as in "xã Cao Nhân Hoàng Bảo Chung", leaves the name to the commune.
    """
    if segment.last < run_length or segment.levels == PROVINCE:
        return False
    doubtful = segment.last - segment.first > 2 or place_words("surname").intersection(
        segment.key.split(" ")[:1]
    )
    return bool(doubtful) and _POST.search(text, max(0, start - 60), start) is not None


def _in_a_company(text: str, start: int) -> bool:
    """Tell whether a bare name ends the name of a company: "Công ty Xổ số kiến thiết Tiền Giang"."""
    found = _COMPANY.search(text, max(0, start - 60), start)
    return found is not None and not _PREPOSITION.search(found.group())
