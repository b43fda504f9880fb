"""Where a text says which communes went into another: "sáp nhập các xã Hưng Long và Hưng Xá thành xã Long Xá"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.normalize import CAPITALS

_ACTS = ("nhập ", "hợp nhất ", "trên cơ sở ")
_MERGER = re.compile(
    r"""
    (?!vào|thành|khẩu|viện|học|cư)                                 # "nhập học"; "nhập vào xã B" names no A
    (?:(?![ ](?:vào|thành|về)[ ])[^.,;:\n]){0,60}?\b               # before the first type word neither a comma
    (?:xã|phường|thị[ ]trấn)[ ]                                     # nor what it went into
    (?:(?![ ](?:thành|vào|để|lấy)[ ])[^.;\n])*                      # what was merged, to where it is said into what
    """,
    re.VERBOSE,
)
# "Nam Phúc, Nam Cường và Nam Trung thành xã Trung Phúc Cường": communes that only the result's type word announces.
_RESULTS = ("thành xã ", "thành phường ", "thành thị trấn ", "thành lập xã ", "thành lập phường ")
_NAME = rf"[{CAPITALS}]\w*(?:[ ](?:[{CAPITALS}]\w*|\d{{1,2}}\b)){{0,3}}"
_UNTYPED = re.compile(
    rf"""
    (?<!\w)(?P<names>{_NAME}(?:,[ ]{_NAME}){{0,20}}[ ](?:và|với|(?:sáp[ ])?nhập[ ]với)[ ]{_NAME})
    (?:[ ]\([^()\n]{{3,60}}\))?[ ]
    (?:được[ ])?(?:(?:sáp[ ])?nhập[ ]|hợp[ ]nhất[ ])?(?:lại[ ])?thành[ ](?:lập[ ])?
    (?P<type>xã|phường|thị[ ]trấn)[ ](?:mới[ ])?(?=[{CAPITALS}])
    """,
    re.VERBOSE,
)


def find_untyped(text: str) -> list[tuple[int, int, str]]:
    """Return the stretches that name, without any type word, what was merged, each with the result's type.

    >>> text = "Hưng Long nhập với Hưng Xá thành xã Long Xá."
    >>> [(text[start:end], kind) for start, end, kind in find_untyped(text)]
    [('Hưng Long nhập với Hưng Xá', 'xã')]
    """
    if not any(result in text for result in _RESULTS):
        return []
    return [(*found.span("names"), found["type"]) for found in _UNTYPED.finditer(text)]


def find_mergers(text: str) -> list[tuple[int, int]]:
    """Return the stretches of a text that name what was merged, in order; the result of the merger lies outside.

    >>> text = "Sáp nhập xã Yên Thịnh và xã Hòa Bình thành xã Hữu Liên."
    >>> [text[start:end] for start, end in find_mergers(text)]
    ['xã Yên Thịnh và xã Hòa Bình']
    """
    stretches: list[tuple[int, int]] = []
    end = 0
    for start in sorted(_acts(text)):
        if start >= end and (found := _MERGER.match(text, start)):
            stretches.append(found.span())
            end = found.end()
    return stretches


def _acts(text: str) -> Iterator[int]:
    """Yield where the words that tell a merger end; most texts hold none."""
    for act in _ACTS:
        at = text.find(act)
        while at >= 0:
            yield at + len(act)
            at = text.find(act, at + 1)
