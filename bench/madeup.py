"""A desk to look at: articles of the project, and decisions of two made-up editors over some months."""

from __future__ import annotations

import random
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk.store import Store

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "data" / "corpus" / "portal.jsonl"
EDITORS = ("lan", "minh")
# Articles that an editor has finished.
DONE = 180
# Months over which the made-up decisions are spread, so that there is a course to see.
MONTHS = 6


def fill(database: Path) -> None:
    """Make a desk of the sample articles and the corpus, with decisions of two made-up editors."""
    from desk.app import sample_articles
    from desk.probing import probe
    from desk.store import Store
    from nlp.modelfolder import DEFAULT_MODEL, load_tagger
    from nlp.readers import read_articles

    tagger = load_tagger(DEFAULT_MODEL)
    corpus = list(read_articles(CORPUS))
    random.Random(7).shuffle(corpus)
    chosen = [*sample_articles(), *corpus]
    with Store.open(str(database)) as store:
        store.save_tags(tagger.tag_many(chosen), probes=probe(tagger.topics, chosen))
        _put_back(store, None, timedelta(days=30 * MONTHS))
        decide_at_random(store, [article.id for article in chosen[-DONE:]])


def add_account(database: Path) -> None:
    """Make a desk with one account and nothing in it."""
    from desk.accounts import set_user
    from desk.store import Store

    with Store.open(str(database)) as store:
        set_user(store, EDITORS[0], "editor", secrets.token_hex(8))


def decide_at_random(store: Store, ids: Sequence[str]) -> None:
    """Have two editors finish articles, now and then against the model or each other, over some months."""
    from desk.decisions import Decision, decide, view

    chance = random.Random(11)
    topics = ("reform", "awards", "discipline")
    minutes = sorted(chance.randrange(30 * MONTHS * 24 * 60) for _ in ids)
    moments = [timedelta(minutes=minute) for minute in minutes]  # popped from the end: the oldest first
    for article_id in ids:
        seen = view(store, article_id)
        made = []
        for editor in EDITORS[: 2 if chance.random() < 0.3 else 1]:
            for tag in seen.topics:
                action = "reject" if chance.random() < 0.15 else "accept"
                reason = chance.choice(("wrong", "marginal")) if action == "reject" else ""
                made.append(Decision(action=action, kind="topic", key=tag.key, reason=reason, user=editor))
            if len(seen.topics) == 0 and chance.random() < 0.2:
                made.append(Decision(action="add", kind="topic", key=chance.choice(topics), user=editor))
        decide(store, article_id, [*made, Decision(action="done", user=EDITORS[0])], seen.revision)
        _put_back(store, article_id, moments.pop())


def _put_back(store: Store, article_id: str | None, by: timedelta) -> None:
    """Date back what was decided on an article, or all that happened so far."""
    from sqlalchemy import update

    from desk.schema import decisions, history

    at = (datetime.now(UTC) - by).isoformat(timespec="microseconds")
    with store.writing() as connection:
        for table in (decisions, history):
            change = update(table).values(at=at)
            decided = (table.c.article_id == article_id) & table.c.action.not_in(("suggest", "added"))
            connection.execute(change.where(decided) if article_id else change)
