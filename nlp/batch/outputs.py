"""A job's records and rejects as files, each whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.files import write_atomic
from nlp.records import columns, dump_line, from_record
from nlp.writers import WRITERS

if TYPE_CHECKING:
    from nlp.officials.register import Register


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How records are written: a format of ``nlp.writers``, with their texts or without.

    ``register`` is where a register of the officials and units goes, None for none.
    """

    written_as: str = "jsonl"
    with_text: bool = False
    register: Path | None = None


def write_output(path: Path, lines: Iterator[bytes], form: Form) -> None:
    """Write records, given as lines of JSONL, in any format, whole or not at all."""
    register = None
    if form.register:
        from nlp.officials.register import Register  # whoever leaves the tagging to workers can do without

        register = Register()
        lines = _noted(lines, register)
    with write_atomic(path, "wb") as stream:
        if form.written_as == "jsonl":
            stream.writelines(lines)
        else:
            records = map(json.loads, lines)
            WRITERS[form.written_as](records, stream, columns(with_text=form.with_text))
    if form.register and register is not None:
        register.write(form.register)


def _noted(lines: Iterator[bytes], register: Register) -> Iterator[bytes]:
    for line in lines:
        register.add(from_record(json.loads(line)))
        yield line


def write_rejects(path: Path, rejects: Iterator[Mapping[str, Any]]) -> int:
    """Write the rejects' file and return how many there are; without any, no file remains."""
    count = 0
    with write_atomic(path, "wb") as stream:
        for reject in rejects:
            stream.write(dump_line(reject))
            count += 1
    if not count:
        path.unlink()
    return count
