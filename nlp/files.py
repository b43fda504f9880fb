"""All that is delicate about disks: a file is complete or absent, and a lock dies with its holder."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


@contextmanager
def write_atomic(path: Path, mode: str = "w") -> Iterator[IO]:  # type: ignore[type-arg]
    """Open a file that appears at ``path`` whole when the block ends, or not at all.

    The temporary file stands in the same folder, since a rename is atomic only within one file
    system; it is fsynced before the rename, and the folder after it, so that a power cut leaves
    either the old content or the new.

    Args:
        path: Where the file shall appear; its folder must exist.
        mode: ``"w"`` for UTF-8 text with line feeds, ``"wb"`` for bytes.
    """
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    temporary = Path(name)
    try:
        text = {} if "b" in mode else {"encoding": "utf-8", "newline": "\n"}
        with os.fdopen(handle, mode, **text) as stream:  # type: ignore[call-overload]
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        # mkstemp makes the file private; give it what the umask gives any other file.
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
        fsync_folder(path.parent)
    except BaseException:
        with suppress(FileNotFoundError):
            temporary.unlink()
        raise


def fsync_folder(folder: Path) -> None:
    """Make the folder's entries durable; a no-op where the system cannot open folders (Windows)."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def text_digest(text: str) -> str:
    """Return the SHA-256 of a text's UTF-8 bytes, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _umask() -> int:
    # The mask can only be read by setting it; the process is single-threaded when files are made.
    mask = os.umask(0)
    os.umask(mask)
    return mask
