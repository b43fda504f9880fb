"""Load on a desk: tag requests and editors' sessions at once, on a real server over SQLite.

    python -m bench.desk --seconds 60            # 100 tag requests a second and 50 editors

Editors read the queue, open an article and decide on it, one step every few seconds. Prints, for each kind
of request, how many there were, errors, and the median, 95th and 99th percentile and the longest in
milliseconds; and the server's memory over time. Ends with 1 if a request failed or a p99 is over 250 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote, urlsplit

ROOT = Path(__file__).resolve().parent.parent
CORPUS = ROOT / "data" / "corpus" / "portal.jsonl"
LIMIT_MS = 250.0
# Seconds an editor looks at a page before the next step.
THINKING = (2.0, 6.0)
# Articles in the store when the editors begin.
STORED = 2000


class Figures:
    """Times and faults by kind of request, and how many cores the server kept busy."""

    def __init__(self) -> None:
        self.times: dict[str, list[float]] = defaultdict(list)
        self.faults: dict[str, list[str]] = defaultdict(list)
        self.cores = 0.0

    def rows(self) -> Iterator[tuple[str, int, int, float, float, float, float]]:
        """Kind, count, errors, and four times in milliseconds."""
        for kind, seconds in sorted(self.times.items()):
            times = sorted(1000 * each for each in seconds)
            cut = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
            yield (
                kind,
                len(times),
                len(self.faults[kind]),
                statistics.median(times),
                cut[94],
                cut[98],
                times[-1],
            )


class Connection:
    """One HTTP connection that stays open, with as little work as can be on the client's side."""

    def __init__(self, url: str, figures: Figures) -> None:
        parts = urlsplit(url)
        self._host, self._port, self._figures = parts.hostname, parts.port, figures
        self._reader: asyncio.StreamReader | None = None

    async def call(self, kind: str, path: str, body: object = None) -> tuple[int, bytes]:
        """GET a path, or POST JSON to it; returns status and body, 0 where the connection broke."""
        data = b"" if body is None else json.dumps(body).encode()
        head = f"{'GET' if body is None else 'POST'} {path} HTTP/1.1\r\nHost: {self._host}:{self._port}\r\n"
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(data)}\r\n"
        request = head.encode() + b"\r\n" + data
        started = time.perf_counter()
        was_open = self._reader is not None
        try:
            try:
                status, answer = await self._exchange(request)
            except (OSError, EOFError):
                if not was_open:
                    raise
                self._reader = None  # the server had hung up on a connection that stood idle
                status, answer = await self._exchange(request)
        except (OSError, EOFError, ValueError) as error:
            self._reader = None
            status, answer = 0, repr(error).encode()
        self._figures.times[kind].append(time.perf_counter() - started)
        if status >= 400 or status == 0:
            self._figures.faults[kind].append(f"{status} {answer[:200]!r}")
        return status, answer

    async def _exchange(self, request: bytes) -> tuple[int, bytes]:
        if self._reader is None:
            self._reader, self._writer = await asyncio.open_connection(self._host, self._port, limit=1 << 20)
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        answer = await self._reader.readexactly(int(lengths[0].split(b":")[1]) if lengths else 0)
        if b"connection: close" in head.lower():
            self._reader = None
        return status, answer

    def close(self) -> None:
        """Hang up."""
        if self._reader is not None:
            self._writer.close()


async def tag(url: str, figures: Figures, texts: list[str], rate: float, end: float) -> None:
    """Send tag requests at a steady rate, whether or not the earlier ones have been answered."""
    idle: list[Connection] = []
    running: set[asyncio.Task[None]] = set()

    async def one(text: str) -> None:
        connection = idle.pop() if idle else Connection(url, figures)
        await connection.call("tag", "/api/v1/tag", {"text": text})
        idle.append(connection)

    begin, number = time.perf_counter(), 0
    while time.perf_counter() < end:
        task = asyncio.create_task(one(texts[number % len(texts)]))
        running.add(task)
        task.add_done_callback(running.discard)
        number += 1
        await asyncio.sleep(max(0.0, begin + number / rate - time.perf_counter()))
    await asyncio.gather(*running)


async def edit(url: str, figures: Figures, number: int, pages: bool, end: float) -> None:
    """One editor: queue, article, a decision, finished, the next."""
    chance = random.Random(number)
    connection = Connection(url, figures)
    queue = "/?" if pages else "/api/v1/articles?"
    await asyncio.sleep(chance.uniform(0, THINKING[1]))
    while time.perf_counter() < end:
        page = chance.randint(1, 20)
        await connection.call("queue", f"{queue}page={page}")
        status, listed = await connection.call("list", f"/api/v1/articles?page={page}&per_page=20")
        items = json.loads(listed).get("items") if status == 200 else None
        await asyncio.sleep(chance.uniform(*THINKING))
        if not items:
            continue
        path = quote(chance.choice(items)["id"], safe="")
        if pages:
            await connection.call("page", f"/articles/{path}")
        status, answer = await connection.call("article", f"/api/v1/articles/{path}")
        await asyncio.sleep(chance.uniform(*THINKING))
        if status != 200:
            continue
        article = json.loads(answer)
        add = {"action": "add", "kind": "topic", "key": chance.choice(["reform", "awards", "discipline"])}
        body = {"revision": article["revision"], "decisions": [add]}
        status, _ = await connection.call("decide", f"/api/v1/articles/{path}/decisions", body)
        if status == 409:  # another editor was faster, which is no fault
            figures.faults["decide"].pop()
    connection.close()


@contextmanager
def served(database: Path, model: str | None) -> Iterator[tuple[str, int]]:
    """A desk in a process of its own: its URL and process id."""
    arguments = [sys.executable, str(ROOT / "serve.py"), "--port", "0", "--database", str(database)]
    arguments += ["--model", model] if model else []
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        yield process.stdout.readline().strip(), process.pid
        process.terminate()


def cpu_seconds(pid: int) -> float:
    """Processor time that a process has used, on Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mb(pid: int) -> float:
    """What a process holds in memory, on Linux."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


async def fill(url: str, figures: Figures, texts: list[str]) -> None:
    """Put articles into the store for the editors to find."""
    connection = Connection(url, figures)
    for start in range(0, STORED, 100):
        articles = [{"id": f"n{n}", "text": texts[n % len(texts)]} for n in range(start, start + 100)]
        status, answer = await connection.call("fill", "/api/v1/articles", {"articles": articles})
        if status != 201:
            raise SystemExit(f"the store could not be filled: {status} {answer!r}")
    connection.close()


async def load(url: str, pid: int, options: argparse.Namespace, figures: Figures) -> list[float]:
    """Run the whole load; returns the server's memory every few seconds, in MB."""
    texts = [json.loads(line)["text"] for line in CORPUS.read_text(encoding="utf-8").splitlines()]
    await fill(url, Figures(), texts)
    pages = (await Connection(url, Figures()).call("", "/"))[0] == 200
    await asyncio.sleep(2)
    end = time.perf_counter() + options.seconds
    held: list[float] = []

    async def watch() -> None:
        while time.perf_counter() < end:
            held.append(memory_mb(pid))
            await asyncio.sleep(min(5.0, options.seconds / 10))

    used = cpu_seconds(pid)
    editors = [edit(url, figures, number, pages, end) for number in range(options.editors)]
    await asyncio.gather(watch(), tag(url, figures, texts, options.rate, end), *editors)
    figures.cores = (cpu_seconds(pid) - used) / options.seconds
    return held


def main() -> int:
    """Run the load and print its figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=300.0)
    parser.add_argument("--rate", type=float, default=100.0, help="tag requests a second")
    parser.add_argument("--editors", type=int, default=50)
    parser.add_argument("--model")
    options = parser.parse_args()
    figures = Figures()
    with (
        tempfile.TemporaryDirectory() as folder,
        served(Path(folder) / "desk.db", options.model) as (url, pid),
    ):
        held = asyncio.run(load(url, pid, options, figures))
    print(
        f"{'request':<8} {'count':>7} {'errors':>7} {'p50 ms':>8} {'p95 ms':>8} {'p99 ms':>8} {'max ms':>8}"
    )
    rows = list(figures.rows())
    for kind, count, faults, *times in rows:
        print(f"{kind:<8} {count:>7} {faults:>7} " + " ".join(f"{each:>8.1f}" for each in times))
        for fault in figures.faults[kind][:3]:
            print(f"    {fault}")
    print(f"server: {figures.cores:.2f} cores; machine's load average {os.getloadavg()[0]:.1f}")
    print("memory MB: " + " ".join(f"{each:.0f}" for each in held))
    return int(any(faults or times[2] > LIMIT_MS for _, _, faults, *times in rows))


if __name__ == "__main__":
    sys.exit(main())
