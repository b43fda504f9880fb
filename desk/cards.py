"""What an editor sees beside an article: each tag with its reason, its place today, and the key that decides it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from desk.decisions import ArticleView
from desk.markup import Mark, Piece, paragraphs
from desk.state import STANDING, TagView
from desk.units import MAX_FOUND, UnitOption, unit_label, unit_of
from nlp.gazetteer import Gazetteer
from nlp.topicnames import topic_names
from nlp.types import CurrentUnit, Span

if TYPE_CHECKING:
    from nlp.topics.explanation import Evidence

# With more topics than this, those that the model did not suggest are chosen from a list.
MAX_LISTED_TOPICS = 6
# Terms shown as a topic's reason.
MAX_TERMS = 6
# Characters of one of them; longer ones are sentences.
MAX_WORDS = 40
MAX_KEYS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One tag beside the text.

    ``tag`` is None for a topic that nobody suggested, which one key adds. ``number`` is the key, 0 where
    there are more tags than keys. ``terms`` spoke for the topic, ``against`` against it. ``current`` are
    the units of today, ``options`` those that an ambiguous name may mean.
    """

    ref: str
    kind: str
    key: str
    tag: TagView | None
    number: int
    terms: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    current: tuple[CurrentUnit, ...] = ()
    options: tuple[UnitOption, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """All tags of an article; ``others`` are topics that may be added but have no card."""

    topics: tuple[Card, ...]
    officials: tuple[Card, ...]
    places: tuple[Card, ...]
    others: tuple[str, ...] = ()

    @property
    def all(self) -> tuple[Card, ...]:
        """Every card, in the page's order."""
        return (*self.topics, *self.officials, *self.places)


def cards_of(view: ArticleView, known: Sequence[str]) -> Cards:
    """Lay out an article's tags.

    Few topics stand always in the same order, so that the same key always means the same topic.

    Args:
        view: The article.
        known: The topics of the model.
    """
    found = {tag.key: tag for tag in view.topics}
    named = [topic for topic in topic_names() if topic in known]
    every = tuple(dict.fromkeys((*named, *known, *found)))
    keys = every if len(every) <= MAX_LISTED_TOPICS else tuple(found)
    on = day_of(view)
    topics = [_topic(number, key, found.get(key), view) for number, key in enumerate(keys, 1)]
    officials = [
        Card(
            ref=f"official-{at}", kind="official", key=tag.key, tag=tag, number=_number(len(topics) + 1 + at)
        )
        for at, tag in enumerate(view.officials)
    ]
    taken = len(topics) + len(officials)
    places = [_place(at, tag, _number(taken + 1 + at), on) for at, tag in enumerate(view.places)]
    return Cards(
        topics=tuple(topics),
        officials=tuple(officials),
        places=tuple(places),
        others=tuple(key for key in known if key not in keys),
    )


def marked_text(text: str, cards: Cards) -> list[list[Piece]]:
    """Cut a text for its template, with a mark for every tag that counts."""
    return paragraphs(
        text,
        [
            Mark(card.ref, card.kind, card.tag.spans)
            for card in cards.all
            if card.tag and card.tag.state in STANDING
        ],
    )


def day_of(view: ArticleView) -> date:
    """The day by which the article's places are linked."""
    return date.fromisoformat(view.record["as_of"]) if view.record["as_of"] else date.today()


def _topic(number: int, key: str, tag: TagView | None, view: ArticleView) -> Card:
    given = view.terms.get(key, ())
    against = _words(view.text, (each for each in given if each.weight < 0))
    return Card(
        ref=f"topic-{number - 1}",
        kind="topic",
        key=key,
        tag=tag,
        number=_number(number),
        terms=_words(view.text, (each for each in given if each.weight > 0)),
        against=tuple(each for each in against if " " in each),
    )


def _place(at: int, tag: TagView, number: int, on: date) -> Card:
    code = tag.record.get("code")
    unit = unit_of(code, on) if code else None
    candidates = [unit for code in tag.record.get("candidates", ()) if (unit := unit_of(code, on))]
    return Card(
        ref=f"place-{at}",
        kind="place",
        key=tag.key,
        tag=tag,
        number=number,
        current=Gazetteer.load().current(unit) if unit else (),
        options=tuple(
            UnitOption(code=each.code, label=unit_label(each, on))
            for each in ([] if code else candidates[:MAX_FOUND])
        ),
    )


def _number(number: int) -> int:
    return number if number <= MAX_KEYS else 0


def _words(text: str, given: Iterable[Evidence]) -> tuple[str, ...]:
    """What features say in the article's own words, the weightiest first.

    Features are runs of a few syllables, so they may end inside a word: "trả kết" and "kết quả" where the
    article says "trả kết quả". Those that overlap in the article are shown as one. A feature that stands
    nowhere in the text, such as a class of words, is left out, and so is what another one holds. Words of
    one syllable say little, and serve only where there is nothing else.

    >>> from nlp.topics.explanation import Evidence
    >>> from nlp.types import Span
    >>> found = [Evidence("kỷ", 1.0, (Span(0, 2),)), Evidence("[kỷ luật]{staff}", 0.5, (Span(0, 7),))]
    >>> _words("Kỷ luật nghiêm", found)
    ('kỷ luật',)
    >>> found = [Evidence("kết quả", 1.0, (Span(4, 11),)), Evidence("trả kết", 0.5, (Span(0, 7),))]
    >>> _words("Trả kết quả hồ sơ", found)
    ('trả kết quả',)
    """
    ranked = [
        (span, rank)
        for rank, each in enumerate(given)
        for span in each.spans
        if span.end - span.start <= MAX_WORDS
    ]
    best: dict[str, int] = {}
    for start, end, rank in _joined(ranked):
        words = _quiet(text[start:end].split())
        best[words] = min(rank, best.get(words, rank))
    readable = [
        words for words in sorted(best, key=best.__getitem__) if words and words.replace(" ", "").isalpha()
    ]
    whole = [
        words
        for words in readable
        if not any(f" {words} " in f" {other} " for other in readable if other != words)
    ]
    return tuple([words for words in whole if " " in words] or whole)[:MAX_TERMS]


def _joined(ranked: Iterable[tuple[Span, int]]) -> list[tuple[int, int, int]]:
    """Join what overlaps, up to ``MAX_WORDS`` characters: start, end and the best rank of each run."""
    runs: list[tuple[int, int, int]] = []
    for span, rank in sorted(ranked, key=lambda each: (each[0].start, -each[0].end)):
        start, end, best = runs[-1] if runs else (0, 0, rank)
        if span.start < end and max(end, span.end) - start <= MAX_WORDS:
            runs[-1] = start, max(end, span.end), min(best, rank)
        else:
            runs.append((span.start, span.end, rank))
    return runs


def _quiet(syllables: Sequence[str]) -> str:
    """Words as they stand inside a sentence; abbreviations such as UBND keep their capitals.

    >>> _quiet(["Một", "cửa"]), _quiet(["UBND", "tỉnh"]), _quiet(["KHEN", "THƯỞNG"])
    ('một cửa', 'UBND tỉnh', 'khen thưởng')
    """
    is_shouted = all(each.isupper() for each in syllables)
    return " ".join(each if each.isupper() and not is_shouted else each.lower() for each in syllables)
