"""What whole processes take: starts, two workers against one, and topics on two processes at once.

This module and ``__main__`` import little: a new process is told to have held at least what the one that
started it held.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.synchronize import Barrier
from pathlib import Path

from bench.articles import ROOT, read_texts

DOORS = ("classify.py", "train.py", "serve.py")
# Enough for a job to last half a minute, so that two workers' start hardly counts.
JOB_ARTICLES = 32_000
ARTICLE = "data/sample/dien-bien-cham-ho-so.txt"
TAG_REQUEST = {"text": "Trao bằng khen\n\nÔng Nguyễn Văn An, Chủ tịch UBND tỉnh An Giang, trao bằng khen."}


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: seconds by the clock and of processor time, and the peak of its largest process."""

    seconds: float
    cpu: float
    peak_mb: float


def run(arguments: Sequence[str], **environment: str) -> Run:
    """Run a Python command to its end, from outside."""
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *arguments],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **environment},
    )
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(arguments)} failed")
    return Run(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def starts(rounds: int) -> Iterator[tuple[str, Run]]:
    """New processes: one article, each door's help, the desk's first page and first answer to a tag request."""
    yield "classify.py, one article", _median([run(["classify.py", ARTICLE]) for _ in range(rounds)])
    with tempfile.TemporaryDirectory() as folder:
        for door in DOORS:
            yield f"{door} --help", _median([run([door, "--help"]) for _ in range(rounds)])
        desks = [first_answers(Path(folder) / f"{number}.db") for number in range(rounds)]
        for number, name in enumerate(("serve.py, first page", "serve.py, first article tagged")):
            yield name, _median([desk[number] for desk in desks])


def first_answers(database: Path) -> tuple[Run, Run]:
    """From the start of a desk to its first page, and to its first answer to a tag request."""
    started = time.perf_counter()
    command = [sys.executable, "serve.py", "--port", "0", "--database", f"sqlite:///{database}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as desk:
        assert desk.stdout
        url = desk.stdout.readline().strip()
        found = []
        body = json.dumps(TAG_REQUEST).encode()
        headers = {"Content-Type": "application/json"}
        for request in (
            urllib.request.Request(url),
            urllib.request.Request(f"{url}/api/v1/tag", data=body, headers=headers),
        ):
            with urllib.request.urlopen(request) as answer:
                answer.read()
            found.append(Run(time.perf_counter() - started, float("nan"), peak_mb(desk.pid)))
        desk.terminate()
    return found[0], found[1]


def peak_mb(process: int | str) -> float:
    """The most memory that a running process has held, on Linux."""
    status = Path(f"/proc/{process}/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def scaling(rounds: int) -> tuple[Run, Run]:
    """The same job by one process and by two workers, in turn."""
    found: tuple[list[Run], list[Run]] = [], []
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "news.jsonl"
        run(["-m", "bench.articles", str(JOB_ARTICLES), str(source)])
        for number in range(rounds):
            for jobs in (1, 2):
                out = Path(folder) / f"tags-{number}-{jobs}.jsonl"
                options = ["--output", str(out), "--quiet", "--jobs", str(jobs)]
                found[jobs - 1].append(run(["classify.py", str(source), *options]))
    return _median(found[0]), _median(found[1])


def topics_on_two(n_articles: int, rounds: int) -> list[float]:
    """Articles a second that two processes give their topics together, from a common start to the later end."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(3)
    workers = [context.Process(target=_give_topics, args=(n_articles, rounds, gate)) for _ in range(2)]
    for worker in workers:
        worker.start()
    rates = []
    for _ in range(rounds):
        gate.wait()
        started = time.perf_counter()
        gate.wait()
        rates.append(2 * n_articles / (time.perf_counter() - started))
    for worker in workers:
        worker.join()
    return rates


def _give_topics(n_articles: int, rounds: int, gate: Barrier) -> None:
    from nlp.modelfolder import DEFAULT_MODEL, load_classifier

    texts = read_texts(n_articles)
    classifier, _ = load_classifier(DEFAULT_MODEL)
    classifier.tag(texts)
    for _ in range(rounds):
        gate.wait()
        classifier.tag(texts)
        gate.wait()


def _median(runs: Sequence[Run]) -> Run:
    return Run(
        statistics.median(each.seconds for each in runs),
        statistics.median(each.cpu for each in runs),
        max(each.peak_mb for each in runs),
    )
