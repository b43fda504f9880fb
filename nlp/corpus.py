"""Labelled articles, read and checked: what is doubtful is named with its row, what is sound is kept.

A corpus is one or more files of rows (JSON Lines, CSV, XLSX, Parquet) or folders of such files. A row
holds ``text``, ``topics`` (a list, or names joined by ``;``, empty where none applies) and, if known,
``id``, ``title``, ``primary``, ``evidence`` and ``weight`` (how much it counts beside the others).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlp.corpuschecks import LabelledRow, check_rows
from nlp.errors import CorpusError
from nlp.normalize import match_key, normalize
from nlp.readers.formats import Row
from nlp.readers.sources import read_labelled
from nlp.topicnames import topic_names
from nlp.types import Article, LabelledText, Reject

# No comma: names of topics hold one ("Thi đua, khen thưởng").
_LABEL_SEPARATOR = re.compile(r"[;|\n]")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled articles fit to learn from, and one reject for each row that is not."""

    articles: tuple[LabelledText, ...]
    rejects: tuple[Reject, ...]

    @property
    def topics(self) -> tuple[str, ...]:
        """The labels, in the order of ``data/topics.toml``, then by name."""
        known = list(topic_names())
        found = {topic for article in self.articles for topic in article.topics}
        return tuple(
            sorted(found, key=lambda topic: (known.index(topic) if topic in known else len(known), topic))
        )

    @property
    def digest(self) -> str:
        """SHA-256 over ids, texts and labels, in order."""
        sha = hashlib.sha256()
        for article in self.articles:
            labels = json.dumps([article.id, article.topics, article.primary], ensure_ascii=False)
            sha.update(f"{labels}\0{article.text}\0".encode("utf-8", "surrogatepass"))
        return sha.hexdigest()


def read_corpus(
    sources: Sequence[str | Path],
    *,
    mapping: Mapping[str, str] | None = None,
    extra: Iterable[LabelledText] = (),
) -> Corpus:
    """Read labelled articles and leave out, by name, what cannot be learnt from.

    Left out are rows without text or with labels that cannot be read, second copies, texts that
    stand twice with different labels (neither can be trusted), and articles of a label that is
    too rare or that looks like a misspelt one: kept without that label they would teach that it
    does not apply.

    Args:
        sources: Files or folders.
        mapping: Column of the files for a field, as ``{"text": "Noi_dung"}``.
        extra: Further labelled articles, such as editors' decisions, checked with the rest.

    Raises:
        CorpusError: Nothing is left, or everything bears the same labels: there is nothing to tell apart.
        ReadError: A file cannot be read at all.
    """
    rejects: list[Reject] = []
    kept: list[LabelledRow] = []
    for source in sources:
        for item in read_labelled(source, mapping=mapping):
            read = item if isinstance(item, Reject) else _labelled(*item)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                kept.append(read)
    kept += [LabelledRow("", 0, article) for article in extra]
    kept, refused = check_rows(kept, topic_names())
    corpus = Corpus(tuple(row.article for row in kept), (*rejects, *refused))
    _refuse_unlearnable(corpus)
    return corpus


def _refuse_unlearnable(corpus: Corpus) -> None:
    if not corpus.articles:
        reasons = "".join(f"\n  {each.source}:{each.line}: {each.reason}" for each in corpus.rejects[:3])
        raise CorpusError(f"no article to learn from; give rows with text and topics{reasons}")
    label_sets = {frozenset(article.topics) for article in corpus.articles}
    if len(label_sets) == 1:
        labels = ", ".join(next(iter(label_sets))) or "no topic"
        raise CorpusError(
            f"all {len(corpus.articles)} articles are labelled {labels}: there is nothing to tell apart; "
            "add articles of another label, or of none"
        )


def _labelled(article: Article, row: Row) -> LabelledRow | Reject:
    try:
        return LabelledRow(article.source, row.line, _label(article, row.cells))
    except ValueError as error:
        return Reject(source=article.source, line=row.line, id=article.id, reason=str(error))


def _label(article: Article, cells: Mapping[str, object]) -> LabelledText:
    """Join an article with its labels; a ValueError says what is wrong with them."""
    if "topics" not in cells:
        raise ValueError(
            "no topics; name the column with --map topics=COLUMN (an empty cell means: none applies)"
        )
    topics = _topics(cells["topics"])
    primary = _topics(cells.get("primary") or ())
    if primary and primary[0] not in topics:
        raise ValueError(f"primary topic {primary[0]!r} is not among its topics; add it or clear it")
    return LabelledText(
        id=article.id,
        text=article.text,
        topics=topics,
        primary=primary[0] if primary else None,
        evidence=_evidence(cells.get("evidence")),
        weight=_weight(cells.get("weight")),
    )


def _topics(value: Any) -> tuple[str, ...]:  # noqa: ANN401 - a cell may hold anything; it is checked here
    """Read a cell of labels: a list, a JSON list, or names joined by a separator; Vietnamese names count."""
    if isinstance(value, str):
        value = json.loads(value) if value.lstrip().startswith("[") else _LABEL_SEPARATOR.split(value)
    elif value is None or isinstance(value, float):
        value = ()
    if not isinstance(value, list | tuple) or not all(isinstance(name, str) for name in value):
        raise ValueError(f"topics must be a list of names, not {value!r:.60}")
    names = (normalize(name) for name in value)
    aliases = _label_aliases()
    return tuple(dict.fromkeys(aliases.get(match_key(name), name) for name in names if name))


def _evidence(value: Any) -> dict[str, tuple[str, ...]]:  # noqa: ANN401 - see _topics
    if isinstance(value, str) and value.strip():
        value = json.loads(value)
    if not isinstance(value, Mapping):
        return {}
    return {topic: tuple(normalize(str(start)) for start in starts) for topic, starts in value.items()}


def _weight(value: Any) -> float:  # noqa: ANN401 - see _topics
    weight = float(value) if value not in (None, "") else 1.0
    if not 0 < weight < float("inf"):
        raise ValueError(f"weight must be above 0, not {value!r}")
    return weight


@cache
def _label_aliases() -> dict[str, str]:
    return {
        match_key(name): label for label, names in topic_names().items() for name in (label, *names.values())
    }
