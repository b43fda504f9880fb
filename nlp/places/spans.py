"""Where runs of capitalized syllables stand in a text: the only places where a unit can be named."""

from __future__ import annotations

import re
from collections.abc import Iterable

UPPER = "A-ZÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝĂĐĨŨƠƯẠẢẤẦẨẪẬẮẰẲẴẶẸẺẼẾỀỂỄỆỈỊỌỎỐỒỔỖỘỚỜỞỠỢỤỦỨỪỬỮỰỲỴỶỸ"
_SYLLABLE = rf"[{UPPER}]\w*(?:['’‘`´]\w+)*"
# Capitalized syllables with single blanks between, or a number that is part of a name (Mỹ Đình 1). That a
# run does not begin inside a word is left to the caller: a look behind would cost three times the rest.
RUN = re.compile(rf"{_SYLLABLE}(?:[ ](?:{_SYLLABLE}|\d{{1,2}}(?![\w/%]|[.,-]\d)))*")
# A numbered unit in lower case; the number is read by the caller.
_NUMBERED = re.compile(r"(?<!\w)(?:quận|phường)[ ]?(?=\d)")
_DASHES = frozenset("-–—")
# The second half of a name with a dash inside (Bà Rịa - Vũng Tàu), as running text spells it.
_AFTER_DASH = r"\s?[-–—]\s?(?i:{})(?!\w)"


def find_runs(text: str) -> list[tuple[int, int]]:
    """Return where runs of capitalized syllables stand, and the words before a number, in order."""
    runs = [
        found.span()
        for found in RUN.finditer(text)
        if not (found.start() and text[found.start() - 1].isalnum())
    ]
    if "quận " in text or "phường " in text:
        runs.extend(found.span() for found in _NUMBERED.finditer(text))
        runs.sort()
    if "Nông trường " in text:
        runs = [_with_farm(text, span) for span in runs]
    return runs


def _with_farm(text: str, span: tuple[int, int]) -> tuple[int, int]:
    """Return the run of "Nông trường Mộc Châu" whole, with its one syllable in lower case."""
    start, end = span
    name = RUN.match(text, end + len(" trường ")) if text[start:end] == "Nông" else None
    return (start, name.end()) if name else span


class DashedNames:
    """The names with a dash inside, such as Bà Rịa - Vũng Tàu, which runs are cut at.

    Args:
        names: The names, " - " or "-" in them.
    """

    def __init__(self, names: Iterable[str]) -> None:
        halves: dict[str, list[str]] = {}
        for name in names:
            first, second = re.split(r"\s?-\s?", name, maxsplit=1)
            halves.setdefault(" ".join(first.lower().split(" ")[-2:]), []).append(re.escape(second))
        # The second halves, by the one or two syllables before the dash.
        self._second_halves = {
            first: re.compile(_AFTER_DASH.format("|".join(seconds))) for first, seconds in halves.items()
        }

    def end(self, text: str, start: int, end: int) -> int:
        """Return where a run ends, with the second half of its name if that follows a dash."""
        if text[end : end + 2].strip()[:1] not in _DASHES:
            return end
        words = text[start:end].lower().split(" ")
        for count in (1, 2):
            pattern = self._second_halves.get(" ".join(words[-count:]))
            if pattern and (found := pattern.match(text, end)):
                return found.end()
        return end
