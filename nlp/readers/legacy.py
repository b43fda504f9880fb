"""Vietnamese from before Unicode: bytes and pasted letters of TCVN3 (ABC) and VNI, bytes of Windows-1258.

TCVN3 and VNI were no encodings that systems knew, but fonts: to a program the text was Latin letters.
So they come in two ways: as bytes, and as those Latin letters pasted into a Unicode file. Text that is
already Vietnamese in Unicode is never touched: a line with one letter that only Unicode has (ạ, đ, ơ,
ư) is left alone, and the others change only when what comes out is spelled as Vietnamese.
"""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from nlp.errors import ReadError
from nlp.files import DATA
from nlp.readers.syllables import is_syllable, syllable_share

LETTERS_FILE = DATA / "legacy_letters.csv"
FONTS = ("tcvn3", "vni")

# Bytes 80-9F of both fonts are Windows' punctuation: quotes, dashes, the ellipsis.
_WINDOWS_MARKS = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# Letters that Unicode has and Latin-1 has not: their presence proves that a line is no font text.
_UNICODE_ONLY = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
# The commonest letters of the fonts (à á ả ạ ư đ; đ ư and the tone marks), which Vietnamese in Unicode
# does without. Four words in a font hold one of them.
_SUSPECTS = "µ¸¶¹\u00ad®ñöøäïûëåü"
_WORD = re.compile(r"[^\W\d_]+")
# Real texts of the fonts come to 0.95 and more; other languages, converted by mistake, to 0.6 at most.
_MIN_SHARE = 0.85
_MIN_CHANGED = 4
# A line of fewer words is too short to tell its encoding by.
_MIN_LINE_WORDS = 12
# A legacy file of bytes may quote foreign words; a wrong guess stays below one half.
_MIN_BYTES_SHARE = 0.6
# Bytes that are enough to tell an encoding by: some two thousand words.
_ENOUGH = 16 * 1024
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the bytes of a file are read. ``font`` is TCVN3 or VNI on top of Latin-1, "" for none."""

    codec: str
    font: str = ""

    @property
    def wide(self) -> bool:
        """Whether a line feed is more than one byte."""
        return self.codec.startswith(("utf-16", "utf-32"))

    def decode(self, data: bytes) -> str:
        """Return the text of whole lines.

        Raises:
            ReadError: The bytes are of another encoding.
        """
        try:
            text = data.decode(self.codec)
        except UnicodeDecodeError as error:
            other = _decode_mixed(data) if self == UTF_8 else None
            if other is None:
                name = self.codec.upper()
                raise ReadError(f"byte {error.start + 1} is not {name}; save the file as UTF-8") from None
            return other
        if self.font:
            return convert(text.translate(_WINDOWS_MARKS), self.font, everywhere=True)
        return unicodedata.normalize("NFC", text) if self.codec == "cp1258" else text


UTF_8 = Encoding("utf-8")


def detect_encoding(sample: bytes) -> Encoding:
    """Say how the bytes at the start of a file are to be read.

    Raises:
        ReadError: They are no text, or Vietnamese in none of the encodings.
    """
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF32_LE, "utf-32"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if sample.startswith(mark):
            return Encoding(codec)
    if b"\0" in sample and (wide := _wide_without_mark(sample)):
        return wide
    # A table may hold a stray NUL in one row; a picture or a program is full of control bytes.
    if len(_CONTROLS.findall(sample)) > max(len(sample) // 200, 2):
        raise ReadError("the file is binary, not a text; give it the suffix of its format")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample)
        return UTF_8
    except UnicodeDecodeError:
        pass
    if _mostly_utf_8(sample):
        return UTF_8
    legacy = _legacy_bytes(sample)
    if legacy is not None:
        return legacy
    raise ReadError(
        "the file is neither UTF-8 nor Vietnamese in TCVN3, VNI or Windows-1258; save it as UTF-8"
    )


def detect_pasted(text: str) -> str | None:
    """Say in which font the text was typed if it is Latin letters that stand for Vietnamese, else None.

    Only lines without a letter that Unicode alone has are looked at, and at least four words must turn
    into Vietnamese; "São Paulo" or a line of French stays what it is.
    """
    if text.isascii() or not _has_suspect(text):
        return None
    lines = [line for line in text.split("\n") if not line.isascii() and not _UNICODE_ONLY.search(line)]
    sample = "\n".join(lines)[:20_000]
    if not _has_suspect(sample):
        return None
    best = max(FONTS, key=lambda font: syllable_share(_convert(sample, font)))
    converted = _convert(sample, best)
    changed = [word for word in _WORD.findall(converted.lower()) if _UNICODE_ONLY.search(word)]
    good = sum(map(is_syllable, changed))
    plausible = len(changed) >= _MIN_CHANGED and good >= _MIN_SHARE * len(changed)
    return best if plausible and syllable_share(converted) >= _MIN_SHARE else None


def convert(text: str, font: str, *, everywhere: bool = False) -> str:
    """Write the letters of a font in Unicode.

    Args:
        text: Latin letters as the font's user saw them in another font.
        font: One of ``FONTS``.
        everywhere: Also in lines that hold letters which only Unicode has; for decoded bytes, where
            there can be none.

    >>> convert("Héi nghÞ tæng kÕt", "tcvn3")
    'Hội nghị tổng kết'
    >>> convert("Hoäi nghò toång keát", "vni")
    'Hội nghị tổng kết'
    """
    if everywhere:
        return _convert(text, font)
    return "\n".join(
        line if _UNICODE_ONLY.search(line) else _convert(line, font) for line in text.split("\n")
    )


def _has_suspect(text: str) -> bool:
    # One search a character is far cheaper than one for a class of them.
    return any(letter in text for letter in _SUSPECTS)


def _convert(text: str, font: str) -> str:
    letters, pattern = _table(font)
    return pattern.sub(lambda found: letters[found.group()], text)


@cache
def _table(font: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Font letters to Unicode, and a pattern that finds them, longest first."""
    letters: dict[str, str] = {}
    with LETTERS_FILE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            written = "".join(chr(int(code, 16)) for code in row[font].split())
            if not written:
                continue
            letters[written] = row["letter"]
            # A capital at the head of a word is also met with the mark of a small letter: "Ôû" for Ở.
            letters.setdefault(written[0] + written[1:].lower(), row["letter"])
    pattern = "|".join(map(re.escape, sorted(letters, key=len, reverse=True)))
    return letters, re.compile(pattern)


def _decode_mixed(data: bytes) -> str | None:
    """Decode lines that are UTF-8 but for some in an old encoding, as files grow that many hands fill.

    None where a line is neither, or too short to tell.
    """
    decoded = []
    for line in data.splitlines(keepends=True):
        if _is_utf_8(line):
            decoded.append(line.decode("utf-8"))
            continue
        encoding = _legacy_bytes(line)
        text = encoding.decode(line) if encoding else ""
        if len(_WORD.findall(text)) < _MIN_LINE_WORDS:
            return None
        decoded.append(text)
    return "".join(decoded)


def _legacy_bytes(sample: bytes) -> Encoding | None:
    """The legacy encoding in which the bytes read most as Vietnamese, None if in none."""
    sample = sample[:_ENOUGH]
    best: Encoding | None = None
    best_share = _MIN_BYTES_SHARE
    for encoding in (Encoding("cp1258"), Encoding("latin-1", "tcvn3"), Encoding("latin-1", "vni")):
        try:
            share = syllable_share(encoding.decode(sample))
        except ReadError:
            continue
        if share > best_share:
            best, best_share = encoding, share
    return best


def _wide_without_mark(sample: bytes) -> Encoding | None:
    """UTF-16 that doesn't say so: in Vietnamese most letters and blanks are ASCII, so every other byte is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > half // 3 and even * 20 < odd:
        return Encoding("utf-16-le")
    if even > half // 3 and odd * 20 < even:
        return Encoding("utf-16-be")
    return None


def _mostly_utf_8(sample: bytes) -> bool:
    """Whether UTF-8 was damaged in a few places, or holds a few lines of another encoding.

    Text in another encoding is next to never valid UTF-8, so a good line outweighs four broken ones;
    in a single line the good letters must far outnumber the broken ones.
    """
    lines = [line for line in sample.split(b"\n") if not line.isascii()]
    good_lines = sum(_is_utf_8(line) for line in lines)
    if good_lines * 4 >= len(lines) - good_lines and good_lines:
        return True
    text = sample.decode("utf-8", "replace")
    broken = text.count("\N{REPLACEMENT CHARACTER}")
    return sum(not letter.isascii() for letter in text) - broken > 20 * broken


def _is_utf_8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
