"""Articles of the store that still wait for the model in use, and how they get its tags."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from sqlalchemy import exists, select, update

from desk.current import article_of
from desk.doubt import FAILED
from desk.probing import probe
from desk.schema import articles, suggestions
from nlp.isolation import isolated
from nlp.types import Reject

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desk.doubt import Probes
    from desk.store import Store
    from nlp.tagger import Tagger
    from nlp.types import Article, Tags

_log = logging.getLogger(__name__)


class Backlog:
    """What of a store waits to be tagged.

    Args:
        store: Where articles wait.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        # For which model the waiting articles were marked; "" for none yet.
        self._marked_for = ""

    def work_off(self, tagger: Tagger, limit: int) -> bool:
        """Tag some articles that a tagger has not seen; False where there are none.

        An article on which the tagger fails costs no other its tags and is marked, not tried again.

        Raises:
            DBAPIError: The database failed; nothing is lost, and the same articles come again.
        """
        if self._marked_for != tagger.model:
            mark_for(self._store, tagger.model)
            self._marked_for = tagger.model
        found = unassessed(self._store, limit)
        if not found:
            return False

        def assess(some: Sequence[Article]) -> list[tuple[Tags, Probes]]:
            """What the model says of each article, and how near it was to say otherwise."""
            probes = probe(tagger.topics, some)
            return [(tags, probes[tags.article.id]) for tags in tagger.tag_many(some)]

        outcomes = isolated(assess, found)
        answers = [outcome for outcome in outcomes if not isinstance(outcome, Reject)]
        failed = {reject.id for reject in log_rejects(outcomes)}
        self._store.suggest([tags for tags, _ in answers], {tags.article.id: each for tags, each in answers})
        give_up(self._store, [article for article in found if article.id in failed])
        return True


def log_rejects(outcomes: Sequence[object]) -> list[Reject]:
    """Log the articles on which the tagger failed, and return their rejects."""
    failed = [outcome for outcome in outcomes if isinstance(outcome, Reject)]
    for reject in failed:
        _log.error("%s: %s", reject.id, reject.reason)
    return failed


def mark_for(store: Store, model: str) -> None:
    """Have every waiting article that a model has not tagged looked at again."""
    is_tagged = exists().where(suggestions.c.id == articles.c.suggestion_id, suggestions.c.model == model)
    query = update(articles).where(articles.c.state == "waiting", ~is_tagged).values(is_assessed=False)
    with store.writing() as connection:
        connection.execute(query)


def unassessed(store: Store, limit: int) -> list[Article]:
    """Some of the waiting articles that the model in use has not looked at, in no order."""
    columns = articles.c
    query = select(articles).where(~columns.is_assessed, columns.state == "waiting").limit(limit)
    with store.reading() as connection:
        return [article_of(row) for row in connection.execute(query)]


def give_up(store: Store, failed: Sequence[Article]) -> None:
    """Mark articles on which the model in use failed, or it would be given the same ones for ever.

    Another model, other words under the same id and a restart have them tried again. Nothing is marked
    whose words changed since they were read.
    """
    columns = articles.c
    with store.writing() as connection:
        for article in failed:
            query = update(articles).where(
                columns.id == article.id, columns.text == article.text, columns.title == article.title
            )
            values = {"is_assessed": True, "doubt": FAILED.value, "doubt_reason": FAILED.reason}
            connection.execute(query.values(values))
