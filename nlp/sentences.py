"""Sentence spans of an article's text: a line never runs into the next, an abbreviation ends none."""

from __future__ import annotations

import re
import unicodedata

from nlp.types import Span

# A full stop after one of these does not end a sentence: administrative types (TP. Hồ Chí Minh),
# ranks and degrees (ThS. Nguyễn), and initials. Matched in lower case, without the stop.
ABBREVIATIONS = frozenset(
    "tp tx tt tt. q p h x t tr đ đ/c ths ts pgs gs bs ks cn ncs nsnd nsưt ls cv v.v st tg nxb ubnd hđnd "
    "ths.bs gs.ts pgs.ts ts.bs mr mrs ms dr no vol".split()
)
SMALL_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzđ") | {
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", *"\u0300\u0301\u0309\u0303\u0323")
}
"""Letters that open no sentence."""
# The pattern starts with one class of characters, so that the search for it runs at full speed.
_END = re.compile(
    rf"""
    [\n.!?…;:]
    (?: (?<=\n) \n*                                # 1. a line break always ends one
      | (?<=[.!?…]) [.!?…]*["”’»)\]]*              # 2. a closing mark, with the quotes that close after it,
        (?=\s+["“‘«(\[]*[^\W_{"".join(sorted(SMALL_LETTERS))}]             #    before a blank and a capital or a digit
          |\s+[-–—•]                               #    or a dash that opens speech or a list
          |\s*\n|\s*\Z)
      | (?<=[;:])(?=\s*\n)                         # 3. a list's introduction or item at a line's end
    )
    """,
    re.VERBOSE,
)
_LONGEST = 12


def sentence_spans(text: str) -> tuple[Span, ...]:
    """Cut a normalized text into its sentences.

    Each span starts and ends on a visible character; together they cover every visible character
    of the text, in order and without overlap.

    >>> [text[a:b] for text in ["TP. HCM họp. Ông A. nói."] for a, b in sentence_spans(text)]
    ['TP. HCM họp.', 'Ông A. nói.']
    """
    spans: list[Span] = []
    start = 0
    for mark in _END.finditer(text):
        stop = mark.start()
        if text[stop] == "." and ends_with_abbreviation(text, start, stop):
            continue
        end = mark.end()
        _append(spans, text, start, end)
        start = end
    _append(spans, text, start, len(text))
    return tuple(spans)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    if start < end:
        spans.append(Span(start, end))


def ends_with_abbreviation(text: str, start: int, stop: int) -> bool:
    """Whether the full stop at ``stop`` belongs to an abbreviation; nothing before ``start`` is looked at."""
    if text[stop + 1 : stop + 2] in ("\n", ""):
        return False
    # The longest abbreviation has six characters; what stands before it on the line is of no matter.
    words = text[max(start, stop - _LONGEST) : stop].split()
    if not words:
        return False
    word = words[-1].lstrip('("“')
    return word.lower() in ABBREVIATIONS or (len(word) == 1 and word.isupper())
