"""Unicode normalization of Vietnamese text, and the key under which spellings meet.

``normalize`` makes only changes an editor would not notice and is a fixed point:
``normalize(normalize(text)) == normalize(text)``. ``match_key`` loses information on purpose (case,
tone placement); it serves look-ups and features and is never shown. On normalized text it keeps
the length, so spans found in the key hold in the text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

CAPITALS = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
"""The capital letters of Vietnamese, as a character class's inside: "[A-ZÀ…]"."""

# Characters that take no room on the page: soft hyphen, zero-width blanks and joiners, the marks of
# writing direction, the byte order mark, and the C0/C1 controls other than tab and line feed.
_INVISIBLE = re.compile(
    "[\N{SOFT HYPHEN}\N{COMBINING GRAPHEME JOINER}\N{ARABIC LETTER MARK}\N{MONGOLIAN VOWEL SEPARATOR}"
    "\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f"
    "\N{ZERO WIDTH NO-BREAK SPACE}\ufff9-\ufffb\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]+"
)
_LINE_ENDS = "\r\v\f\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}"
_LINE_END = re.compile(f"\r\n|[{_LINE_ENDS}]")
_EMPTY_LINES = re.compile(r"\n{3,}")


def _line_ends(text: str) -> str:
    """Write every line break as a line feed."""
    # Six searches for one character are far cheaper than one for a class of them.
    return _LINE_END.sub("\n", text) if any(mark in text for mark in _LINE_ENDS) else text


def _invisible(text: str) -> str:
    """Remove what takes no room on the page.

    This stands before composition: in "e" + ZERO WIDTH SPACE + COMBINING CIRCUMFLEX the mark can
    only meet its letter once the blank is gone, and the function would not be a fixed point.
    """
    return text if _is_plain(text) else _INVISIBLE.sub("", text)


def _eth(text: str) -> str:
    """Write the Icelandic eth and the African D, which look the same in capitals, as Đ.

    Old portals are full of "TTÐT" typed with U+00D0. The small eth is only met in the same
    documents, after lower-casing.
    """
    if text.isascii():
        return text
    return (
        text.replace("\N{LATIN CAPITAL LETTER ETH}", "Đ")
        .replace("\N{LATIN CAPITAL LETTER AFRICAN D}", "Đ")
        .replace("\N{LATIN SMALL LETTER ETH}", "đ")
    )


def _compose(text: str) -> str:
    """Compose letters and marks (NFC)."""
    return unicodedata.normalize("NFC", text)


def _blanks(text: str) -> str:
    """Make every blank a single space, trim lines, and keep at most one empty line."""
    if not _is_plain(text) or "  " in text or " \n" in text or "\n " in text:
        text = "\n".join([" ".join(line.split()) for line in text.split("\n")])
    if "\n\n\n" in text:
        text = _EMPTY_LINES.sub("\n\n", text)
    return text.strip()


def _is_plain(text: str) -> bool:
    """Whether nothing but visible characters, spaces and line feeds stands in the text.

    Python calls every control, format character and odd blank unprintable; the one invisible
    character that it calls printable is asked for by itself.
    """
    return text.replace("\n", "").isprintable() and "\N{COMBINING GRAPHEME JOINER}" not in text


STEPS: tuple[Callable[[str], str], ...] = (_line_ends, _invisible, _eth, _compose, _blanks)
"""The normalization, in the order it runs; adding a step is adding a line."""


def normalize(text: str) -> str:
    r"""Return the text as the whole pipeline sees it.

    >>> normalize("Cổng\u00a0TTÐT  An Giang\r\n")
    'Cổng TTĐT An Giang'
    >>> normalize("ho\u0323\u0302i") == "hội"
    True
    """
    for step in STEPS:
        text = step(text)
    return text


# The vowel pairs whose tone mark the new spelling puts on the second letter (hoà, khoẻ, thuý) and
# the old one on the first (hòa, khỏe, thúy), at the end of a syllable only. After q the u belongs
# to the consonant and "quý" is the one spelling.
_TONES = "\u0300\u0301\u0309\u0303\u0323"
_OLD_PLACEMENT = {
    unicodedata.normalize("NFC", first + second + tone): unicodedata.normalize("NFC", first + tone + second)
    for first, second in (("o", "a"), ("o", "e"), ("u", "y"))
    for tone in _TONES
}
_NEW_PLACEMENT = re.compile(rf"(?<!q)(?:{'|'.join(_OLD_PLACEMENT)})(?!\w)")


def match_key(text: str) -> str:
    """Fold what spellings of one word differ in: case and the placement of the tone mark.

    The length is kept on normalized text: lower case, not case folding, and the one letter whose
    lower case is longer (İ) is left as it stands.

    >>> match_key("HOÀ BÌNH") == match_key("Hòa Bình")
    True
    >>> match_key("Quý")
    'quý'
    """
    lowered = text.lower() if "İ" not in text else "İ".join(map(str.lower, text.split("İ")))
    return _NEW_PLACEMENT.sub(lambda found: _OLD_PLACEMENT[found.group()], lowered)
