"""A job that may be killed at any moment and run again: it loses nothing and does nothing twice over.

The inputs are cut into parts. A part is tagged, written and done, or it is not; what was not is done
by the next run of the same command, and the joined output has the same bytes as if nothing had
happened. ``nlp.batch.jobs`` says what stands on disk in the meantime.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from nlp.batch.inputs import Inputs
from nlp.batch.jobs import Counts, JobFiles, Work
from nlp.batch.outputs import Form, write_output, write_rejects
from nlp.batch.partfolder import PartFolder
from nlp.batch.parts import PART_SIZE, Part, Setting, cut, encode, header_of, keep
from nlp.batch.workers import Workers
from nlp.errors import JobError
from nlp.files import exclusive_lock
from nlp.manifest import read_manifest
from nlp.modelfolder import DEFAULT_MODEL
from nlp.runlog import Progress, sentence, tell
from nlp.types import Reject, Tags

# Inputs a part when the answers are watched as they come: the first appear at once.
STREAM_PART_SIZE = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to tag and what to write; see ``classify.py --help``.

    ``today`` is the day by which articles without a date are linked, None for the day of the run.
    ``max_reject_rate`` is the share of rejects in [0, 1] beyond which a job fails.
    """

    model: Path = DEFAULT_MODEL
    form: Form = field(default_factory=Form)
    today: date | None = None
    part_size: int = PART_SIZE
    max_reject_rate: float = 1.0
    retry_rejects: bool = False
    overwrite: bool = False
    wait_s: float = 0.0
    quiet: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What a run did: its counts, the seconds it took, and whether everything was done before it."""

    counts: Counts
    seconds: float
    done_before: bool = False


@contextmanager
def hold(inputs: Inputs, output: Path, options: Options) -> Iterator[JobFiles]:
    """Hold an output against other runs, and give its files, cleared of what a killed run left.

    Raises:
        JobLockedError: Another run holds the output.
        JobError: The output lies among the inputs, or in a folder that is not there.
    """
    for path in (output, options.form.register or output):
        if not path.parent.is_dir():
            raise JobError(f"{path}: the folder {path.parent} does not exist; create it")
    inputs.refuse_output(output)
    files = JobFiles(output)
    with exclusive_lock(files.lock, wait_s=options.wait_s, on_wait=_warn):
        files.sweep()
        try:
            yield files
        finally:
            with suppress(OSError):  # there is none, or something in it
                files.parts.rmdir()


def run_job(inputs: Inputs, output: Path, workers: Workers, options: Options) -> Summary:
    """Tag all inputs into ``output``, going on where an earlier run of the same work ended.

    Raises:
        JobLockedError: Another run holds the output.
        JobMismatchError: What stands at ``output`` was not made by a job.
        JobError: Too many rejects, an input that changed meanwhile, or lost workers.
        OSError: The disk is full or may not be written; nothing half stands at ``output``.
    """
    with hold(inputs, output, options) as files:
        inputs.put_aside(files.parts)
        model_id = read_manifest(options.model).id
        if not output.exists():  # so it can't be done already
            workers.start(options.model, model_id)
        work = Work(
            inputs=inputs.digests(),
            model=model_id,
            today=options.today,
            options={
                "mapping": dict(inputs.mapping or {}),
                "limit": inputs.limit,
                "with_text": options.form.with_text,
            },
        )
        manifest = files.done(work, options.form.written_as)
        again = manifest and (
            (options.retry_rejects and manifest["counts"]["rejected"])
            or (options.form.register and not options.form.register.exists())
        )
        if manifest and not again:
            files.clear()
            return Summary(counts=Counts.from_record(manifest["counts"]), seconds=0.0, done_before=True)
        if not options.overwrite:
            files.check_replaceable()
        if again and manifest:  # what is kept was answered by that day
            work = replace(work, today=date.fromisoformat(manifest["today"]))
        folder = PartFolder(files, work, options.part_size)
        if again and options.form.written_as == "jsonl":
            parts = cut(inputs.pieces(options.part_size), options.part_size)
            folder.reopen(parts, files, without_rejects=options.retry_rejects)
        progress = Progress(inputs.total, shown=not options.quiet)
        _tag_missing(inputs, folder, workers, options, progress)
        progress.close()
        _check_unchanged(inputs, files)
        counts = _finish(files, folder, work, options)
        return Summary(counts=counts, seconds=progress.seconds)


def run_stream(
    inputs: Inputs, write: Callable[[Iterator[Tags]], None], workers: Workers, options: Options
) -> Summary:
    """Tag all inputs in order and hand the tags on as they come, with nothing kept on disk.

    Rejects go to the log, one warning each.
    """
    setting = Setting(
        model=options.model,
        model_id=read_manifest(options.model).id,
        today=options.today or date.today(),
    )
    counts = Counts()
    progress = Progress(inputs.total, shown=False)
    size = min(options.part_size, STREAM_PART_SIZE)

    def answers() -> Iterator[Tags]:
        """Give each part's tags on as they come, and count what did not become any."""
        for part in workers.run(cut(inputs, size), keep, setting, ordered=True):
            yield from part.tags
            counts.add(header_of(part))
            for _, reject in part.rejects:
                warn_of_reject(reject)

    write(answers())
    check_rate(counts, options, "the log above tells why")
    return Summary(counts=counts, seconds=progress.seconds)


def rehearse(inputs: Inputs, options: Options) -> Summary:
    """Read everything and tag nothing: say what a run would meet."""
    read_manifest(options.model)
    counts = Counts()
    progress = Progress(inputs.total, shown=not options.quiet)
    for item in inputs:
        counts.read += 1
        if isinstance(item, Reject):
            counts.rejected += 1
            warn_of_reject(item)
        progress.advance(1)
    progress.close()
    return Summary(counts=counts, seconds=progress.seconds)


def tell_summary(summary: Summary, rejects: Path | None = None) -> None:
    """Log the one line that sums a run up; a warning where there were rejects, so that cron mails it."""
    counts, seconds = summary.counts, summary.seconds
    topics = ", ".join(f"{topic} {count}" for topic, count in sorted(counts.topics.items()))
    words = sentence(
        [
            f"{counts.read} articles read",
            f"{counts.tagged} tagged",
            f"{counts.unchanged} unchanged" if counts.unchanged else "",
            f"topics: {topics}" if topics else "",
            f"{counts.rejected} rejected{f' (see {rejects})' if rejects and counts.rejected else ''}",
            "done before, nothing to do"
            if summary.done_before
            else f"{seconds:.1f} s, {counts.tagged / max(seconds, 0.001):.0f} articles/s",
        ]
    )
    facts = {"event": "summary", **counts.to_record(), "seconds": round(seconds, 3)}
    tell(logging.WARNING if counts.rejected else logging.INFO, words, facts)


def warn_of_reject(reject: Reject) -> None:
    """Log a rejected input."""
    place = f"{reject.source}:{reject.line}" if reject.line else reject.source
    facts = {"event": "reject", "source": reject.source, "line": reject.line, "id": reject.id}
    tell(logging.WARNING, f"{place}: {reject.reason}", facts)


def _tag_missing(
    inputs: Inputs, folder: PartFolder, workers: Workers, options: Options, progress: Progress
) -> None:
    """Tag and write the parts that no earlier run finished."""
    setting = Setting(
        model=options.model,
        model_id=read_manifest(options.model).id,
        today=folder.today,
        with_text=options.form.with_text,
    )

    def missing() -> Iterator[Part]:
        """Cut the inputs again and leave out the parts that stand on disk already."""
        for part in cut(inputs.pieces(options.part_size), options.part_size):
            header = folder.header(part.index)
            if header and not (options.retry_rejects and header["rejects"]):
                progress.advance(len(part), skipped=True)
            else:
                yield part

    for encoded in workers.run(missing(), encode, setting, ordered=False):
        folder.write(encoded)
        progress.advance(encoded.header["read"])


def _check_unchanged(inputs: Inputs, files: JobFiles) -> None:
    try:
        inputs.check_unchanged()
    except JobError:
        files.clear()  # parts of two states of a file must not meet
        raise


def _finish(files: JobFiles, folder: PartFolder, work: Work, options: Options) -> Counts:
    """Join the parts: rejects first, then the output, then the manifest that declares both done."""
    counts = Counts()
    for header in folder.headers():
        counts.add(header)
    rejects = (reject for header in folder.headers() for reject in header["rejects"])
    try:
        check_rate(counts, options, f"{files.failed} tells why")
    except JobError:
        write_rejects(files.failed, rejects)  # the output that stands keeps its own
        raise
    write_rejects(files.rejects, rejects)
    write_output(files.output, folder.lines(), options.form)
    done = replace(work, today=folder.today)
    files.write_manifest(done, counts, folder.started, options.form.written_as)
    files.clear()
    return counts


def check_rate(counts: Counts, options: Options, where: str) -> None:
    """Fail a run in which too large a share of the inputs was rejected."""
    if counts.read and counts.rejected / counts.read > options.max_reject_rate:
        raise JobError(
            f"{counts.rejected} of {counts.read} inputs were rejected, more than --max-reject-rate "
            f"{options.max_reject_rate:g} allows; {where}"
        )


def _warn(message: str) -> None:
    tell(logging.WARNING, message)
