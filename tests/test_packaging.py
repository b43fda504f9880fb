"""A wheel is complete: it works where no clone is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

import nlp

ROOT = Path(__file__).resolve().parent.parent
# All that a wheel is made of, and the first setuptools that knows pyproject.toml's "license" as a name.
PARTS = ("nlp", "desk", "data", "models/default")
FILES = (
    "classify.py",
    "train.py",
    "serve.py",
    "setup.py",
    "MANIFEST.in",
    "pyproject.toml",
    "README.md",
    "LICENSE",
)
SETUPTOOLS = 77


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, unpacked as an installation is."""
    if int(metadata.version("setuptools").partition(".")[0]) < SETUPTOOLS:
        pytest.skip(f"a wheel is built by setuptools {SETUPTOOLS} or later")
    folder = tmp_path_factory.mktemp("wheel")
    source, site = folder / "source", folder / "site"
    for part in PARTS:
        shutil.copytree(ROOT / part, source / part, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, source)
    build = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", build, folder], cwd=source, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    assert nlp.__version__ in wheel.name
    zipfile.ZipFile(wheel).extractall(site)
    return site


def run(installed: Path, folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    command = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_a_wheel_tags_what_the_clone_tags(installed: Path, tmp_path: Path) -> None:
    sample = ROOT / "data" / "sample"
    for place, program in ((installed, ("-m", "classify")), (ROOT, (ROOT / "classify.py",))):
        told = run(
            place, tmp_path, *program, sample, "--output", f"{place.name}.jsonl", "--today", "2026-01-01"
        )
        assert told.returncode == 0, told.stderr
    first, second = sorted(tmp_path.glob("*.jsonl"))
    assert first.read_bytes() == second.read_bytes()
    assert json.loads(first.read_bytes().splitlines()[0])["model"].startswith("default@")


def test_a_wheel_holds_what_each_part_reads(installed: Path, tmp_path: Path) -> None:
    """Every data file that a module names, and the desk's pages, words and tables."""
    program = """
import classify, serve, train, nlp.files
from pathlib import Path
from nlp import gazetteer, report, topicnames, training, wordlists
from desk import app, engines, render, settings, words
site = Path(nlp.files.__file__).parents[1]
for path in (train.FROZEN, train.LABELS, report.TEMPLATE, training.CARD_TEMPLATE, topicnames.TOPICS_FILE,
             settings.SAMPLE, render.TEMPLATES / "layout.html", words.TEXTS / "vi.toml", app.STATIC / "desk.css",
             engines.MIGRATIONS / "script.py.mako"):
    assert path.exists() and path.is_relative_to(site), path
from desk.store import Store
with Store.open("sqlite:///desk.db"):
    pass
"""
    told = run(installed, tmp_path, "-c", program)
    assert told.returncode == 0, told.stderr


def test_training_from_a_wheel_writes_where_it_was_started(installed: Path, tmp_path: Path) -> None:
    told = run(installed, tmp_path, "-m", "train", ROOT / "data" / "portal-test.jsonl", "--quiet")
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "models" / "local" / "manifest.json").exists()
