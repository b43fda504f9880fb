"""No command speaks to the network: an audit hook sees every attempt, by whatever library."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# Run a door with a hook that ends the process at the first look-up or connection. The hook stands in
# the interpreter itself, below every library, and child processes get it through the environment.
# Binding is not watched: urllib3, which trafilatura brings, binds ::1 when imported to see if there is IPv6.
SPY = """
import os, sys

def spy(event, arguments):
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.connect", "socket.sendto", "urllib.Request"):
        os.write(2, f"NETWORK: {event} {arguments}\\n".encode())
        os._exit(99)

sys.addaudithook(spy)
"""


@pytest.fixture
def spied(tmp_path: Path) -> dict[str, str]:
    """An environment in which every Python process starts with the spy."""
    (tmp_path / "spy").mkdir()
    (tmp_path / "spy" / "sitecustomize.py").write_text(SPY)
    return {
        "PYTHONPATH": str(tmp_path / "spy"),
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def test_the_spy_sees_a_connection(spied: dict[str, str]) -> None:
    done = run(spied, "-c", "import socket; socket.create_connection(('127.0.0.1', 9), 1)")
    assert done.returncode == 99 and "NETWORK" in done.stderr


def test_tagging_the_samples_needs_no_network(spied: dict[str, str], tmp_path: Path) -> None:
    done = run(spied, "classify.py", "data/sample", "--output", str(tmp_path / "tags.jsonl"))
    assert done.returncode == 0, done.stderr
    assert len((tmp_path / "tags.jsonl").read_text(encoding="utf-8").splitlines()) == 10


def test_training_needs_no_network(spied: dict[str, str], tmp_path: Path) -> None:
    lines = (ROOT / "data" / "portal-test.jsonl").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "corpus.jsonl").write_text("".join(lines), encoding="utf-8")
    arguments = ["--model", str(tmp_path / "model"), "--report", str(tmp_path / "report.html"), "--quiet"]
    done = run(spied, "train.py", str(tmp_path / "corpus.jsonl"), *arguments)
    assert done.returncode == 0, done.stderr
