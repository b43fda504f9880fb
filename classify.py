"""The door for tagging: articles in, records, tables or suggestions in a database out."""

from __future__ import annotations

import errno
import os
import signal
import sys
from contextlib import closing, nullcontext
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from nlp.commandline import parse, suffix_of

if TYPE_CHECKING:
    import argparse
    from contextlib import AbstractContextManager

    from nlp.batch.inputs import Inputs
    from nlp.batch.run import Options, Summary
    from nlp.batch.workers import Workers

DONE, FAILED, REJECTS, LOCKED = 0, 1, 3, 75


class Terminated(BaseException):
    """SIGTERM came; not an Exception, so that nothing on the way takes it for a failure."""


def main(argv: list[str] | None = None) -> int:
    """Run the door; returns the exit code."""
    args = parse(argv)
    signal.signal(signal.SIGTERM, _terminate)
    from nlp import runlog
    from nlp.errors import JobLockedError, NlpError

    runlog.configure(quiet=args.quiet, as_json=args.log_json)
    try:
        return _run(args)
    except JobLockedError as error:
        return _say(str(error), LOCKED)
    except NlpError as error:
        return _say(str(error), FAILED)
    except ModuleNotFoundError as error:
        return _say(f"{error}; install what thetin needs, in its folder: pip install -e .", FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE  # whoever read the output has seen enough
    except OSError as error:
        return _say(_told(error, args.output), FAILED)
    except KeyboardInterrupt:
        return _say("stopped; run the same command again to go on", 128 + signal.SIGINT)
    except Terminated:
        return _say("stopped by SIGTERM; run the same command again to go on", 128 + signal.SIGTERM)


def _run(args: argparse.Namespace) -> int:
    from nlp import batch
    from nlp.batch.jobs import JobFiles

    inputs, options = _inputs(args), _options(args)
    if args.dry_run:
        summary = batch.rehearse(inputs, options)
    else:
        with _workers(args) as who:
            summary = _tag(args, inputs, who, options)
    rejects = None if args.output == "-" else JobFiles(Path(args.output)).rejects
    batch.tell_summary(summary, rejects)
    return REJECTS if summary.counts.rejected else DONE


def _tag(args: argparse.Namespace, inputs: Inputs, workers: Workers, options: Options) -> Summary:
    from nlp import batch
    from nlp.batch import updates
    from nlp.display import printer

    if args.to:
        from desk.ledger import Ledger
        from desk.store import Store

        with closing(Store.open(args.to)) as store:
            return updates.run_store(inputs, Ledger(store), workers, options)
    if args.output == "-":
        return batch.run_stream(
            inputs, printer(options.form.written_as, with_text=options.form.with_text), workers, options
        )
    run = updates.run_since_last if args.since_last else batch.run_job
    return run(inputs, Path(args.output), workers, options)


def _workers(args: argparse.Namespace) -> AbstractContextManager[Workers]:
    from nlp.batch import workers

    if args.scheduler:
        return workers.cluster(args.scheduler)
    if args.jobs == 1:
        return nullcontext(workers.ThisProcess())
    from nlp.batch.pool import Pool

    return closing(Pool(args.jobs))


def _inputs(args: argparse.Namespace) -> Inputs:
    mapping = dict(args.map)
    if not args.url:
        from nlp.batch.inputs import FileInputs

        return FileInputs(args.inputs, mapping=mapping, limit=args.limit)
    from nlp.batch.database import DatabaseInputs

    return DatabaseInputs(args.url, query=args.query, table=args.table, mapping=mapping, limit=args.limit)


def _options(args: argparse.Namespace) -> Options:
    from nlp.batch.outputs import Form
    from nlp.batch.parts import PART_SIZE
    from nlp.batch.run import Options
    from nlp.modelfolder import DEFAULT_MODEL

    return Options(
        model=args.model or DEFAULT_MODEL,
        form=Form(written_as=_written_as(args), with_text=args.with_text, register=args.register),
        today=args.today,
        part_size=args.part_size or PART_SIZE,
        max_reject_rate=args.max_reject_rate,
        retry_rejects=args.retry_rejects,
        overwrite=args.overwrite,
        wait_s=args.wait,
        quiet=args.quiet,
    )


def _written_as(args: argparse.Namespace) -> str:
    if args.format:
        return str(args.format)
    if args.output == "-":
        return "table" if sys.stdout.isatty() else "jsonl"
    return suffix_of(Path(args.output))


def _told(error: OSError, output: str) -> str:
    """Say what a disk refused, and what to do about it."""
    remedies = {
        errno.ENOSPC: "make room on that disk",
        errno.EDQUOT: "make room on that disk",
        errno.EROFS: "give a place that can be written",
        errno.EACCES: "give a place that you may write, or have the rights changed",
        errno.EPERM: "give a place that you may write, or have the rights changed",
    }
    remedy = remedies.get(error.errno or 0, "mend that")
    place, what = error.filename or output, error.strerror or str(error)
    return f"{place}: {what}; {remedy} and run the same command again; nothing half stands at the output"


def _say(message: str, code: int) -> int:
    import logging

    from nlp.runlog import tell

    tell(logging.ERROR, message, {"event": "exit", "code": code})
    return code


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


if __name__ == "__main__":
    sys.exit(main())
