"""Processes and clusters that lose workers give the bytes of one process that does not."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import IO

import pytest

from nlp.batch.inputs import FileInputs
from nlp.batch.jobs import JobFiles
from nlp.batch.parts import Part, cut
from nlp.batch.pool import Pool
from nlp.batch.run import Options, run_job
from nlp.batch.workers import ThisProcess

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = {"today": date(2025, 7, 1), "part_size": 3, "quiet": True}


def news(folder: Path, rows: int = 60) -> Path:
    path = folder / "news.jsonl"
    lines = (ROOT / "data" / "corpus" / "portal.jsonl").read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:rows], b"no JSON\n"]))
    return path


@pytest.fixture(scope="module")
def expected(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("expected")
    run_job(
        FileInputs([str(news(folder))]),
        folder / "tags.jsonl",
        ThisProcess(),
        Options(model=tiny_model, **OPTIONS),
    )
    return (folder / "tags.jsonl").read_bytes()


# Waits for the first part, then kills one of the worker processes.
KILL_ONE_CHILD = """
import os, pathlib, signal, sys, time
owner, out = sys.argv[1:]
for _ in range(3000):
    if any(pathlib.Path(out + ".parts").glob("*/part-*")):
        for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                parent = stat.read_text().rpartition(")")[2].split()[1]
                command = (stat.parent / "cmdline").read_bytes()
            except OSError:
                continue
            if parent == owner and b"spawn_main" in command and stat.parent.name != str(os.getpid()):
                os.kill(int(stat.parent.name), signal.SIGKILL)
                sys.exit(0)
    time.sleep(0.01)
sys.exit(1)
"""


def test_a_worker_that_is_killed_once_costs_nothing(
    tiny_model: Path, expected: bytes, tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    with closing(Pool(2)) as pool:
        inputs = FileInputs([str(news(tmp_path))])
        killer = subprocess.Popen([sys.executable, "-c", KILL_ONE_CHILD, str(os.getpid()), str(out)])
        run_job(inputs, out, pool, Options(model=tiny_model, **OPTIONS))
        killer.wait()
    assert killer.returncode == 0, "no worker was killed while the job ran"
    assert out.read_bytes() == expected


def test_sigterm_to_the_whole_group_stops_the_job(tiny_model: Path, expected: bytes, tmp_path: Path) -> None:
    """As systemd sends it; the workers get it too."""
    source, out = news(tmp_path), tmp_path / "tags.jsonl"
    with (tmp_path / "log").open("wb+") as log:
        job = classify(tiny_model, source, "--output", out, "--jobs", 2, "--part-size", 1, log=log)
        until(lambda: any(JobFiles(out).parts.glob("*/part-*")) or job.poll() is not None)
        os.killpg(job.pid, signal.SIGTERM)
        assert job.wait(60) == 143
        log.seek(0)
        assert b"Traceback" not in log.read()
    assert classify(tiny_model, source, "--output", out, "--jobs", 2).wait() == 3
    assert out.read_bytes() == expected


def test_a_part_knows_how_many_inputs_its_slices_hold(tmp_path: Path) -> None:
    inputs = FileInputs([str(news(tmp_path, rows=10))])
    parts = list(cut(inputs.pieces(4), 4))
    assert [len(part) for part in parts] == [4, 4, 3]
    assert [item for part in parts for item in part.read()] == list(inputs)
    assert [part.first for part in parts] == [0, 4, 8]
    assert all(isinstance(part, Part) for part in parts)


def test_a_cluster_gives_the_bytes_of_one_process_and_survives_a_lost_worker(
    tiny_model: Path, expected: bytes, tmp_path: Path
) -> None:
    source, out, again = news(tmp_path), tmp_path / "tags.jsonl", tmp_path / "again.jsonl"
    with dask(tmp_path, workers=3) as (address, workers):
        whole = classify(tiny_model, source, "--output", out, "--scheduler", address)
        assert whole.wait() == 3
        assert out.read_bytes() == expected
        job = classify(tiny_model, source, "--output", again, "--scheduler", address, "--part-size", 1)
        until(lambda: any(JobFiles(again).parts.glob("*/part-*")) or job.poll() is not None)
        workers[0].kill()
        assert job.wait() == 3
        assert again.read_bytes() == expected


def test_without_a_scheduler_the_job_says_so(tiny_model: Path, tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
    with (tmp_path / "log").open("wb+") as log:
        job = classify(
            tiny_model, news(tmp_path), "--output", tmp_path / "a.jsonl", "--scheduler", address, log=log
        )
        assert job.wait() == 1
        log.seek(0)
        told = log.read()
    assert b"no Dask scheduler answers" in told
    assert b"Traceback" not in told


def classify(
    model: Path, *arguments: object, log: IO[bytes] | int = subprocess.DEVNULL
) -> subprocess.Popen[bytes]:
    command = [sys.executable, ROOT / "classify.py", "--model", model, *arguments]
    command += ["--today", "2025-07-01", *([] if "--part-size" in arguments else ["--part-size", "3"])]
    return subprocess.Popen(list(map(str, command)), stderr=log, start_new_session=True)


@contextmanager
def dask(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and worker processes on loopback ports of their own."""
    pytest.importorskip("distributed", reason="the extra 'cluster' is not installed")
    address = folder / "scheduler.json"
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__ADMIN__PREFERENCES": ""}
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0"]
    command += ["--no-dashboard", "--scheduler-file", str(address)]
    running = [subprocess.Popen(command, env=environment, **quiet)]  # type: ignore[call-overload]
    try:
        until(address.exists)
        command = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(address)]
        command += ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1"]
        for number in range(workers):
            local = ["--local-directory", str(folder / f"worker-{number}")]
            running.append(subprocess.Popen([*command, *local], env=environment, **quiet))  # type: ignore[call-overload]
        yield _told(address), running[1:]
    finally:
        for process in running:
            process.kill()
        for process in running:
            process.wait()


def _told(path: Path) -> str:
    def complete() -> bool:
        try:
            return bool(json.loads(path.read_text())["address"])
        except ValueError:
            return False

    until(complete)
    return str(json.loads(path.read_text())["address"])


def until(holds: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)
