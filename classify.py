"""The door for tagging: articles in, records, tables or suggestions in a database out."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from contextlib import closing
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.batch.inputs import Inputs
    from nlp.batch.run import Options, Summary
    from nlp.batch.workers import Workers

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
DONE, FAILED, REJECTS, LOCKED = 0, 1, 3, 75
EPILOG = """examples:
  classify.py page.html                                show a page's tags
  classify.py news/ --output tags.jsonl                a job; killed, it goes on where it was
  classify.py spool/ --output tags.csv --since-last --quiet         for cron, docs/cron.md
  classify.py --from sqlite:///news.db --table news --to sqlite:///desk.db

exit codes:
  0    done, every input is tagged
  1    failed; nothing half stands at the output, run the same command again
  2    the command line is wrong
  3    done, but inputs were rejected; OUT.rejects.jsonl says which and why
  75   another run holds the output; try again later, or give --wait
  130  stopped by Ctrl-C, 143 by SIGTERM; run the same command again to go on
"""


class Terminated(BaseException):
    """SIGTERM came; not an Exception, so that nothing on the way takes it for a failure."""


def main(argv: list[str] | None = None) -> int:
    """Run the door; returns the exit code."""
    door = parser()
    args = door.parse_args(argv)
    _check(door, args)
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
        return _say(f"{error}; install what thetin needs: pip install thetin", FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE  # whoever read the output has seen enough
    except OSError as error:
        return _say(f"{error.filename or args.output}: {error.strerror}; nothing half stands there", FAILED)
    except KeyboardInterrupt:
        return _say("stopped; run the same command again to go on", 128 + signal.SIGINT)
    except Terminated:
        return _say("stopped by SIGTERM; run the same command again to go on", 128 + signal.SIGTERM)


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    door = argparse.ArgumentParser(
        prog="classify.py",
        description="Tag Vietnamese government news: topics, officials, places.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    door.add_argument("inputs", nargs="*", metavar="INPUT", help="file, folder, or - for standard input")
    source = door.add_argument_group("source")
    source.add_argument("--from", dest="url", metavar="URL", help="a database instead of INPUT")
    source.add_argument("--query", metavar="SELECT", help="the rows to tag")
    source.add_argument("--table", metavar="NAME", help="a table to tag whole, instead of --query")
    source.add_argument(
        "--map", action="append", default=[], type=_pair, metavar="FIELD=COLUMN", help="a column's meaning"
    )
    source.add_argument("--limit", type=_count, metavar="N", help="only the first N inputs")
    out = door.add_argument_group("output")
    out.add_argument(
        "--output", metavar="FILE", default="-", help="a job that can be resumed; - prints (default)"
    )
    out.add_argument("--to", metavar="URL", help="a database that takes the suggestions, instead of --output")
    out.add_argument("--format", choices=(*FORMATS, "table"), help="default: by suffix; table on a terminal")
    out.add_argument("--with-text", action="store_true", help="records carry the normalized text")
    out.add_argument(
        "--register", metavar="FILE.xlsx", type=Path, help="also a register of the officials named"
    )
    out.add_argument("--overwrite", action="store_true", help="replace an output that no job made")
    how = door.add_argument_group("job")
    how.add_argument("--model", type=Path, metavar="DIR", help="model folder; default: the shipped one")
    how.add_argument(
        "--today", type=date.fromisoformat, metavar="YYYY-MM-DD", help="date of undated articles"
    )
    how.add_argument("--since-last", action="store_true", help="tag only what is new or changed")
    how.add_argument("--retry-rejects", action="store_true", help="try again what was rejected")
    how.add_argument(
        "--max-reject-rate", type=_share, default=1.0, metavar="R", help="fail beyond this share (1)"
    )
    how.add_argument("--jobs", type=_count, default=1, metavar="N", help="processes (1)")
    how.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="a Dask cluster instead of --jobs")
    how.add_argument("--part-size", type=_count, metavar="N", help="inputs a part: what a kill costs (256)")
    how.add_argument("--wait", type=float, default=0.0, metavar="SECONDS", help="wait for another run to end")
    how.add_argument("--dry-run", action="store_true", help="read everything, tag and write nothing")
    how.add_argument("--quiet", action="store_true", help="say nothing unless there is trouble")
    how.add_argument("--log-json", action="store_true", help="log as JSON objects")
    return door


def _check(door: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Refuse what makes no sense together, with exit code 2."""
    for wrong, message in (
        (bool(args.inputs) == bool(args.url), "give INPUT or --from, one of them"),
        (args.url and bool(args.query) == bool(args.table), "--from needs --query or --table, one of them"),
        (not args.url and (args.query or args.table), "--query and --table need --from"),
        (args.to and args.output != "-", "--output and --to exclude each other"),
        (args.to and args.format, "--format is for --output"),
        (args.output != "-" and args.format == "table", "--format table is for reading; leave --output out"),
        (args.since_last and args.output == "-" and not args.to, "--since-last needs --output FILE"),
        (args.since_last and args.limit, "--since-last reads everything; leave --limit out"),
        (args.register and args.output == "-", "--register needs --output FILE"),
    ):
        if wrong:
            door.error(message)


def _run(args: argparse.Namespace) -> int:
    from nlp import batch
    from nlp.batch import workers
    from nlp.batch.jobs import JobFiles

    inputs, options = _inputs(args), _options(args)
    if args.dry_run:
        summary = batch.rehearse(inputs, options)
    else:
        pool = workers.cluster(args.scheduler) if args.scheduler else workers.processes(args.jobs)
        with pool as who:
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


def _inputs(args: argparse.Namespace) -> Inputs:
    mapping = dict(args.map)
    if not args.url:
        from nlp.batch.inputs import FileInputs

        return FileInputs(args.inputs, mapping=mapping, limit=args.limit)
    from nlp.batch.database import DatabaseInputs

    return DatabaseInputs(args.url, query=args.query, table=args.table, mapping=mapping, limit=args.limit)


def _options(args: argparse.Namespace) -> Options:
    from nlp.batch.jobs import Form
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
    suffix = Path(args.output).suffix.removeprefix(".").lower()
    return suffix if suffix in FORMATS else "jsonl"


def _pair(text: str) -> tuple[str, str]:
    field, _, column = text.partition("=")
    if not (field and column):
        raise argparse.ArgumentTypeError(f"{text!r}: write FIELD=COLUMN, such as text='Nội dung'")
    return field, column


def _count(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("must be 1 or more")
    return number


def _share(text: str) -> float:
    share = float(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError("must lie between 0 and 1")
    return share


def _say(message: str, code: int) -> int:
    import logging

    from nlp.runlog import tell

    tell(logging.ERROR, message, {"event": "exit", "code": code})
    return code


def _terminate(number: int, frame: FrameType | None) -> None:
    raise Terminated


if __name__ == "__main__":
    sys.exit(main())
