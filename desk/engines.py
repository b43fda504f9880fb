"""Connections to the store's database: SQLite by default, PostgreSQL by URL.

SQLite is opened so that an acknowledged decision survives a power cut (WAL, ``synchronous=FULL``), and
writers wait for each other instead of failing: a write transaction takes the lock when it begins.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from nlp.connections import backend_of, engine_of, reason_of, shown_url
from nlp.errors import MissingExtraError, StoreError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# How long a writer waits for another process's transaction; ours take milliseconds.
BUSY_TIMEOUT_MS = 20_000
POOL_SIZE = 20
WRITES = "thetin_writes"
# Any number that no other program's advisory lock in the same PostgreSQL database is likely to use.
_MIGRATION_LOCK = 0x7E71
# SQLite in memory: gone with the connection.
_NO_FILE = ("sqlite://", "sqlite:///", "sqlite:///:memory:", ":memory:", "")


def make_engine(url: str) -> Engine:
    """Return an engine for a database URL, or for a path, which means SQLite.

    Raises:
        StoreError: The URL names no database that the store knows.
        MissingExtraError: The extra ``database`` is not installed.
    """
    try:
        from sqlalchemy.exc import ArgumentError
    except ImportError:
        raise MissingExtraError("the store needs SQLAlchemy: pip install 'thetin[database]'") from None
    try:
        backend = backend_of(url)
        if backend not in ("sqlite", "postgresql"):
            raise StoreError(f"{backend}: the store runs on sqlite:///desk.db or postgresql://host/name")
        if url in _NO_FILE:
            raise StoreError("the store needs a file: sqlite:///desk.db")
        engine = engine_of(url, pool_size=POOL_SIZE, max_overflow=POOL_SIZE, pool_pre_ping=True)
    except ArgumentError as error:
        raise StoreError(
            f"{shown_url(url)}: no database URL that can be used ({error}); "
            "write sqlite:///desk.db or postgresql://host/name"
        ) from None
    except ImportError as error:
        raise MissingExtraError(f"PostgreSQL: {error}; pip install 'thetin[database]'") from None
    return _sqlite(engine) if backend == "sqlite" else engine


def migrate(engine: Engine) -> None:
    """Bring the database's schema to the newest revision.

    Raises:
        StoreError: The database can't be opened, or a newer version of thetin wrote it.
    """
    from sqlalchemy import text
    from sqlalchemy.exc import SQLAlchemyError

    shown = engine.url.render_as_string(hide_password=True)
    try:
        with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _MIGRATION_LOCK})
            _bring_up(connection, shown)
    except SQLAlchemyError as error:
        raise StoreError(
            f"{shown}: can't be opened ({reason_of(error)}); check the URL and who may write there"
        ) from error


def newest_revision() -> str:
    """The revision that a database should have, by the files' names, which begin with theirs."""
    return max(path.name.partition("_")[0] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))


def upgrade(connection: Connection) -> None:
    """Run the revisions that a database has not seen, in the transaction at hand.

    Raises:
        CommandError: Alembic's; the database has a revision that this version does not know.
    """
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _bring_up(connection: Connection, shown: str) -> None:
    """Bring the schema up; Alembic is asked, and loaded, only where there is something to migrate."""
    from sqlalchemy import inspect

    from desk.schema import metadata, revisions

    there = set(inspect(connection).get_table_names())
    if revisions.name in there:
        found = connection.execute(revisions.select()).scalars().all()
        if found == [newest_revision()]:
            return
    elif not there & metadata.tables.keys():
        # A new store is what the code describes; a test holds the revisions to come to the same.
        metadata.create_all(connection, checkfirst=False)
        revisions.create(connection)
        connection.execute(revisions.insert().values(version_num=newest_revision()))
        return
    from alembic.util import CommandError

    try:
        upgrade(connection)
    except CommandError as error:
        raise StoreError(f"{shown}: written by another version of thetin ({error}); update thetin") from error


def _sqlite(engine: Engine) -> Engine:
    from sqlalchemy import event

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:  # noqa: ANN401 - a driver's connection
        """Set up each new connection."""
        connection.isolation_level = None  # transactions begin below, not where the driver guesses
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        """Take the lock at once where the transaction will write."""
        writes = connection.get_execution_options().get(WRITES, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine
