from __future__ import annotations

import gc
import json
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import numpy as np
import pytest

from nlp.errors import ModelNotFoundError, UntrustedModelError
from nlp.manifest import read_manifest
from nlp.modelfolder import load_classifier, load_tagger
from nlp.modelversions import save_model
from nlp.topics.classifier import TopicClassifier
from nlp.types import Article, LabelledText


def weights(folder: Path) -> Path:
    return next(folder.glob("weights-*.npz"))


def test_a_saved_and_loaded_classifier_gives_the_scores_of_the_fitted_one(
    labelled_texts: list[LabelledText], tmp_path: Path
) -> None:
    texts = [article.text for article in labelled_texts]
    fitted = TopicClassifier().fit(labelled_texts)
    save_model(fitted, tmp_path / "copy", created="2026-01-02", corpus={}, figures={}, card="")
    loaded, _ = load_classifier(tmp_path / "copy")
    np.testing.assert_array_equal(fitted.predict_proba(texts), loaded.predict_proba(texts))
    assert fitted.tag(texts) == loaded.tag(texts)


def test_every_record_names_the_model_by_folder_and_digest(tiny_model: Path) -> None:
    tags = load_tagger(tiny_model).tag(Article(id="a", text="Sở Nội vụ tổ chức hội nghị."))
    assert tags.model == f"tiny@{read_manifest(tiny_model).digest}"


def test_the_folder_holds_no_pickle(tiny_model: Path) -> None:
    assert {path.suffix for path in tiny_model.iterdir()} == {".json", ".npz", ".md"}
    with np.load(weights(tiny_model), allow_pickle=False) as archive:
        assert all(archive[name].dtype != object for name in archive.files)


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def point_outside(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = {f"../{name}": digest for name, digest in manifest["files"].items()}
    (folder / "manifest.json").write_text(json.dumps(manifest))


def name_a_pickle(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["files"] = {name.replace(".npz", ".pkl"): digest for name, digest in manifest["files"].items()}
    weights(folder).rename(weights(folder).with_suffix(".pkl"))
    (folder / "manifest.json").write_text(json.dumps(manifest))


BREAKAGES: dict[str, Callable[[Path], object]] = {
    "a flipped byte in the weights": lambda folder: flip_a_byte(weights(folder)),
    "weights cut short": lambda folder: cut(weights(folder)),
    "weights gone": lambda folder: weights(folder).unlink(),
    "an empty manifest": lambda folder: (folder / "manifest.json").write_text(""),
    "a manifest that is a list": lambda folder: (folder / "manifest.json").write_text("[]"),
    "a manifest of another program": lambda folder: (folder / "manifest.json").write_text(
        '{"format": "other/1"}'
    ),
    "a manifest that points outside": point_outside,
    "a manifest that names a pickle": name_a_pickle,
}


@pytest.mark.parametrize("breakage", BREAKAGES)
def test_a_broken_folder_is_refused(folder: Path, breakage: str) -> None:
    BREAKAGES[breakage](folder)
    with pytest.raises(UntrustedModelError, match=r"restore the folder|train the model again"):
        load_tagger(folder)


def test_a_missing_model_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFoundError, match=r"train\.py"):
        load_tagger(tmp_path / "none")


@pytest.mark.parametrize("is_there", [True, False])
@pytest.mark.parametrize("collects", [True, False])
def test_loading_leaves_the_collection_of_garbage_as_it_was(
    tiny_model: Path, tmp_path: Path, is_there: bool, collects: bool
) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if collects else gc.disable)()
        with nullcontext() if is_there else pytest.raises(ModelNotFoundError):
            load_tagger(tiny_model if is_there else tmp_path)
        assert gc.isenabled() == collects
    finally:
        (gc.enable if before else gc.disable)()
