"""Runs that tag only what is new or changed: an output that follows its inputs, or a store.

What an article says is compared by digest, so moving a file or reading it again changes nothing. A
record whose article is no longer among the inputs stays where it is.
"""

from __future__ import annotations

import logging
import sqlite3
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Protocol

from nlp.batch.inputs import Inputs
from nlp.batch.jobs import Counts, InputFile, JobFiles, Work, now
from nlp.batch.outputs import Form, write_output, write_rejects
from nlp.batch.parts import Setting, cut, header_of, keep
from nlp.batch.run import Options, Summary, check_rate, hold, warn_of_reject
from nlp.batch.state import State
from nlp.batch.workers import Workers
from nlp.errors import JobError
from nlp.files import file_digest
from nlp.manifest import read_manifest
from nlp.runlog import Progress, tell
from nlp.types import Article, Reject, Tags

Input = Article | Reject
# An input with the path of the file that it stands in.
Found = tuple[str, Input]


class Store(Protocol):
    """Where suggestions are kept by article, digest and model; ``desk.ledger`` has one."""

    def current(self, found: Sequence[Article], model: str) -> set[str]:
        """Return the ids of the articles for which the model's suggestion stands."""
        ...

    def save_tags(self, tags: Sequence[Tags]) -> None:
        """Save articles and suggestions in one transaction."""
        ...


def run_since_last(inputs: Inputs, output: Path, workers: Workers, options: Options) -> Summary:
    """Bring ``output`` up to date: tag what has another digest than in the last run.

    ``OUT.state.sqlite3`` holds every record. A file whose digest is known is not even read, and an
    input that was rejected before is no new trouble.

    Raises:
        JobLockedError, JobMismatchError, JobError, OSError: as ``nlp.batch.run.run_job``.
    """
    with hold(inputs, output, options) as files:
        if not options.overwrite:
            files.check_replaceable()
        try:
            with closing(State(files.state)) as state:
                return _update(inputs, files, state, workers, options)
        except sqlite3.Error as error:  # the disk is full or broken; the last transaction is not there
            raise JobError(f"{files.state}: {error}; mend that and run the same command again") from error


def run_store(inputs: Inputs, store: Store, workers: Workers, options: Options) -> Summary:
    """Tag into a store what it doesn't hold yet; a part is saved as a whole or not at all.

    Rejects go to the log.
    """
    model = read_manifest(options.model).id
    setting = Setting(model=options.model, model_id=model, today=options.today or date.today())
    counts = Counts()
    progress = Progress(inputs.total, shown=not options.quiet)
    found = (("", item) for item in _one_an_id(inputs))
    new = _new(found, lambda articles: store.current(articles, model), options.part_size, counts)
    parts = cut((item for _, item in new), options.part_size)
    for part in workers.run(parts, keep, setting, ordered=True):
        store.save_tags(part.tags)
        counts.add(header_of(part))
        for _, reject in part.rejects:
            warn_of_reject(reject)
        progress.advance(len(part.tags) + len(part.rejects))
    progress.close()
    check_rate(counts, options, "the log above tells why")
    return Summary(counts=counts, seconds=progress.seconds)


def _one_an_id(inputs: Iterable[Article | Reject]) -> Iterator[Article | Reject]:
    """Reject an article whose id another of the run has: a store keeps one article an id."""
    seen: set[str] = set()
    for item in inputs:
        if isinstance(item, Article):
            if item.id in seen:
                reason = "another article of this run has the same id; give each its own"
                item = Reject(source=item.source, id=item.id, reason=reason)
            else:
                seen.add(item.id)
        yield item


def _update(inputs: Inputs, files: JobFiles, state: State, workers: Workers, options: Options) -> Summary:
    started, progress = now(), Progress(None, shown=not options.quiet)
    work = Work(
        inputs=(),
        model=read_manifest(options.model).id,
        today=None,
        options={
            "mapping": dict(inputs.mapping or {}),
            "with_text": options.form.with_text,
            "since_last": True,
        },
    )
    today = state.begin(work.facts, options.today)
    setting = Setting(model=options.model, model_id=work.model, today=today)
    counts, reading = Counts(), _Reading(inputs, state, retry=options.retry_rejects)
    new = _new(reading.found(counts), state.current, options.part_size, counts)
    parts = cut(reading.numbered(new), options.part_size)
    for part in workers.run(parts, keep, setting, ordered=True):
        paths = [reading.path_of(number) for number, _ in part.rejects]
        known, repeated = state.save(part, paths, with_text=options.form.with_text)
        for identity in repeated:
            tell(logging.WARNING, f"{identity}: two articles have this id; the later one stands")
        counts.add(header_of(part))
        if not options.retry_rejects:
            counts.rejected -= known
            counts.unchanged += known
        progress.advance(len(part.tags) + len(part.rejects))
    progress.close()
    check_rate(counts, options, "run again with --dry-run to see why")
    state.end(reading.read, {file.path for file in reading.digests})
    write_rejects(files.rejects, state.rejects())
    if state.is_ahead or not _stands(files, options.form):
        write_output(files.output, state.lines(), options.form)
    done = replace(work, inputs=tuple(reading.digests), today=today)
    files.write_manifest(done, counts, started, options.form.written_as)
    state.mark_written()
    return Summary(counts=counts, seconds=progress.seconds)


def _stands(files: JobFiles, form: Form) -> bool:
    """Tell whether the output is the one that the last run wrote."""
    manifest = files.read_manifest()
    return (
        manifest is not None
        and files.output.exists()
        and manifest["written_as"] == form.written_as
        and (form.register is None or form.register.exists())
        and bool(manifest["options"].get("since_last"))
        and manifest["output"]["sha256"] == file_digest(files.output)
    )


class _Reading:
    """Reads the files that are new or changed, and remembers which input stood in which file.

    Args:
        inputs: What to read.
        state: Knows the files of earlier runs.
        retry: Read files with rejects again.

    Attributes:
        read: Path, digest and number of inputs of each file read to its end.
        digests: All files, read or not.
    """

    def __init__(self, inputs: Inputs, state: State, *, retry: bool) -> None:
        self.read: list[tuple[str, str, int]] = []
        self.digests: list[InputFile] = []
        self._inputs, self._state, self._retry = inputs, state, retry
        self._starts: list[tuple[int, str]] = []

    def found(self, counts: Counts) -> Iterator[Found]:
        """Yield the inputs of files that are new or changed; count those of the others."""
        for source in self._inputs.sources:
            file = self._inputs.digest(source)
            self.digests.append(file)
            known = self._state.inputs_of(file.path, file.sha256)
            if known is not None and not (self._retry and self._state.has_rejects(file.path)):
                counts.read += known
                counts.unchanged += known
                continue
            count = 0
            for item in self._inputs.read(source):
                count += 1
                yield file.path, item
            self.read.append((file.path, file.sha256, count))

    def numbered(self, found: Iterable[Found]) -> Iterator[Input]:
        """Pass inputs on, and note at which number each file begins."""
        for number, (path, item) in enumerate(found):
            if not self._starts or self._starts[-1][1] != path:
                self._starts.append((number, path))
            yield item

    def path_of(self, number: int) -> str:
        """Return the file of an input that was passed on."""
        return self._starts[bisect_right(self._starts, number, key=lambda start: start[0]) - 1][1]


def _new(
    found: Iterable[Found], current: Callable[[Sequence[Article]], set[str]], size: int, counts: Counts
) -> Iterator[Found]:
    """Pass on rejects and the articles that are not current; count the others."""
    stream = iter(found)
    while group := list(islice(stream, size)):
        standing = current([item for _, item in group if isinstance(item, Article)])
        for path, item in group:
            if isinstance(item, Article) and item.id in standing:
                counts.read += 1
                counts.unchanged += 1
            else:
                yield path, item
