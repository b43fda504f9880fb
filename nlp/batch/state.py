"""What an output that follows its inputs remembers: every record, and the digests they answer.

One SQLite file, changed in whole transactions: a part's articles are in it together or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from nlp.batch.parts import TaggedPart
from nlp.errors import JobError
from nlp.records import Record, article_digest, dump_line, reject_record, to_record
from nlp.types import Article

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS file (path TEXT PRIMARY KEY, digest TEXT NOT NULL, inputs INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS article (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, digest TEXT NOT NULL, run INTEGER NOT NULL,
    record BLOB NOT NULL
);
CREATE TABLE IF NOT EXISTS reject (
    number INTEGER PRIMARY KEY, path TEXT NOT NULL, line BLOB NOT NULL, fresh INTEGER NOT NULL
);
CREATE INDEX IF NOT EXISTS reject_path ON reject (path);
"""


class Saved(NamedTuple):
    """What saving a part showed.

    ``known`` rejects stood already, and ``repeated`` ids came before in the same run with other
    words, which the later ones replaced.
    """

    known: int
    repeated: tuple[str, ...]


class State:
    """The records of an output and what they were made of.

    Args:
        path: The state's file; made where it is missing.

    Raises:
        JobError: The file is no state of this program.
    """

    def __init__(self, path: Path) -> None:
        try:
            self._run = 0
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(_SCHEMA)
        except sqlite3.OperationalError as error:  # the disk is full, broken or may not be written
            raise JobError(f"{path}: {error}; mend that and run the same command again") from error
        except sqlite3.Error as error:
            raise JobError(
                f"{path}: no state that can be used ({error}); move it away to start anew"
            ) from error

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def begin(self, work: Mapping[str, Any], today: date | None) -> date:
        """Open a run, and return its day: ``today``, or that of the killed run it goes on with.

        Records of other work (another model, other options) stay until they are replaced, but none
        of them is current any more.
        """
        with self._transaction():
            facts = dict(self._db.execute("SELECT name, value FROM fact"))
            if facts.get("work") != (told := json.dumps(work, sort_keys=True)):
                self._db.execute("UPDATE article SET digest = ''")
                self._db.execute("DELETE FROM file")
                self._set("work", told)
            # What a killed run left of its rejects; it will meet them again.
            self._db.execute("DELETE FROM reject WHERE fresh")
            unfinished = "today" in facts
            self._run = int(facts.get("run", 0)) + (not unfinished)
            self._set("run", str(self._run))
            day = today.isoformat() if today else facts.get("today") or date.today().isoformat()
            self._set("today", day)
        return date.fromisoformat(day)

    @property
    def is_ahead(self) -> bool:
        """Whether records were saved that no output holds: a run that tagged them was killed or failed."""
        return bool(self._db.execute("SELECT 1 FROM fact WHERE name = 'ahead'").fetchone())

    def mark_written(self) -> None:
        """Note that an output with all records stands."""
        with self._transaction():
            self._db.execute("DELETE FROM fact WHERE name = 'ahead'")

    def end(self, files: Sequence[tuple[str, str, int]], present: Collection[str]) -> None:
        """Close a run.

        Args:
            files: Path, digest and inputs of each file that was read; its former rejects are obsolete.
            present: The paths of all files; rejects of files that are gone are obsolete too.
        """
        with self._transaction():
            for (path,) in self._db.execute("SELECT DISTINCT path FROM reject").fetchall():
                if path not in present:
                    self._db.execute("DELETE FROM reject WHERE path = ?", (path,))
            for path, digest, inputs in files:
                self._db.execute("DELETE FROM reject WHERE path = ? AND NOT fresh", (path,))
                if digest:
                    self._db.execute("REPLACE INTO file VALUES (?, ?, ?)", (path, digest, inputs))
            self._db.execute("UPDATE reject SET fresh = 0")
            self._db.execute("DELETE FROM fact WHERE name = 'today'")

    def inputs_of(self, path: str, digest: str) -> int | None:
        """Return how many inputs a file had when it was read, None if it is new or changed."""
        row = self._db.execute(
            "SELECT inputs FROM file WHERE path = ? AND digest = ? AND digest != ''", (path, digest)
        ).fetchone()
        return row[0] if row else None

    def has_rejects(self, path: str) -> bool:
        """Tell whether a file held inputs that were rejected."""
        return bool(self._db.execute("SELECT 1 FROM reject WHERE path = ? LIMIT 1", (path,)).fetchone())

    def current(self, articles: Sequence[Article]) -> set[str]:
        """Return the ids of the articles that stand as they were tagged."""
        found = set()
        for article in articles:
            row = self._db.execute("SELECT digest FROM article WHERE id = ?", (article.id,)).fetchone()
            if row and row[0] == article_digest(article):
                found.add(article.id)
        return found

    def save(self, part: TaggedPart, paths: Sequence[str], *, with_text: bool) -> Saved:
        """Save a part in one transaction; ``paths`` tells the file of each reject."""
        known, repeated = 0, []
        with self._transaction():
            if part.tags:
                self._set("ahead", "yes")
            for tags in part.tags:
                digest = article_digest(tags.article)
                if self._came_already(tags.article.id, digest):
                    repeated.append(tags.article.id)
                self._db.execute(
                    "INSERT INTO article (id, digest, run, record) VALUES (?, ?, ?, ?) ON CONFLICT (id) "
                    "DO UPDATE SET digest = excluded.digest, run = excluded.run, record = excluded.record",
                    (tags.article.id, digest, self._run, dump_line(to_record(tags, with_text=with_text))),
                )
            for path, (_, reject) in zip(paths, part.rejects, strict=True):
                line = dump_line(reject_record(reject))
                query = "SELECT 1 FROM reject WHERE path = ? AND line = ? AND NOT fresh LIMIT 1"
                known += bool(self._db.execute(query, (path, line)).fetchone())
                self._db.execute("INSERT INTO reject (path, line, fresh) VALUES (?, ?, 1)", (path, line))
        return Saved(known, tuple(repeated))

    def lines(self) -> Iterator[bytes]:
        """Yield the records as lines, in the order in which their articles first came."""
        for (line,) in self._db.execute("SELECT record FROM article ORDER BY number"):
            yield line

    def rejects(self) -> Iterator[Record]:
        """Yield the inputs that stand rejected."""
        for (line,) in self._db.execute("SELECT line FROM reject ORDER BY number"):
            yield json.loads(line)

    def _came_already(self, identity: str, digest: str) -> bool:
        """Tell whether this run met the id with other words."""
        query = "SELECT 1 FROM article WHERE id = ? AND digest != ? AND run = ?"
        return bool(self._db.execute(query, (identity, digest, self._run)).fetchone())

    def _set(self, name: str, value: str) -> None:
        self._db.execute("REPLACE INTO fact VALUES (?, ?)", (name, value))

    def _transaction(self) -> _Transaction:
        return _Transaction(self._db)


class _Transaction:
    """All of a block's changes, or none."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def __enter__(self) -> None:
        self._db.execute("BEGIN IMMEDIATE")

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._db.execute("ROLLBACK" if kind else "COMMIT")
