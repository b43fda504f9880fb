"""How far editors agree where two of them decided on the same tag."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, and_, func, select

from desk.schema import articles, decisions

if TYPE_CHECKING:
    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How two editors judged the topics that both of them decided on.

    ``kappa`` is Cohen's: 1 is full agreement, 0 what chance would give; None where chance alone
    explains everything, as when both accepted all.
    """

    first: str
    second: str
    both: int
    agreed: int
    kappa: float | None


def between_editors(connection: Connection, where: list[ColumnElement[bool]]) -> list[Agreement]:
    """Compare every two editors who decided on the same topics of the same articles."""
    made = decisions.c
    verdicts = and_(made.kind == "topic", made.action.in_(("accept", "reject", "add")))
    shared = (
        select(made.article_id, made.key)
        .where(verdicts)
        .group_by(made.article_id, made.key)
        .having(func.count(made.user.distinct()) > 1)
        .subquery()
    )
    query = (
        select(made.article_id, made.key, made.user, made.action)
        .join(shared, and_(shared.c.article_id == made.article_id, shared.c.key == made.key))
        .join(articles, articles.c.id == made.article_id)
        .where(verdicts, *where)
        .order_by(made.id)
    )
    said: dict[tuple[str, str], dict[str, bool]] = defaultdict(dict)
    for article_id, key, user, action in connection.execute(query):
        said[article_id, key][user] = action != "reject"  # an editor's later word counts
    pairs: dict[tuple[str, str], list[tuple[bool, bool]]] = defaultdict(list)
    for by_user in said.values():
        for first, second in combinations(sorted(by_user), 2):
            pairs[first, second].append((by_user[first], by_user[second]))
    return [_agreement_of(first, second, both) for (first, second), both in sorted(pairs.items())]


def _agreement_of(first: str, second: str, both: Sequence[tuple[bool, bool]]) -> Agreement:
    agreed = sum(one == other for one, other in both)
    yes_first, yes_second = (sum(each[side] for each in both) / len(both) for side in (0, 1))
    by_chance = yes_first * yes_second + (1 - yes_first) * (1 - yes_second)
    kappa = (agreed / len(both) - by_chance) / (1 - by_chance) if by_chance < 1 else None
    return Agreement(first=first, second=second, both=len(both), agreed=agreed, kappa=kappa)
