"""The door train.py, on a small corpus of the project's own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import train
from nlp.manifest import read_manifest, versions
from nlp.modelfolder import load_classifier
from nlp.types import LabelledText

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def corpus_file(labelled_texts: list[LabelledText], tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    rows = [
        {
            "id": each.id,
            "text": each.text,
            "topics": each.topics,
            "primary": each.primary,
            "evidence": each.evidence,
        }
        for each in labelled_texts
    ]
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trained(corpus_file: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A model folder and an HTML report, made by one run of the door."""
    folder = tmp_path_factory.mktemp("trained")
    model, report = folder / "model", folder / "report.html"
    assert (
        train.main([str(corpus_file), "--model", str(model), "--report", str(report), "--quiet"])
        == train.DONE
    )
    return model, report


def test_the_folder_says_what_it_was_fitted_on(
    trained: tuple[Path, Path], labelled_texts: list[LabelledText]
) -> None:
    manifest = read_manifest(trained[0])
    assert manifest.corpus["articles"] == len(labelled_texts)
    assert set(manifest.topics) == {topic for each in labelled_texts for topic in each.topics}
    for topic in manifest.topics:
        figures = manifest.figures["topics"][topic]
        assert figures["support"] == sum(topic in each.topics for each in labelled_texts)
        assert 0 < figures["precision"] <= 1 and 0 < figures["recall"] <= 1
    card = (trained[0] / "CARD.md").read_text(encoding="utf-8")
    assert manifest.id in card and manifest.corpus["digest"] in card


def test_figures_are_of_articles_the_classifier_had_not_seen(
    trained: tuple[Path, Path], labelled_texts: list[LabelledText]
) -> None:
    classifier, manifest = load_classifier(trained[0])
    answers = classifier.tag([each.text for each in labelled_texts])
    seen = sum(
        {tag.topic for tag in answer.topics} == set(each.topics)
        for answer, each in zip(answers, labelled_texts, strict=True)
    )
    assert manifest.figures["exact"] < seen / len(labelled_texts)


def test_the_same_corpus_gives_the_same_model(
    trained: tuple[Path, Path], corpus_file: Path, tmp_path: Path
) -> None:
    train.main([str(corpus_file), "--model", str(tmp_path / "model"), "--quiet"])
    assert read_manifest(tmp_path / "model").files == read_manifest(trained[0]).files


def test_the_report_is_one_file_that_needs_no_network(trained: tuple[Path, Path]) -> None:
    page = trained[1].read_text(encoding="utf-8")
    assert page.count("<svg") == 4
    assert "The worst errors" in page and "Likely label errors" in page
    for outside in ("http://", "https://", "<script", "<link", "@import"):
        # The SVG names its own namespaces, which nothing fetches.
        assert outside not in page.replace("http://www.w3.org", "").replace("http://purl.org", "").replace(
            "http://creativecommons.org", ""
        ).replace("https://matplotlib.org", "")


def test_a_plain_report_needs_no_extra(corpus_file: Path, tmp_path: Path) -> None:
    train.main(
        [str(corpus_file), "--model", str(tmp_path / "m"), "--report", str(tmp_path / "r.txt"), "--quiet"]
    )
    report = (tmp_path / "r.txt").read_text(encoding="utf-8")
    assert "micro" in report and "Worst errors" in report


def test_bad_rows_are_named_and_the_rest_is_learnt(
    corpus_file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_typo = tmp_path / "c.jsonl"
    row = json.dumps({"id": "slip", "text": "Một bài có nhãn gõ sai.", "topics": ["refrom"]})
    with_typo.write_text(corpus_file.read_text(encoding="utf-8") + row + "\n", encoding="utf-8")
    assert train.main([str(with_typo), "--model", str(tmp_path / "m"), "--quiet"]) == train.DONE
    assert "did you mean 'reform'" in capsys.readouterr().err


def test_nothing_is_written_when_nothing_can_be_learnt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "c.jsonl").write_text(
        '{"id": "a", "text": "Một bài.", "topics": ["reform"]}\n', encoding="utf-8"
    )
    assert train.main([str(tmp_path / "c.jsonl"), "--model", str(tmp_path / "m")]) == train.FAILURE
    assert not (tmp_path / "m").exists()
    assert "5 are needed" in capsys.readouterr().err


def test_rollback_from_the_command_line(
    trained: tuple[Path, Path], corpus_file: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "m"
    arguments = [str(corpus_file), "--model", str(folder), "--quiet"]
    train.main(arguments)
    first = read_manifest(folder)
    fewer = tmp_path / "fewer.jsonl"
    fewer.write_text(
        "".join(corpus_file.read_text(encoding="utf-8").splitlines(keepends=True)[:-10]), encoding="utf-8"
    )
    train.main([str(fewer), *arguments[1:]])
    assert len(versions(folder)) == 2 and read_manifest(folder) != first
    assert train.main(["--rollback", "--model", str(folder)]) == train.DONE
    assert read_manifest(folder) == first


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["c.jsonl", "--map", "text"],
        ["c.jsonl", "--map", "text="],
        ["c.jsonl", "--map", "=Noi_dung"],
        ["--no-such-option"],
    ],
)
def test_a_wrong_command_line_is_usage(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        train.main(arguments)
    assert stopped.value.code == train.USAGE


def test_decisions_without_the_extra_say_what_to_install(tmp_path: Path) -> None:
    code = (
        "import sys, train\n"
        "sys.modules['sqlalchemy'] = None\n"  # as if it were not installed
        f"sys.exit(train.main(['--decisions', 'sqlite:///{tmp_path}/desk.db', '--model', '{tmp_path}/m']))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == train.FAILURE
    assert "[database]" in done.stderr
    assert "Traceback" not in done.stderr


def test_help_loads_no_heavy_library() -> None:
    code = (
        "import sys, train\n"
        "try: train.main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'sklearn', 'pandas', 'underthesea', 'scipy', 'pyarrow'} & set(sys.modules)\n"
        "sys.exit(f'loaded {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
