"""The shapes of what the API takes and gives; the OpenAPI description is made of them."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from desk.decisions import ArticleView
from desk.paging import MAX_PER_PAGE
from desk.queue import Filter
from desk.state import Decision, TagView

MAX_ARTICLES = 100
"""Articles of one request."""
MAX_CHARACTERS = 1_000_000
"""Characters of one article; the longest of 38,766 articles of 2017 has 60,000."""
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
Short = Annotated[str, StringConstraints(max_length=300)]
ArticleId = Annotated[str, StringConstraints(max_length=200)]
Day = Annotated[date, BeforeValidator(lambda value: _only_iso(value))]
Body = Annotated[str, StringConstraints(max_length=MAX_CHARACTERS)]


class Strict(BaseModel):
    """A request's shape: what it does not know it refuses, so that a misspelled field is noticed."""

    model_config = ConfigDict(extra="forbid")


class ArticleIn(Strict):
    """One article to tag: its ``text``, or the ``html`` of its page."""

    id: ArticleId = ""
    text: Body | None = None
    html: Body | None = None
    title: Short = ""
    published: Day | None = None
    source: Short = ""
    author: Short = ""

    @model_validator(mode="after")
    def _one_of_two(self) -> ArticleIn:
        if (self.text is None) == (self.html is None):
            raise ValueError("give text or html, one of the two")
        return self


class ArticlesIn(Strict):
    """Articles to tag; ``with_text`` has the records carry the normalized text, in which spans count."""

    articles: list[ArticleIn] = Field(min_length=1, max_length=MAX_ARTICLES)
    with_text: bool = False


class DecisionIn(Strict):
    """One decision on a tag, or on the whole article: see docs/api.md."""

    action: Literal["accept", "reject", "add", "mend", "undo", "done"]
    kind: Literal["", "topic", "official", "place"] = ""
    key: Short = ""
    value: dict[str, Any] = Field(default_factory=dict)
    reason: Literal["", "wrong", "marginal", "blocked"] = ""

    def made_by(self, user: str) -> Decision:
        """The decision as the store takes it."""
        return Decision(
            action=self.action, kind=self.kind, key=self.key, value=self.value, reason=self.reason, user=user
        )


class DecisionsIn(Strict):
    """Decisions to take together, all or none, on the revision that the editor saw."""

    revision: int = Field(ge=0, le=2**31 - 1)
    decisions: list[DecisionIn] = Field(min_length=1, max_length=100)


class FilterIn(Strict):
    """Which articles: every field that is given narrows them down."""

    topic: Short = ""
    place: Short = ""
    official: Short = ""
    since: Day | None = None
    until: Day | None = None
    state: Literal["waiting", "done", "all"] = "waiting"
    text: Short = ""
    page: int = Field(default=1, ge=1, le=1_000_000)
    per_page: int = Field(default=50, ge=1, le=MAX_PER_PAGE)

    def filter(self) -> Filter:
        """The filter as the queue takes it."""
        return Filter(**self.model_dump(exclude={"format"}))


class ExportIn(FilterIn):
    """What to export; ``page`` and ``per_page`` play no part."""

    format: Literal["csv", "xlsx", "jsonl"] = "csv"


class LogIn(Strict):
    """Which events: ``text`` is a user's name or a part of an article's id, ``topic`` a tag's key."""

    since: Day | None = None
    until: Day | None = None
    topic: Short = ""
    text: Short = ""
    people_only: bool = False
    page: int = Field(default=1, ge=1, le=1_000_000)
    per_page: int = Field(default=50, ge=1, le=MAX_PER_PAGE)

    def filter(self) -> Filter:
        """The filter as the log takes it."""
        return Filter(**self.model_dump(exclude={"format", "people_only"}))


class RegisterIn(Strict):
    """Which officials: ``text`` is a part of a name or post."""

    text: Short = ""
    page: int = Field(default=1, ge=1, le=1_000_000)
    per_page: int = Field(default=50, ge=1, le=MAX_PER_PAGE)


class RegisterExportIn(RegisterIn):
    """Which officials to export; ``page`` and ``per_page`` play no part."""

    format: Literal["csv", "xlsx"] = "csv"


class LogExportIn(LogIn):
    """Which events to export; ``page`` and ``per_page`` play no part."""

    format: Literal["csv", "xlsx"] = "csv"


class RejectOut(BaseModel):
    """An article that could not be read, and why; ``number`` counts from 1."""

    number: int
    id: str
    reason: str


class TaggedOut(BaseModel):
    """Records, docs/record.md, in the order of the articles that could be read."""

    model: str
    records: list[dict[str, Any]]
    rejects: list[RejectOut]


class StoredOut(BaseModel):
    """The ids under which articles stand in the store now."""

    model: str
    ids: list[str]
    rejects: list[RejectOut]


class TagOut(BaseModel):
    """One tag with its state; ``record`` is the tag as docs/record.md writes it."""

    kind: str
    key: str
    label: str
    detail: str
    score: float | None
    band: str
    state: str
    reason: str
    decided_by: str
    spans: list[tuple[int, int]]
    record: dict[str, Any]


class ArticleOut(BaseModel):
    """An article with its tags; ``record`` holds those that stand after all decisions."""

    id: str
    title: str
    text: str
    published: date | None
    state: str
    doubt: float
    reason: str
    revision: int
    model: str
    primary: str | None
    tags: list[TagOut]
    record: dict[str, Any]


class ProblemOut(BaseModel):
    """What went wrong, RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    request_id: str
    faults: list[dict[str, str]] | None = None


def _only_iso(value: object) -> object:
    """Take a day as 2025-07-01 alone: pydantic would take any number for seconds since 1970."""
    if value is None or isinstance(value, date) or (isinstance(value, str) and _ISO_DAY.fullmatch(value)):
        return value
    raise ValueError("write the day as YYYY-MM-DD")


def article_out(view: ArticleView) -> ArticleOut:
    """An article as the API tells it."""
    return ArticleOut(
        id=view.article.id,
        title=view.article.title,
        text=view.text,
        published=view.article.published,
        state=view.state,
        doubt=view.doubt,
        reason=view.reason,
        revision=view.revision,
        model=view.model,
        primary=view.primary,
        tags=[_tag_out(tag) for tag in (*view.topics, *view.officials, *view.places)],
        record=view.record,
    )


def _tag_out(tag: TagView) -> TagOut:
    names = ("kind", "key", "label", "detail", "score", "band", "state", "reason", "decided_by")
    return TagOut(
        **{name: getattr(tag, name) for name in names},
        spans=[(span.start, span.end) for span in tag.spans],
        record=dict(tag.record),
    )
