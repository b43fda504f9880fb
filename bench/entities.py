"""`python -m bench.entities`: officials and places against the labels, as the documentation states them.

data/portal-test.jsonl and data/corpus always, and where ../shared is there also its newspaper articles that
say whom and what they name (96 of train.jsonl, 56 of dev.jsonl). Names are compared without case and
punctuation, each once an article:

- officials: F1 over full names; of the labelled posts of those found, the share that a found one matches;
- places: F1 over (name, level); of those found, the share whose province is the labelled one.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from nlp.evaluation import Counts
from nlp.modelfolder import load_tagger
from nlp.readers.sources import read_labelled
from nlp.tagger import Tagger
from nlp.types import Official, Place, Reject, Tags

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
PORTAL_TEST = ROOT / "data" / "portal-test.jsonl"
SETS = (PORTAL_TEST, ROOT / "data" / "corpus" / "portal.jsonl", SHARED / "dev.jsonl", SHARED / "train.jsonl")
# The day by which places of undated articles are linked: pinned, so that figures don't change overnight.
TODAY = date(2026, 7, 1)
# From this share of common words on, a post is the labelled one: a unit's last word more or less is forgiven.
SAME_POST = 0.8
# Names of one unit that labellers and articles write in either way.
_SAME_NAMES = {
    "tphcm": "hồ chí minh",
    "sài gòn": "hồ chí minh",
    "thừa thiên huế": "huế",
}

Gold = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityFigures:
    """What was found of the labelled names, and the share of posts or provinces that is right with them.

    Attributes:
        n_articles: The articles that say what they name.
        names: Distinct names found, invented and missed, article by article.
        details: Of the names found, the share of labelled posts (officials) or provinces (places) found
            with them, in [0, 1]; 1 where none is labelled.
    """

    n_articles: int
    names: Counts
    details: float


def main() -> None:
    """Tag the sets that are there, and print a row each."""
    tagger = load_tagger()
    print(f"{'':34} articles    F1  precision  recall  posts, provinces right")
    for path in SETS:
        if not path.exists():
            print(f"{path.name:34} is not here")
            continue
        for kind, figures in measure(tagger, path).items():
            names = figures.names
            print(
                f"{path.name + ', ' + kind:34} {figures.n_articles:8d} {names.f1:.3f}  {names.precision:9.3f}"
                f"  {names.recall:6.3f}  {figures.details:.3f}"
            )


def measure(tagger: Tagger, path: Path) -> dict[str, EntityFigures]:
    """Return the figures of a labelled file, by ``officials`` and ``places``."""
    # What an article is, the reader says; what is labelled, its line, where lists are still lists.
    articles = [each[0] for each in read_labelled(path) if not isinstance(each, Reject)]
    gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    pairs = list(zip(gold, tagger.tag_many(articles, today=TODAY), strict=True))
    return {"officials": score_officials(pairs), "places": score_places(pairs)}


def score_officials(pairs: Iterable[tuple[Gold, Tags]]) -> EntityFigures:
    """Compare the officials of articles that label them."""
    labelled = [(gold["officials"], tags.officials) for gold, tags in pairs if "officials" in gold]
    names, posts = Counts(0, 0, 0), []
    for gold, officials in labelled:
        want = {_key(each["name"]): each for each in gold}
        got: dict[str, Official] = {_key(each.name): each for each in officials}
        names += _counts(want, got)
        for name in want.keys() & got.keys():
            posts += [
                any(_common(post, other) >= SAME_POST for other in got[name].positions)
                for post in want[name]["positions"]
            ]
    return EntityFigures(n_articles=len(labelled), names=names, details=_share(posts))


def score_places(pairs: Iterable[tuple[Gold, Tags]]) -> EntityFigures:
    """Compare the places of articles that label them."""
    labelled = [(gold["places"], tags.places) for gold, tags in pairs if "places" in gold]
    names, provinces = Counts(0, 0, 0), []
    for gold, places in labelled:
        want = {(_key(each["name"]), each["level"]): each for each in gold}
        got: dict[tuple[str, str], Place] = {(_key(each.name), each.level): each for each in places}
        names += _counts(want, got)
        provinces += [
            _key(want[place]["province"]) == _key(got[place].province or "")
            for place in want.keys() & got.keys()
            if want[place].get("province")
        ]
    return EntityFigures(n_articles=len(labelled), names=names, details=_share(provinces))


def _key(name: str) -> str:
    plain = unicodedata.normalize("NFC", name).replace("Ð", "Đ").casefold()
    plain = re.sub(r"[^\w]+", " ", plain).strip()
    return _SAME_NAMES.get(plain, plain)


def _common(one: str, other: str) -> float:
    """Share of the words of two posts that both have, in [0, 1]."""
    first, second = Counter(_key(one).split()), Counter(_key(other).split())
    total = first.total() + second.total()
    return 2 * (first & second).total() / total if total else 1.0


def _counts(want: Mapping[Any, object], got: Mapping[Any, object]) -> Counts:
    return Counts(len(want.keys() & got.keys()), len(got.keys() - want.keys()), len(want.keys() - got.keys()))


def _share(right: list[bool]) -> float:
    return sum(right) / len(right) if right else 1.0


if __name__ == "__main__":
    main()
