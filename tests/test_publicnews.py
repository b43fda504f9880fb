"""The project's labels find the public texts they were given to."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.corpus import read_corpus
from nlp.errors import CorpusError
from nlp.files import DATA
from nlp.publicnews import join_news
from nlp.sentences import sentence_spans
from nlp.topics.evidence import marked_sentences
from nlp.types import LabelledText

ROOT = Path(__file__).resolve().parent.parent


def write(path: Path, data: list[dict[str, object]]) -> Path:
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data), encoding="utf-8")
    return path


def test_labels_are_joined_with_public_texts(tmp_path: Path) -> None:
    text = tmp_path / "news" / "vntc" / "train" / "Phap luat" / "PL (1).txt"
    text.parent.mkdir(parents=True)
    text.write_text("Kỷ luật cán bộ xã.\nCâu thứ nhất dài hơn.\nCâu thứ hai.", encoding="utf-16")
    labels = {
        "id": "l1",
        "source": "vntc:train/Phap luat/PL (1).txt",
        "topics": ["discipline"],
        "primary": "discipline",
    }
    [article] = join_news(
        write(tmp_path / "labels.jsonl", [labels | {"evidence": {"discipline": [1]}}]), tmp_path / "news"
    )
    assert article.topics == ("discipline",)
    assert article.evidence == {"discipline": ("Câu thứ nhất dài hơn.",)}


def test_a_missing_public_text_is_named(tmp_path: Path) -> None:
    labels = {"id": "l1", "source": "baomoi:vn/1.txt", "topics": [], "primary": None}
    with pytest.raises(CorpusError, match=r"baomoi.*1\.txt.*data/README"):
        list(join_news(write(tmp_path / "labels.jsonl", [labels]), tmp_path))


def test_the_shipped_labels_hold_no_text() -> None:
    rows = [json.loads(line) for line in (DATA / "labels.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len({row["id"] for row in rows}) == len({row["source"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) <= {"id", "source", "topics", "primary", "evidence"}
        assert set(row.get("evidence", {})) <= set(row["topics"])
        assert all(type(number) is int for numbers in row.get("evidence", {}).values() for number in numbers)
        assert row["primary"] is None or row["primary"] in row["topics"]


def test_labels_joined_with_the_public_texts_are_those_of_the_training_set(
    shared: Path, tmp_path: Path
) -> None:
    """``--news``: data/labels.jsonl with the texts is what train.jsonl is with both in one."""
    known = set()
    for line in (shared / "data" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        known.add(row["id"])
        file = tmp_path / row["source"].replace(":", "/", 1)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(row["text"], encoding="utf-8")
    lines = (ROOT / "data" / "labels.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    labels = tmp_path / "labels.jsonl"  # those whose texts are here
    labels.write_text("".join(line for line in lines if json.loads(line)["id"] in known), encoding="utf-8")
    joined = {article.id: article for article in join_news(labels, tmp_path)}
    whole = read_corpus([shared / "data" / "train.jsonl"])
    assert len(whole.articles) > 1000
    for article in whole.articles:
        other = joined[article.id]
        assert (other.topics, other.primary) == (article.topics, article.primary)
        assert marked(other) == marked(article), article.id


def marked(article: LabelledText) -> dict[str, set[str]]:
    """The sentences that carry each topic, by their words."""
    sentences = sentence_spans(article.text)
    return {
        topic: {article.text[slice(*sentences[n])] for n in marked_sentences(article, topic, sentences)}
        for topic in article.topics
    }
