"""Where runs of capitalized syllables stand in a text: the only places where a unit can be named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from nlp.normalize import CAPITALS

_SYLLABLE = rf"[{CAPITALS}]\w*+(?:['’‘`´]\w++)*+"
# A number before one of these counts something, and is no part of a name.
_COUNTED = "độ|đồng|triệu|tỷ|tỉ|nghìn|ngàn|g|kg|tạ|tấn|ha|m|km|điểm|phút|lượt"
# Capitalized syllables with single blanks between, or a number that is part of a name (Mỹ Đình 1). That a
# run does not begin inside a word is left to the caller: a look behind would cost three times the rest. A page
# in capitals throughout is cut after a hundred syllables, since whoever reads a run looks at the whole of it.
RUN = re.compile(
    rf"{_SYLLABLE}(?:[ ](?:{_SYLLABLE}|\d{{1,2}}(?![\w/%]|[.,-]\d|[ ](?:{_COUNTED})(?!\w)))){{0,99}}"
)
# A numbered unit in lower case; the number is read by the caller.
_NUMBERED = re.compile(r"(?<!\w)(?:quận|phường)[ ]?(?=\d)")
_DASHES = frozenset("-–—")
# The second half of a name with a dash inside (Bà Rịa - Vũng Tàu), as running text spells it.
_AFTER_DASH = r"\s?[-–—]\s?(?i:{})(?!\w)"


def find_runs(text: str) -> list[tuple[int, str]]:
    """Return the runs of capitalized syllables, and the words before a number, by where they start, in order."""
    runs = [(found.start(), found[0]) for found in RUN.finditer(text)]
    if "quận " in text or "phường " in text:
        runs.extend((found.start(), found[0]) for found in _NUMBERED.finditer(text))
        runs.sort()
    if "Nông trường " in text:
        runs = [(start, _with_farm(text, start, run)) for start, run in runs]
    return runs


def _with_farm(text: str, start: int, run: str) -> str:
    """Return the run of "Nông trường Mộc Châu" whole, with its one syllable in lower case."""
    name = RUN.match(text, start + len("Nông trường ")) if run == "Nông" else None
    return text[start : name.end()] if name else run


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

    def may_open(self, run: str) -> bool:
        """Tell whether a run ends as the first half of a name does."""
        words = run.lower().split(" ")
        return words[-1] in self._second_halves or " ".join(words[-2:]) in self._second_halves

    def whole(self, text: str, start: int, run: str) -> str:
        """Return a run, with the second half of its name if that follows a dash."""
        end = start + len(run)
        if text[end : end + 2].strip()[:1] not in _DASHES:
            return run
        words = run.lower().split(" ")
        for count in (1, 2):
            pattern = self._second_halves.get(" ".join(words[-count:]))
            if pattern and (found := pattern.match(text, end)):
                return text[start : found.end()]
        return run
