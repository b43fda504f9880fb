"""Labelled articles, read and checked: what is doubtful is named with its row, what is sound is kept.

A corpus is one or more files of rows (JSON Lines, CSV, XLSX, Parquet) or folders of such files. A row
holds ``text``, ``topics`` (a list, or names joined by ``;``, empty where none applies) and, if known,
``id``, ``title``, ``primary``, ``evidence`` and ``weight`` (how much it counts beside the others).
"""

from __future__ import annotations

import difflib
import hashlib
import json
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nlp.errors import CorpusError
from nlp.files import DATA
from nlp.normalize import match_key, normalize
from nlp.readers.formats import Row
from nlp.readers.sources import read_articles, read_labelled
from nlp.sentences import sentence_spans
from nlp.types import Article, LabelledText, Reject

TOPICS_FILE = DATA / "topics.toml"
# Out-of-fold scores need every label in every fold; with fewer articles than folds a threshold
# would be chosen on nothing.
MIN_SUPPORT = 5
# A label this much like a far more frequent one is taken for a slip of the keyboard
# (difflib's ratio: "refom" and "reform" share 0.91).
TYPO_SIMILARITY = 0.8
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


@dataclass(frozen=True, slots=True)
class _Labelled:
    """A row that could be read, with where it stood."""

    source: str
    line: int
    article: LabelledText

    def reject(self, reason: str) -> Reject:
        return Reject(source=self.source, line=self.line, id=self.article.id, reason=reason)


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
    kept: list[_Labelled] = []
    for source in sources:
        for item in read_labelled(source, mapping=mapping):
            read = item if isinstance(item, Reject) else _labelled(*item)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                kept.append(read)
    kept += [_Labelled("", 0, article) for article in extra]
    for check in CHECKS:
        kept, refused = check(kept)
        rejects += refused
    corpus = Corpus(tuple(row.article for row in kept), tuple(rejects))
    _refuse_unlearnable(corpus)
    return corpus


def _copies(rows: list[_Labelled]) -> tuple[list[_Labelled], list[Reject]]:
    """Texts that stand more than once: one copy is kept where they agree, none where they do not."""
    by_text: dict[str, list[_Labelled]] = defaultdict(list)
    for row in rows:
        by_text[" ".join(re.findall(r"\w+", match_key(row.article.text)))].append(row)
    refused: dict[int, str] = {}
    for group in by_text.values():
        first = group[0]
        where = f"{first.source}:{first.line} ({first.article.id})"
        if len({frozenset(row.article.topics) for row in group}) > 1:
            for row in group:
                labels = ", ".join(row.article.topics) or "none"
                refused[id(row)] = (
                    f"labelled {labels} here and otherwise elsewhere, first in {where}; settle which"
                )
        else:
            refused |= {id(row): f"the same text as {where}; one copy is enough" for row in group[1:]}
    return _split(rows, refused)


def _same_ids(rows: list[_Labelled]) -> tuple[list[_Labelled], list[Reject]]:
    """Ids that name two different articles: the second is refused, since a decision could not be traced."""
    seen: dict[str, _Labelled] = {}
    refused: dict[int, str] = {}
    for row in rows:
        first = seen.setdefault(row.article.id, row)
        if first is not row:
            refused[id(row)] = (
                f"the id stands already at {first.source}:{first.line}; give each article its own"
            )
    return _split(rows, refused)


def _rare_labels(rows: list[_Labelled]) -> tuple[list[_Labelled], list[Reject]]:
    """Labels too rare to learn, with a guess at the one that was meant."""
    support = Counter(topic for row in rows for topic in row.article.topics)
    rare = {topic for topic, n in support.items() if n < MIN_SUPPORT}
    frequent = [topic for topic in [*support, *topic_names()] if topic not in rare]
    refused = {}
    for row in rows:
        for topic in row.article.topics:
            if topic in rare:
                near = difflib.get_close_matches(topic, frequent, n=1, cutoff=TYPO_SIMILARITY)
                refused[id(row)] = (
                    f"unknown label {topic!r}: did you mean {near[0]!r}?"
                    if near
                    else f"label {topic!r} stands in {support[topic]} articles, {MIN_SUPPORT} are needed; add some"
                )
    return _split(rows, refused)


def _two_spellings(rows: list[_Labelled]) -> tuple[list[_Labelled], list[Reject]]:
    """Labels that differ only in capitals or in where a tone stands: one meaning would be learnt as two."""
    support = Counter(topic for row in rows for topic in row.article.topics)
    usual: dict[str, str] = {}
    for topic, _ in support.most_common():
        usual.setdefault(match_key(topic), topic)
    refused = {}
    for row in rows:
        for topic in row.article.topics:
            meant = usual[match_key(topic)]
            if meant != topic:
                refused[id(row)] = (
                    f"label {topic!r} is spelled {meant!r} in {support[meant]} other articles; write it that way"
                )
    return _split(rows, refused)


CHECKS = (_copies, _same_ids, _two_spellings, _rare_labels)
"""What is asked of every corpus, in order; each returns the rows kept and the rows refused."""


def _split(rows: list[_Labelled], refused: Mapping[int, str]) -> tuple[list[_Labelled], list[Reject]]:
    kept = [row for row in rows if id(row) not in refused]
    return kept, [row.reject(refused[id(row)]) for row in rows if id(row) in refused]


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


def _labelled(article: Article, row: Row) -> _Labelled | Reject:
    try:
        return _Labelled(article.source, row.line, _label(article, row.cells))
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
def topic_names() -> dict[str, dict[str, str]]:
    """Labels of ``data/topics.toml`` with their names, ``{"reform": {"vi": ..., "en": ...}}``."""
    with TOPICS_FILE.open("rb") as stream:
        return {label: {k: str(v) for k, v in entry.items()} for label, entry in tomllib.load(stream).items()}


@cache
def _label_aliases() -> dict[str, str]:
    return {
        match_key(name): label for label, names in topic_names().items() for name in (label, *names.values())
    }


def join_news(labels: Path, news: Path) -> Iterator[LabelledText]:
    """Join ``data/labels.jsonl`` with the public texts that its ``source`` names.

    The labels are the project's, the texts are not and are fetched by whoever fits the model:
    ``vntc:train/Section/File.txt`` is looked for at ``NEWS/vntc/train/Section/File.txt``, and
    ``baomoi:PATH`` at ``NEWS/baomoi/PATH``. Evidence is kept as sentence numbers and resolved here.

    Raises:
        CorpusError: A text is missing; the message says where it was looked for.
    """
    for line in labels.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        collection, _, path = row["source"].partition(":")
        file = news / collection / path
        if not file.is_file():
            raise CorpusError(
                f"{file}: missing text of {row['id']}; fetch the collection named in data/README.md"
            )
        text = next(iter(read_articles(file))).text
        spans = sentence_spans(text)
        evidence = {
            topic: tuple(text[slice(*spans[n])] for n in numbers if n < len(spans))
            for topic, numbers in row.get("evidence", {}).items()
        }
        yield LabelledText(
            id=row["id"], text=text, topics=tuple(row["topics"]), primary=row["primary"], evidence=evidence
        )
