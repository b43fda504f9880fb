"""The register of officials: who held which post when, as the articles tell it.

Persons of one name are told apart by their posts and units (``nlp.officials.namesakes``); where that leaves
a doubt, the entry says so.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from sqlalchemy import func, select

from desk.paging import MAX_PER_PAGE, Page, Window
from desk.queue import OPENING, shown_title
from desk.schema import articles, clean
from desk.schema import tags as tags_table
from desk.state import STANDING
from desk.units import unit_label, unit_of
from nlp.normalize import match_key
from nlp.officials.namesakes import (
    MAX_EXAMPLES,
    Holding,
    Person,
    Signature,
    fold_position,
    is_open,
    part_persons,
    posts_of,
)

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from desk.store import Store

# Articles listed with a person, the newest first.
MAX_ARTICLES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A post as the articles name it, and the days of the first and last article that do.

    ``unit`` is the unit's code and ``place`` its name with what it lies in; both "" where it is not known.
    ``articles`` counts those that name it, ``examples`` are the ids of the newest.
    """

    title: str
    unit: str
    place: str
    first: date | None
    last: date | None
    articles: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleBrief:
    """An article in which an official is named."""

    id: str
    title: str
    published: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPerson:
    """One person with their posts, the latest first; ``count`` is of all articles, ``articles`` the newest.

    ``may_be_several``: the articles agree in name and unit alone, or in a post that any of many bodies has
    and not all of them say which. ``may_be_another``: only the posts tell the person apart from another
    of the same name, no unit does.
    """

    posts: tuple[Post, ...]
    articles: tuple[ArticleBrief, ...]
    count: int
    first: date | None
    last: date | None
    may_be_several: bool
    may_be_another: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterEntry:
    """One name as most articles spell it, and who bears it, the most often named first."""

    name: str
    persons: tuple[RegisteredPerson, ...]


@dataclass(frozen=True, slots=True)
class _Seen:
    """An article that names an official: the name and the posts as it spells them."""

    article: ArticleBrief
    name: str
    titles: tuple[str, ...]


def officials(store: Store, text: str = "", *, page: int = 1, per_page: int = 50) -> Page[RegisterEntry]:
    """List names by falling number of articles; ``text`` is a part of a name, or of a post."""
    window = Window(page, per_page)
    tag = tags_table.c
    names = _names(text)
    count = func.count(tag.article_id.distinct())
    query = names.order_by(count.desc(), tag.search_key).limit(window.per_page).offset(window.offset)
    with store.reading() as connection:
        total = connection.execute(select(func.count()).select_from(names.subquery())).scalar_one()
        wanted = list(connection.scalars(query))
        seen = _seen(connection, wanted)
    return window.of([_entry(seen[name]) for name in wanted], total)


def every_official(store: Store, text: str = "") -> Iterator[RegisterEntry]:
    """All names that ``officials`` lists page by page, in alphabetical order, from one snapshot of the store."""
    with store.reading() as connection:
        names = list(connection.scalars(_names(text).order_by(tags_table.c.search_key)))
        for at in range(0, len(names), MAX_PER_PAGE):
            wanted = names[at : at + MAX_PER_PAGE]
            seen = _seen(connection, wanted)
            yield from (_entry(seen[name]) for name in wanted)


def _names(text: str) -> Select[Any]:
    """The names that a part of a name, or of a post, lets through."""
    tag = tags_table.c
    where = [tag.kind == "official", tag.state.in_(STANDING)]
    if text := clean(text.strip()):
        key = match_key(text)
        where.append(
            tag.search_key.contains(key, autoescape=True) | tag.detail.icontains(text, autoescape=True)
        )
    return select(tag.search_key).where(*where).group_by(tag.search_key)


def _seen(connection: Connection, names: Sequence[str]) -> dict[str, dict[Signature, list[_Seen]]]:
    """What the articles tell of names, given as they are searched; the newest articles first."""
    tag = tags_table.c
    query = (
        select(
            *(tag.search_key, tag.label, tag.detail, tag.unit),
            *(articles.c.id, articles.c.title, OPENING, articles.c.published),
        )
        .join(articles, articles.c.id == tag.article_id)
        .where(tag.kind == "official", tag.state.in_(STANDING), tag.search_key.in_(names))
        .order_by(articles.c.published.desc().nulls_last(), articles.c.id)
    )
    found: dict[str, dict[Signature, list[_Seen]]] = defaultdict(lambda: defaultdict(list))
    for name, label, detail, unit, article_id, title, opening, published in connection.execute(query):
        article = ArticleBrief(id=article_id, title=shown_title(title, opening), published=published)
        titles = tuple(filter(None, detail.split("; ")))
        signature = Signature(tuple(map(fold_position, titles)), unit)
        found[name][signature].append(_Seen(article, label, titles))
    return found


def _entry(seen: Mapping[Signature, list[_Seen]]) -> RegisterEntry:
    """Make an entry of the articles that bear a name, the newest first."""
    spelt = Counter(each.name for every in seen.values() for each in every)
    parted = part_persons(seen)
    units = [{signature.unit for signature, _ in person.known} - {""} for person in parted]
    persons = [
        _person(
            person, may_be_another=any(not (units[at] and other) for other in units[:at] + units[at + 1 :])
        )
        for at, person in enumerate(parted)
    ]
    return RegisterEntry(
        name=spelt.most_common(1)[0][0], persons=tuple(sorted(persons, key=lambda person: -person.count))
    )


def _person(person: Person[list[_Seen]], *, may_be_another: bool) -> RegisteredPerson:
    posts = posts_of(person)
    found = _newest_first(person.known)
    first, last = _range(found)
    shown = [_post(unit, holdings) for (_, unit), holdings in posts.items()]
    is_doubtful = any(_is_doubtful(position, holdings) for (position, _), holdings in posts.items())
    return RegisteredPerson(
        posts=tuple(sorted(shown, key=lambda post: post.last or date.min, reverse=True)),
        articles=tuple(found[:MAX_ARTICLES]),
        count=len(found),
        first=first,
        last=last,
        may_be_several=person.doubtful or is_doubtful,
        may_be_another=may_be_another,
    )


def _is_doubtful(position: str, holdings: Sequence[Holding[list[_Seen]]]) -> bool:
    """Tell whether articles are joined by a post whose body not all of them name."""
    several = sum(len(holding.known) for holding in holdings) > 1
    return several and is_open(position) and any(not holding.signature.unit for holding in holdings)


def _post(unit: str, holdings: Sequence[Holding[list[_Seen]]]) -> Post:
    found = _newest_first((holding.signature, holding.known) for holding in holdings)
    first, last = _range(found)
    known = unit_of(unit, last or date.today()) if unit else None
    return Post(
        title=holdings[0].known[0].titles[holdings[0].index],
        unit=unit,
        place=unit_label(known, last or date.today()) if known else "",
        first=first,
        last=last,
        articles=len(found),
        examples=tuple(article.id for article in found[:MAX_EXAMPLES]),
    )


def _newest_first(known: Iterable[tuple[Signature, list[_Seen]]]) -> list[ArticleBrief]:
    """Articles, each once: one may name a person twice, under two signatures."""
    found = {seen.article.id: seen.article for _, all_seen in known for seen in all_seen}
    return sorted(found.values(), key=lambda article: article.published or date.min, reverse=True)


def _range(found: Sequence[ArticleBrief]) -> tuple[date | None, date | None]:
    days = [article.published for article in found if article.published]
    return min(days, default=None), max(days, default=None)
