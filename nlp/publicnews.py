"""The labels that come with the project, joined with the public texts they were given to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from nlp.errors import CorpusError
from nlp.readers.sources import read_articles
from nlp.sentences import sentence_spans
from nlp.types import LabelledText


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
