#!/usr/bin/env python3
"""Train a model from labelled articles: `train.py CORPUS... --model DIR --report report.html`."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.commandline import field_and_column
from nlp.files import DATA

if TYPE_CHECKING:
    from nlp.training import Verdict

DEFAULT_FOLDER = Path("models") / "local"
FROZEN = DATA / "portal-test.jsonl"
LABELS = DATA / "labels.jsonl"
# What a model's card says of the articles that --news brings.
PUBLIC_NEWS = "public news: labels in data/labels.jsonl, texts as data/README.md says"
DONE, FAILURE, USAGE, NOT_PROMOTED, INTERRUPTED = 0, 1, 2, 3, 130

SYNOPSIS = """train.py CORPUS... [--model DIR] [--report FILE] [OPTION...]
       train.py --rollback [--model DIR]"""
EPILOG = """\
examples:
  train.py my-corpus.xlsx --model models/mine --report report.html
  train.py old.csv --map text=Noi_dung --map topics=Chu_de --model models/mine
  train.py my-corpus.xlsx --decisions sqlite:///desk.db --model models/mine     for cron
  train.py --rollback --model models/mine                                       the version before

A corpus is a table (.jsonl .csv .tsv .xlsx .parquet), or a folder of tables, with a row an article: text,
topics (a list, or names joined by ";"; empty: none applies) and, if known, id, title, primary, evidence.
Any label set works. Rows that can't be learnt from are named on standard error, with what to do.

exit codes:
  0   the model was written
  1   failure: nothing was written
  2   the command line is wrong
  3   the new model is worse than the one in use or lost a topic; the one in use was kept
  130 interrupted
"""


def parse(arguments: list[str]) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="train.py",
        usage=SYNOPSIS,
        description="Train a topic model from labelled articles.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    _describe_learnt(parser.add_argument_group("what to learn from"))
    _describe_made(parser.add_argument_group("what to make of it"))
    options = parser.parse_args(arguments)
    if not (options.corpus or options.news or options.decisions or options.rollback):
        parser.error("give a CORPUS, --news, --decisions or --rollback")
    return options


def _describe_learnt(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "corpus", nargs="*", metavar="CORPUS", help="tables of labelled articles, or folders of them"
    )
    group.add_argument(
        "--map",
        action="append",
        default=[],
        type=field_and_column,
        metavar="FIELD=COLUMN",
        help="which column holds text, topics, title, id ...; once for each",
    )
    group.add_argument("--decisions", metavar="URL", help="also what editors decided in the desk's database")
    group.add_argument(
        "--news",
        type=Path,
        metavar="DIR",
        help="also the labels of data/labels.jsonl, whose texts are in DIR",
    )


def _describe_made(group: argparse._ArgumentGroup) -> None:
    group.add_argument(
        "--model", type=Path, default=DEFAULT_FOLDER, metavar="DIR", help="the model folder (models/local)"
    )
    group.add_argument(
        "--report", type=Path, metavar="FILE", help="also a report: .html with pictures, else plain text"
    )
    group.add_argument(
        "--frozen",
        type=Path,
        default=FROZEN,
        metavar="FILE",
        help="with --decisions: labelled articles never learnt from, by which the new model must not be worse "
        "than the one in DIR (data/portal-test.jsonl)",
    )
    group.add_argument(
        "--rollback", action="store_true", help="learn nothing; put the version before back into use"
    )
    group.add_argument("--quiet", action="store_true", help="say nothing but trouble")


def run(options: argparse.Namespace) -> int:
    """Do what the command line asks; returns the exit code."""
    from nlp.corpus import read_corpus
    from nlp.publicnews import join_news
    from nlp.report import check_report, write_report
    from nlp.training import compare_with_champion, fit_classifier, write_model

    say = (lambda _: None) if options.quiet else print
    extra = list(join_news(LABELS, options.news)) if options.news else []
    if options.decisions:
        from desk.learning import decided_articles

        extra += decided_articles(options.decisions)
    if options.report:
        check_report(options.report)
    corpus = read_corpus(options.corpus, mapping=dict(options.map), extra=extra)
    for reject in corpus.rejects:
        print(f"{reject.source}:{reject.line}: {reject.id}: {reject.reason}", file=sys.stderr)
    fit = fit_classifier(corpus, created=datetime.now(UTC).isoformat(timespec="seconds"))
    say("\n".join(fit.evaluation.table()))
    if options.report:
        write_report(options.report, fit)
    if options.decisions and (options.model / "manifest.json").exists():
        verdict = compare_with_champion(fit.classifier, options.model, read_corpus([options.frozen]).articles)
        for each in verdict.comparisons:
            say(
                f"{each.name}: F1 {each.champion:.3f} in use, {each.challenger:.3f} new{' WORSE' * each.is_worse}"
            )
        if not verdict.promoted:
            print(f"train.py: {_refusal(verdict)}; {options.model} stays as it is", file=sys.stderr)
            return NOT_PROMOTED
    sources = [Path(source).name for source in options.corpus]
    sources += [
        name for name, used in ((PUBLIC_NEWS, options.news), ("decisions", options.decisions)) if used
    ]
    manifest = write_model(fit, corpus, options.model, sources=sources)
    say(f"{manifest.id} written to {options.model} ({fit.seconds:.0f} s)")
    return DONE


def _refusal(verdict: Verdict) -> str:
    if verdict.lost:
        return (
            f"the new model no longer knows {', '.join(verdict.lost)}; give the corpus that the one in use "
            "was fitted on too"
        )
    return "the new model is worse"


def main(arguments: list[str] | None = None) -> int:
    """The door: words and an exit code."""
    options = parse(sys.argv[1:] if arguments is None else arguments)
    from nlp.errors import NlpError

    try:
        if options.rollback:
            from nlp.modelversions import rollback

            print(f"{options.model} is {rollback(options.model).id} again")
            return DONE
        return run(options)
    except ModuleNotFoundError as error:
        print(
            f"train.py: {error}; install what it needs (--decisions: pip install 'thetin[database]')",
            file=sys.stderr,
        )
        return FAILURE
    except (NlpError, OSError) as error:
        print(f"train.py: {error}", file=sys.stderr)
        return FAILURE
    except KeyboardInterrupt:
        print("train.py: interrupted; nothing was written", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
