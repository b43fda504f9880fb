"""The geometry of the charts: numbers in, coordinates out; the templates draw them as SVG."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from desk.statistics import Acceptance, Overview, PlaceCount
from nlp.topicnames import topic_names

# Months that a chart can show and a person take in: two years.
MAX_MONTHS = 24
MAX_PLACES = 12

WIDTH, HEIGHT = 640.0, 120.0
"""Units of a chart by month; the page scales it to its room."""
_GAP = 0.25  # of a bar's room
_TICK_ROOM = (
    130.0  # from the ends to the nearest name of a month between, also in the larger letters of a phone
)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar by month: where it stands, how high, and what it says."""

    month: str
    value: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Tick:
    """A month named below the bars: where, and by which of its ends the name stands there."""

    month: str
    x: float
    anchor: Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class MonthChart:
    """Articles of one topic by month; the topic "" counts all. ``top`` is the scale's end."""

    topic: str
    bars: tuple[Bar, ...]
    top: int
    ticks: tuple[Tick, ...] = ()

    @property
    def total(self) -> int:
        """All articles of the chart."""
        return sum(bar.value for bar in self.bars)


@dataclass(frozen=True, slots=True)
class PlaceBar:
    """A place and its share of the most named one's articles, in per cent."""

    place: PlaceCount
    percent: float


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """A month's acceptance of one topic and model; ``y`` is None where none was decided on."""

    month: str
    x: float
    y: float | None
    accepted: int
    rejected: int
    added: int
    precision: float | None


@dataclass(frozen=True, slots=True)
class Trend:
    """What editors made of one model's suggestions of one topic, in all and month by month.

    ``line`` are the points of an SVG polyline.
    """

    topic: str
    model: str
    total: Acceptance
    points: tuple[TrendPoint, ...]
    line: str


@dataclass(frozen=True, slots=True)
class Charts:
    """All that the page of figures draws."""

    months: tuple[MonthChart, ...]
    places: tuple[PlaceBar, ...]
    trends: tuple[Trend, ...]


def charts_of(overview: Overview) -> Charts:
    """Lay out the charts of an overview."""
    places = overview.places[:MAX_PLACES]
    most = max((place.articles for place in places), default=1)
    return Charts(
        months=tuple(_month_charts(overview)),
        places=tuple(PlaceBar(place, 100 * place.articles / most) for place in places),
        trends=tuple(_trends(overview.acceptance)),
    )


def months_between(first: str, last: str) -> list[str]:
    """Every month from one to another, both included.

    >>> months_between("2024-11", "2025-02")
    ['2024-11', '2024-12', '2025-01', '2025-02']
    """
    start, end = _index(first), _index(last)
    return [f"{at // 12:04}-{at % 12 + 1:02}" for at in range(start, end + 1)]


def round_up(value: int) -> int:
    """The end of a scale: the next 1, 2 or 5 with zeros.

    >>> [round_up(value) for value in (0, 1, 3, 7, 34, 501)]
    [1, 1, 5, 10, 50, 1000]
    """
    unit = 1
    while True:
        for step in (1, 2, 5):
            if value <= step * unit:
                return step * unit
        unit *= 10


def _month_charts(overview: Overview) -> Iterable[MonthChart]:
    """One small chart a topic, all on one scale but the one that counts all articles."""
    if not overview.months:
        return
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for each in overview.months:
        counts[each.topic][each.month] = each.articles
    present = sorted({each.month for each in overview.months})
    months = months_between(max(present[0], _before(present[-1], MAX_MONTHS - 1)), present[-1])
    order = list(topic_names())
    topics = sorted(
        filter(None, counts), key=lambda topic: (order.index(topic) if topic in order else len(order), topic)
    )
    top = round_up(max((counts[topic][month] for topic in topics for month in months), default=0))
    yield _month_chart("", counts[""], months, round_up(max(counts[""][month] for month in months)))
    for topic in topics:
        yield _month_chart(topic, counts[topic], months, top)


def _month_chart(topic: str, counts: Counter[str], months: Sequence[str], top: int) -> MonthChart:
    room = WIDTH / len(months)
    bars = []
    for at, month in enumerate(months):
        height = HEIGHT * counts[month] / top
        bars.append(
            Bar(
                month=month,
                value=counts[month],
                x=round(at * room + room * _GAP / 2, 1),
                y=round(HEIGHT - height, 1),
                width=round(room * (1 - _GAP), 1),
                height=round(height, 1),
            )
        )
    return MonthChart(topic, tuple(bars), top, _ticks(bars))


def _ticks(bars: Sequence[Bar]) -> tuple[Tick, ...]:
    """Name the first and last month, and each January that is far enough from both."""
    first, last = bars[0], bars[-1]
    ticks = [Tick(first.month, 0.0, "start")]
    for bar in bars[1:-1]:
        x = round(bar.x + bar.width / 2, 1)
        if bar.month.endswith("-01") and _TICK_ROOM < x < WIDTH - _TICK_ROOM:
            ticks.append(Tick(bar.month, x, "middle"))
    return (*ticks, Tick(last.month, WIDTH, "end")) if last is not first else tuple(ticks)


def _trends(acceptance: Sequence[Acceptance]) -> Iterable[Trend]:
    by_line: dict[tuple[str, str], list[Acceptance]] = defaultdict(list)
    for each in acceptance:
        by_line[each.topic, each.model].append(each)
    months = sorted({each.month for each in acceptance})[-MAX_MONTHS:]
    for (topic, model), found in sorted(by_line.items()):
        by_month = {each.month: each for each in found}
        points = tuple(
            _trend_point(by_month[month], at, len(months))
            for at, month in enumerate(months)
            if month in by_month
        )
        total = Acceptance(
            topic=topic,
            model=model,
            month="",
            accepted=sum(each.accepted for each in found),
            rejected=sum(each.rejected for each in found),
            added=sum(each.added for each in found),
        )
        line = " ".join(f"{point.x},{point.y}" for point in points if point.y is not None)
        yield Trend(topic, model, total, points, line)


# A small line beside its row; the margins keep its end points whole.
TREND_WIDTH, TREND_HEIGHT, TREND_MARGIN = 120.0, 28.0, 4.0


def _trend_point(each: Acceptance, at: int, n_months: int) -> TrendPoint:
    step = (TREND_WIDTH - 2 * TREND_MARGIN) / max(1, n_months - 1)
    height = TREND_HEIGHT - 2 * TREND_MARGIN
    return TrendPoint(
        month=each.month,
        x=round(TREND_MARGIN + at * step, 1),
        y=None if each.precision is None else round(TREND_MARGIN + height * (1 - each.precision), 1),
        accepted=each.accepted,
        rejected=each.rejected,
        added=each.added,
        precision=each.precision,
    )


def _index(month: str) -> int:
    year, number = month.split("-")
    return int(year) * 12 + int(number) - 1


def _before(month: str, count: int) -> str:
    at = _index(month) - count
    return f"{at // 12:04}-{at % 12 + 1:02}"
