"""The register of officials: who held which post when, as the articles tell it.

People are told apart by name alone, so two of one name share an entry; their posts show it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from desk.queue import MAX_PER_PAGE
from desk.schema import articles, clean
from desk.schema import tags as tags_table
from desk.state import STANDING
from nlp.normalize import match_key

if TYPE_CHECKING:
    from desk.store import Store

# Articles listed with a person, the newest first.
MAX_ARTICLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as the articles name it, and the days of the first and last article that do."""

    title: str
    first: date | None
    last: date | None
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBrief:
    """An article in which an official is named."""

    id: str
    title: str
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One name with its posts, the latest first; ``count`` is of all articles, ``articles`` the newest."""

    name: str
    posts: tuple[Post, ...]
    articles: tuple[ArticleBrief, ...]
    count: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """Some of the names; ``total`` counts them all."""

    items: tuple[RegisterEntry, ...]
    total: int
    page: int
    per_page: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least one."""
        return max(1, -(-self.total // self.per_page))


def officials(store: Store, text: str = "", *, page: int = 1, per_page: int = 50) -> RegisterPage:
    """List officials by falling number of articles; ``text`` is a part of a name, or of a post."""
    per_page = min(max(per_page, 1), MAX_PER_PAGE)
    page = max(page, 1)
    tag = tags_table.c
    where = [tag.kind == "official", tag.state.in_(STANDING)]
    if text := clean(text.strip()):
        key = match_key(text)
        where.append(
            tag.search_key.contains(key, autoescape=True) | tag.detail.icontains(text, autoescape=True)
        )
    count = func.count(tag.article_id.distinct())
    names = select(tag.label).where(*where).group_by(tag.label)
    query = names.order_by(count.desc(), tag.label).limit(per_page).offset((page - 1) * per_page)
    with store.reading() as connection:
        total = connection.execute(select(func.count()).select_from(names.subquery())).scalar_one()
        wanted = list(connection.scalars(query))
        rows = connection.execute(
            select(tag.label, tag.detail, articles.c.id, articles.c.title, articles.c.published)
            .join(articles, articles.c.id == tag.article_id)
            .where(tag.kind == "official", tag.state.in_(STANDING), tag.label.in_(wanted))
            .order_by(articles.c.published.desc().nulls_last(), articles.c.id)
        ).all()
    by_name: dict[str, list[tuple[str, ArticleBrief]]] = defaultdict(list)
    for label, detail, article_id, title, published in rows:
        by_name[label].append((detail, ArticleBrief(id=article_id, title=title, published=published)))
    items = tuple(_entry(name, by_name[name]) for name in wanted)
    return RegisterPage(items=items, total=total, page=page, per_page=per_page)


def _entry(name: str, found: list[tuple[str, ArticleBrief]]) -> RegisterEntry:
    """Make an entry of the articles that name a person, the newest first."""
    posts: dict[str, list[ArticleBrief]] = defaultdict(list)
    for detail, article in found:
        for title in filter(None, detail.split("; ")):
            posts[title].append(article)
    distinct = list({article.id: article for _, article in found}.values())
    first, last = _range(distinct)
    return RegisterEntry(
        name=name,
        posts=tuple(_post(title, held) for title, held in posts.items()),
        articles=tuple(distinct[:MAX_ARTICLES]),
        count=len(distinct),
        first=first,
        last=last,
    )


def _post(title: str, held: list[ArticleBrief]) -> Post:
    first, last = _range(held)
    return Post(title=title, first=first, last=last, articles=len({article.id for article in held}))


def _range(found: list[ArticleBrief]) -> tuple[date | None, date | None]:
    days = [article.published for article in found if article.published]
    return min(days, default=None), max(days, default=None)
