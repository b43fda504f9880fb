"""Workers that can't start fail the job at once; only what a fit worker died of is blamed on an article."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from nlp.batch.parts import Setting, cut, encode
from nlp.batch.pool import Pool
from nlp.errors import JobError, ModelError
from nlp.manifest import read_manifest
from nlp.types import Article

ROOT = Path(__file__).resolve().parent.parent
MB = 1 << 20


class Poison(str):
    """A word that kills the process which unpickles it, but not the one that made it."""

    def __reduce__(self) -> tuple[object, tuple[int, str]]:
        return survive_only_in, (os.getpid(), str(self))


def survive_only_in(pid: int, word: str) -> Poison:
    if os.getpid() != pid:
        os.kill(os.getpid(), signal.SIGKILL)
    return Poison(word)


def setting(model: Path, model_id: str | None = None) -> Setting:
    return Setting(model=model, model_id=model_id or read_manifest(model).id, today=date(2025, 7, 1))


def articles(count: int, poisoned: int = -1) -> list[Article]:
    text = "UBND tỉnh An Giang họp."
    return [
        Article(id=str(number), text=Poison(text) if number == poisoned else text) for number in range(count)
    ]


def test_an_article_that_kills_every_worker_becomes_a_reject(tiny_model: Path) -> None:
    with closing(Pool(2)) as pool:
        done = pool.run(cut(articles(9, poisoned=4), 3), encode, setting(tiny_model), ordered=True)
        headers = [part.header for part in done]
    assert [header["tagged"] for header in sorted(headers, key=lambda header: header["part"])] == [3, 2, 3]
    (reject,) = [reject for header in headers for reject in header["rejects"]]
    assert (reject["id"], reject["input"]) == ("4", 4)
    assert "a worker process died of it" in reject["reason"]


def test_workers_that_die_at_their_start_are_no_fault_of_the_articles(tiny_model: Path) -> None:
    deadly = setting(tiny_model, Poison(read_manifest(tiny_model).id))
    with closing(Pool(2)) as pool, pytest.raises(JobError, match=r"die before they have an article.*--jobs"):
        next(pool.run(cut(articles(9), 3), encode, deadly, ordered=False))


def test_workers_that_cannot_be_replaced_stop_the_job(tiny_model: Path, tmp_path: Path) -> None:
    model = tmp_path / "model"
    shutil.copytree(tiny_model, model)
    pool = Pool(2)
    parts = pool.run(cut(articles(30, poisoned=25), 3), encode, setting(model), ordered=True)
    assert next(parts).header["tagged"] == 3
    shutil.rmtree(model)
    with pytest.raises(ModelError):
        assert not [reject for part in parts for reject in part.header["rejects"]]
    pool.close()


def test_no_worker_is_started_before_there_is_a_part(tiny_model: Path) -> None:
    with closing(Pool(2)) as pool:
        nowhere = setting(tiny_model.parent / "gone", "gone@0")
        assert list(pool.run(cut([], 3), encode, nowhere, ordered=True)) == []


def few_files() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))


def little_memory() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (160 * MB, 160 * MB))


def all_is_there() -> None:
    pass


@pytest.mark.skipif(sys.platform != "linux", reason="limits are told to Linux, whose processes keep to them")
@pytest.mark.parametrize(
    ("limit", "truncated", "message"),
    [
        (few_files, False, "can't be started ([Errno 24] Too many open files)"),
        (little_memory, False, "free memory"),
        (all_is_there, True, "altered or cut since it was written"),
    ],
)
def test_a_job_whose_workers_cannot_start_fails_at_once_and_leaves_no_trace(
    limit: Callable[[], None], truncated: bool, message: str, tiny_model: Path, tmp_path: Path
) -> None:
    model, folder = tmp_path / "model", tmp_path / "out"
    shutil.copytree(tiny_model, model)
    folder.mkdir()
    if truncated:
        (array,) = model.glob("*.npz")
        array.write_bytes(array.read_bytes()[:-1])
    source = tmp_path / "news.jsonl"
    source.write_text('{"id": "a", "text": "UBND tỉnh An Giang họp."}\n' * 1000, encoding="utf-8")
    command = [sys.executable, ROOT / "classify.py", "--model", model, source, "--jobs", "2"]
    command += ["--output", folder / "tags.jsonl", "--part-size", "5"]
    job = subprocess.run(
        list(map(str, command)), preexec_fn=limit, capture_output=True, text=True, check=False
    )
    told = job.stderr.rpartition("thetin: error: ")[2]
    assert job.returncode == 1, job.stderr
    assert message in told
    assert "Traceback" not in told
    assert list(folder.iterdir()) == []
