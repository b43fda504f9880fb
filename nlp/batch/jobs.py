"""What a job leaves on disk: its parts while it runs, its output, rejects and manifest when it is done.

::

    OUT                   the output; appears whole, in one rename
    OUT.rejects.jsonl     the inputs that are not in it, and why; absent where there are none
    OUT.failed.rejects.jsonl  those of a run that had too many of them, until one succeeds
    OUT.manifest.json     what both were made of; written last, so it never tells of work undone
    OUT.lock              exists while a job runs
    OUT.parts/KEY/        the parts of an unfinished job; KEY is a digest of all that its bytes depend on

A part's file is its own completion mark: it appears whole or not at all, so nothing else can
disagree with it. Parts of another input, model or option lie under another key and are never mixed in.
"""

from __future__ import annotations

import glob
import json
import logging
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from nlp import __version__
from nlp.errors import JobMismatchError
from nlp.files import file_digest, text_digest, write_atomic
from nlp.manifest import library_versions
from nlp.records import Record
from nlp.runlog import tell

FORMAT = "thetin-job/1"
# A manifest names this many input files one by one; the digest covers all.
LISTED_INPUTS = 1000
_KEY_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class InputFile:
    """One input as a job found it; ``path`` as it was given, or the source's name where it is no file."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """All that a job's answer depends on: the same work gives the same bytes.

    ``today`` is None where nobody told a day; the job then pins the day of its first run.
    """

    inputs: tuple[InputFile, ...]
    model: str
    today: date | None
    options: Mapping[str, Any]

    @property
    def facts(self) -> Record:
        """The work as the manifest tells it, but for the list of inputs."""
        return {
            "inputs": text_digest(json.dumps([asdict(file) for file in self.inputs])),
            "model": self.model,
            "today": self.today.isoformat() if self.today else None,
            "options": dict(self.options),
            "versions": versions(),
        }

    @property
    def key(self) -> str:
        """The name of the folder of the job's parts."""
        return text_digest(json.dumps(self.facts, sort_keys=True))[:_KEY_LENGTH]


@dataclass(slots=True)
class Counts:
    """What became of the inputs; every one read is tagged, rejected or unchanged since the last run."""

    read: int = 0
    tagged: int = 0
    rejected: int = 0
    unchanged: int = 0
    topics: Counter[str] = field(default_factory=Counter)

    def add(self, header: Mapping[str, Any]) -> None:
        """Count a part by its header."""
        self.read += header["read"]
        self.tagged += header["tagged"]
        self.rejected += len(header["rejects"])
        self.topics.update(header["topics"])

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Counts:
        """Return the counts that a manifest tells."""
        return cls(**{**record, "topics": Counter(record["topics"])})

    def to_record(self) -> Record:
        """The counts as the manifest and the log tell them."""
        return {**asdict(self), "topics": dict(sorted(self.topics.items()))}


class JobFiles:
    """The paths of a job, and what stands at them.

    Args:
        output: Where the output shall appear.
    """

    def __init__(self, output: Path) -> None:
        self.output = output
        self.lock = _beside(output, ".lock")
        self.rejects = _beside(output, ".rejects.jsonl")
        self.failed = _beside(output, ".failed.rejects.jsonl")
        self.manifest = _beside(output, ".manifest.json")
        self.state = _beside(output, ".state.sqlite3")
        self.parts = _beside(output, ".parts")

    def read_manifest(self) -> Record | None:
        """Return the manifest, None where there is none that can be read."""
        try:
            manifest: Record = json.loads(self.manifest.read_text(encoding="utf-8"))
            return manifest if manifest["format"] == FORMAT else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def done(self, work: Work, written_as: str) -> Record | None:
        """Return the manifest if the output and its rejects are what this work gives, else None.

        Both are asked for: an output beside the rejects of another run, or beside none, no longer
        accounts for every input.
        """
        manifest = self.read_manifest()
        if manifest is None or not self.output.is_file():
            return None
        same = all(manifest.get(name) == fact for name, fact in work.facts.items() if name != "today")
        # A day that nobody told is not asked for: yesterday's answer to the same work stands.
        same &= work.today is None or manifest.get("today") == work.today.isoformat()
        same &= manifest.get("written_as") == written_as
        if not same or manifest["output"]["sha256"] != file_digest(self.output):
            return None
        if manifest.get("rejects_sha256") != self._rejects_digest():
            tell(
                logging.WARNING,
                f"{self.rejects}: removed or changed since the job wrote it; everything is tagged again",
            )
            return None
        return manifest

    def check_replaceable(self) -> None:
        """Refuse to replace a file that no job made.

        Raises:
            JobMismatchError: The output was written or changed by something else.
        """
        if any(self.parts.glob("*/job.json")) or not self.output.exists() or self.output.stat().st_size == 0:
            return
        manifest = self.read_manifest()
        if manifest is None:
            raise JobMismatchError(
                f"{self.output}: exists and is not the work of a job (no {self.manifest.name}); "
                "move it away, or give --overwrite"
            )
        if manifest["output"]["sha256"] != file_digest(self.output):
            raise JobMismatchError(
                f"{self.output}: was changed since the job wrote it; move it away, or give --overwrite"
            )

    def sweep(self) -> None:
        """Remove the temporary files of a job that was killed; call it with the lock held."""
        for path in (self.output, self.rejects, self.failed, self.manifest):
            for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
                leftover.unlink(missing_ok=True)

    def write_manifest(self, work: Work, counts: Counts, started: str, written_as: str) -> None:
        """Write the manifest, and with it declare the job done."""
        listed = [asdict(file) for file in work.inputs[:LISTED_INPUTS]]
        manifest = {
            "format": FORMAT,
            "output": {
                "path": self.output.name,
                "sha256": file_digest(self.output),
                "bytes": self.output.stat().st_size,
            },
            "rejects_sha256": self._rejects_digest(),
            "written_as": written_as,
            **work.facts,
            "counts": counts.to_record(),
            "started": started,
            "ended": now(),
            "input_files": listed,
            "input_files_not_listed": len(work.inputs) - len(listed),
        }
        with write_atomic(self.manifest) as stream:
            stream.write(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        self.failed.unlink(missing_ok=True)

    def clear(self) -> None:
        """Remove the parts of all jobs on this output."""
        shutil.rmtree(self.parts, ignore_errors=True)

    def _rejects_digest(self) -> str | None:
        return file_digest(self.rejects) if self.rejects.exists() else None


def versions() -> dict[str, str]:
    """Return the versions of all that the answer depends on; thetin's own stands in its source, installed or not."""
    return {"thetin": __version__, **library_versions()}


def now() -> str:
    """The hour, as manifests and states tell it."""
    return datetime.now().astimezone().isoformat(timespec="seconds")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)
