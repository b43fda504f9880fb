"""The parts of an unfinished job on disk, and the day by which it answers."""

from __future__ import annotations

import json
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import count, islice
from pathlib import Path

from nlp.batch.jobs import JobFiles, Work, now
from nlp.batch.parts import EncodedPart, Part
from nlp.files import write_atomic
from nlp.records import Record


class PartFolder:
    """The parts of one job; each file is a part that is done.

    A file's first line is the part's header (counts, rejects), the others are records. Before there is a part,
    nothing stands on disk: a job that can't begin leaves no trace.

    Args:
        files: The job's files.
        work: What the job is to do.
        size: Inputs a part; parts of another size are other parts.

    Attributes:
        today: The day of the run that did the first part, or the one that ``work`` tells.
        started: The hour at which that run began.
    """

    def __init__(self, files: JobFiles, work: Work, size: int) -> None:
        self._folder = files.parts / f"{work.key}-{size}"
        for leftover in self._folder.glob(".*.tmp"):
            leftover.unlink(missing_ok=True)
        self._start = self._folder / "job.json"
        self._begun = self._start.exists()
        if self._begun:
            facts = json.loads(self._start.read_text(encoding="utf-8"))
        else:
            facts = {"today": (work.today or date.today()).isoformat(), "started": now()}
        self.today = date.fromisoformat(facts["today"])
        self.started: str = facts["started"]

    def write(self, part: EncodedPart) -> None:
        """Write a part, whole and durably; before the first one, the day and hour."""
        if not self._begun:
            self._folder.mkdir(parents=True, exist_ok=True)
            with write_atomic(self._start) as stream:
                json.dump({"today": self.today.isoformat(), "started": self.started}, stream)
            self._begun = True
        with write_atomic(self._path(part.index), "wb") as stream:
            stream.write(part.to_bytes())

    def header(self, index: int) -> Record | None:
        """Return a part's counts and rejects, None where the part is not done."""
        try:
            with self._path(index).open("rb") as stream:
                header: Record = json.loads(stream.readline())
                return header
        except FileNotFoundError:
            return None

    def headers(self) -> Iterator[Record]:
        """Yield the headers of all parts, in order."""
        for index in count():
            header = self.header(index)
            if header is None:
                return
            yield header

    def lines(self) -> Iterator[bytes]:
        """Yield the records of all parts, in order, one line each."""
        for index in count():
            try:
                with self._path(index).open("rb") as part:
                    part.readline()
                    yield from part
            except FileNotFoundError:
                return

    def reopen(self, parts: Iterable[Part], files: JobFiles, *, without_rejects: bool) -> None:
        """Take a finished output apart again; call it when the manifest vouches for it and its rejects.

        Where the records do not come out even (a slice held fewer inputs than its file had said),
        nothing is kept, and everything is done again.

        Args:
            parts: The job's parts, which tell where each begins: many are longer than ``size``.
            files: The output, as lines of JSON, and its rejects; of these there may be none.
            without_rejects: Leave out the parts that had rejects, so that they are done again.
        """
        told = files.rejects.read_bytes().splitlines() if files.rejects.exists() else []
        waiting: deque[Record] = deque(json.loads(line) for line in told)
        even = True
        with files.output.open("rb") as lines:
            for part in parts:
                refused = []
                while waiting and waiting[0]["input"] < part.first + len(part):
                    refused.append(waiting.popleft())
                records = list(islice(lines, max(0, len(part) - len(refused))))
                even &= len(records) + len(refused) == len(part)
                if not (refused and without_rejects):
                    self.write(_done(part.index, records, refused))
            even &= not waiting and not lines.readline()
        if not even:
            for path in self._folder.glob("part-*"):
                path.unlink()

    def _path(self, index: int) -> Path:
        return self._folder / f"part-{index:08d}.jsonl"


def _done(index: int, lines: list[bytes], rejects: list[Record]) -> EncodedPart:
    topics = Counter(topic["topic"] for line in lines for topic in json.loads(line)["topics"])
    header: Record = {
        "part": index,
        "read": len(lines) + len(rejects),
        "tagged": len(lines),
        "topics": dict(sorted(topics.items())),
        "rejects": rejects,
    }
    return EncodedPart(index=index, header=header, lines=b"".join(lines))
