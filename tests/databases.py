"""Databases for tests: a SQLite file, and a PostgreSQL server of our own where its programs are installed."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest


def _programs() -> Path | None:
    """The folder of initdb and pg_ctl, on the path or where Debian keeps them."""
    found = shutil.which("initdb")
    if found:
        return Path(found).parent
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return places[-1].parent if places else None


def _owner() -> str | None:
    """Who may run the server: it refuses to run as root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL server, without a database's name."""
    programs = _programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: the store is tested on SQLite alone")
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="thetin-pg-"))
    folder.chmod(0o755)
    data = folder / "data"
    data.mkdir()
    if owner:
        for path in (folder, data):
            shutil.chown(path, owner)
    data.chmod(0o700)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    as_owner = {"user": owner} if owner else {}
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off"
    initdb = [
        programs / "initdb",
        "-D",
        data,
        "-U",
        "thetin",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C",
    ]
    server = [programs / "pg_ctl", "-D", data, "-w"]
    try:
        subprocess.run(initdb, check=True, capture_output=True, cwd=folder, **as_owner)
        subprocess.run(
            [*server, "-o", options, "-l", folder / "log", "start"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd=folder,
            **as_owner,
        )
        yield f"postgresql://thetin@127.0.0.1:{port}"
    finally:
        subprocess.run([*server, "-m", "immediate", "stop"], capture_output=True, cwd=folder, **as_owner)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the newest schema, to be copied: migrating each anew would take most of the time."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    _make_tables(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: str) -> str:
    """The name of a database with the newest schema, to be copied."""
    url = new_database(postgres)
    _make_tables(url)
    return url.rpartition("/")[2]


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of an empty SQLite store."""
    shutil.copy(sqlite_template, tmp_path / "desk.db")
    return f"sqlite:///{tmp_path / 'desk.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The URL of an empty store, of each kind in turn."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    server = request.getfixturevalue("postgres")
    return new_database(server, template=request.getfixturevalue("postgres_template"))


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a database without any table, of each kind in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'bare.db'}"
    return new_database(request.getfixturevalue("postgres"))


def new_database(server: str, *, template: str = "template1") -> str:
    """Make a database on a PostgreSQL server; returns its URL."""
    from nlp.connections import engine_of

    name = f"t{uuid.uuid4().hex}"
    engine = engine_of(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine.dispose()
    return f"{server}/{name}"


def _make_tables(url: str) -> None:
    from desk.store import Store

    Store.open(url).close()  # the last to leave a SQLite file moves everything into it, so it can be copied
