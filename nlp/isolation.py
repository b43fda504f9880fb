"""Work on many articles at once of which one may fail: the others get their answers all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from nlp.types import Article, Reject

# As much of a failed article as a line of a log carries.
RAW_CHARACTERS = 500

T = TypeVar("T")


def isolated(
    work: Callable[[Sequence[Article]], Sequence[T]], articles: Sequence[Article]
) -> list[T | Reject]:
    """Work on all articles together; where that fails, on each alone, to find the one that is to blame.

    A fault that has nothing to do with the articles (no memory, say) makes rejects of all of them.

    Args:
        work: Answers articles in order, one answer each, and leaves no trace where it fails.
        articles: Any number of articles.

    Returns:
        An answer or a reject for each article, in order.
    """
    if not articles:
        return []
    try:
        return list(work(articles))
    except Exception as error:  # the border where one bad article must not stop the others
        if len(articles) == 1:
            return [_failed(articles[0], error)]
    return [outcome for article in articles for outcome in isolated(work, [article])]


def _failed(article: Article, error: Exception) -> Reject:
    return Reject(
        source=article.source,
        id=article.id,
        reason=f"the tagger failed on it: {type(error).__name__}: {error}; report it with the article",
        raw=article.text[:RAW_CHARACTERS],
    )
