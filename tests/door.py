"""Runs ``classify.py`` as a process of its own, a hundred times in a minute.

A server has the libraries and the model in memory and forks once a command; what is forked runs the
whole door, from its arguments to its exit code, and can be killed like any other process.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
KILLED = -signal.SIGKILL


@dataclass(frozen=True)
class Outcome:
    code: int
    out: bytes
    log: str
    seconds: float


class Door:
    """``classify.py --model FOLDER``, ready to be run."""

    def __init__(self, model: Path, scratch: Path) -> None:
        self.model = model
        self._streams = {name: str(scratch / name) for name in ("stdin", "stdout", "stderr")}
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        self._server = subprocess.Popen(
            [sys.executable, __file__, str(model)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environment,
            text=True,
        )

    def run(self, *arguments: object, stdin: bytes = b"", stop: tuple[int, float] | None = None) -> Outcome:
        """Run a command to its end, or send it a signal after so many seconds: ``stop=(signal, seconds)``."""
        started = time.monotonic()
        Path(self._streams["stdin"]).write_bytes(stdin)
        assert self._server.stdin and self._server.stdout
        argv = ["--model", str(self.model), *map(str, arguments)]
        self._server.stdin.write(json.dumps({"argv": argv, **self._streams}) + "\n")
        self._server.stdin.flush()
        pid = int(self._server.stdout.readline())
        if stop:
            time.sleep(stop[1])
            os.kill(pid, stop[0])  # a zombie until the server is told to look, so never another process
        self._server.stdin.write("\n")
        self._server.stdin.flush()
        code = int(self._server.stdout.readline())
        return Outcome(
            code,
            Path(self._streams["stdout"]).read_bytes(),
            Path(self._streams["stderr"]).read_text(encoding="utf-8"),
            time.monotonic() - started,
        )

    def close(self) -> None:
        assert self._server.stdin and self._server.stdout
        self._server.stdin.close()
        self._server.wait()
        self._server.stdout.close()


@pytest.fixture(scope="session")
def door(tiny_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    opened = Door(tiny_model, tmp_path_factory.mktemp("door"))
    yield opened
    opened.close()


def serve(model: Path) -> None:
    import classify
    from nlp import batch
    from nlp.batch import updates
    from nlp.batch.parts import Part, Setting, tag_part
    from nlp.manifest import read_manifest
    from nlp.types import Article

    assert batch and updates
    first = Part(index=0, first=0, inputs=(Article(id="a", text="Xã họp dân."),))
    tag_part(first, Setting(model=model, model_id=read_manifest(model).id, today=date(2025, 7, 1)))
    while line := sys.stdin.readline():
        command = json.loads(line)
        pid = os.fork()
        if pid == 0:
            os.dup2(os.open(command["stdin"], os.O_RDONLY), 0)
            for number, name in ((1, "stdout"), (2, "stderr")):
                os.dup2(os.open(command[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
            code = 70
            try:
                code = classify.main(command["argv"])
            except SystemExit as error:
                code = int(error.code or 0)
            except BaseException:
                traceback.print_exc()
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(code)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
        sys.stdin.readline()
        _, status = os.waitpid(pid, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    serve(Path(sys.argv[1]))
