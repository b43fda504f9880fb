"""What a model says of itself: name and version, what it was fitted on, figures, and the digests of its files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nlp.errors import ModelNotFoundError, UntrustedModelError
from nlp.files import bytes_digest

FORMAT = "thetin-model/1"
MANIFEST = "manifest.json"
_DIGEST_LENGTH = 12
_LIBRARIES = ("numpy", "scikit-learn", "underthesea", "underthesea_core")


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What ``manifest.json`` says of a model.

    ``files`` maps a file's name to its SHA-256, ``figures`` holds the cross-validated figures, and
    ``previous`` is the digest of the manifest that this one replaced ("" for the first).
    """

    format: str
    name: str
    created: str
    topics: tuple[str, ...]
    files: Mapping[str, str]
    corpus: Mapping[str, Any] = field(default_factory=dict)
    figures: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    normalization: tuple[str, ...] = ()
    previous: str = ""

    def to_bytes(self) -> bytes:
        """The manifest as it stands on disk."""
        return (json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()

    @property
    def digest(self) -> str:
        """The first twelve hexadecimal digits of the manifest's SHA-256: the model's version."""
        return short_digest(self.to_bytes())

    @property
    def id(self) -> str:
        """What every record carries as ``model``."""
        return f"{self.name}@{self.digest}"


def read_manifest(folder: Path) -> Manifest:
    """Read and check ``manifest.json`` alone, without the weights; raises as ``load_tagger``."""
    path = folder / MANIFEST
    if not path.is_file():
        raise ModelNotFoundError(
            f"{folder}: no model here (no {MANIFEST}); name a folder made by train.py, or leave --model out"
        )
    return parse_manifest(path)


def versions(folder: Path) -> list[Manifest]:
    """The versions that a folder keeps, the newest first; the current one is ``read_manifest``'s.

    One whose manifest cannot be read is left out: it is no version that could be gone back to.
    """
    kept = []
    for path in folder.glob("manifest-*.json"):
        with suppress(UntrustedModelError, OSError):
            kept.append(parse_manifest(path))
    return sorted(kept, key=lambda manifest: manifest.created, reverse=True)


def parse_manifest(path: Path) -> Manifest:
    """Read one manifest; raises ``UntrustedModelError`` where it is none of ours."""
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT:
            raise UntrustedModelError(
                f"{path}: format {raw['format']!r}, this version of thetin reads {FORMAT!r}; train the model again"
            )
        raw["topics"], raw["normalization"] = tuple(raw["topics"]), tuple(raw["normalization"])
        manifest = Manifest(**raw)
        named = list(manifest.files)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UntrustedModelError(
            f"{path}: not a manifest of thetin ({error}); restore the folder"
        ) from error
    if any(Path(name).name != name for name in named):
        raise UntrustedModelError(f"{path}: names a file outside its folder; restore the folder")
    return manifest


def library_versions() -> dict[str, str]:
    """Versions of the libraries that a fit and its answers depend on; "none" for one that is not installed."""
    from importlib import metadata

    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:  # tagging does without some of them
            found[name] = "none"
    return found


def short_digest(content: bytes) -> str:
    """The first twelve hexadecimal digits of a SHA-256: enough to tell the versions of a model apart."""
    return bytes_digest(content)[:_DIGEST_LENGTH]
