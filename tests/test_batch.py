"""Laws of a job: it loses nothing, does nothing twice, and says how it went."""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from door import KILLED, ROOT, Door

from nlp.batch.jobs import JobFiles, Work
from nlp.batch.partfolder import PartFolder
from nlp.batch.parts import cut
from nlp.files import exclusive_lock
from nlp.types import Article

KILLS = 100
# Small parts, so that a run has many moments between two of them.
PART = ("--part-size", 4)

BROKEN_ROWS = {
    "not JSON": b"no JSON at all",
    "cut off": b'{"id": "cut", "text": "UBND x\xc3\xa3',
    "an array": b'["id", "text"]',
    "a number": b"42",
    "no text": b'{"id": "no-text", "title": "B\xc3\xa0i"}',
    "text is null": b'{"id": "null", "text": null}',
    "text is empty": b'{"id": "empty", "text": "  "}',
    "text is a number": b'{"id": "number", "text": 7}',
    "no words": b'{"id": "dots", "text": "... --- ..."}',
    "no date": b'{"id": "date", "text": "UBND x\xc3\xa3 h\xe1\xbb\x8dp.", "published": "h\xc3\xb4m qua"}',
}


@pytest.fixture(scope="session")
def news(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty articles of the project's own corpus and a row that is none, in its midst."""
    lines = (ROOT / "data" / "corpus" / "portal.jsonl").read_bytes().splitlines()[:50]
    path = tmp_path_factory.mktemp("news") / "news.jsonl"
    path.write_bytes(b"\n".join([*lines[:25], b"no JSON", *lines[25:]]))
    return path


@pytest.fixture(scope="session")
def expected(door: Door, news: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run gives that nobody disturbs."""
    out = tmp_path_factory.mktemp("expected") / "tags.jsonl"
    assert door.run(news, "--output", out, *PART).code == 3
    return outcome(out)


def outcome(out: Path) -> dict[str, bytes]:
    """The bytes of an output and its rejects."""
    files = JobFiles(out)
    return {
        "tags": out.read_bytes(),
        "rejects": files.rejects.read_bytes() if files.rejects.exists() else b"",
    }


def counts(out: Path) -> dict[str, int]:
    return json.loads(JobFiles(out).manifest.read_text(encoding="utf-8"))["counts"]


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_bytes().splitlines()]


def parts_of(out: Path) -> dict[str, int]:
    """The parts on disk, by name, with what tells one writing from another."""
    return {path.name: path.stat().st_ino for path in JobFiles(out).parts.glob("*/part-*")}


def test_every_input_is_tagged_or_rejected(expected: dict[str, bytes]) -> None:
    assert len(expected["tags"].splitlines()) == 50
    (reject,) = map(json.loads, expected["rejects"].splitlines())
    assert (reject["source"], reject["line"], reject["raw"]) == ("news.jsonl", 26, "no JSON\n")
    assert reject["input"] == 25


def test_killed_at_random_moments_it_ends_with_the_same_bytes(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    moments = random.Random(20261124)
    whole = door.run(
        news, "--output", tmp_path / "timed" / "..", *PART
    ).seconds  # refused: the door's own time
    (tmp_path / "0").mkdir()
    whole = door.run(news, "--output", tmp_path / "0" / "tags.jsonl", *PART).seconds
    midway = 0
    for kill in range(KILLS):
        folder = tmp_path / f"{kill + 1}"
        folder.mkdir()
        out = folder / "tags.jsonl"
        killed = door.run(news, "--output", out, *PART, stop=(signal.SIGKILL, moments.uniform(0, whole)))
        assert killed.code in (KILLED, 3)
        if out.exists():
            assert out.read_bytes() == expected["tags"]
        midway += 0 < len(parts_of(out)) < 13
        assert door.run(news, "--output", out, *PART).code == 3
        assert outcome(out) == expected
        left = sorted(path.name for path in folder.iterdir())
        assert left == ["tags.jsonl", "tags.jsonl.manifest.json", "tags.jsonl.rejects.jsonl"]
        shutil.rmtree(folder)
    assert midway >= KILLS // 10, "too few of the moments fell among the parts to prove anything"


def test_what_was_done_before_a_kill_is_not_done_again(door: Door, news: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    before: dict[str, int] = {}
    for wait in (0.05, 0.1, 0.15, 0.2, 0.3):
        door.run(news, "--output", out, *PART, stop=(signal.SIGKILL, wait))
        if out.exists():
            break
        now = parts_of(out)
        assert before.items() <= now.items()
        before = now


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 143), (signal.SIGINT, 130)])
def test_a_signal_leaves_a_sound_state(
    number: int, code: int, door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    seen = set()
    for wait in (0.05, 0.1, 0.15, 0.2):
        stopped = door.run(news, "--output", out, *PART, stop=(number, wait))
        seen.add(stopped.code)
        assert "Traceback" not in stopped.log
    assert code in seen
    assert seen <= {code, 3, -number}  # before the door has set its handler, the signal itself ends it
    door.run(news, "--output", out, *PART)
    assert outcome(out) == expected


def test_two_processes_give_the_bytes_of_one(
    news: Path, expected: dict[str, bytes], tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    assert classify(tiny_model, news, "--output", out, "--jobs", 2, *PART).returncode == 3
    assert outcome(out) == expected


def test_workers_die_with_the_job(
    news: Path, expected: dict[str, bytes], tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    command = [sys.executable, ROOT / "classify.py", "--model", tiny_model, news]
    command += ["--output", out, "--jobs", 2, "--part-size", 1]
    job = subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL)
    wait_until(lambda: len(parts_of(out)) >= 2 or job.poll() is not None)
    workers = children(job.pid)
    job.kill()
    job.wait()
    assert len(workers) >= 2
    wait_until(lambda: not any(map(is_alive, workers)))
    assert classify(tiny_model, news, "--output", out, "--jobs", 2, "--part-size", 1).returncode == 3
    assert outcome(out) == expected


def test_a_done_job_is_not_done_again(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(news, "--output", out, *PART)
    written = out.stat().st_mtime_ns, JobFiles(out).manifest.read_bytes()
    again = door.run(news, "--output", out)
    assert again.code == 3
    assert "done before" in again.log
    assert (out.stat().st_mtime_ns, JobFiles(out).manifest.read_bytes()) == written


@pytest.mark.parametrize("change", ["input", "option"])
def test_a_changed_input_or_option_replaces_the_output(
    change: str, door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_bytes(news.read_bytes())
    door.run(source, "--output", out, *PART)
    options = ["--with-text"] if change == "option" else []
    if change == "input":
        source.write_bytes(b"\n".join(news.read_bytes().splitlines()[:5]))
    assert door.run(source, "--output", out, *options, *PART).code in (0, 3)
    assert out.read_bytes() != expected["tags"]


def test_parts_of_another_input_are_never_mixed_in(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_bytes(b"\n".join(reversed(news.read_bytes().splitlines())))
    door.run(source, "--output", out, *PART, stop=(signal.SIGKILL, 0.15))
    source.write_bytes(news.read_bytes())
    door.run(source, "--output", out, *PART)
    assert outcome(out) == expected


def test_a_job_keeps_the_day_of_its_first_run(door: Door, tmp_path: Path) -> None:
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_text('{"id": "a", "text": "UBND tỉnh An Giang họp."}\n' * 20, encoding="utf-8")
    for tenths in range(1, 100):
        door.run(source, "--output", out, "--part-size", 1, stop=(signal.SIGKILL, tenths / 100))
        starts = list(JobFiles(out).parts.glob("*/job.json"))
        if starts:
            break
        assert not out.exists(), "the job was done before it could be killed"
    for start in starts:
        start.write_text('{"today": "2024-02-29", "started": "2024-02-29T23:59:00+07:00"}', encoding="utf-8")
    for part in parts_of(out):
        next(JobFiles(out).parts.glob(f"*/{part}")).unlink()
    assert door.run(source, "--output", out, "--part-size", 1).code == 0
    assert {record["as_of"] for record in read(out)} == {"2024-02-29"}


def test_today_can_be_told(door: Door, tmp_path: Path) -> None:
    source, out = tmp_path / "a.txt", tmp_path / "tags.jsonl"
    source.write_text("UBND tỉnh An Giang họp.", encoding="utf-8")
    assert door.run(source, "--output", out, "--today", "2020-05-01").code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["as_of"] == "2020-05-01"


def test_ten_kinds_of_broken_rows_are_all_accounted_for(door: Door, news: Path, tmp_path: Path) -> None:
    good = [line for line in news.read_bytes().splitlines() if line != b"no JSON"]
    rows: list[bytes] = []
    for row, broken in zip(range(0, 50, 5), BROKEN_ROWS.values(), strict=True):
        rows += [*good[row : row + 5], broken]
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_bytes(b"\n".join(rows * 2))
    result = door.run(source, "--output", out, *PART)
    assert result.code == 3
    assert "Traceback" not in result.log
    rejects = read(JobFiles(out).rejects)
    assert [reject["line"] for reject in rejects] == [*range(6, 121, 6)]
    assert all(reject["reason"] and reject["raw"] for reject in rejects)
    found = counts(out)
    assert found["read"] == found["tagged"] + found["rejected"] == 120
    assert found["rejected"] == 20


def test_too_many_rejects_fail_the_job(door: Door, tmp_path: Path) -> None:
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_text('{"id": "a", "text": "UBND xã họp."}\nno JSON\n', encoding="utf-8")
    failed = door.run(source, "--output", out, "--max-reject-rate", 0.4)
    assert failed.code == 1
    assert "1 of 2 inputs were rejected" in failed.log
    assert not out.exists()
    assert len(read(JobFiles(out).failed)) == 1
    assert door.run(source, "--output", out, "--max-reject-rate", 0.5).code == 3
    assert not JobFiles(out).failed.exists()


@pytest.fixture
def flawed(news: Path, tmp_path: Path) -> Path:
    """Two files of 38 articles and 5 rows that are none; the first ends in the midst of a part."""
    good = [line for line in news.read_bytes().splitlines() if line != b"no JSON"][:38]
    rows = [line for row in range(38) for line in ([b"no JSON"] if row % 8 == 3 else []) + [good[row]]]
    folder = tmp_path / "flawed"
    folder.mkdir()
    for name, lines in (("1.jsonl", rows[:7]), ("2.jsonl", rows[7:])):
        (folder / name).write_bytes(b"".join(line + b"\n" for line in lines))
    return folder


def remove_rejects(out: Path) -> None:
    JobFiles(out).rejects.unlink()


def cut_rejects(out: Path) -> None:
    lines = JobFiles(out).rejects.read_bytes().splitlines(keepends=True)
    JobFiles(out).rejects.write_bytes(b"".join(lines[:2]))


def leave_all(out: Path) -> None:
    assert JobFiles(out).rejects.exists()


AFTERWARDS: dict[str, tuple[object, ...]] = {
    "plain": (),
    "retried": ("--retry-rejects",),
    "registered": ("--register", "register.csv"),
    "retried and registered": ("--retry-rejects", "--register", "register.csv"),
    "in parts of another size": ("--retry-rejects", "--part-size", 3),
    "too many": ("--max-reject-rate", 0, "--with-text"),
}


@pytest.mark.parametrize("meddle", [leave_all, remove_rejects, cut_rejects])
@pytest.mark.parametrize("afterwards", AFTERWARDS)
def test_records_and_rejects_are_the_inputs_after_every_run(
    afterwards: str, meddle: Callable[[Path], None], door: Door, flawed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    assert door.run(flawed, "--output", out, *PART).code == 3
    whole = outcome(out)
    assert (len(read(out)), len(read(JobFiles(out).rejects))) == (38, 5)
    meddle(out)
    options = [tmp_path / word if word == "register.csv" else word for word in AFTERWARDS[afterwards]]
    result = door.run(flawed, "--output", out, *PART, *options)
    assert result.code == (1 if afterwards == "too many" else 3)
    assert ("removed or changed" in result.log) == (meddle is not leave_all and afterwards != "too many")
    door.run(flawed, "--output", out, *PART)
    assert outcome(out) == whole
    assert (counts(out)["read"], counts(out)["tagged"], counts(out)["rejected"]) == (43, 38, 5)


def test_a_failed_run_leaves_the_output_its_own_rejects(door: Door, flawed: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(flawed, "--output", out, *PART)
    whole = outcome(out)
    (flawed / "3.jsonl").write_bytes(b"no JSON\n" * 50)
    assert door.run(flawed, "--output", out, *PART, "--max-reject-rate", 0.2).code == 1
    assert outcome(out) == whole
    assert len(read(JobFiles(out).failed)) == 55


def test_a_retry_answers_by_the_day_of_what_it_keeps(door: Door, flawed: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(flawed, "--output", out, *PART, "--today", "2024-02-29")
    door.run(flawed, "--output", out, *PART, "--retry-rejects")
    manifest = json.loads(JobFiles(out).manifest.read_text(encoding="utf-8"))
    assert manifest["today"] == "2024-02-29"


@pytest.mark.parametrize("held", [3, 5])
def test_an_output_that_does_not_come_out_even_is_not_taken_apart(held: int, tmp_path: Path) -> None:
    """A slice may hold other inputs than its file had said, where a group of a Parquet file is damaged."""
    articles = [Article(id=str(number), text="Xã họp dân.") for number in range(4)]
    files = JobFiles(tmp_path / "tags.jsonl")
    files.output.write_bytes(b'{"topics": []}\n' * held)
    work = Work(inputs=(), model="tiny", today=date(2025, 7, 1), options={})
    folder = PartFolder(files, work, 2)
    folder.reopen(cut(articles, 2), files, without_rejects=True)
    assert list(folder.headers()) == []
    files.output.write_bytes(b'{"topics": []}\n' * 4)
    folder.reopen(cut(articles, 2), files, without_rejects=True)
    assert [header["tagged"] for header in folder.headers()] == [2, 2]


def test_rejects_are_tried_again_and_the_rest_is_kept(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(news, "--output", out, *PART)
    again = door.run(news, "--output", out, *PART, "--retry-rejects")
    assert again.code == 3
    assert "done before" not in again.log
    assert outcome(out) == expected


def test_a_register_is_written_with_the_output_and_afterwards(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out, register, later = tmp_path / "tags.jsonl", tmp_path / "register.csv", tmp_path / "later.csv"
    assert door.run(news, "--output", out, "--register", register).code == 3
    name = json.loads(expected["tags"].splitlines()[0])["officials"][0]["name"]
    assert name in register.read_text(encoding="utf-8-sig")
    assert door.run(news, "--output", out, "--register", later).code == 3
    assert later.read_bytes() == register.read_bytes()
    assert outcome(out) == expected


@pytest.mark.parametrize("name", ["tags.csv", "tags.xlsx", "tags.parquet"])
def test_a_table_has_the_same_bytes_after_a_kill(name: str, door: Door, news: Path, tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    out, again = tmp_path / name, tmp_path / "again" / name
    assert door.run(news, "--output", out, *PART).code == 3
    door.run(news, "--output", again, *PART, stop=(signal.SIGKILL, 0.2))
    door.run(news, "--output", again, *PART)
    assert again.read_bytes() == out.read_bytes()


def test_a_foreign_file_is_not_replaced(door: Door, news: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    out.write_text("mine\n")
    refused = door.run(news, "--output", out)
    assert refused.code == 1
    assert "--overwrite" in refused.log
    assert out.read_text() == "mine\n"
    assert door.run(news, "--output", out, "--overwrite").code == 3


def test_an_output_that_was_edited_is_not_replaced(door: Door, news: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(news, "--output", out)
    out.write_bytes(out.read_bytes() + b"{}\n")
    refused = door.run(news, "--output", out)
    assert refused.code == 1
    assert "was changed" in refused.log


def test_an_output_among_the_inputs_is_refused(door: Door, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("UBND xã họp.", encoding="utf-8")
    assert "lies in the input" in door.run(tmp_path, "--output", tmp_path / "tags.jsonl").log


def test_a_missing_input_fails_and_leaves_the_output(door: Door, news: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(news, "--output", out)
    before = out.read_bytes()
    assert door.run(tmp_path / "gone.jsonl", "--output", out).code == 1
    assert out.read_bytes() == before


def test_a_database_that_is_not_there_leaves_no_trace(door: Door, tmp_path: Path) -> None:
    """Its rows would have been put aside before they are tagged."""
    folder = tmp_path / "out"
    folder.mkdir()
    gone = f"sqlite:///{tmp_path}/gone.db"
    assert door.run("--from", gone, "--table", "tin", "--output", folder / "tags.jsonl").code == 1
    assert list(folder.iterdir()) == []


def test_a_second_run_says_who_holds_the_output(
    door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    with exclusive_lock(JobFiles(out).lock):
        locked = door.run(news, "--output", out)
        assert locked.code == 75
        assert f"held by process {os.getpid()}" in locked.log
        assert not out.exists()
    assert door.run(news, "--output", out, *PART).code == 3
    assert outcome(out) == expected


def test_a_second_run_can_wait(door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    begun, leave = threading.Event(), threading.Event()

    def hold() -> None:
        with exclusive_lock(JobFiles(out).lock):
            begun.set()
            leave.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    begun.wait(30)
    threading.Timer(0.5, leave.set).start()
    waited = door.run(news, "--output", out, "--wait", 30, *PART)
    holder.join()
    assert waited.code == 3
    assert "waiting for up to 30 s" in waited.log
    assert outcome(out) == expected


def test_two_at_once_leave_one_whole_output(
    door: Door, news: Path, expected: dict[str, bytes], tiny_model: Path, tmp_path: Path
) -> None:
    out = tmp_path / "tags.jsonl"
    command = [sys.executable, ROOT / "classify.py", "--model", tiny_model, news, "--output", out, *PART]
    pair = [subprocess.Popen(list(map(str, command)), stderr=subprocess.DEVNULL) for _ in range(2)]
    assert {job.wait() for job in pair} <= {3, 75}
    assert outcome(out) == expected


@pytest.mark.parametrize("mode", [(), ("--since-last",)])
def test_a_full_disk_fails_and_the_next_run_goes_on(
    mode: tuple[str, ...], door: Door, news: Path, expected: dict[str, bytes], tmp_path: Path
) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    out = disk / "tags.jsonl"
    # Room for some of the parts, then for all of them but not for the joined output.
    room = [len(expected["tags"]) * share // 10 for share in (5, 16)]
    with mounted(disk, f"size={room[0] // 4096 * 4096}"):
        for size in room:
            mount("-o", f"remount,size={size // 4096 * 4096}", disk)
            full = door.run(news, "--output", out, *PART, *mode)
            assert full.code == 1
            assert re.search("No space left|disk is full", full.log)
            assert "run the same command again" in full.log
            assert "move it away" not in full.log
            assert "Traceback" not in full.log
            assert not out.exists()
        mount("-o", "remount,size=64m", disk)
        assert door.run(news, "--output", out, *PART, *mode).code == 3
        assert out.read_bytes() == expected["tags"]


def test_a_folder_that_cannot_be_written_fails_at_once(door: Door, news: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if os.getuid() == 0:  # whom modes do not stop
        with mounted(disk, "ro"):
            failed = door.run(news, "--output", disk / "tags.jsonl")
    else:
        disk.chmod(0o500)
        failed = door.run(news, "--output", disk / "tags.jsonl")
        disk.chmod(0o700)
    assert failed.code == 1
    assert re.search(f"{disk}/tags.jsonl.*give a place that", failed.log)
    assert not list(disk.iterdir())


def test_a_register_that_cannot_be_written_is_named_as_it_was_given(
    door: Door, news: Path, tmp_path: Path
) -> None:
    (tmp_path / "register.csv").mkdir()
    failed = door.run(news, "--output", tmp_path / "tags.jsonl", "--register", tmp_path / "register.csv")
    assert failed.code == 1
    assert f"{tmp_path}/register.csv" in failed.log
    (tmp_path / "register.csv").rmdir()
    assert (
        door.run(news, "--output", tmp_path / "tags.jsonl", "--register", tmp_path / "register.csv").code == 3
    )


def test_an_article_that_breaks_the_tagger_is_told_apart(door: Door, tmp_path: Path) -> None:
    """A part fails as a whole; only the article to blame may be lost."""
    from datetime import date

    from nlp.batch.parts import Part, Setting, tag_part
    from nlp.modelfolder import load_tagger
    from nlp.types import Article

    model_id = load_tagger(door.model).model
    setting = Setting(model=door.model, model_id=model_id, today=date(2025, 7, 1))
    good = Article(id="good", text="UBND tỉnh An Giang họp.")
    bad = Article(id="bad", text=good.text, published="2020")  # type: ignore[arg-type]  # a faulty reader's
    part = tag_part(Part(index=0, first=100, inputs=(good, bad, good)), setting)
    assert [tags.article.id for tags in part.tags] == ["good", "good"]
    ((number, reject),) = part.rejects
    assert (number, reject.id) == (101, "bad")
    assert "the tagger failed" in reject.reason


def classify(model: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the door as cron does: a process from nothing."""
    command = [sys.executable, ROOT / "classify.py", "--model", model, *arguments]
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)


def children(pid: int) -> list[int]:
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = status.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(status.parent.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(holds: object, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class mounted:  # noqa: N801 - reads as a statement
    """A small disk of memory at a folder; skips where mounting is not permitted."""

    def __init__(self, folder: Path, options: str) -> None:
        self.folder, self.options = folder, options

    def __enter__(self) -> None:
        if os.getuid() != 0 or not shutil.which("mount"):
            pytest.skip("only root may mount the small disk that this test fills")
        done = mount("-t", "tmpfs", "-o", self.options, "tmpfs", self.folder)
        if done.returncode:
            pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")

    def __exit__(self, *_: object) -> None:
        subprocess.run(["umount", str(self.folder)], check=True)


def mount(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["mount", *map(str, arguments)], capture_output=True, text=True, check=False)
