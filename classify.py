"""The door for tagging: articles in, records, tables or a database out."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from nlp.batch import Options
    from nlp.types import Tags

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
DONE, FAILED, USAGE, REJECTS, LOCKED = 0, 1, 2, 3, 75
CODES = """exit codes:
  0    done; every input is tagged
  1    failed; nothing half stands at the output, run the same command again
  2    the command line is wrong
  3    done, but some inputs were rejected; OUT.rejects.jsonl says which and why
  75   another run holds the output (try again later, or --wait)
  130  stopped by Ctrl-C    143  stopped by SIGTERM; run the same command again to go on
"""
EXAMPLES = """examples:
  classify.py page.html                          show one page's tags
  classify.py spool/ --output tags.jsonl         a job; killed, it goes on where it was
  classify.py spool/ --output tags.jsonl --since-last --quiet     for cron, see docs/cron.md
"""


class Terminated(BaseException):
    """SIGTERM came; not an Exception, so that nothing on the way takes it for a failure."""


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    door = argparse.ArgumentParser(
        prog="classify.py",
        description="Tag Vietnamese government news: topics, officials, places.",
        epilog=EXAMPLES + "\n" + CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    door.add_argument(
        "inputs", nargs="*", metavar="INPUT", help="file or folder; - for JSONL on standard input"
    )
    out = door.add_argument_group("output")
    out.add_argument(
        "--output", metavar="FILE", default="-", help="a job that can be resumed; - for standard output"
    )
    out.add_argument(
        "--format",
        choices=(*FORMATS, "table"),
        help="by the output's suffix; on a terminal: table; else: jsonl",
    )
    out.add_argument("--with-text", action="store_true", help="records carry the normalized text")
    out.add_argument("--overwrite", action="store_true", help="replace an output that no job made")
    how = door.add_argument_group("tagging")
    how.add_argument("--model", type=Path, metavar="DIR", help="model folder (the shipped one)")
    how.add_argument(
        "--map", action="append", default=[], metavar="FIELD=COLUMN", help="where a table's fields are"
    )
    how.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="date of undated articles"
    )
    how.add_argument("--limit", type=count, metavar="N", help="only the first N inputs")
    how.add_argument("--dry-run", action="store_true", help="read everything, tag and write nothing")
    job = door.add_argument_group("job")
    job.add_argument("--jobs", type=count, default=1, metavar="N", help="processes (1)")
    job.add_argument(
        "--part-size", type=count, default=256, metavar="N", help="inputs a part: what a kill costs (256)"
    )
    job.add_argument(
        "--max-reject-rate", type=rate, default=1.0, metavar="R", help="fail above this share of rejects"
    )
    job.add_argument("--retry-rejects", action="store_true", help="try again what was rejected")
    job.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another run to end")
    job.add_argument("--quiet", action="store_true", help="say nothing unless there is trouble")
    job.add_argument("--log-json", action="store_true", help="log as JSON objects")
    return door


def main(argv: list[str] | None = None) -> int:
    """Run the door; returns the exit code."""
    door = parser()
    args = door.parse_args(argv)
    if not args.inputs:
        door.error("name at least one INPUT")
    signal.signal(signal.SIGTERM, _terminate)
    from nlp import runlog
    from nlp.errors import JobLockedError, NlpError

    runlog.configure(quiet=args.quiet, as_json=args.log_json)
    try:
        return _run(door, args)
    except JobLockedError as error:
        return _say(str(error), LOCKED)
    except NlpError as error:
        return _say(str(error), FAILED)
    except ModuleNotFoundError as error:
        return _say(f"{error}; install what thetin needs: pip install thetin", FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE  # whoever read the output has seen enough
    except OSError as error:
        return _say(f"{error.filename or args.output}: {error.strerror}; the output is as it was", FAILED)
    except KeyboardInterrupt:
        return _say("stopped; run the same command again to go on", 128 + signal.SIGINT)
    except Terminated:
        return _say("stopped by SIGTERM; run the same command again to go on", 128 + signal.SIGTERM)


def count(text: str) -> int:
    """Parse a whole number above 0."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def rate(text: str) -> float:
    """Parse a share between 0 and 1."""
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return share


def _run(door: argparse.ArgumentParser, args: argparse.Namespace) -> int:
    from nlp import batch
    from nlp.inputs import FileInputs
    from nlp.jobs import JobFiles
    from nlp.workers import processes

    mapping = dict(_pair(door, text) for text in args.map)
    inputs = FileInputs(args.inputs, mapping=mapping or None, limit=args.limit)
    options = _options(args)
    rejects = None
    if options.written_as == "table" and args.output != "-":
        door.error("--format table is for reading; leave --output out, or choose another format")
    if args.dry_run:
        summary = batch.rehearse(inputs, options)
    else:
        with processes(args.jobs) as workers:
            if args.output == "-":
                summary = batch.run_stream(inputs, _printer(options), workers, options)
            else:
                output = Path(args.output)
                summary, rejects = batch.run_job(inputs, output, workers, options), JobFiles(output).rejects
    batch.tell_summary(summary, rejects)
    return REJECTS if summary.counts.rejected else DONE


def _printer(options: Options) -> Callable[[Iterator[Tags]], None]:
    """Return what writes tags to standard output, each as soon as it is there."""
    from nlp.display import describe
    from nlp.records import columns, to_record
    from nlp.writers import WRITERS

    out = sys.stdout.buffer

    def write(answers: Iterator[Tags]) -> None:
        if options.written_as == "table":
            width = shutil.get_terminal_size().columns
            for tags in answers:
                out.write(describe(tags, width).encode())
                out.flush()
            return
        records = (to_record(tags, with_text=options.with_text) for tags in answers)
        WRITERS[options.written_as](records, out, columns(with_text=options.with_text))
        out.flush()

    return write


def _options(args: argparse.Namespace) -> Options:
    from nlp.batch import Options
    from nlp.modelfolder import DEFAULT_MODEL

    return Options(
        model=args.model or DEFAULT_MODEL,
        written_as=_written_as(args),
        with_text=args.with_text,
        today=args.today,
        part_size=args.part_size,
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
    suffix = Path(args.output).suffix.removeprefix(".").lower()
    return suffix if suffix in FORMATS else "jsonl"


def _pair(door: argparse.ArgumentParser, text: str) -> tuple[str, str]:
    field, equals, column = text.partition("=")
    if not (field and equals and column):
        door.error(f"--map {text}: write it as FIELD=COLUMN, such as text='Nội dung'")
    return field, column


def _say(message: str, code: int) -> int:
    import logging

    from nlp.runlog import tell

    tell(logging.ERROR, message, {"event": "exit", "code": code})
    return code


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


if __name__ == "__main__":
    sys.exit(main())
