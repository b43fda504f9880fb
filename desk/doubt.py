"""How doubtful an article's tags are, and why: what the queue is ordered by.

Reason and order agree: a doubt that is named is at least ``BAND_DOUBT``, and what is called clear is less,
so that no clear article stands above one with a reason to look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from nlp.types import Tags, TopicTag

Reason = Literal[
    "untagged", "failed", "versions", "title_body", "near_threshold", "near_miss", "band", "likely", "sure"
]
REASONS: tuple[Reason, ...] = get_args(Reason)
Degree = Literal["auto", "likely", "suggest"]

# Two models, or title and body, that contradict each other are doubtful whatever the scores say.
VERSIONS_DOUBT = 0.95
TITLE_BODY_DOUBT = 0.8
# The threshold's closeness from which on it is named as the reason.
NEAR = 0.7
# The least doubt that is named: a topic of the band "suggest" deserves a look however far it is from its
# threshold. Scores that give no reason order the clear articles among themselves, below this.
BAND_DOUBT = 0.5
# From this score on a topic of the band "suggest" is called likely. The band reaches up to 0.99, since wrong
# tags are several times as frequent in a day's feed as in a corpus: "99%, look" puzzles whoever reads it.
LIKELY = 0.9


class Doubt(NamedTuple):
    """How doubtful in [0, 1], and the reason that weighs most."""

    value: float
    reason: Reason


FAILED = Doubt(1.0, "failed")
"""Of an article on which the tagger failed; only a person can say what it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probes:
    """What a classifier says beyond the tags: every topic's score and threshold, listed or not.

    ``title_topics`` are those that the title alone and ``body_topics`` those that the body alone would
    get; both are empty where the article tells no title.
    """

    scores: Mapping[str, float]
    thresholds: Mapping[str, float]
    title_topics: frozenset[str] = frozenset()
    body_topics: frozenset[str] = frozenset()


def assess(tags: Tags, *, probes: Probes | None = None, earlier: frozenset[str] | None = None) -> Doubt:
    """Say how doubtful an answer is.

    Args:
        tags: The newest model's answer.
        probes: Without them only what the tags carry is weighed.
        earlier: The topics that the model before said of the same text, None where there was none.
    """
    listed = {tag.topic: tag for tag in tags.topics}
    doubts = [Doubt(0.0, "sure")]
    if earlier is not None and earlier != listed.keys():
        doubts.append(Doubt(VERSIONS_DOUBT, "versions"))
    doubts.extend(_of_band(tag, 1.0 - tag.score) for tag in tags.topics if tag.band == "suggest")
    if probes is None:
        weakest = min((tag.score for tag in tags.topics), default=1.0)
        doubts.append(Doubt((1.0 - weakest) * BAND_DOUBT, "sure"))
        return max(doubts, key=lambda doubt: doubt.value)
    if probes.title_topics - probes.body_topics:
        doubts.append(Doubt(TITLE_BODY_DOUBT, "title_body"))
    for topic, score in probes.scores.items():
        closeness = _closeness(score, probes.thresholds[topic])
        if closeness >= NEAR:
            doubts.append(Doubt(closeness, "near_threshold" if listed else "near_miss"))
        elif topic in listed and listed[topic].band == "suggest":
            doubts.append(_of_band(listed[topic], closeness / NEAR))
        else:
            doubts.append(Doubt(closeness * BAND_DOUBT, "sure"))
    return max(doubts, key=lambda doubt: doubt.value)


def degree(score: float, band: str) -> Degree:
    """Say how sure a topic is in three steps: the band, and inside ``suggest`` what is nearly ``auto``."""
    if band != "suggest":
        return "auto"
    return "likely" if score >= LIKELY else "suggest"


def _of_band(tag: TopicTag, share: float) -> Doubt:
    """The doubt of a topic to be looked at: a share of the way from the least named one to ``NEAR``."""
    value = BAND_DOUBT + share * (NEAR - BAND_DOUBT)
    return Doubt(value, "likely" if degree(tag.score, tag.band) == "likely" else "band")


def _closeness(score: float, threshold: float) -> float:
    """1 at the threshold, 0 at the far end of the side that the score is on."""
    room = 1.0 - threshold if score >= threshold else threshold
    return 1.0 - abs(score - threshold) / room if room > 0 else 0.0
