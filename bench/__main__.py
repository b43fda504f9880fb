"""`make bench`: ours and the peers on the same articles, in turn, with medians and ratios.

Articles come from ../shared/data/vntc-dev.parquet, or from data/corpus repeated where it is absent. Every
contender works in this one process on one core, round after round (A B C, A B C, ...), so that a machine
that slows down slows all of them. Fitting is not timed here; see bench/topics.py.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VNTC = ROOT.parent / "shared" / "data" / "vntc-dev.parquet"
ROUNDS = 3
# Articles a round. Slow peers get fewer: their rate does not depend on it.
MANY, SOME, FEW = 1000, 50, 5
PICTURE = ROOT / "docs" / "performance.svg"
FIGURES = ROOT / "docs" / "performance.json"


@dataclass(frozen=True, slots=True)
class Contender:
    """Something that reads articles: its name, what it does, and how many articles a round."""

    name: str
    run: Callable[[Sequence[str]], object]
    n_articles: int


def main() -> None:
    """Run all rounds, print the table, draw the picture."""
    texts = read_texts(MANY)
    contenders = [*ours(), *peers(texts)]
    rates: dict[str, list[float]] = {each.name: [] for each in contenders}
    for each in contenders:
        each.run(texts[:FEW])
    for _ in range(ROUNDS):
        for each in contenders:
            sample = texts[: each.n_articles]
            started = time.perf_counter()
            each.run(sample)
            rates[each.name].append(len(sample) / (time.perf_counter() - started))
    medians = {name: statistics.median(values) for name, values in rates.items()}
    whole = medians["thetin: topics, officials, places, evidence"]
    characters = statistics.mean(map(len, texts))
    print(f"{len(texts)} articles of {characters:.0f} characters on average; articles a second on one core")
    for name, values in rates.items():
        ratio = whole / medians[name]
        print(f"{name:55} {medians[name]:10.1f}  ({min(values):.1f}-{max(values):.1f})  whole: {ratio:.2f} x")
    FIGURES.write_text(json.dumps(medians, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    draw(medians)


def read_texts(n_articles: int) -> list[str]:
    """Normalized texts, the same ones every time."""
    from nlp.corpus import read_corpus
    from nlp.readers.sources import read_articles

    if VNTC.exists():
        articles = read_articles(VNTC)
        return [next(articles).text for _ in range(n_articles)]
    corpus = [article.text for article in read_corpus([ROOT / "data" / "corpus"]).articles]
    return (corpus * (n_articles // len(corpus) + 1))[:n_articles]


def ours() -> list[Contender]:
    """The whole pipeline and its parts."""
    from nlp.gazetteer import Gazetteer
    from nlp.modelfolder import load_tagger
    from nlp.officials.finder import OfficialFinder
    from nlp.places.finder import PlaceFinder
    from nlp.types import Article

    tagger = load_tagger()
    places, officials = PlaceFinder(Gazetteer.load()), OfficialFinder(Gazetteer.load())
    day = date(2026, 1, 1)

    def whole(texts: Sequence[str]) -> object:
        return tagger.tag_many([Article(id=str(n), text=text) for n, text in enumerate(texts)], today=day)

    def entities(texts: Sequence[str]) -> object:
        return [officials.find(text, places.find(text, day)) for text in texts]

    return [
        Contender("thetin: topics, officials, places, evidence", whole, MANY),
        Contender("thetin: topics alone", tagger.topics.predict_proba, MANY),
        Contender("thetin: officials and places alone", entities, MANY),
    ]


def peers(texts: Sequence[str]) -> list[Contender]:
    """What users would take instead, at its defaults."""
    import underthesea
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline
    from sklearn.svm import LinearSVC
    from underthesea_core import TextClassifier

    from nlp.corpus import read_corpus

    articles = read_corpus([ROOT / "data" / "corpus"]).articles
    fitting, labels = [each.text for each in articles], [each.primary or "none" for each in articles]
    plain = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC()).fit(fitting, labels)
    rust = TextClassifier()
    rust.fit(fitting, labels)

    def tokenize_and_ner(sample: Sequence[str]) -> object:
        return [(underthesea.word_tokenize(text), underthesea.ner(text)) for text in sample]

    return [
        Contender("underthesea: word_tokenize and ner", tokenize_and_ner, FEW),
        Contender(
            "underthesea: word_tokenize", lambda sample: [underthesea.word_tokenize(t) for t in sample], SOME
        ),
        Contender("scikit-learn: TF-IDF of 1-2-grams and LinearSVC", plain.predict, MANY),
        Contender("underthesea_core: TextClassifier", rust.predict_batch, MANY),
    ]


def draw(medians: dict[str, float]) -> None:
    """Draw the rates on a logarithmic axis, ours in colour."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context({"svg.fonttype": "none", "svg.hashsalt": "thetin"}):
        figure = Figure(figsize=(8, 3.6), layout="constrained")
        axes = figure.subplots()
        names = list(medians)
        colors = ["#0072B2" if name.startswith("thetin") else "#999999" for name in names]
        bars = axes.barh(names, list(medians.values()), color=colors)
        axes.bar_label(bars, [f" {medians[name]:,.0f}" for name in names])
        axes.set(xscale="log", xlabel="Articles a second, one core (logarithmic)")
        axes.set_xlim(right=max(medians.values()) * 3)
        axes.invert_yaxis()
        axes.spines[["top", "right"]].set_visible(False)
        figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
