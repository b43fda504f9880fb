"""What is asked of every labelled corpus: that no two rows contradict each other, and each label can be learnt."""

from __future__ import annotations

import difflib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from nlp.normalize import match_key
from nlp.types import LabelledText, Reject

# Out-of-fold scores need every label in every fold; with fewer articles than folds a threshold
# would be chosen on nothing.
MIN_SUPPORT = 5
# A label this much like a far more frequent one is taken for a slip of the keyboard
# (difflib's ratio: "refom" and "reform" share 0.91).
TYPO_SIMILARITY = 0.8


@dataclass(frozen=True, slots=True)
class LabelledRow:
    """A row that could be read, with where it stood."""

    source: str
    line: int
    article: LabelledText

    def reject(self, reason: str) -> Reject:
        """The row as a reject."""
        return Reject(source=self.source, line=self.line, id=self.article.id, reason=reason)


def check_rows(
    rows: list[LabelledRow], known_labels: Iterable[str]
) -> tuple[list[LabelledRow], list[Reject]]:
    """Check rows against each other, and return those to keep and a reject for each of the rest.

    Args:
        rows: The rows that could be read, in order.
        known_labels: Labels that a misspelt one may have meant, beside those of the rows.
    """
    kept, rejects = rows, []
    for check in (_copies, _same_ids, _two_spellings, partial(_rare_labels, known=known_labels)):
        kept, refused = check(kept)
        rejects += refused
    return kept, rejects


def _copies(rows: list[LabelledRow]) -> tuple[list[LabelledRow], list[Reject]]:
    """Texts that stand more than once: one copy is kept where they agree, none where they do not."""
    by_text: dict[str, list[LabelledRow]] = defaultdict(list)
    for row in rows:
        by_text[" ".join(re.findall(r"\w+", match_key(row.article.text)))].append(row)
    refused: dict[int, str] = {}
    for group in by_text.values():
        first = group[0]
        where = f"{first.source}:{first.line} ({first.article.id})"
        if len({frozenset(row.article.topics) for row in group}) > 1:
            for row in group:
                labels = ", ".join(row.article.topics) or "none"
                refused[id(row)] = (
                    f"labelled {labels} here and otherwise elsewhere, first in {where}; settle which"
                )
        else:
            refused |= {id(row): f"the same text as {where}; one copy is enough" for row in group[1:]}
    return _split(rows, refused)


def _same_ids(rows: list[LabelledRow]) -> tuple[list[LabelledRow], list[Reject]]:
    """Ids that name two different articles: the second is refused, since a decision could not be traced."""
    seen: dict[str, LabelledRow] = {}
    refused: dict[int, str] = {}
    for row in rows:
        first = seen.setdefault(row.article.id, row)
        if first is not row:
            refused[id(row)] = (
                f"the id stands already at {first.source}:{first.line}; give each article its own"
            )
    return _split(rows, refused)


def _rare_labels(rows: list[LabelledRow], known: Iterable[str]) -> tuple[list[LabelledRow], list[Reject]]:
    """Labels too rare to learn, with a guess at the one that was meant."""
    support = Counter(topic for row in rows for topic in row.article.topics)
    rare = {topic for topic, n in support.items() if n < MIN_SUPPORT}
    frequent = [topic for topic in [*support, *known] if topic not in rare]
    refused = {}
    for row in rows:
        for topic in row.article.topics:
            if topic in rare:
                near = difflib.get_close_matches(topic, frequent, n=1, cutoff=TYPO_SIMILARITY)
                refused[id(row)] = (
                    f"unknown label {topic!r}: did you mean {near[0]!r}?"
                    if near
                    else f"label {topic!r} stands in {support[topic]} articles, {MIN_SUPPORT} are needed; add some"
                )
    return _split(rows, refused)


def _two_spellings(rows: list[LabelledRow]) -> tuple[list[LabelledRow], list[Reject]]:
    """Labels that differ only in capitals or in where a tone stands: one meaning would be learnt as two."""
    support = Counter(topic for row in rows for topic in row.article.topics)
    usual: dict[str, str] = {}
    for topic, _ in support.most_common():
        usual.setdefault(match_key(topic), topic)
    refused = {}
    for row in rows:
        for topic in row.article.topics:
            meant = usual[match_key(topic)]
            if meant != topic:
                refused[id(row)] = (
                    f"label {topic!r} is spelled {meant!r} in {support[meant]} other articles; write it that way"
                )
    return _split(rows, refused)


def _split(rows: list[LabelledRow], refused: Mapping[int, str]) -> tuple[list[LabelledRow], list[Reject]]:
    kept = [row for row in rows if id(row) not in refused]
    return kept, [row.reject(refused[id(row)]) for row in rows if id(row) in refused]
