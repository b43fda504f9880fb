"""`python -m bench.topics`: what fitting costs and what the fits are worth, on ../shared/data.

The default corpus (train.jsonl and data/corpus, measured on dev.jsonl and data/portal-test.jsonl), with
`--news DIR` also the other public articles of data/labels.jsonl, and, with `--vntc`, VNTC's ten newspaper
sections (vntc-train, vntc-dev). Rates of tagging are in `make bench`.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from nlp.corpus import read_corpus
from nlp.normalize import normalize
from nlp.publicnews import join_news
from nlp.topics.classifier import TopicClassifier
from nlp.training import evaluate_on
from nlp.types import LabelledText

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "data"
# Articles of data/labels.jsonl that stand in ../shared/data, by the first word of their ids.
_SHARED_IDS = ("train", "dev")


def main() -> None:
    """Fit, measure, print."""
    parser = argparse.ArgumentParser(description="Cost and worth of fitting the topic classifier.")
    parser.add_argument("--vntc", action="store_true", help="VNTC instead of the default corpus")
    parser.add_argument("--news", type=Path, metavar="DIR", help="the public texts, see data/README.md")
    options = parser.parse_args()
    if options.vntc:
        measure_sections()
    else:
        measure_default(options.news)


def measure_default(news: Path | None) -> None:
    """The default model's corpus, without the articles it is measured on."""
    labels = ROOT / "data" / "labels.jsonl"
    joined = join_news(labels, news) if news else ()
    extra = [article for article in joined if article.id.partition("-")[0] not in _SHARED_IDS]
    model = fit(read_corpus([SHARED / "train.jsonl", ROOT / "data" / "corpus"], extra=extra).articles)
    for path in (SHARED / "dev.jsonl", ROOT / "data" / "portal-test.jsonl"):
        print(path.name)
        print("\n".join(evaluate_on(model, read_corpus([path]).articles).table()))


def measure_sections() -> None:
    """VNTC: one label an article."""
    model = fit(read_sections("vntc-train"))
    articles = read_sections("vntc-dev")
    answers = model.tag([article.text for article in articles])
    right = sum(answer.primary == article.primary for answer, article in zip(answers, articles, strict=True))
    print(f"vntc-dev: accuracy {right / len(articles):.4f} on {len(articles)} articles")


def read_sections(name: str) -> list[LabelledText]:
    """A split of VNTC as labelled texts."""
    import pandas as pd

    table = pd.read_parquet(SHARED / f"{name}.parquet")
    return [
        LabelledText(id=str(number), text=normalize(text), topics=(label,), primary=label)
        for number, (text, label) in enumerate(zip(table.text, table.label, strict=True))
    ]


def fit(articles: Sequence[LabelledText]) -> TopicClassifier:
    """Fit and print what it cost."""
    start = time.perf_counter()
    model = TopicClassifier().fit(articles)
    seconds = time.perf_counter() - start
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    print(f"{len(articles)} articles fitted in {seconds:.1f} s, at most {peak / 2**20:.2f} GiB")
    return model


if __name__ == "__main__":
    main()
