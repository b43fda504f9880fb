"""A look into an office file before a parser gets it: is it one, and does it stay small when unpacked?"""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

from nlp.errors import EmptyArticleError, ReadError

MAX_UNPACKED = 512 * 1024 * 1024
"""Bytes that all parts may have unpacked. 100,000 articles in one workbook are about 300 MB."""
MAX_RATIO = 200
"""How many times larger than packed a part may be; sheets of real tables come to 20."""
_SMALL = 4 * 1024 * 1024
_BLOCK = 1 << 20
_OLE = b"\xd0\xcf\x11\xe0"
# Office programs never write a document type; one can only define entities that grow without end.
_DOCTYPE = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))


def check_office_file(path: Path, part: str, kind: str) -> None:
    """Refuse what is no office file, or a bomb.

    The parts are really unpacked once, in pieces, since the sizes that a zip states can lie.

    Args:
        path: The file.
        part: A part it must have, such as ``word/document.xml``.
        kind: What it should be, for the message.

    Raises:
        ReadError: The message says what the file is instead.
    """
    if path.stat().st_size == 0:
        raise EmptyArticleError("the file is empty (0 bytes); save it again")
    with path.open("rb") as stream:
        if stream.read(4) == _OLE:
            raise ReadError(
                f"the file is of Office 97-2003 or locked by a password, not {kind}; save it anew without one"
            )
    try:
        with zipfile.ZipFile(path) as archive:
            if part not in archive.namelist():
                raise ReadError(f"the file is a zip, but not {kind}")
            _measure(archive)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise ReadError(f"the file is damaged or not {kind} ({str(error)[:80]}); save it again") from None


def _measure(archive: zipfile.ZipFile) -> None:
    total = 0
    for member in archive.infolist():
        size = 0
        tail = b""
        with archive.open(member) as stream:
            while block := stream.read(_BLOCK):
                size += len(block)
                total += len(block)
                packed = max(member.compress_size, 1)
                if total > MAX_UNPACKED or (size > _SMALL and size > MAX_RATIO * packed):
                    raise ReadError(
                        f"{member.filename} grows too large when unpacked; this looks like a zip bomb, delete it"
                    )
                if any(mark in tail + block for mark in _DOCTYPE) and member.filename.endswith(
                    (".xml", ".rels")
                ):
                    raise ReadError(
                        f"{member.filename} defines entities, which no office program writes; save it again"
                    )
                tail = block[-20:]
