"""A model on disk: weights, vocabulary, manifest, card; what it mistrusts it refuses.

A folder holds::

    manifest.json            names the files below with their digests; the commit point
    weights-<digest>.npz     arrays, read with allow_pickle=False
    classifier-<digest>.json vocabulary, thresholds, settings
    CARD.md                  for people: what it was fitted on, its figures and limits
    manifest-<digest>.json   what manifest.json and CARD.md were in each version kept, for a rollback
    card-<digest>.md

``nlp.modelversions`` writes it. Nothing in a folder is executable: no pickle is ever read.
"""

from __future__ import annotations

import gc
import io
import json
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.errors import UntrustedModelError
from nlp.files import MODELS, bytes_digest
from nlp.manifest import Manifest, read_manifest
from nlp.normalize import STEPS

if TYPE_CHECKING:
    from nlp.tagger import Tagger
    from nlp.topics.classifier import TopicClassifier

DEFAULT_MODEL = MODELS / "default"
# A topic model is a few megabytes; a file far beyond that is not ours, and is not read into memory.
MAX_FILE_BYTES = 512 << 20


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
    contents = {
        Path(name).suffix: read_checked(folder / name, digest) for name, digest in manifest.files.items()
    }
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


def read_checked(path: Path, digest: str) -> bytes:
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
