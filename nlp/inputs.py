"""Where a job's inputs come from: files and folders, or what was put aside from a pipe or a query."""

from __future__ import annotations

import hashlib
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path

from nlp.columns import check_mapping
from nlp.errors import JobError, ReadError
from nlp.files import write_atomic
from nlp.jobs import InputFile
from nlp.readers import STDIN, files_under, read_file, read_inputs
from nlp.types import Article, Reject

_BLOCK = 1 << 20


class FileInputs:
    """The articles of files and folders, in order.

    Args:
        sources: Paths, or ``-`` for standard input.
        mapping: Field to column, for tables with names of their own.
        limit: Stop after this many inputs.

    Raises:
        ReadError: There is nothing at a path. A file in a folder that can't be read is a reject; a
            path that somebody named is a mistake, and no reason to replace yesterday's output.
    """

    def __init__(
        self, sources: Sequence[str], *, mapping: Mapping[str, str] | None = None, limit: int | None = None
    ) -> None:
        check_mapping(mapping)
        self.sources = tuple(sources)
        self.mapping = mapping
        self.limit = limit
        self.total: int | None = None
        self._files = list(_expand(sources))
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._stdin: Path | None = None

    def refuse_output(self, output: Path) -> None:
        """Refuse an output that would be read as an input, by this run or the next.

        Raises:
            JobError: The output is an input, or lies in a folder of inputs.
        """
        target = output.resolve()
        for source in self.sources:
            place = Path(source).resolve()
            if source != STDIN and (target == place or place in target.parents):
                raise JobError(f"{output}: lies in the input {source}; give --output a place outside of it")

    def put_stdin_aside(self, folder: Path) -> None:
        """Keep what comes on standard input, which can be read only once, as a file in ``folder``."""
        if STDIN not in self.sources:
            return
        folder.mkdir(exist_ok=True)
        path = folder / "stdin"
        with write_atomic(path, "wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream, _BLOCK)
        self._stdin = path

    def digests(self) -> tuple[InputFile, ...]:
        """Read every file once for its digest; counts on the way how many articles there may be."""
        found, total = [], 0
        for file, shown in self._files:
            path = self._stdin if shown == STDIN and self._stdin else file
            self._stamps[path] = _stamp(path)
            digest, lines = _digest_and_lines(path)
            found.append(InputFile(path=str(file), sha256=digest, bytes=self._stamps[path][1]))
            total += _rows(path, lines)
        self.total = min(total, self.limit) if self.limit is not None else total
        return tuple(found)

    def __iter__(self) -> Iterator[Article | Reject]:
        stream = (item for file, shown in self._files for item in self._read(file, shown))
        return islice(stream, self.limit)

    def _read(self, file: Path, shown: str) -> Iterator[Article | Reject]:
        if shown != STDIN:
            yield from read_file(file, shown, self.mapping)
        elif self._stdin is None:
            yield from read_inputs(STDIN, mapping=self.mapping)
        else:
            with self._stdin.open("rb") as stream:
                yield from read_inputs(STDIN, mapping=self.mapping, stdin=stream)

    def check_unchanged(self) -> None:
        """Refuse an answer to files that changed while they were read.

        Raises:
            JobError: A file is no longer the one whose digest was taken.
        """
        for path, stamp in self._stamps.items():
            if _stamp(path) != stamp:
                raise JobError(f"{path}: changed while it was read; run again when it is complete")


def _expand(sources: Sequence[str]) -> Iterator[tuple[Path, str]]:
    """Yield each file with the name its articles carry as their source."""
    for source in sources:
        path = Path(source)
        if source == STDIN:
            yield path, STDIN
        elif path.is_dir():
            for file in files_under(path):
                yield file, (path.name / file.relative_to(path)).as_posix()
        elif path.exists():
            yield path, path.name
        else:
            raise ReadError(f"{path}: no such file or folder; check the path")


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _digest_and_lines(path: Path) -> tuple[str, int]:
    """Return the digest of a file and how many lines it has; "" and 1 for what the reader will reject."""
    if not path.is_file():  # a pipe would be waited on for ever
        return "", 1
    try:
        return _hash(path)
    except OSError:
        return "", 1


def _hash(path: Path) -> tuple[str, int]:
    digest, lines, last = hashlib.sha256(), 0, b"\n"
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            lines += block.count(b"\n")
            last = block[-1:]
    return digest.hexdigest(), lines + (last != b"\n")


def _rows(path: Path, lines: int) -> int:
    """Guess how many articles a file holds: exact for JSONL and Parquet, for the progress bar only."""
    suffix = path.suffix.lower()
    if suffix in (".jsonl", ".ndjson"):
        return lines
    if suffix in (".csv", ".tsv"):
        return max(0, lines - 1)
    if suffix == ".parquet":
        return _parquet_rows(path)
    return 1


def _parquet_rows(path: Path) -> int:
    import pyarrow
    from pyarrow import parquet

    try:
        rows: int = parquet.read_metadata(path).num_rows
        return rows
    except (pyarrow.ArrowException, OSError):
        return 1  # the reader says what is wrong with it
