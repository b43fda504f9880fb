from __future__ import annotations

from pathlib import Path

import pytest

from nlp.errors import ModelError
from nlp.manifest import read_manifest, versions
from nlp.modelfolder import load_classifier, load_tagger
from nlp.modelversions import KEPT_VERSIONS, rollback, save_model
from nlp.topics.classifier import TopicClassifier


def again(folder: Path, classifier: TopicClassifier, created: str) -> str:
    manifest = save_model(classifier, folder, created=created, corpus={}, figures={}, card="{model}\n")
    return manifest.digest


def test_a_folder_of_other_things_is_never_written_into(tiny_model: Path, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("precious")
    classifier, _ = load_classifier(tiny_model)
    with pytest.raises(ModelError, match="holds other files"):
        again(tmp_path, classifier, "2026-01-02")
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def killed_before_the_manifest(
    folder: Path, classifier: TopicClassifier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Save a version and stop right before the rename that would put it to use."""
    renamed = Path.replace

    def crash(self: Path, target: Path) -> Path:
        if Path(target).name == "manifest.json":
            raise KeyboardInterrupt
        return renamed(self, target)

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Path, "replace", crash)
        again(folder, classifier, "2026-02-02")


def test_a_crash_before_the_last_rename_leaves_the_old_model(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier, before = load_classifier(folder)
    killed_before_the_manifest(folder, classifier, monkeypatch)
    assert load_classifier(folder)[1] == before


def test_rollback_brings_back_the_version_before(folder: Path) -> None:
    classifier, first = load_classifier(folder)
    second = again(folder, classifier, "2026-02-01")
    assert read_manifest(folder).digest == second
    assert rollback(folder).digest == first.digest
    assert load_tagger(folder).model == first.id
    with pytest.raises(ModelError, match="first version"):
        rollback(folder)


def test_the_card_is_of_the_current_version_also_after_a_rollback(folder: Path) -> None:
    def card() -> str:
        return (folder / "CARD.md").read_text(encoding="utf-8").strip()

    classifier, first = load_classifier(folder)
    again(folder, classifier, "2026-02-01")
    assert card() == read_manifest(folder).id != first.id
    rollback(folder)
    assert card() == first.id


def test_a_card_that_was_not_kept_leaves_none_of_another_version(folder: Path) -> None:
    """Folders of earlier versions of thetin hold one card only."""
    for kept in folder.glob("card-*.md"):
        kept.unlink()
    classifier, _ = load_classifier(folder)
    again(folder, classifier, "2026-02-01")
    rollback(folder)
    assert not (folder / "CARD.md").exists()


def test_a_first_fit_that_was_killed_can_be_repeated(
    tiny_model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    classifier, _ = load_classifier(tiny_model)
    killed_before_the_manifest(tmp_path / "new", classifier, monkeypatch)
    assert again(tmp_path / "new", classifier, "2026-02-02") == read_manifest(tmp_path / "new").digest


def test_old_versions_are_kept_up_to_a_limit(folder: Path) -> None:
    classifier, _ = load_classifier(folder)
    for day in range(1, KEPT_VERSIONS + 3):
        again(folder, classifier, f"2026-02-{day:02}")
    kept = versions(folder)
    assert len(kept) == KEPT_VERSIONS
    assert kept[0] == read_manifest(folder)
    assert len(list(folder.glob("card-*.md"))) == KEPT_VERSIONS


UNREADABLE = {"no JSON": b"no JSON", "an older format": b'{"format": "thetin-model/0"}', "not UTF-8": b"\xff"}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_a_kept_manifest_that_cannot_be_read_stops_no_new_model(folder: Path, content: bytes) -> None:
    classifier, _ = load_classifier(folder)
    (folder / "manifest-0123456789ab.json").write_bytes(content)
    (folder / "weights-0123456789ab.npz").write_bytes(b"its weights, maybe")
    for day in range(1, KEPT_VERSIONS + 3):
        digest = again(folder, classifier, f"2026-02-{day:02}")
        assert read_manifest(folder).digest == digest
    assert len(versions(folder)) == KEPT_VERSIONS
    assert (folder / "manifest-0123456789ab.json").read_bytes() == content
    assert (folder / "weights-0123456789ab.npz").exists()
    assert load_classifier(folder)[1].digest == digest


def test_a_card_that_cannot_be_shown_stops_no_new_model(folder: Path) -> None:
    classifier, _ = load_classifier(folder)
    (folder / "CARD.md").unlink()
    (folder / "CARD.md").mkdir()
    assert again(folder, classifier, "2026-02-01") == read_manifest(folder).digest
