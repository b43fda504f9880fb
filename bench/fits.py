"""`python -m bench.fits default|vntc`: one fit in this process, from a cold cache, and what it took, as JSON."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from typing import Any

from bench.articles import ROOT
from bench.processes import peak_mb
from nlp.types import LabelledText

SHARED = ROOT.parent / "shared" / "data"
CORPORA = ("default", "vntc")


def measure(name: str) -> dict[str, Any]:
    """Fit in a process of its own that finds no segmented articles; seconds, processor time and peak in MB."""
    with tempfile.TemporaryDirectory() as cache:
        command = [sys.executable, "-m", "bench.fits", name]
        environment = {**os.environ, "XDG_CACHE_HOME": cache}
        answer = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


def available() -> tuple[str, ...]:
    """The corpora that can be fitted here."""
    return CORPORA if SHARED.exists() else ()


def read(name: str) -> Sequence[LabelledText]:
    """The default model's corpus, or VNTC's ten sections."""
    from bench.topics import read_sections
    from nlp.corpus import read_corpus

    if name == "vntc":
        return read_sections("vntc-train")
    return read_corpus([SHARED / "train.jsonl", SHARED / "dev.jsonl", ROOT / "data" / "corpus"]).articles


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", choices=CORPORA)
    name = parser.parse_args().corpus
    articles = read(name)
    from nlp.topics.classifier import TopicClassifier

    started, used = time.perf_counter(), time.process_time()
    TopicClassifier().fit(articles)
    # No part of a fit runs in another process.
    found = {
        "articles": len(articles),
        "seconds": time.perf_counter() - started,
        "cpu": time.process_time() - used,
        "peak_mb": peak_mb("self"),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
