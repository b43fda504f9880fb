"""The door: what it prints, where, and how it ends."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from door import ROOT, Door

import classify
import nlp
from nlp.batch.jobs import JobFiles
from nlp.commandline import EPILOG, FORMATS, REGISTER_FORMATS, parser
from nlp.writers import WRITERS

PAGE = """Xã Bình An mở điểm trả hồ sơ buổi tối

Ngày đăng: 05/03/2021

Sáng nay, ông Nguyễn Văn Thử, Chủ tịch UBND huyện Thoại Sơn, tỉnh An Giang dự lễ mở điểm trả kết quả
thủ tục hành chính. Bộ phận một cửa nhận 120 hồ sơ trong tuần đầu, giảm một nửa thời gian giải quyết.
"""
DOCUMENTED = (ROOT / "docs" / "batch.md").read_text(encoding="utf-8")


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "a.txt --jobs 0",
        "a.txt --max-reject-rate 2",
        "a.txt --map text",
        "a.txt --today yesterday",
        "a.txt --format pdf",
        "a.txt --output a.jsonl --format table",
        "a.txt --output a.jsonl --to sqlite:///a.db",
        "a.txt --since-last",
        "a.txt --since-last --output a.jsonl --limit 3",
        "a.txt --today 2025-02-30",
        "a.txt --wait soon",
        "a.txt --jobs two",
        "a.txt --output a.tsv",
        "a.txt --output tags",
        "a.txt --output docs",
        "a.txt --output docs --overwrite --format csv",
        "a.txt --output a.jsonl --register a.pdf",
        "a.txt --table t",
        "a.txt --from sqlite:///a.db --table t",
        "--from sqlite:///a.db",
        "--from sqlite:///a.db --table t --query SELECT",
    ],
)
def test_a_wrong_command_line_ends_with_2(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        classify.main(arguments.split())
    assert ended.value.code == 2
    assert "error:" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "formats"), [("--output tags", FORMATS), ("--output a.csv --register r", REGISTER_FORMATS)]
)
def test_an_output_of_no_known_suffix_is_told_the_formats(
    name: str, formats: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        classify.main(["a.txt", *name.split()])
    assert all(f".{form}" in capsys.readouterr().err for form in formats[:1])
    assert set(FORMATS) == set(WRITERS)


@pytest.mark.parametrize("option", ["--output", "--register"])
def test_a_missing_folder_is_told_before_anything_is_read(
    option: str, door: Door, page: Path, tmp_path: Path
) -> None:
    gone = tmp_path / "gone" / "out.csv"
    options = (
        ["--output", tmp_path / "tags.jsonl", "--register", gone]
        if option == "--register"
        else [option, gone]
    )
    told = door.run(page, *options)
    assert told.code == 1
    assert f"the folder {gone.parent} does not exist; create it" in told.log
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize("code", ["0", "1", "2", "3", "75", "130", "143"])
def test_every_exit_code_is_documented(code: str) -> None:
    assert re.search(rf"\b{code}\b", EPILOG.partition("exit codes:")[2])
    assert re.search(rf"^\| {code} +\|", DOCUMENTED, re.MULTILINE)


def test_every_option_is_documented() -> None:
    options = {name for action in parser()._actions for name in action.option_strings}
    assert {name for name in options if name.startswith("--")} - {"--help"} <= set(
        re.findall(r"--[a-z-]+", DOCUMENTED)
    )


def test_help_needs_no_heavy_library() -> None:
    program = (
        "import sys, classify\n"
        "try: classify.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print({'numpy', 'sklearn', 'pandas', 'underthesea', 'sqlalchemy'} & set(sys.modules))"
    )
    told = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert told.stdout.endswith("set()\n")


def test_a_person_reads_a_table(door: Door, page: Path) -> None:
    shown = door.run(page, "--format", "table").out.decode()
    for words in (
        "Xã Bình An mở điểm trả hồ sơ buổi tối",
        "05/03/2021",
        "Nguyễn Văn Thử: Chủ tịch UBND huyện Thoại Sơn",
        "tỉnh An Giang [89]",
        "huyện Thoại Sơn [894], An Giang",
    ):
        assert words in shown


def test_standard_output_carries_data_only(door: Door, page: Path) -> None:
    told = door.run(page)
    (record,) = map(json.loads, told.out.splitlines())
    assert record["id"] == "page"
    assert "1 tagged" in told.log


@pytest.mark.parametrize("form", ["jsonl", "text"])
def test_standard_input_is_read(form: str, door: Door, tmp_path: Path) -> None:
    rows = [{"id": "a", "text": PAGE}, {"id": "b", "text": PAGE}]
    stdin = PAGE if form == "text" else "".join(json.dumps(row) + "\n" for row in rows)
    out = tmp_path / "tags.jsonl"
    shown = door.run("-", stdin=stdin.encode())
    assert door.run("-", "--output", out, stdin=stdin.encode()).code == 0
    assert shown.out == out.read_bytes()
    assert [json.loads(line)["id"] for line in shown.out.splitlines()] == (
        ["stdin"] if form == "text" else ["a", "b"]
    )


def test_with_text_every_span_gives_its_surface(door: Door, page: Path) -> None:
    (record,) = map(json.loads, door.run(page, "--with-text").out.splitlines())
    (start, end), *_ = record["officials"][0]["mentions"]
    assert "Nguyễn Văn Thử" in record["text"][start:end]


def test_a_quiet_run_without_trouble_says_nothing(door: Door, page: Path, tmp_path: Path) -> None:
    told = door.run(page, "--output", tmp_path / "tags.jsonl", "--quiet")
    assert (told.code, told.out, told.log) == (0, b"", "")


def test_a_log_for_programs_ends_with_the_summary(door: Door, page: Path, tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    told = door.run(page, tmp_path / "empty.txt", "--log-json")
    events = [json.loads(line) for line in told.log.splitlines()]
    assert [event["event"] for event in events] == ["reject", "summary"]
    assert (events[-1]["read"], events[-1]["tagged"], events[-1]["rejected"]) == (2, 1, 1)
    assert told.code == 3
    (ended,) = map(json.loads, door.run(tmp_path / "gone", "--log-json").log.splitlines())
    assert (ended["event"], ended["code"]) == ("exit", 1)


def test_a_rehearsal_writes_nothing(door: Door, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    told = door.run(page, "--output", out, "--dry-run")
    assert (told.code, told.out) == (0, b"")
    assert "1 articles read" in told.log
    assert list(tmp_path.iterdir()) == [page]


def test_only_the_first_inputs_are_tagged(door: Door, tmp_path: Path) -> None:
    source, out = tmp_path / "news.jsonl", tmp_path / "tags.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": PAGE}) + "\n" for n in range(9)))
    door.run(source, "--output", out, "--limit", 4, "--part-size", 3)
    assert [json.loads(line)["id"] for line in out.read_bytes().splitlines()] == ["0", "1", "2", "3"]


def test_columns_are_mapped(door: Door, tmp_path: Path) -> None:
    source = tmp_path / "news.csv"
    source.write_text(f'so,noi_dung_tin\n7,"{PAGE}"\n', encoding="utf-8")
    told = door.run(source, "--map", "text=noi_dung_tin", "--map", "id=so")
    assert json.loads(told.out)["id"] == "7"


def test_a_reader_that_leaves_early_is_no_failure(tiny_model: Path, tmp_path: Path) -> None:
    source = tmp_path / "news.jsonl"
    source.write_text("".join(json.dumps({"id": str(n), "text": PAGE}) + "\n" for n in range(400)))
    command = [sys.executable, ROOT / "classify.py", "--model", tiny_model, source]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as job:
        assert job.stdout and job.stderr
        job.stdout.readline()
        job.stdout.close()
        assert job.wait() == 0
        assert b"Traceback" not in job.stderr.read()


def test_a_missing_model_is_told(door: Door, page: Path, tmp_path: Path) -> None:
    told = door.run(page, "--model", tmp_path / "none")
    assert told.code == 1
    assert "no model here" in told.log


def test_the_manifest_tells_what_the_output_was_made_of(door: Door, page: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(page, "--output", out)
    manifest = json.loads(JobFiles(out).manifest.read_text(encoding="utf-8"))
    assert manifest["model"] == json.loads(out.read_bytes())["model"]
    (listed,) = manifest["input_files"]
    assert listed["path"] == str(page)
    assert manifest["started"] <= manifest["ended"]
    assert "scikit-learn" in manifest["versions"]
    # Known without an installation: cron may run a clone.
    assert manifest["versions"]["thetin"] == nlp.__version__
    assert manifest["counts"]["tagged"] == 1
