"""A labelled corpus as matrices: rows of articles and of sentences, what each bears, what may be learnt from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.scan import scan
from nlp.topics.evidence import marked_sentences
from nlp.topics.features import LEAD_SENTENCES, Counts, FeatureSpace
from nlp.types import LabelledText, Span

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from nlp.arrays import BoolArray, FloatArray, IntArray


_BLOCK = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """Articles and their sentences, one row each, with what the labellers decided.

    ``gold`` and ``marked`` have a column a topic. ``owner`` is each sentence's article, ``lead`` True
    for the headline and the sentences after it. ``sentences`` has no row where no sentence is marked.
    """

    articles: csr_matrix
    sentences: csr_matrix
    gold: BoolArray
    marked: BoolArray
    owner: IntArray
    lead: BoolArray
    weights: FloatArray
    primary: tuple[str | None, ...]

    @property
    def has_marks(self) -> bool:
        """Whether sentences can be learnt from."""
        return bool(self.marked.any())

    def usable(self) -> BoolArray:
        """Which sentences may teach a topic.

        An unmarked sentence of an article that bears the topic may carry it all the same, and is left out.
        """
        return self.marked | ~self.gold[self.owner]


def make_examples(articles: Sequence[LabelledText], topics: Sequence[str], space: FeatureSpace) -> Examples:
    """Count the features of labelled articles and find the marks again."""
    has_marks = any(article.evidence for article in articles)
    article_rows: list[csr_matrix] = []
    sentence_rows: list[csr_matrix] = []
    marked: list[NDArray[np.bool_]] = []
    owner: list[NDArray[np.int64]] = []
    lead: list[NDArray[np.bool_]] = []
    for start in range(0, len(articles), _BLOCK):
        block = articles[start : start + _BLOCK]
        found = scan([article.text for article in block])
        sentences = space.of_sentences(found)
        article_rows.append(_matrix(space.of_articles(found, sentences), len(block), space.n_features))
        if has_marks:
            sentence_rows.append(_matrix(sentences, len(found.article), space.n_features))
            owner.append(found.article + start)
            lead.append(found.place <= LEAD_SENTENCES)
            spans = [
                Span(*span)
                for span in zip(found.sentence_starts.tolist(), found.sentence_ends.tolist(), strict=True)
            ]
            edges = np.searchsorted(found.article, np.arange(len(block) + 1)).tolist()
            marked += [
                _marks(article, topics, spans[edges[at] : edges[at + 1]]) for at, article in enumerate(block)
            ]
    return Examples(
        articles=_stacked(article_rows, space.n_features),
        sentences=_stacked(sentence_rows, space.n_features),
        gold=np.array([[topic in article.topics for topic in topics] for article in articles]),
        marked=np.concatenate(marked) if marked else np.zeros((0, len(topics)), dtype=np.bool_),
        owner=np.concatenate(owner) if owner else np.zeros(0, dtype=np.int64),
        lead=np.concatenate(lead) if lead else np.zeros(0, dtype=np.bool_),
        weights=np.array([article.weight for article in articles]),
        primary=tuple(article.primary for article in articles),
    )


def _marks(article: LabelledText, topics: Sequence[str], spans: Sequence[Span]) -> NDArray[np.bool_]:
    marks = np.zeros((len(spans), len(topics)), dtype=np.bool_)
    for column, topic in enumerate(topics):
        if topic in article.topics:
            marks[list(marked_sentences(article, topic, spans)), column] = True
    return marks


def _matrix(counts: Counts, n_rows: int, n_features: int) -> csr_matrix:
    """Counts as a matrix of narrow numbers, the features of a row in rising order."""
    from scipy.sparse import coo_matrix

    entries = (
        counts.count.astype(np.float32),
        (counts.owner.astype(np.int32), counts.feature.astype(np.int32)),
    )
    return coo_matrix(entries, shape=(n_rows, n_features)).tocsr()


def _stacked(blocks: list[csr_matrix], n_features: int) -> csr_matrix:
    """One matrix of the rows of all blocks; the list is emptied on the way, lest the rows be held twice."""
    from scipy.sparse import csr_matrix

    pointers = np.concatenate([[0], *(np.diff(block.indptr) for block in blocks)]).cumsum()
    data = np.empty(pointers[-1], dtype=np.float32)
    columns = np.empty(pointers[-1], dtype=np.int32)
    end = len(data)
    while blocks:
        block = blocks.pop()
        start = end - block.nnz
        data[start:end], columns[start:end] = block.data, block.indices
        end = start
    return csr_matrix((data, columns, pointers), shape=(len(pointers) - 1, n_features))
