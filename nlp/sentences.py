"""Sentence spans of an article's text: a line never runs into the next, an abbreviation ends none."""

from __future__ import annotations

import re

from nlp.types import Span

# A full stop after one of these does not end a sentence: administrative types (TP. Hồ Chí Minh),
# ranks and degrees (ThS. Nguyễn), and initials. Matched in lower case, without the stop.
_ABBREVIATIONS = frozenset(
    "tp tx tt tt. q p h x t tr đ đ/c ths ts pgs gs bs ks cn ncs nsnd nsưt ls cv v.v st tg nxb ubnd hđnd "
    "ths.bs gs.ts pgs.ts ts.bs mr mrs ms dr no vol".split()
)
_END = re.compile(
    r"""
    \n+                                   # 1. a line break always ends one
    | (?:[.!?…]+|\.\.\.)["”’»)\]]*        # 2. a closing mark, with the quotes that close after it,
      (?=\s+["“‘«(\[]*[^\W_a-zà-ỹđ]       #    before a blank and a capital or a digit
        |\s+[-–—•]                        #    or a dash that opens speech or a list
        |\s*\n|\s*\Z)
    | [;:](?=\s*\n)                       # 3. a list's introduction or item at a line's end
    """,
    re.VERBOSE,
)
_LAST_WORD = re.compile(r"[^\s(\"“]+\Z")


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
        if mark.group().startswith(".") and _ends_with_abbreviation(text, start, mark.start()):
            continue
        _append(spans, text, start, mark.end())
        start = mark.end()
    _append(spans, text, start, len(text))
    return tuple(spans)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    visible = piece.strip()
    if visible:
        start += len(piece) - len(piece.lstrip())
        spans.append(Span(start, start + len(visible)))


def _ends_with_abbreviation(text: str, start: int, stop: int) -> bool:
    if text[stop : stop + 2] in (".\n", ""):
        return False
    found = _LAST_WORD.search(text, max(start, stop - 12), stop)
    if found is None:
        return False
    word = found.group()
    initial = len(word) == 1 and word.isupper()
    return initial or word.lower() in _ABBREVIATIONS
