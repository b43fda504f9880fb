"""What a run tells: words on standard error, a progress bar for a person, one summary line.

Standard output carries data only. Without ``--quiet`` a run ends with its summary; with it, a run
without trouble says nothing, so that cron has nothing to mail.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

LOGGER = logging.getLogger("thetin")
# Attribute of a log record that carries its facts for --log-json.
_FACTS = "facts"


def configure(*, quiet: bool, as_json: bool) -> None:
    """Send the log to standard error, as words or as one JSON object a line.

    Args:
        quiet: Only warnings and errors.
        as_json: Objects with ``time``, ``level``, ``message`` and an event's own facts.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonFormatter() if as_json else _WordFormatter())
    LOGGER.handlers[:] = [handler]
    LOGGER.propagate = False
    LOGGER.setLevel(logging.WARNING if quiet else logging.INFO)


def tell(level: int, message: str, facts: Mapping[str, Any] | None = None) -> None:
    """Log a message; ``facts`` are what a program reads of it."""
    LOGGER.log(level, message, extra={_FACTS: dict(facts or {})})


class Progress:
    """Counts inputs as they are done, on a bar where a person is watching.

    The bar appears on a terminal only, with the rate and the time left.

    Args:
        total: How many inputs there are, None where nobody knows.
        shown: False for no bar whatever standard error is.
    """

    def __init__(self, total: int | None, *, shown: bool) -> None:
        self.started = time.monotonic()
        self._bar = None
        if shown and sys.stderr.isatty():
            from tqdm import tqdm

            self._bar = tqdm(total=total, unit=" articles", file=sys.stderr, leave=False, smoothing=0.1)

    def advance(self, inputs: int, *, skipped: bool = False) -> None:
        """Count inputs; those skipped since an earlier run did them leave the rate alone."""
        if self._bar is None:
            return
        if skipped:
            self._bar.initial += inputs
        self._bar.update(inputs)

    def close(self) -> None:
        """Take the bar away; the summary follows it."""
        if self._bar is not None:
            self._bar.close()

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started


class _WordFormatter(logging.Formatter):
    """``thetin: message``, with the level where it is trouble."""

    def format(self, record: logging.LogRecord) -> str:
        """Say who speaks, how grave it is from a warning on, and what."""
        level = "" if record.levelno < logging.WARNING else f"{record.levelname.lower()}: "
        return f"thetin: {level}{record.getMessage()}"


class _JsonFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Put time, level, message and the facts that came with it into one object."""
        when = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")
        facts = getattr(record, _FACTS, {})
        words = {"time": when, "level": record.levelname.lower(), "message": record.getMessage()}
        return json.dumps(words | facts, ensure_ascii=False)


def sentence(parts: Iterable[str]) -> str:
    """Join what a summary says, leaving out what there is nothing to say of.

    >>> sentence(["3 articles", "", "0.1 s"])
    '3 articles, 0.1 s'
    """
    return ", ".join(part for part in parts if part)
