"""The records that flow through the pipeline: frozen, slotted, made of tuples.

Every span counts code points of ``Article.text``, which is normalized once by the reader and never
changed afterwards; ``text[start:end]`` is the surface form.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple

Level = Literal["province", "district", "commune"]
Band = Literal["auto", "suggest"]


class Span(NamedTuple):
    """A half-open stretch ``[start, end)`` of an article's text, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article as a reader delivers it.

    ``text`` is normalized (``nlp.normalize``) and opens with the headline where the source tells
    one. ``published`` is None where the source tells no date. ``author`` is the byline, kept apart
    so that it is never taken for an official.
    """

    id: str
    text: str
    title: str = ""
    published: date | None = None
    source: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reject:
    """One input that could not become an article: where it stood, what is wrong, what to do.

    ``line`` is the 1-based line or row inside ``source``, 0 where the whole file is meant. ``raw``
    is the row as it stood, cut to a length that a log can carry.
    """

    source: str
    reason: str
    line: int = 0
    id: str = ""
    raw: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledText:
    """A text whose topics somebody decided: what a classifier learns from.

    ``topics`` empty means that none applies. ``evidence`` gives, for a topic, the first words of the
    sentences that carry it, where the labeller marked them. ``weight`` says how much the text counts
    in fitting beside the others.
    """

    id: str
    text: str
    topics: tuple[str, ...]
    primary: str | None = None
    evidence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicTag:
    """A topic that applies, its calibrated probability in [0, 1] and the sentences that carry it."""

    topic: str
    score: float
    band: Band
    evidence: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Official:
    """A person named together with a public post.

    ``positions`` stand as in the text, without honorifics. ``unit`` is the code of the
    administrative unit of the first position that has one, None where the article fixes none.
    ``mentions`` are of the name, and of the post alone where it means this person.
    """

    name: str
    positions: tuple[str, ...]
    unit: str | None
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentUnit:
    """A unit of 1 July 2025 and after that stands where an older one stood."""

    name: str
    type: str
    code: str
    province: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An administrative unit that the article names, linked as of the article's date.

    ``code`` is None where the name is ambiguous and the article does not decide it; ``candidates``
    then lists the codes it may be. ``province`` is "" where unknown.
    """

    name: str
    level: Level
    type: str
    code: str | None
    province: str
    current: tuple[CurrentUnit, ...] = ()
    candidates: tuple[str, ...] = ()
    mentions: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """The whole answer for one article. ``primary`` is one of the topics, or None."""

    article: Article
    as_of: date
    topics: tuple[TopicTag, ...]
    primary: str | None
    officials: tuple[Official, ...]
    places: tuple[Place, ...]
    model: str
