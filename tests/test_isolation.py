"""One article that fails does not fail the others."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from nlp.isolation import RAW_CHARACTERS, isolated
from nlp.types import Article, Reject


def lengths(articles: Sequence[Article]) -> list[int]:
    """Work that fails as a whole where one article's text is no number."""
    return [int(article.text) for article in articles]


@pytest.mark.parametrize(
    ("texts", "answers"),
    [
        ((), ()),
        (("1", "2"), (1, 2)),
        (("1", "x", "3"), (1, "x", 3)),
        (("x",), ("x",)),
        (("x", "y"), ("x", "y")),
    ],
)
def test_answers_keep_their_order_and_only_failures_are_rejected(
    texts: tuple[str, ...], answers: tuple[int | str, ...]
) -> None:
    articles = [Article(id=f"a{text}", text=text, source="s") for text in texts]
    found = isolated(lengths, articles)
    assert [each.raw if isinstance(each, Reject) else each for each in found] == list(answers)
    for article, each in zip(articles, found, strict=True):
        if isinstance(each, Reject):
            assert (each.id, each.source) == (article.id, "s")
            assert "ValueError" in each.reason


def test_a_reject_carries_no_more_than_a_log_takes() -> None:
    (reject,) = isolated(lengths, [Article(id="a", text="x" * 9000)])
    assert isinstance(reject, Reject)
    assert reject.raw == "x" * RAW_CHARACTERS


def test_who_interrupts_is_obeyed() -> None:
    def interrupted(articles: Sequence[Article]) -> list[int]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        isolated(interrupted, [Article(id="a", text="1")])
