"""Where a job's inputs come from: files, folders and standard input; ``nlp.batch.database`` adds queries."""

from __future__ import annotations

import hashlib
import shutil
import sys
from abc import ABC, abstractmethod
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nlp.batch.jobs import InputFile
from nlp.batch.slices import Slice, slices_of
from nlp.errors import JobError, ReadError
from nlp.files import write_atomic
from nlp.readers.columns import check_mapping
from nlp.readers.sources import files_under, read_file, read_inputs
from nlp.readers.stdin import STDIN
from nlp.types import Article, Reject

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Source:
    """One thing to read: where it lies, and the name that its articles carry."""

    path: Path
    shown: str


class Inputs(ABC):
    """The inputs of a run, in order.

    Args:
        mapping: Field to column, for tables with names of their own.
        limit: Stop after this many inputs.

    Attributes:
        total: How many inputs there may be, once the digests are taken; None where nobody knows.
    """

    sources: tuple[Source, ...]

    def __init__(self, mapping: Mapping[str, str] | None, limit: int | None) -> None:
        check_mapping(mapping)
        self.mapping = mapping
        self.limit = limit
        self.total: int | None = None

    @abstractmethod
    def read(self, source: Source) -> Generator[Article | Reject, None, None]:
        """Yield the inputs of one source."""

    @abstractmethod
    def digest(self, source: Source) -> InputFile:
        """Take a source's digest; "" where it can't be told, and it must be read to see."""

    @abstractmethod
    def put_aside(self, folder: Path) -> None:
        """Keep in ``folder`` what can be read only once, or not twice the same."""

    def refuse_output(self, output: Path) -> None:  # noqa: B027 - most inputs can't be hit
        """Refuse an output that would be read as an input, by this run or the next."""

    def check_unchanged(self) -> None:  # noqa: B027 - what was put aside doesn't change
        """Refuse an answer to sources that changed since their digest was taken."""

    def digests(self) -> tuple[InputFile, ...]:
        """Take every source's digest."""
        return tuple(map(self.digest, self.sources))

    def pieces(self, size: int) -> Iterator[Article | Reject | Slice]:
        """Yield the inputs, large files as slices of up to ``size``, which workers read for themselves."""
        return iter(self)

    def __iter__(self) -> Iterator[Article | Reject]:
        left = self.limit
        for source in self.sources:
            with closing(self.read(source)) as items:
                for item in islice(items, left):
                    yield item
                    left = None if left is None else left - 1


class FileInputs(Inputs):
    """The articles of files and folders.

    Args:
        names: Paths, or ``-`` for standard input.
        mapping: Field to column, for tables with names of their own.
        limit: Stop after this many inputs.

    Raises:
        ReadError: There is nothing at a path. A file in a folder that can't be read is a reject; a
            path that somebody named is a mistake, and no reason to replace yesterday's output.
    """

    def __init__(
        self, names: Sequence[str], *, mapping: Mapping[str, str] | None = None, limit: int | None = None
    ) -> None:
        super().__init__(mapping, limit)
        self.sources = tuple(_expand(names))
        self._named = tuple(name for name in names if name != STDIN)
        self._stamps: dict[Path, tuple[int, int]] = {}
        self._stdin: Path | None = None

    def read(self, source: Source) -> Generator[Article | Reject, None, None]:
        """Yield the articles and rejects of a file."""
        if source.shown != STDIN:
            yield from read_file(source.path, source.shown, self.mapping)
        elif self._stdin is None:
            yield from read_inputs(STDIN, mapping=self.mapping)
        else:
            with self._stdin.open("rb") as stream:
                yield from read_inputs(STDIN, mapping=self.mapping, stdin=stream)

    def pieces(self, size: int) -> Iterator[Article | Reject | Slice]:
        """Yield the inputs, large files as slices of up to ``size``, which workers read for themselves."""
        if self.limit is not None:
            yield from self
            return
        for source in self.sources:
            slices = slices_of(source.path, source.shown, self.mapping, size)
            yield from self.read(source) if slices is None else slices

    def digest(self, source: Source) -> InputFile:
        """Read a file for its digest; counts on the way how many articles it may hold."""
        path = self._stdin if source.shown == STDIN and self._stdin else source.path
        self._stamps[path] = _stamp(path)
        digest, lines = _digest_and_lines(path)
        total = (self.total or 0) + _rows(path, lines)
        self.total = total if self.limit is None else min(total, self.limit)
        return InputFile(path=str(source.path), sha256=digest, bytes=self._stamps[path][1])

    def put_aside(self, folder: Path) -> None:
        """Keep standard input as a file."""
        if not any(source.shown == STDIN for source in self.sources):
            return
        folder.mkdir(exist_ok=True)
        path = folder / "stdin"
        with write_atomic(path, "wb") as stream:
            shutil.copyfileobj(sys.stdin.buffer, stream, _BLOCK)
        self._stdin = path

    def refuse_output(self, output: Path) -> None:
        """Refuse an output that is an input, or lies in a folder of inputs.

        Raises:
            JobError: The message names the input.
        """
        target = output.resolve()
        for name in self._named:
            place = Path(name).resolve()
            if target == place or place in target.parents:
                raise JobError(f"{output}: lies in the input {name}; give --output a place outside of it")

    def check_unchanged(self) -> None:
        """Refuse an answer to files that changed while they were read.

        Raises:
            JobError: A file is no longer the one whose digest was taken.
        """
        for path, stamp in self._stamps.items():
            if _stamp(path) != stamp:
                raise JobError(f"{path}: changed while it was read; run again when it is complete")


def _expand(names: Sequence[str]) -> Iterator[Source]:
    for name in names:
        path = Path(name)
        if name == STDIN:
            yield Source(path, STDIN)
        elif path.is_dir():
            for file in files_under(path):
                yield Source(file, (path.name / file.relative_to(path)).as_posix())
        elif path.exists():
            yield Source(path, path.name)
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
