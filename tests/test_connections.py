"""Database URLs: what PostgreSQL's own programs make of them, and what its errors say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError

from nlp.connections import backend_of, driver_advice, engine_of, is_unavailable, reason_of, shown_url


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nothing of the machine's own settings."""
    for name in ("PGUSER", "PGHOST", "PGPORT", "PGPASSWORD"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))


def arguments(url: str) -> dict[str, object]:
    """What the driver is called with."""
    engine = engine_of(url)
    asked: dict[str, object] = {}

    @sa.event.listens_for(engine, "do_connect")
    def look(dialect: object, record: object, positional: object, named: dict[str, object]) -> None:
        asked.update(named)
        raise InterruptedError  # it need not connect

    with pytest.raises(InterruptedError):
        engine.connect()
    return asked


def pgpass(tmp_path: Path, text: str, mode: int = 0o600) -> None:
    path = tmp_path / "pgpass"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)


def test_a_path_is_sqlite_and_a_named_driver_is_left_alone() -> None:
    assert engine_of("desk.db").url.render_as_string() == "sqlite:///desk.db"
    assert [backend_of(url) for url in ("desk.db", "postgres://h/d", "postgresql+x://h/d")] == [
        "sqlite",
        "postgresql",
        "postgresql",
    ]


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("desk.db", "^pip install 'thetin\\[database]'$"),
        ("postgresql://h/d", "^pip install 'thetin\\[database]'$"),
        ("postgresql+psycopg://h/d", "a driver of your own"),
        ("mysql://h/d", r"mysql\+pymysql://host/name after pip install pymysql"),
        ("oracle://h/d", "brings SQLite .* and PostgreSQL"),
    ],
)
def test_the_extra_is_advised_only_for_the_databases_it_brings(url: str, advice: str) -> None:
    assert re.search(advice, driver_advice(url))


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_postgresql_url_says_who_and_where(scheme: str) -> None:
    asked = arguments(f"{scheme}://lan:m%40t@db.example:5433/news")
    named = ("user", "password", "host", "port", "database", "ssl_context")
    assert [asked[name] for name in named] == ["lan", "m@t", "db.example", 5433, "news", None]


def test_what_the_url_leaves_out_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("PGUSER", "lan"), ("PGHOST", "db"), ("PGPORT", "5433"), ("PGPASSWORD", "m")):
        monkeypatch.setenv(name, value)
    asked = arguments("postgresql:///news")
    assert [asked[name] for name in ("user", "host", "port", "password")] == ["lan", "db", 5433, "m"]
    assert arguments("postgresql://minh:x@other:5434/news")["host"] == "other"


def test_a_folder_as_host_means_its_socket() -> None:
    asked = arguments("postgresql://lan@/news?host=/run/pg&application_name=cron")
    assert asked["unix_sock"] == "/run/pg/.s.PGSQL.5432"
    assert (asked["application_name"], asked["password"]) == ("cron", None)
    assert "host" not in asked


@pytest.mark.parametrize(
    ("line", "password"),
    [
        ("db:5432:news:lan:secret", "secret"),
        ("*:*:*:*:a\\:b\\\\c", "a:b\\c"),
        ("other:5432:news:lan:wrong\ndb:*:news:lan:right", "right"),
        ("# db:5432:news:lan:wrong", None),
        ("db:5432:news:minh:wrong", None),
        ("db:5432:news:lan", None),
    ],
)
def test_a_password_comes_from_pgpass(tmp_path: Path, line: str, password: str | None) -> None:
    pgpass(tmp_path, line + "\n")
    assert arguments("postgresql://lan@db/news")["password"] == password


def test_localhost_in_pgpass_means_a_socket_too(tmp_path: Path) -> None:
    pgpass(tmp_path, "localhost:*:*:*:secret\n")
    assert arguments("postgresql://lan@/news?host=/run/pg")["password"] == "secret"


def test_a_pgpass_that_others_may_read_is_passed_over(tmp_path: Path) -> None:
    pgpass(tmp_path, "*:*:*:*:secret\n", mode=0o644)
    assert arguments("postgresql://lan@db/news")["password"] is None


@pytest.mark.parametrize(("mode", "expected"), [("disable", False), ("prefer", None), ("require", True)])
def test_sslmode_says_whether_to_encrypt(mode: str, expected: object) -> None:
    assert arguments(f"postgresql://lan@db/news?sslmode={mode}")["ssl_context"] is expected


@pytest.mark.parametrize(("mode", "names"), [("verify-ca", False), ("verify-full", True)])
def test_sslmode_says_what_to_verify(mode: str, names: bool) -> None:
    context = arguments(f"postgresql://lan@db/news?sslmode={mode}")["ssl_context"]
    assert (context.verify_mode.name, context.check_hostname) == ("CERT_REQUIRED", names)  # type: ignore[attr-defined]


@pytest.mark.parametrize("option", ["sslmode=always", "nonsense=1"])
def test_an_unknown_option_is_named(option: str) -> None:
    with pytest.raises(ArgumentError, match=option.partition("=")[0]):
        engine_of(f"postgresql://lan@db/news?{option}")


def test_a_url_is_shown_without_its_password() -> None:
    assert shown_url("postgresql://lan:m:t@db/news") == "postgresql://lan@db/news"


def test_a_server_that_is_not_there_is_unavailable() -> None:
    with pytest.raises(DBAPIError) as told:
        engine_of("postgresql://lan@127.0.0.1:1/news").connect()
    assert is_unavailable(told.value)
    assert "127.0.0.1" in reason_of(told.value)
    assert "refused" in reason_of(told.value)


def test_a_wrong_question_is_answered_in_words(postgres: str) -> None:
    engine = engine_of(f"{postgres}/postgres")
    with engine.connect() as connection, pytest.raises(DBAPIError) as told:
        connection.exec_driver_sql("SELECT 1 FROM nothing")
    engine.dispose()
    assert reason_of(told.value) == 'relation "nothing" does not exist'
    assert not is_unavailable(told.value)


def test_a_connection_that_the_server_ended_is_replaced(postgres: str) -> None:
    engine = engine_of(f"{postgres}/postgres", pool_pre_ping=True)
    with engine.connect() as connection:
        first = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
    other = engine_of(f"{postgres}/postgres")
    with other.begin() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({first}, 5000)")
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT pg_backend_pid()").scalar() != first
    for each in (engine, other):
        each.dispose()


def test_times_with_a_zone_keep_the_day_of_the_session(postgres: str) -> None:
    engine = engine_of(f"{postgres}/postgres")
    with engine.connect() as connection:
        connection.exec_driver_sql("SET timezone TO 'Asia/Ho_Chi_Minh'")
        at = connection.exec_driver_sql("SELECT timestamptz '2021-03-04 17:30+00'").scalar_one()
    engine.dispose()
    assert at.isoformat() == "2021-03-05T00:30:00+07:00"
