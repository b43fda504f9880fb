"""The command line of ``classify.py``: its options by what they are about, described and checked."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

FORMATS = ("jsonl", "csv", "xlsx", "parquet")
REGISTER_FORMATS = ("xlsx", "csv")
USAGE = """classify.py INPUT... [--output FILE] [OPTION...]
       classify.py --from URL (--query SELECT | --table NAME) [--output FILE | --to URL] [OPTION...]"""
EPILOG = """examples:
  classify.py page.html                                show a page's tags
  classify.py news/ --output tags.jsonl                a job; killed, it goes on where it was
  classify.py old.csv --map text=Noi_dung --output tags.xlsx
  classify.py spool/ --output tags.csv --since-last --quiet         for cron, docs/cron.md
  classify.py --from sqlite:///news.db --table news --to sqlite:///desk.db

exit codes:
  0    done, every input is tagged
  1    failed; nothing half stands at the output: mend what the message says, run the same command again
  2    the command line is wrong
  3    done, but inputs were rejected; OUT.rejects.jsonl says which and why
  75   another run holds the output; try again later, or give --wait
  130  stopped by Ctrl-C, 143 by SIGTERM; run the same command again to go on

docs/batch.md tells the rest: what a job leaves on disk, tables, rejects, databases.
"""


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; one that makes no sense ends the process with 2 and says why."""
    door = parser()
    args = door.parse_args(argv)
    _check(door, args)
    return args


def field_and_column(text: str) -> tuple[str, str]:
    """Read one ``--map``, ``FIELD=COLUMN``; train.py takes the same."""
    field, _, column = text.partition("=")
    if not (field and column):
        raise argparse.ArgumentTypeError(f"{text!r}: write FIELD=COLUMN, such as text='Nội dung'")
    return field, column


def suffix_of(path: Path) -> str:
    """The suffix by which a file's format is told, in small letters and without its dot."""
    return path.suffix.removeprefix(".").lower()


def parser() -> argparse.ArgumentParser:
    """Describe the command line."""
    door = argparse.ArgumentParser(
        prog="classify.py",
        usage=USAGE,
        description="Tag Vietnamese government news: topics, officials, places.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _describe_inputs(door.add_argument_group("what to tag"))
    _describe_output(door.add_argument_group("where the tags go"))
    _describe_tagging(door.add_argument_group("how to tag"))
    _describe_job(door.add_argument_group("a job and its trouble"))
    return door


def _describe_inputs(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "inputs",
        nargs="*",
        metavar="INPUT",
        help="files (.txt .html .docx .csv .xlsx .jsonl .parquet ...), folders, or - for standard input",
    )
    group.add_argument("--from", dest="url", metavar="URL", help="a database instead of INPUT")
    group.add_argument("--query", metavar="SELECT", help="its rows to tag")
    group.add_argument("--table", metavar="NAME", help="a table of it to tag whole, instead of --query")
    group.add_argument(
        "--map",
        action="append",
        default=[],
        type=field_and_column,
        metavar="FIELD=COLUMN",
        help="which column holds text, title, published, id, author, source; once for each",
    )
    group.add_argument("--limit", type=_count, metavar="N", help="only the first N inputs, for a try")


def _describe_output(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--output",
        metavar="FILE",
        default="-",
        help="a file, whole or absent; its suffix tells the format (default: print)",
    )
    group.add_argument("--to", metavar="URL", help="the desk's database instead of a file")
    group.add_argument(
        "--format",
        choices=(*FORMATS, "table"),
        help="whatever the suffix; table is for reading on a terminal",
    )
    group.add_argument(
        "--with-text", action="store_true", help="records carry the text, in which spans count"
    )
    group.add_argument(
        "--register", metavar="FILE.xlsx", type=Path, help="also a register of the officials named"
    )
    group.add_argument("--overwrite", action="store_true", help="replace a file that no job made")


def _describe_tagging(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--model", type=Path, metavar="DIR", help="a model of train.py (default: the shipped one)"
    )
    group.add_argument(
        "--today", type=_day, metavar="YYYY-MM-DD", help="the day of undated articles (default: today)"
    )
    group.add_argument("--jobs", type=_count, default=1, metavar="N", help="processes (default: 1)")
    group.add_argument("--scheduler", metavar="tcp://HOST:PORT", help="a Dask cluster instead of --jobs")
    group.add_argument(
        "--part-size", type=_count, metavar="N", help="inputs a part, what a kill costs (default: 256)"
    )


def _describe_job(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--since-last", action="store_true", help="tag only what is new or changed since the last run"
    )
    group.add_argument("--retry-rejects", action="store_true", help="try again what was rejected")
    group.add_argument(
        "--max-reject-rate",
        type=_share,
        default=1.0,
        metavar="SHARE",
        help="fail, and keep the old output, beyond this share of rejects (default: 1, never)",
    )
    group.add_argument(
        "--wait",
        type=_seconds,
        default=0.0,
        metavar="SECONDS",
        help="wait for another run on the same output (default: 0)",
    )
    group.add_argument("--dry-run", action="store_true", help="read everything, tag and write nothing")
    group.add_argument("--quiet", action="store_true", help="say nothing unless there is trouble")
    group.add_argument("--log-json", action="store_true", help="say it as JSON objects, one a line")


def _check(door: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Refuse what makes no sense together, with exit code 2."""
    output, to_file = Path(args.output), args.output != "-"
    for wrong, message in (
        (bool(args.inputs) == bool(args.url), "give INPUT or --from, one of them"),
        (args.url and bool(args.query) == bool(args.table), "--from needs --query or --table, one of them"),
        (not args.url and (args.query or args.table), "--query and --table need --from"),
        (args.to and to_file, "--output and --to exclude each other"),
        (args.to and args.format, "--format is for --output"),
        (to_file and args.format == "table", "--format table is for reading; leave --output out"),
        (
            to_file and output.is_dir(),
            f"--output {output} is a folder; name a file in it: {output / 'tags.jsonl'}",
        ),
        (
            to_file and not args.format and suffix_of(output) not in FORMATS,
            f"--output {output}: end the name in {_listed(FORMATS)}, or give --format",
        ),
        (args.since_last and not to_file and not args.to, "--since-last needs --output FILE"),
        (args.since_last and args.limit, "--since-last reads everything; leave --limit out"),
        (args.register and not to_file, "--register needs --output FILE"),
        (
            args.register and suffix_of(args.register) not in REGISTER_FORMATS,
            f"--register {args.register}: end the name in {_listed(REGISTER_FORMATS)}",
        ),
    ):
        if wrong:
            door.error(message)


def _listed(formats: tuple[str, ...]) -> str:
    *others, last = (f".{name}" for name in formats)
    return f"{', '.join(others)} or {last}"


def _count(text: str) -> int:
    if not (text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r}: write a whole number, 1 or more")
    return int(text)


def _share(text: str) -> float:
    share = _number(text)
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{text!r}: write a share between 0 and 1, such as 0.05")
    return share


def _seconds(text: str) -> float:
    seconds = _number(text)
    if not 0 <= seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r}: write a number of seconds, such as 300")
    return seconds


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")  # lies between no bounds


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write a day as YYYY-MM-DD, such as 2025-07-01") from None
