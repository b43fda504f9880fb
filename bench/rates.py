"""Articles a second: ours and the peers on the same articles, in turn, in this one process on one core.

Rounds go A B C, A B C, ..., so that a machine that slows down slows all of them.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from bench.articles import ROOT, of_length
from nlp.types import Article

WHOLE = "thetin: topics, officials, places, evidence"
TOPICS = "thetin: topics alone"
SLOW_PEER = "underthesea: word_tokenize and ner"
# Articles a round. Slow peers get fewer.
MANY, SOME, FEW = 1000, 50, 20
# Lengths of articles in bytes, and how much is tagged at each.
LENGTHS = (1_000, 10_000, 100_000, 1_000_000)
LENGTH_BYTES = 2_000_000
DAY = date(2026, 1, 1)


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that reads articles: its name, what it does, and how many articles a round."""

    name: str
    run: Callable[[Sequence[str]], object]
    n_articles: int


def measure(texts: Sequence[str], rounds: int) -> dict[str, list[float]]:
    """Articles a second of each contender in each round.

    Every round takes other articles, the same for all contenders: what one remembers of the last round
    must not help it. Slow ones get the first few alone, and a rate by characters, as if these articles
    were as long as all are on average.
    """
    contenders = [*ours(), *peers(), *annif()]
    rates: dict[str, list[float]] = {each.name: [] for each in contenders}
    for each in contenders:
        each.run(texts[:FEW])
    for number in range(1, rounds + 1):
        articles = texts[number * MANY : (number + 1) * MANY]
        usual = sum(map(len, articles)) / len(articles)
        for each in contenders:
            sample = articles[: each.n_articles]
            started = time.perf_counter()
            each.run(sample)
            seconds = time.perf_counter() - started
            rates[each.name].append(sum(map(len, sample)) / usual / seconds)
    return rates


def report(rates: dict[str, list[float]]) -> Iterator[str]:
    """The rates as rows of a Markdown table, with how many times faster our whole pipeline is."""
    whole = statistics.median(rates[WHOLE])
    yield "| | articles a second, one core | least to most | whole pipeline is faster by |"
    yield "|---|---|---|---|"
    for name, values in rates.items():
        median = statistics.median(values)
        yield f"| {name} | {median:,.1f} | {min(values):,.1f} to {max(values):,.1f} | {whole / median:,.2f} |"


def lengths(texts: Sequence[str], rounds: int) -> Iterator[tuple[int, float]]:
    """Milliseconds a kilobyte for articles of each length, by the whole pipeline in this process."""
    from nlp.modelfolder import load_tagger

    tagger = load_tagger()
    tagger.tag_many([Article(id=str(number), text=text) for number, text in enumerate(texts)])
    for n_bytes in LENGTHS:
        cut = of_length(texts, n_bytes, LENGTH_BYTES)
        articles = [Article(id=str(number), text=text) for number, text in enumerate(cut)]
        kilobytes = sum(len(text.encode()) for text in cut) / 1e3
        times = []
        for _ in range(rounds):
            started = time.perf_counter()
            tagger.tag_many(articles)
            times.append(time.perf_counter() - started)
        yield n_bytes, statistics.median(times) * 1e3 / kilobytes


def ours() -> list[Contender]:
    """The whole pipeline and its parts."""
    from nlp.gazetteer import Gazetteer
    from nlp.modelfolder import load_tagger
    from nlp.officials.finder import OfficialFinder
    from nlp.places.finder import PlaceFinder

    tagger = load_tagger()
    places, officials = PlaceFinder(Gazetteer.load()), OfficialFinder(Gazetteer.load())

    def whole(texts: Sequence[str]) -> object:
        return tagger.tag_many([Article(id=str(n), text=text) for n, text in enumerate(texts)], today=DAY)

    def entities(texts: Sequence[str]) -> object:
        return [officials.find(text, places.find(text, DAY)) for text in texts]

    return [
        Contender(WHOLE, whole, MANY),
        Contender(TOPICS, tagger.topics.tag, MANY),
        Contender("thetin: officials and places alone", entities, MANY),
    ]


def peers() -> list[Contender]:
    """What users would take instead, at its defaults."""
    import underthesea
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC
    from underthesea_core import TextClassifier

    fitting, labels = training()
    plain = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC()).fit(fitting, labels)
    rust = TextClassifier()
    rust.fit(fitting, labels)

    def tokenize_and_ner(sample: Sequence[str]) -> object:
        return [(underthesea.word_tokenize(text), underthesea.ner(text)) for text in sample]

    def tokenize(sample: Sequence[str]) -> object:
        return [underthesea.word_tokenize(text) for text in sample]

    return [
        Contender(SLOW_PEER, tokenize_and_ner, FEW),
        Contender("underthesea: word_tokenize", tokenize, SOME),
        Contender("scikit-learn: TF-IDF of 1-2-grams and LinearSVC", plain.predict, MANY),
        Contender("underthesea_core: TextClassifier", rust.predict_batch, MANY),
    ]


def annif() -> list[Contender]:
    """Annif's tfidf backend, where it is installed."""
    from bench import annifpeer

    suggest = annifpeer.fitted(*training())
    return [Contender("Annif: tfidf", suggest, SOME)] if suggest else []


def training() -> tuple[list[str], list[str]]:
    """What the peers are fitted on: the project's own corpus, the primary topic as the one label."""
    from nlp.corpus import read_corpus

    articles = read_corpus([ROOT / "data" / "corpus"]).articles
    return [each.text for each in articles], [each.primary or "none" for each in articles]
