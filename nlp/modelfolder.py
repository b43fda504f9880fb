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

import gc
import io
import json
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import ModelError, UntrustedModelError
from nlp.files import MODELS, bytes_digest, write_atomic
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


def load_tagger(folder: Path = DEFAULT_MODEL) -> Tagger:
    """Load a model folder with everything a tagger needs.

    Raises:
        ModelNotFoundError: There is no model at ``folder``.
        UntrustedModelError: A file is missing, truncated, altered or of another kind.
    """
    with _nothing_collected():
        from nlp.gazetteer import Gazetteer
        from nlp.tagger import Tagger

        classifier, manifest = load_classifier(folder)
        return Tagger(classifier, Gazetteer.load(), model=manifest.id)


def check_model(folder: Path = DEFAULT_MODEL) -> Manifest:
    """Make sure that a model seems to be there, in a millisecond; only to load it tells whether it is sound.

    Raises:
        ModelNotFoundError: There is no model at ``folder``.
        UntrustedModelError: The manifest is none, or a file that it names is missing.
    """
    manifest = read_manifest(folder)
    for name in manifest.files:
        _find(folder / name)
    return manifest


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
    path = _kept(folder, current.previous)
    if not path.is_file():
        raise ModelError(f"{folder}: version {current.previous} is no longer kept; train the model again")
    manifest = parse_manifest(path)
    for name, digest in manifest.files.items():
        _checked(folder / name, digest)
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


def _checked(path: Path, digest: str) -> bytes:
    """Read a file once and compare the bytes that will be used, so nothing can change in between."""
    _find(path)
    if path.stat().st_size > MAX_FILE_BYTES:
        raise UntrustedModelError(
            f"{path}: over {MAX_FILE_BYTES >> 20} MiB, not a topic model; restore the folder"
        )
    content = path.read_bytes()
    if bytes_digest(content) != digest:
        raise UntrustedModelError(
            f"{path}: altered or cut since it was written (digest differs); restore the folder"
        )
    return content


@contextmanager
def _nothing_collected() -> Iterator[None]:
    """Make what stays without looking through it for garbage, which takes a tenth of the time."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _find(path: Path) -> None:
    if not path.is_file():
        raise UntrustedModelError(f"{path}: missing though the manifest names it; restore the folder")


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
