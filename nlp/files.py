"""All that is delicate about disks: a file is complete or absent, and a lock dies with its holder."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shlex
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

from nlp.errors import JobLockedError

_PACKAGE = Path(__file__).resolve().parent
# A wheel carries data and models inside the package (setup.py), a clone has them beside it.
_HOME = _PACKAGE / "_home" if (_PACKAGE / "_home").is_dir() else _PACKAGE.parent
#: Lexicons, tables and templates that come with the project; data/README.md gives the source of each.
DATA = _HOME / "data"
#: One folder per trained model.
MODELS = _HOME / "models"

# Between two looks at a lock that another process holds, in seconds.
_LOCK_POLL_S = 0.2
# Windows locks bytes and not files; this one lies beyond what others read of the holder.
_WINDOWS_BYTE = 1 << 30


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
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    except OSError as error:
        error.filename = str(path)  # the name that the caller knows
        raise
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
    except BaseException as error:
        with suppress(FileNotFoundError):
            temporary.unlink()
        if isinstance(error, OSError) and str(error.filename) == name:
            error.filename = str(path)
        raise


@contextmanager
def exclusive_lock(
    path: Path, *, wait_s: float = 0.0, on_wait: Callable[[str], None] | None = None
) -> Iterator[None]:
    """Hold ``path`` against every other process that asks for it.

    The lock belongs to the open file and dies with the process, however it ends; what is written
    in the file only tells others who holds it. The file is removed on the way out, and whoever
    opened it in the meantime sees that and opens the new one.

    Args:
        path: The lock's file; its folder must exist.
        wait_s: How long to wait for the holder before giving up.
        on_wait: Told once, before waiting, who holds the lock and since when.

    Raises:
        JobLockedError: The lock was still held after ``wait_s`` seconds.
    """
    deadline = time.monotonic() + wait_s
    told = False
    while (handle := _try_lock(path)) is None:
        holder = f"{path}: held by {_holder(path)}"
        if time.monotonic() >= deadline:
            raise JobLockedError(f"{holder}; wait for it to end, or give --wait SECONDS")
        if on_wait and not told:
            on_wait(f"{holder}; waiting for up to {wait_s:g} s")
            told = True
        time.sleep(min(_LOCK_POLL_S, max(0.0, deadline - time.monotonic())))
    try:
        since = datetime.now().astimezone().isoformat(timespec="seconds")
        facts = {
            "pid": os.getpid(),
            "host": platform.node(),
            "since": since,
            "command": shlex.join(sys.argv),
        }
        os.write(handle, json.dumps(facts, ensure_ascii=False).encode("utf-8", "replace"))
        yield
    finally:
        with suppress(PermissionError):  # Windows keeps a file that is open
            path.unlink(missing_ok=True)
        os.close(handle)


def _try_lock(path: Path) -> int | None:
    """Return a locked handle on ``path``, or None where another process holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
    try:
        _lock(handle)
        # The holder removes its file as it leaves; a lock on a removed file guards nothing.
        if os.fstat(handle).st_ino == path.stat().st_ino:
            os.ftruncate(handle, 0)
            return handle
    except (BlockingIOError, FileNotFoundError):
        pass
    except BaseException:
        os.close(handle)
        raise
    os.close(handle)
    return None


def _lock(handle: int) -> None:
    """Lock an open file, or raise BlockingIOError where another process has."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _WINDOWS_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            raise BlockingIOError from error
        os.lseek(handle, 0, os.SEEK_SET)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _holder(path: Path) -> str:
    try:
        facts = json.loads(path.read_text(encoding="utf-8"))
        return f"process {facts['pid']} on {facts['host']} since {facts['since']} ({facts['command']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"  # between its lock and its first word


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
    return bytes_digest(text.encode("utf-8", "surrogatepass"))


def bytes_digest(content: bytes) -> str:
    """Return the SHA-256 of bytes, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _umask() -> int:
    # The mask can only be read by setting it; the process is single-threaded when files are made.
    mask = os.umask(0)
    os.umask(mask)
    return mask
