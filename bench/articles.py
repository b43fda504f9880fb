"""The articles that everything is measured on: VNTC's where they are at hand, else the project's own."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# More articles than this are the same ones again.
REPEATED_FROM = 4_000
VNTC = ROOT.parent / "shared" / "data" / "vntc-dev.parquet"


def read_texts(n_articles: int) -> list[str]:
    """Normalized texts, the same ones every time; repeated where there are fewer."""
    from nlp.corpus import read_corpus
    from nlp.readers.sources import read_articles

    if VNTC.exists():
        known = [article.text for article, _ in zip(read_articles(VNTC), range(n_articles), strict=False)]
    else:
        known = [article.text for article in read_corpus([ROOT / "data" / "corpus"]).articles]
    return [known[number % len(known)] for number in range(n_articles)]


def of_length(texts: Sequence[str], n_bytes: int, total: int) -> list[str]:
    """Articles of about so many bytes each, ``total`` in all: consecutive stretches of the texts, end to end."""
    joined = "\n".join(texts).encode()
    ends = range(n_bytes, min(total, len(joined)) + 1, n_bytes)
    return [joined[end - n_bytes : end].decode(errors="ignore").strip() for end in ends]


def main() -> None:
    """``python -m bench.articles NUMBER FILE`` writes so many as a file that ``classify.py`` reads."""
    number, path = int(sys.argv[1]), Path(sys.argv[2])
    texts = read_texts(min(number, REPEATED_FROM))
    with path.open("w", encoding="utf-8") as stream:
        for index in range(number):
            row = {"id": f"a-{index}", "text": texts[index % len(texts)], "published": "2024-05-06"}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
