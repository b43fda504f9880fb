"""The versions of a model on disk: writing one whole, going back to the last, keeping a few.

Weights are named by their content, so a new version never overwrites an old one, and replacing
``manifest.json`` is the single rename by which a folder changes from one whole model to another.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import ModelError
from nlp.files import bytes_digest, write_atomic
from nlp.manifest import (
    FORMAT,
    MANIFEST,
    Manifest,
    library_versions,
    parse_manifest,
    read_manifest,
    short_digest,
    versions,
)
from nlp.modelfolder import read_checked
from nlp.normalize import STEPS

if TYPE_CHECKING:
    from nlp.topics.classifier import TopicClassifier

CARD = "CARD.md"
# How the files of a version begin; the rest of the name is a digest.
_OURS = ("weights-", "classifier-", "manifest-", "card-")
# Versions kept for a rollback, the current one included.
KEPT_VERSIONS = 5


def save_model(
    classifier: TopicClassifier,
    folder: Path,
    *,
    created: str,
    corpus: Mapping[str, Any],
    figures: Mapping[str, Any],
    card: str,
) -> Manifest:
    """Write a fitted classifier as a model folder, at once or not at all.

    An existing model is replaced by the last rename and kept for ``rollback``.

    Args:
        classifier: A fitted classifier.
        folder: Made where it is missing; its name is the model's name.
        created: Date and time of the fit, ISO 8601.
        corpus: What it was fitted on: digests and counts.
        figures: Cross-validated figures.
        card: The text of CARD.md, in which ``{model}`` stands for the model's id.

    Raises:
        ModelError: ``folder`` exists and is not a model folder.
    """
    previous = _previous(folder)
    folder.mkdir(parents=True, exist_ok=True)
    manifest = Manifest(
        format=FORMAT,
        name=folder.name,
        created=created,
        topics=tuple(classifier.topics_),
        files=_write_weights(classifier, folder),
        corpus=corpus,
        figures=figures,
        versions=library_versions(),
        normalization=tuple(step.__name__ for step in STEPS),
        previous=previous,
    )
    _write(_card(folder, manifest.digest), card.replace("{model}", manifest.id).encode())
    _write(_kept(folder, manifest.digest), manifest.to_bytes())
    _write(folder / MANIFEST, manifest.to_bytes())
    # From here on the new model is in use: what follows is tidying, and its trouble is no failure.
    _show_card(folder, manifest)
    _prune(folder, manifest)
    return manifest


def rollback(folder: Path) -> Manifest:
    """Make the model that the current one replaced current again.

    Raises:
        ModelError: There is no earlier version, or it is no longer whole.
    """
    current = read_manifest(folder)
    if not current.previous:
        raise ModelError(f"{folder}: {current.id} is the first version; there is nothing to go back to")
    path = _kept(folder, current.previous)
    if not path.is_file():
        raise ModelError(f"{folder}: version {current.previous} is no longer kept; train the model again")
    manifest = parse_manifest(path)
    for name, digest in manifest.files.items():
        read_checked(folder / name, digest)
    _write(folder / MANIFEST, path.read_bytes())
    _show_card(folder, manifest)
    return manifest


def _write_weights(classifier: TopicClassifier, folder: Path) -> dict[str, str]:
    """Write what a classifier learnt under names of its digests; gives each file's SHA-256."""
    import numpy

    arrays, meta = classifier.state()
    buffer = io.BytesIO()
    numpy.savez_compressed(buffer, allow_pickle=False, **arrays)
    files = {}
    for stem, suffix, content in (
        ("weights", "npz", buffer.getvalue()),
        # In the classifier's own order, which numbers its features; sorted keys would shuffle them.
        ("classifier", "json", json.dumps(meta, ensure_ascii=False).encode()),
    ):
        name = f"{stem}-{short_digest(content)}.{suffix}"
        _write(folder / name, content)
        files[name] = bytes_digest(content)
    return files


def _show_card(folder: Path, manifest: Manifest) -> None:
    """Put the card of a version in sight; none is better than that of another version."""
    try:
        _write(folder / CARD, _card(folder, manifest.digest).read_bytes())
    except OSError:
        with suppress(OSError):
            (folder / CARD).unlink(missing_ok=True)


def _kept(folder: Path, digest: str) -> Path:
    """Where the manifest of a version is kept."""
    return folder / f"manifest-{digest}.json"


def _card(folder: Path, digest: str) -> Path:
    """Where the card of a version is kept."""
    return folder / f"card-{digest}.md"


def _previous(folder: Path) -> str:
    if not folder.exists():
        return ""
    if not folder.is_dir():
        raise ModelError(f"{folder}: not a folder; give --model another path")
    if not (folder / MANIFEST).exists():
        # What a first fit that was killed left may stand there.
        if any(path for path in folder.iterdir() if not path.name.startswith((".", *_OURS))):
            raise ModelError(
                f"{folder}: holds other files and no {MANIFEST}; give --model a new or empty folder"
            )
        return ""
    return short_digest((folder / MANIFEST).read_bytes())


def _prune(folder: Path, current: Manifest) -> None:
    """Remove the versions beyond the last few, and what a killed fit left.

    Where a manifest cannot be read, nobody knows which files it names: then only files of versions
    that can be read go.
    """
    others = [manifest for manifest in versions(folder) if manifest.digest != current.digest]
    kept, dropped = [current, *others[: KEPT_VERSIONS - 1]], others[KEPT_VERSIONS - 1 :]
    removable = {path for manifest in dropped for path in _files(folder, manifest)}
    if len(list(folder.glob("manifest-*.json"))) == len(kept) + len(dropped):
        removable = {path for prefix in _OURS for path in folder.glob(f"{prefix}*")}
    for path in removable - {path for manifest in kept for path in _files(folder, manifest)}:
        with suppress(OSError):  # another program holds it; the next fit tries again
            path.unlink(missing_ok=True)


def _files(folder: Path, manifest: Manifest) -> set[Path]:
    """All files that belong to a version."""
    own = {_kept(folder, manifest.digest), _card(folder, manifest.digest)}
    return own | {folder / name for name in manifest.files}


def _write(path: Path, content: bytes) -> None:
    with write_atomic(path, "wb") as stream:
        stream.write(content)
