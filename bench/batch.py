"""What a job costs: articles a second, and memory that does not grow with their number.

``python -m bench.batch [--articles 10000 1000000] [--jobs 2] [--sentences 1]`` makes articles of sentences of
the project's own corpus, tags them with ``classify.py`` and prints a row a size: peak resident memory of the
largest process, seconds by the clock and of processor time, articles and parts by processor time, which a
busy machine does not distort.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from nlp.batch.parts import PART_SIZE

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "data" / "corpus" / "portal.jsonl"


def main() -> None:
    """Measure each size, each in processes of its own."""
    options = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    options.add_argument("--articles", type=int, nargs="+", default=[10_000, 100_000])
    options.add_argument("--jobs", type=int, default=1)
    options.add_argument(
        "--sentences", type=int, default=1, help="sentences an article; the corpus has about 15"
    )
    options.add_argument("--since-last", action="store_true", help="measure the incremental run too")
    args = options.parse_args()
    print(
        f"{'articles':>10} {'MB read':>8} {'peak MB':>8} {'clock s':>8} {'CPU s':>8} {'a CPU s':>8} {'s/part':>7}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for number in args.articles:
            source = Path(folder) / f"{number}.jsonl"
            write_articles(source, number, args.sentences)
            measure(source, number, ["--jobs", str(args.jobs)])
            if args.since_last:
                measure(source, number, ["--since-last"])
            source.unlink()


def write_articles(path: Path, number: int, sentences: int) -> None:
    """Write so many articles, the same for the same number."""
    chance = random.Random(number)
    known = list(known_sentences())
    with path.open("w", encoding="utf-8") as stream:
        for index in range(number):
            text = f"Tin số {index}\n\n" + " ".join(chance.choices(known, k=sentences))
            row = {"id": f"a-{index}", "text": text, "published": "2024-05-06"}
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def known_sentences() -> Iterator[str]:
    """Yield the corpus's lines that are sentences."""
    for line in CORPUS.open(encoding="utf-8"):
        for paragraph in json.loads(line)["text"].split("\n"):
            for sentence in paragraph.split(". "):
                if len(sentence) > 60:
                    yield sentence.rstrip(".") + "."


def measure(source: Path, number: int, options: list[str]) -> None:
    """Tag a file and print what it took."""
    out = source.with_suffix(".tags.jsonl")
    command = [
        sys.executable,
        str(ROOT / "classify.py"),
        str(source),
        "--output",
        str(out),
        "--quiet",
        *options,
    ]
    started = time.monotonic()
    process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(ROOT)})
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - started
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit("classify.py failed")
    size, peak = source.stat().st_size >> 20, usage.ru_maxrss >> 10
    busy = usage.ru_utime + usage.ru_stime
    print(
        f"{number:>10,} {size:>8} {peak:>8} {seconds:>8.1f} {busy:>8.1f} {number / busy:>8.0f} "
        f"{busy * PART_SIZE / number:>7.2f}",
        flush=True,
    )
    for path in source.parent.glob(f"{out.name}*"):
        path.unlink()


if __name__ == "__main__":
    main()
