"""What a run tells: a bar where a person is watching, words or objects where none is."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

from door import ROOT

TEXT = "UBND tỉnh An Giang họp dân.\n"


def watched(model: Path, *arguments: object) -> str:
    """Run the door with a terminal of a hundred columns as its standard error, and return what it shows."""
    shown, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    command = [sys.executable, ROOT / "classify.py", "--model", model, *arguments]
    job = subprocess.Popen(list(map(str, command)), stderr=terminal, stdout=subprocess.DEVNULL)
    os.close(terminal)
    told = b""
    while True:
        try:
            block = os.read(shown, 1 << 16)
        except OSError:  # the terminal's other side is closed
            break
        if not block:
            break
        told += block
    os.close(shown)
    assert job.wait() == 0
    return told.decode()


def test_a_person_sees_how_far_it_is_and_how_long_it_takes(tiny_model: Path, tmp_path: Path) -> None:
    spool = tmp_path / "spool"
    spool.mkdir()
    for number in range(6):
        (spool / f"{number}.txt").write_text(TEXT, encoding="utf-8")
    told = watched(tiny_model, spool, "--output", tmp_path / "tags.jsonl", "--part-size", 2)
    assert "2/6" in told
    assert "articles/s]" in told
    assert "6 tagged" in told


def test_quiet_is_quiet_on_a_terminal_too(tiny_model: Path, tmp_path: Path) -> None:
    page = tmp_path / "a.txt"
    page.write_text(TEXT, encoding="utf-8")
    assert watched(tiny_model, page, "--output", tmp_path / "tags.jsonl", "--quiet") == ""
