from __future__ import annotations

from collections import Counter

import pytest

from nlp.scan import scan, syllables
from nlp.sentences import sentence_spans
from nlp.topics.terms import TermTable
from nlp.types import LabelledText


def test_terms_are_found_as_a_plain_search_finds_them(labelled_texts: list[LabelledText]) -> None:
    texts = [article.text for article in labelled_texts[:40]]
    counts: Counter[str] = Counter()
    for text in texts:
        words = syllables(text)
        counts.update(" ".join(words[at : at + n]) for n in (1, 2, 3, 5) for at in range(len(words) - n + 1))
    terms = [term for term, n in counts.items() if n > 2]
    found = scan(texts)
    got: Counter[tuple[int, str]] = Counter()
    for _, at, numbers in TermTable(terms).find(found):
        owners = found.article[found.sentence[at]]
        got.update((int(owner), terms[number]) for owner, number in zip(owners, numbers, strict=True))
    known = set(terms)
    expected: Counter[tuple[int, str]] = Counter()
    for number, text in enumerate(texts):
        for start, end in sentence_spans(text):
            words = syllables(text[start:end])
            for n in (1, 2, 3, 5):
                pieces = (" ".join(words[at : at + n]) for at in range(len(words) - n + 1))
                expected.update((number, piece) for piece in pieces if piece in known)
    assert got == expected


@pytest.mark.parametrize(
    ("terms", "text", "expected"),
    [
        (["bằng khen"], "Trao bằng. Khen ngợi. Bằng khen!", ["bằng khen"]),
        (["thi đua", "thi đua khen thưởng"], "Thi đua - Khen thưởng", ["thi đua", "thi đua khen thưởng"]),
        (["0 năm"], "Sau 25 năm", ["0 năm"]),
        (["một cửa liên thông"], "một cửa", []),
        (["a"], "", []),
    ],
)
def test_what_a_term_may_cross(terms: list[str], text: str, expected: list[str]) -> None:
    found = [terms[number] for _, _, numbers in TermTable(terms).find(scan([text])) for number in numbers]
    assert sorted(found) == sorted(expected)
