"""A model on disk: weights, vocabulary, manifest, card; what it mistrusts it refuses.

A folder holds::

    manifest.json            names the files below with their digests; the commit point
    weights-<digest>.npz     arrays, read with allow_pickle=False
    classifier-<digest>.json vocabulary, thresholds, settings
    CARD.md                  for people: what it was fitted on, its figures and limits
    manifest-<digest>.json   what manifest.json and CARD.md were in each version kept, for a rollback
    card-<digest>.md

Weights are named by their content, so a new version never overwrites an old one, and replacing
``manifest.json`` is the single rename by which a folder changes from one whole model to another.
Nothing in a folder is executable: no pickle is ever read.
"""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import ModelError, UntrustedModelError
from nlp.files import MODELS, write_atomic
from nlp.manifest import (
    FORMAT,
    MANIFEST,
    Manifest,
    digest_of,
    library_versions,
    parse_manifest,
    short_digest,
    versions,
)
from nlp.manifest import read_manifest as read_manifest
from nlp.normalize import STEPS

if TYPE_CHECKING:
    from nlp.tagger import Tagger
    from nlp.topics.classifier import TopicClassifier

DEFAULT_MODEL = MODELS / "default"
CARD = "CARD.md"
# How the files of a version begin; the rest of the name is a digest.
_OURS = ("weights-", "classifier-", "manifest-", "card-")
# A topic model is a few megabytes; a file far beyond that is not ours, and is not read into memory.
MAX_FILE_BYTES = 512 << 20
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
    import numpy

    previous = _previous(folder)
    folder.mkdir(parents=True, exist_ok=True)
    arrays, meta = classifier.state()
    buffer = io.BytesIO()
    numpy.savez_compressed(buffer, allow_pickle=False, **arrays)
    files = {}
    for stem, suffix, content in (
        ("weights", "npz", buffer.getvalue()),
        # In the classifier's own order, which numbers its features; sorted keys would shuffle them.
        ("classifier", "json", json.dumps(meta, ensure_ascii=False).encode()),
    ):
        digest = digest_of(content)
        name = f"{stem}-{short_digest(content)}.{suffix}"
        _write(folder / name, content)
        files[name] = digest
    manifest = Manifest(
        format=FORMAT,
        name=folder.name,
        created=created,
        topics=tuple(classifier.topics_),
        files=files,
        corpus=corpus,
        figures=figures,
        versions=library_versions(),
        normalization=tuple(step.__name__ for step in STEPS),
        previous=previous,
    )
    told = card.replace("{model}", manifest.id).encode()
    _write(_card(folder, manifest.digest), told)
    _write(folder / f"manifest-{manifest.digest}.json", manifest.to_bytes())
    _write(folder / MANIFEST, manifest.to_bytes())
    _write(folder / CARD, told)
    _prune(folder, manifest)
    return manifest


def load_tagger(folder: Path = DEFAULT_MODEL) -> Tagger:
    """Load a model folder with everything a tagger needs.

    Raises:
        ModelNotFoundError: There is no model at ``folder``.
        UntrustedModelError: A file is missing, truncated, altered or of another kind.
    """
    from nlp.gazetteer import Gazetteer
    from nlp.tagger import Tagger

    classifier, manifest = load_classifier(folder)
    return Tagger(classifier, Gazetteer.load(), model=manifest.id)


def load_classifier(folder: Path) -> tuple[TopicClassifier, Manifest]:
    """Load the topic classifier of a model folder; raises as ``load_tagger``."""
    from nlp.topics.classifier import TopicClassifier

    manifest = read_manifest(folder)
    contents = {Path(name).suffix: _checked(folder / name, digest) for name, digest in manifest.files.items()}
    if contents.keys() != {".npz", ".json"}:
        raise UntrustedModelError(
            f"{folder}: the manifest must name one .npz and one .json; train the model again"
        )
    try:
        classifier = TopicClassifier.from_state(_arrays(contents[".npz"]), json.loads(contents[".json"]))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise UntrustedModelError(
            f"{folder}: the weights do not fit this version of thetin ({error}); train the model again"
        ) from error
    if manifest.normalization != tuple(step.__name__ for step in STEPS):
        raise UntrustedModelError(
            f"{folder}: fitted on texts normalized in another way; train the model again"
        )
    if tuple(classifier.topics_) != manifest.topics:
        raise UntrustedModelError(
            f"{folder}: the manifest and the weights name different topics; train the model again"
        )
    return classifier, manifest


def rollback(folder: Path) -> Manifest:
    """Make the model that the current one replaced current again.

    Raises:
        ModelError: There is no earlier version, or it is no longer whole.
    """
    current = read_manifest(folder)
    if not current.previous:
        raise ModelError(f"{folder}: {current.id} is the first version; there is nothing to go back to")
    path = folder / f"manifest-{current.previous}.json"
    if not path.is_file():
        raise ModelError(f"{folder}: version {current.previous} is no longer kept; train the model again")
    manifest = parse_manifest(path)
    for name, digest in manifest.files.items():
        _checked(folder / name, digest)
    _write(folder / MANIFEST, path.read_bytes())
    card = _card(folder, manifest.digest)
    # No card is better than that of another version.
    if card.is_file():
        _write(folder / CARD, card.read_bytes())
    else:
        (folder / CARD).unlink(missing_ok=True)
    return manifest


def _card(folder: Path, digest: str) -> Path:
    """Where the card of a version is kept."""
    return folder / f"card-{digest}.md"


def _checked(path: Path, digest: str) -> bytes:
    """Read a file once and compare the bytes that will be used, so nothing can change in between."""
    if not path.is_file():
        raise UntrustedModelError(f"{path}: missing though the manifest names it; restore the folder")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UntrustedModelError(
            f"{path}: over {MAX_FILE_BYTES >> 20} MiB, not a topic model; restore the folder"
        )
    content = path.read_bytes()
    if digest_of(content) != digest:
        raise UntrustedModelError(
            f"{path}: altered or cut since it was written (digest differs); restore the folder"
        )
    return content


def _arrays(content: bytes) -> dict[str, Any]:
    import numpy

    try:
        with numpy.load(io.BytesIO(content), allow_pickle=False) as archive:
            return {name: archive[name] for name in archive.files}
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UntrustedModelError(f"the weights are no npz archive ({error}); restore the folder") from error


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
    kept = [current]
    kept += [manifest for manifest in versions(folder) if manifest != current][: KEPT_VERSIONS - 1]
    names = {name for manifest in kept for name in manifest.files}
    digests = {manifest.digest for manifest in kept}
    names |= {f"manifest-{digest}.json" for digest in digests} | {
        _card(folder, each).name for each in digests
    }
    for prefix in _OURS:
        for path in folder.glob(f"{prefix}*"):
            if path.name not in names:
                path.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    with write_atomic(path, "wb") as stream:
        stream.write(content)
