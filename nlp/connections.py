"""Connections to databases by URL, and what their errors say.

PostgreSQL is spoken by pg8000, which is plain Python under a licence like ours and knows none of the habits
of PostgreSQL's own programs; those that users rely on are here: the user and the socket where the URL names
none, ``PGPASSWORD``, ``~/.pgpass``, ``sslmode``.
"""

from __future__ import annotations

import getpass
import os
import re
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ssl

    from sqlalchemy import URL, Engine, ExceptionContext

_POSTGRES = ("postgres", "postgresql")
_PORT = 5432
# Where servers keep their sockets: Debian's, and PostgreSQL's own.
_SOCKET_FOLDERS = ("/var/run/postgresql", "/tmp")
_OPTIONS = ("application_name", "host", "sslmode", "sslrootcert")
_SSL_MODES = ("disable", "prefer", "require", "verify-ca", "verify-full")
# Classes of PostgreSQL's codes by which a server says that it can't go on now: connection, password, database
# gone, rolled back for the sake of others, resources, told to stop, system.
_UNAVAILABLE = ("08", "28", "3D", "40", "53", "57", "58")
# It ended the connection: stopped by an administrator, crashed, not up yet, or idle for too long.
_ENDED = ("57P01", "57P02", "57P03", "57P05")
# host:port:database:user:password, in which a backslash takes the meaning from a colon or another backslash
_PGPASS_LINE = re.compile(":".join([r"((?:[^:\\]|\\.)*)"] * 5))


def engine_of(url: str, **options: Any) -> Engine:  # noqa: ANN401 - SQLAlchemy's own
    """Return an engine for a database URL, or for a path, which means SQLite.

    A URL that names its driver, such as ``postgresql+psycopg://``, is SQLAlchemy's alone.

    Args:
        url: ``postgresql://user@host/name``, ``sqlite:///file.db``, or what else SQLAlchemy takes.
        options: For ``sqlalchemy.create_engine``.

    Raises:
        sqlalchemy.exc.ArgumentError: It is no URL, or has an option that is not known.
        ImportError: SQLAlchemy or the URL's driver is not installed.
    """
    from sqlalchemy import create_engine, event

    parsed = _parsed(url)
    if parsed.drivername not in _POSTGRES:
        return create_engine(parsed, **options)
    plain = parsed.set(drivername="postgresql+pg8000", query={})
    engine = create_engine(plain, connect_args=_connect_arguments(parsed), **options)
    event.listen(engine, "handle_error", _mark_ended)
    return engine


def driver_advice(url: str) -> str:
    """What to do where the driver that a URL asks for is not installed."""
    if _parsed(url).drivername in ("sqlite", *_POSTGRES):
        return "pip install 'thetin[database]'"
    return (
        "thetin[database] brings SQLite (sqlite:///file.db) and PostgreSQL (postgresql://host/name); others are "
        "read with a driver of your own, MySQL and MariaDB as mysql+pymysql://host/name after pip install pymysql"
    )


def shown_url(url: str) -> str:
    """A URL as it may be shown, without its password."""
    head, at, tail = url.rpartition("@")
    scheme, slashes, user = head.partition("://")
    return f"{scheme}{slashes}{user.partition(':')[0]}{at}{tail}" if at else url


def backend_of(url: str) -> str:
    """Which database a URL or path is of: ``sqlite``, ``postgresql``, ...

    Raises:
        sqlalchemy.exc.ArgumentError: It is no URL.
    """
    name = _parsed(url).get_backend_name()
    return "postgresql" if name == "postgres" else name


def reason_of(error: Exception) -> str:
    """What a database said, in a line."""
    cause = getattr(error, "orig", None) or error
    said = str(_fields(cause).get("M") or cause).partition("\n")[0]
    if isinstance(cause.__cause__, OSError):  # pg8000 tells where it could not connect to, and not why
        said = f"{said.partition(' (')[0]}: {cause.__cause__.strerror or cause.__cause__}"
    return said


def is_unavailable(error: Exception) -> bool:
    """Whether a database can't answer now, rather than was asked for something wrong."""
    from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

    if not isinstance(error, DBAPIError):
        return False
    code = _fields(error.orig).get("C", "")
    return isinstance(error, InterfaceError | OperationalError) or code.startswith(_UNAVAILABLE)


def _parsed(url: str) -> URL:
    from sqlalchemy import make_url

    return make_url(url if "://" in url else f"sqlite:///{url}")


def _fields(error: BaseException | None) -> dict[str, str]:
    """The fields of a PostgreSQL error by their letters: ``C`` is the code, ``M`` the message."""
    said = error.args[0] if error and error.args else None
    return said if isinstance(said, dict) else {}


def _mark_ended(context: ExceptionContext) -> None:
    """Have the pool replace a connection that the server ended, which pg8000 tells like any other error."""
    if _fields(context.original_exception).get("C", "") in _ENDED:
        context.is_disconnect = True


def _connect_arguments(url: URL) -> dict[str, Any]:
    from sqlalchemy.exc import ArgumentError

    if unknown := sorted(set(url.query) - set(_OPTIONS)):
        raise ArgumentError(f"unknown option {unknown[0]!r}; the options are {', '.join(_OPTIONS)}")
    asked = {name: str(value) for name, value in url.query.items()}
    user = url.username or os.environ.get("PGUSER") or getpass.getuser()
    port = url.port or int(os.environ.get("PGPORT") or _PORT)
    host = url.host or asked.get("host") or os.environ.get("PGHOST") or _socket_folder(port)
    known = (host, str(port), url.database or user, user)
    found: dict[str, Any] = {
        "user": user,
        "database": url.database or user,
        "password": url.password or os.environ.get("PGPASSWORD") or _kept_password(*known),
        "application_name": asked.get("application_name", "thetin"),
    }
    if host.startswith("/"):
        return found | {"unix_sock": f"{host}/.s.PGSQL.{port}", "ssl_context": False}
    return found | {
        "host": host,
        "port": port,
        "ssl_context": _ssl(**_chosen(asked, "sslmode", "sslrootcert")),
    }


def _chosen(asked: dict[str, str], *names: str) -> dict[str, str]:
    return {name: asked[name] for name in names if name in asked}


def _socket_folder(port: int) -> str:
    folders = (folder for folder in _SOCKET_FOLDERS if Path(folder, f".s.PGSQL.{port}").exists())
    return next(folders, "localhost")


def _ssl(sslmode: str = "prefer", sslrootcert: str = "") -> ssl.SSLContext | bool | None:
    """What pg8000 takes for a mode of PostgreSQL's: None encrypts where the server can, True always."""
    import ssl

    from sqlalchemy.exc import ArgumentError

    if sslmode not in _SSL_MODES:
        raise ArgumentError(f"sslmode={sslmode}: the modes are {', '.join(_SSL_MODES)}")
    if sslmode in ("disable", "prefer", "require"):
        return {"disable": False, "prefer": None, "require": True}[sslmode]
    context = ssl.create_default_context(cafile=sslrootcert or None)
    context.check_hostname = sslmode == "verify-full"
    return context


def _kept_password(*known: str) -> str | None:
    """The password that ``~/.pgpass`` keeps for a host, port, database and user; None where it has none.

    A file that others may read is passed over, as PostgreSQL's own programs do.
    """
    path = Path(os.environ.get("PGPASSFILE") or Path.home() / ".pgpass")
    try:
        if os.name == "posix" and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            return None
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    for line in lines:
        found = _PGPASS_LINE.match(line)
        if not found or line.startswith("#"):
            continue
        *wanted, password = (re.sub(r"\\(.)", r"\1", field) for field in found.groups())
        if all(_means(each, value) for each, value in zip(wanted, known, strict=True)):
            return password
    return None


def _means(wanted: str, value: str) -> bool:
    """Whether a field of ``~/.pgpass`` means a value; a local socket goes by ``localhost`` too."""
    return wanted in ("*", value) or (wanted == "localhost" and value.startswith("/"))
