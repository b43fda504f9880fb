"""The recipes of docs/cron.md, as cron and systemd run them."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "cron.md").read_text(encoding="utf-8")
# cron looks at its tables at the full minute.
CRON_S = 150


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def site(tmp_path: Path, tiny_model: Path) -> dict[str, Path]:
    """The folders of the recipe: a program with a Python of its own, and a spool with articles."""
    thetin, news = tmp_path / "the tin", tmp_path / "news"
    (thetin / ".venv" / "bin").mkdir(parents=True)
    (news / "spool").mkdir(parents=True)
    python = thetin / ".venv" / "bin" / "python"
    python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@" --model "{tiny_model}"\n')
    python.chmod(0o755)
    (thetin / "classify.py").symlink_to(ROOT / "classify.py")
    (news / "spool" / "a.txt").write_text("UBND tỉnh An Giang họp dân.", encoding="utf-8")
    return {"THETIN": thetin, "NEWS": news}


def crontab(site: dict[str, Path]) -> tuple[list[str], str]:
    """The recipe's settings, with the site's folders, and its line."""
    *settings, line = blocks("crontab")[0].strip().splitlines()
    names = {setting.partition("=")[0] for setting in settings}
    assert names == {"THETIN", "NEWS", "MAILTO"}
    return [f"{name}={path}" for name, path in site.items()], line


def tagged(site: dict[str, Path]) -> list[str]:
    out = site["NEWS"] / "tags.jsonl"
    return [json.loads(line)["id"] for line in out.read_bytes().splitlines()] if out.exists() else []


def test_the_line_runs_in_an_empty_environment_and_is_quiet(site: dict[str, Path]) -> None:
    settings, line = crontab(site)
    command = line.split(maxsplit=5)[5]
    assert "%" not in command
    environment = ["PATH=/usr/bin:/bin", "SHELL=/bin/sh", f"HOME={site['NEWS']}", "LOGNAME=thetin", *settings]

    def tick() -> subprocess.CompletedProcess[str]:
        run = ["env", "-i", *environment, "/bin/sh", "-c", command]
        return subprocess.run(run, capture_output=True, text=True, check=False, cwd="/")

    first = tick()
    assert (first.returncode, first.stdout, first.stderr) == (0, "", "")
    (site["NEWS"] / "spool" / "b.txt").write_text("UBND huyện Thoại Sơn họp dân.", encoding="utf-8")
    (site["NEWS"] / "spool" / "c.txt").write_text("", encoding="utf-8")
    second = tick()
    assert tagged(site) == ["a", "b"]
    assert second.returncode == 3
    assert "1 rejected" in second.stderr
    third = tick()
    assert (third.returncode, third.stdout, third.stderr) == (0, "", "")


def test_debians_cron_runs_the_line(site: dict[str, Path], tmp_path: Path) -> None:
    """A cron of its own, with tables of its own in a private mount namespace; the line runs each minute."""
    if os.getuid() != 0 or not all(map(shutil.which, ("cron", "unshare", "mount"))):
        pytest.skip("needs root and Debian's cron")
    settings, line = crontab(site)
    table = tmp_path / "table"
    command = line.replace("*/10", "*", 1).replace("* * * * * ", "* * * * * root ", 1)
    table.write_text("\n".join([*settings, command, ""]))
    private = tmp_path / "run.sh"
    private.write_text(
        "set -e\n"
        "for folder in /etc/cron.d /var/spool/cron /run; do mount -t tmpfs tmpfs $folder; done\n"
        "mkdir -p /var/spool/cron/crontabs\n"
        "mount --bind /dev/null /etc/crontab\n"
        f"install -m 644 '{table}' /etc/cron.d/thetin\n"
        "exec cron -f\n"
    )
    if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode:
        pytest.skip("a private mount namespace is not permitted here")
    daemon = subprocess.Popen(
        ["unshare", "--mount", "--pid", "--fork", "--kill-child", "sh", private],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + CRON_S
        while not tagged(site):
            assert daemon.poll() is None, "cron ended by itself"
            assert time.monotonic() < deadline, "cron never ran the line"
            time.sleep(0.5)
    finally:
        daemon.kill()
        daemon.wait()
    assert tagged(site) == ["a"]


def test_the_units_are_valid_and_their_command_runs(site: dict[str, Path], tmp_path: Path) -> None:
    units = {}
    for block in blocks("systemd"):
        name = Path(block.splitlines()[0].removeprefix("# ")).name
        units[name] = block.replace("/srv/news", str(site["NEWS"]))
    assert set(units) == {"thetin.service", "thetin.timer"}
    program = tmp_path / "thetin"  # systemd wants a path without blanks
    program.symlink_to(site["THETIN"])
    service = units["thetin.service"].replace("/srv/thetin", str(program))
    (command,) = re.findall(r"^ExecStart=(.*)$", service, re.MULTILINE)
    told = subprocess.run(["env", "-i", *command.split()], capture_output=True, text=True, check=False)
    assert told.returncode == 0
    assert json.loads(told.stderr)["event"] == "summary"
    assert tagged(site) == ["a"]
    if not shutil.which("systemd-analyze"):
        pytest.skip("the command ran; systemd-analyze, which checks units, is not installed")
    for name, text in units.items():
        (tmp_path / name).write_text(
            text if name.endswith(".timer") else service.replace("User=thetin", "User=root")
        )
    checked = subprocess.run(
        ["systemd-analyze", "verify", *(str(tmp_path / name) for name in units)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not [line for line in checked.stderr.splitlines() if "thetin." in line]
