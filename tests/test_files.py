"""A file is complete or absent, and a lock dies with its holder."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from nlp.errors import JobLockedError
from nlp.files import exclusive_lock, write_atomic

ROOT = Path(__file__).resolve().parent.parent


def test_a_file_that_fails_half_way_leaves_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")
    with pytest.raises(RuntimeError), write_atomic(path) as stream:
        stream.write("half")
        raise RuntimeError
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_lock_says_who_holds_it(tmp_path: Path) -> None:
    lock = tmp_path / "out.lock"
    with exclusive_lock(lock):
        assert json.loads(lock.read_text())["pid"] == os.getpid()
        with pytest.raises(JobLockedError, match=f"process {os.getpid()} on .* since 20"):
            other = exclusive_lock(lock)
            other.__enter__()
    assert not lock.exists()


def test_a_lock_dies_with_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "out.lock"
    program = (
        "import sys, time; from pathlib import Path; from nlp.files import exclusive_lock\n"
        "with exclusive_lock(Path(sys.argv[1])): print(flush=True); time.sleep(600)"
    )
    with subprocess.Popen([sys.executable, "-c", program, lock], cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout
        holder.stdout.readline()
        with pytest.raises(JobLockedError, match=f"process {holder.pid}"):
            exclusive_lock(lock).__enter__()
        holder.send_signal(signal.SIGKILL)
    with exclusive_lock(lock):
        assert json.loads(lock.read_text())["pid"] == os.getpid()


def test_one_of_many_gets_the_lock(tmp_path: Path) -> None:
    """Each adds one to a number it reads; were two inside at once, one addition would be lost."""
    number, lock = tmp_path / "number", tmp_path / "lock"
    number.write_text("0")
    program = (
        "import sys; from pathlib import Path; from nlp.files import exclusive_lock\n"
        "lock, number = map(Path, sys.argv[1:])\n"
        "for _ in range(20):\n"
        "    with exclusive_lock(lock, wait_s=60): number.write_text(str(int(number.read_text()) + 1))"
    )
    command = [sys.executable, "-c", program, lock, number]
    crowd = [subprocess.Popen(command, cwd=ROOT) for _ in range(4)]
    assert [process.wait() for process in crowd] == [0] * 4
    assert number.read_text() == "80"
