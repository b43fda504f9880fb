"""Encodings from before Unicode: what was written in one comes back, and good Unicode is never touched."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import ReadError
from nlp.readers.legacy import FONTS, LETTERS_FILE, convert, detect_encoding, detect_pasted
from nlp.readers.syllables import is_syllable

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "data"
TONES = "\u0300\u0301\u0303\u0309\u0323"
needs_shared = pytest.mark.skipif(not SHARED.exists(), reason="the shared articles are not here")
TEXT = (
    "Xã Bình An mở điểm trả hồ sơ buổi tối\n\nTừ đầu tháng 3, UBND xã Bình An trả kết quả hồ sơ hộ tịch vào "
    "tối thứ Năm hằng tuần để công nhân ca ngày khỏi phải xin nghỉ. Bà Nguyễn Thị Lụa nói: ẳ ẵ ỵ ỹ ữ ậ ỡ."
)


@cache
def letters(font: str) -> dict[str, str]:
    with LETTERS_FILE.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {row["letter"]: bytes.fromhex(row[font]).decode("latin-1") for row in rows if row[font]}


def typed_in(font: str, text: str) -> str:
    """The text as a font's user stored it: Latin-1 letters. VN3 has no capitals with a tone."""
    table = letters(font)
    return "".join(table.get(letter) or table.get(letter.lower(), letter) for letter in text)


def lowered_where_the_font_must(font: str, text: str) -> str:
    table = letters(font)
    return "".join(
        letter.lower() if letter not in table and letter.lower() in table else letter for letter in text
    )


def in_windows_1258(text: str) -> bytes:
    """Windows-1258 composes the shape and leaves the tone apart; what it lacks is left out."""
    written = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in marks if mark in TONES)
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        written.append((base + tone).encode("cp1258", "ignore"))
    return b"".join(written)


def shared_articles(limit: int) -> Iterator[str]:
    for name in ("dev.jsonl", "train.jsonl", "portal-corpus.jsonl"):
        with (SHARED / name).open(encoding="utf-8") as stream:
            for line in islice(stream, limit):
                yield unicodedata.normalize("NFC", json.loads(line)["text"])


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_bytes_come_back(codec: str) -> None:
    data = TEXT.encode(codec)
    assert detect_encoding(data).decode(data).removeprefix("\ufeff") == TEXT


@pytest.mark.parametrize("font", FONTS)
def test_font_bytes_come_back(font: str) -> None:
    data = typed_in(font, TEXT).encode("latin-1")
    assert detect_encoding(data).font == font
    assert detect_encoding(data).decode(data) == lowered_where_the_font_must(font, TEXT)


@pytest.mark.parametrize("font", FONTS)
def test_pasted_font_letters_come_back(font: str) -> None:
    pasted = typed_in(font, TEXT)
    assert detect_pasted(pasted) == font
    assert convert(pasted, font) == lowered_where_the_font_must(font, TEXT)


def test_windows_1258_bytes_come_back() -> None:
    data = in_windows_1258(TEXT)
    assert detect_encoding(data).codec == "cp1258"
    assert detect_encoding(data).decode(data) == TEXT


def test_quotes_and_dashes_of_windows_are_read_in_font_bytes() -> None:
    data = typed_in("tcvn3", TEXT).encode("latin-1") + b" \x93Hai\x94 \x96 ba\x85"
    assert detect_encoding(data).decode(data).endswith(" “Hai” – ba…")


@pytest.mark.parametrize("font", FONTS)
def test_the_letters_agree_with_another_table(font: str) -> None:
    encodings = pytest.importorskip("viparse.normalize.encodings", reason="viparse is not installed")
    theirs = {letter: written for written, letter in encodings.CHARMAPS[font].pairs}
    ours = letters(font)
    # They write ỵ as "yï" and the i-letters of capitals in two characters; the font's chart has one.
    differing = {letter for letter in ours.keys() & theirs.keys() if ours[letter] != theirs[letter]}
    assert differing <= set("ỵỴ")
    assert theirs.keys() - ours.keys() <= set("ìíÌÍ")


def test_every_vietnamese_letter_has_a_row() -> None:
    for font in FONTS:
        ours = letters(font)
        for letter in "ăâđêôơưáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ":
            assert letter in ours or typed_in(font, letter) == letter


@pytest.mark.parametrize(
    "text",
    [
        "São Paulo, Besançon, Zürich, Málaga, Århus",
        "Le café de la gare était déjà fermé; les élèves français préféraient le thé à la crème brûlée.",
        "El niño pequeño comió piña en la mañana; su señora le añadió más azúcar.",
        "Der größte Müller über Österreich, schöne Grüße an alle Bürger für das Jahr.",
        "25°C ± 2, 3×4 m², ¼ lít, §5, © 2021, «Dân trí», 100 µm",
        "Xã họp dân ở São Paulo, Besançon và Zürich năm ngoái.",
        "Ca sĩ Beyoncé và Björk hát ở Reykjavík",
        "",
    ],
)
def test_other_languages_and_signs_stay_what_they_are(text: str) -> None:
    assert detect_pasted(text) is None


def test_a_line_with_unicode_letters_is_left_alone_beside_pasted_ones() -> None:
    pasted = typed_in("tcvn3", TEXT)
    mixed = f"Tiêu đề đã ở Unicode, giá 5 §ồng\n{pasted}"
    assert detect_pasted(mixed) == "tcvn3"
    assert convert(mixed, "tcvn3").split("\n")[0] == "Tiêu đề đã ở Unicode, giá 5 §ồng"


@given(st.text(alphabet="aăâeêioôơuưyđáàảãạếềệộốứựỵ bcdghklmnpqrstvx.,\n", max_size=400))
def test_vietnamese_in_unicode_is_never_taken_for_a_font(text: str) -> None:
    data = text.encode()
    assert detect_encoding(data).codec == "utf-8"
    if any(letter in text for letter in "ăđơưếềệộốứựỵảạ"):
        assert detect_pasted(text.replace("\n", " ")) is None


@pytest.mark.parametrize("data", [bytes(range(256)) * 4, b"\x89PNG\r\n\x1a\n" + b"\0" * 64])
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError):
        detect_encoding(data).decode(data)


def test_one_broken_byte_is_named() -> None:
    data = TEXT.encode() + b"\xc3("
    with pytest.raises(ReadError, match=rf"byte {len(data) - 1} is not UTF-8"):
        detect_encoding(data).decode(data)


@pytest.mark.parametrize("font", FONTS)
def test_a_paragraph_in_a_font_among_paragraphs_in_utf_8_is_read(font: str) -> None:
    old = TEXT.split("\n")[-1].lower()
    data = f"{TEXT}\n{TEXT}\n".encode() + typed_in(font, old).encode("latin-1") + f"\n{TEXT}".encode()
    assert detect_encoding(data).decode(data) == f"{TEXT}\n{TEXT}\n{old}\n{TEXT}"


@needs_shared
@pytest.mark.parametrize("font", FONTS)
def test_shared_articles_come_back_from_a_font(font: str) -> None:
    for text in shared_articles(120):
        data = typed_in(font, text).encode("cp1252", "replace")
        expected = convert(data.decode("cp1252"), font, everywhere=True)
        assert detect_encoding(data).font == font
        assert detect_encoding(data).decode(data) == expected


@needs_shared
def test_shared_articles_come_back_from_windows_1258() -> None:
    for text in shared_articles(120):
        data = in_windows_1258(text)
        assert detect_encoding(data).codec == "cp1258"
        assert detect_encoding(data).decode(data) == unicodedata.normalize("NFC", data.decode("cp1258"))


@needs_shared
def test_no_shared_article_is_taken_for_anything_but_unicode() -> None:
    for text in shared_articles(10_000):
        assert detect_encoding(text.encode()).codec == "utf-8"
        assert detect_pasted(text) is None


@pytest.mark.parametrize(
    "word", "nghiêng gìn giặc khuỷu quyết ngoằn ngoèo xoong thuở yêu ưỡn ỷ uể quạnh huỵch".split()
)
def test_vietnamese_syllables(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize("word", "hòp việtnam wòng bcd niño hộpp qạ straße thếế".split())
def test_no_syllables(word: str) -> None:
    assert not is_syllable(word)
