"""Rows of a query or table become articles, in SQLite and in PostgreSQL."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from nlp.batch.database import DatabaseInputs
from nlp.connections import engine_of
from nlp.errors import JobError
from nlp.types import Article, Reject

NEWS = sa.Table(
    "tin",
    sa.MetaData(),
    sa.Column("ma", sa.Numeric(10, 0), primary_key=True),
    sa.Column("tieu_de", sa.Text),
    sa.Column("noi_dung", sa.Text),
    sa.Column("ngay_dang", sa.DateTime),
)
ROWS = [
    (3, "Xã Bình An họp", "UBND xã Bình An họp lúc 9:30 sáng.", datetime(2021, 3, 5, 9, 30)),
    (1, "Xã Tân Lập họp", "UBND xã Tân Lập họp dân.", None),
    (2, "", None, datetime(2021, 3, 6)),
]
MAPPING = {"id": "ma", "title": "tieu_de", "text": "noi_dung", "published": "ngay_dang"}


@pytest.fixture
def news(database: str) -> str:
    """A table of three rows, the second of which holds no text."""
    engine = engine_of(database)
    with engine.begin() as connection:
        NEWS.create(connection)
        names = [column.name for column in NEWS.columns]
        connection.execute(NEWS.insert(), [dict(zip(names, row, strict=True)) for row in ROWS])
    engine.dispose()
    return database


def test_rows_come_in_the_order_of_the_key(news: str) -> None:
    first, second, third = DatabaseInputs(news, table="tin", mapping=MAPPING)
    assert isinstance(first, Article)
    assert (first.id, first.title, first.published) == ("1", "Xã Tân Lập họp", None)
    assert isinstance(second, Reject)
    assert (second.line, second.id) == (2, "2")
    assert "no words" in second.reason
    assert isinstance(third, Article)
    assert (third.id, third.published) == ("3", date(2021, 3, 5))


def test_columns_are_known_by_their_usual_names(news: str) -> None:
    found = [item.id for item in DatabaseInputs(news, table="tin")]
    assert found == ["1", "tin-2", "3"]


def test_a_colon_in_a_query_is_a_colon(news: str) -> None:
    query = "SELECT ma AS id, noi_dung AS text FROM tin WHERE noi_dung LIKE '%9:30%' AND tieu_de <> ':x'"
    (item,) = DatabaseInputs(news, query=query)
    assert item.id == "3"


def test_a_limit_stops_the_query(news: str) -> None:
    assert len(list(DatabaseInputs(news, table="tin", limit=2))) == 2


def test_rows_put_aside_are_the_rows(news: str, tmp_path: Path) -> None:
    direct, aside = DatabaseInputs(news, table="tin"), DatabaseInputs(news, table="tin")
    aside.put_aside(tmp_path)
    assert list(aside) == list(direct)
    assert aside.digests()[0].sha256


def test_a_resumed_job_sees_the_rows_of_its_first_run(news: str, tmp_path: Path) -> None:
    first = DatabaseInputs(news, table="tin")
    first.put_aside(tmp_path)
    engine = engine_of(news)
    with engine.begin() as connection:
        connection.execute(NEWS.insert().values(ma=Decimal(4), noi_dung="UBND xã Tân Lập họp nữa."))
    engine.dispose()
    resumed, other = DatabaseInputs(news, table="tin"), DatabaseInputs(news, table="tin", limit=9)
    resumed.put_aside(tmp_path)
    assert list(resumed) == list(first)
    other.put_aside(tmp_path)
    assert len(list(other)) == 4


@pytest.mark.parametrize(
    ("url", "what", "words"),
    [
        ("sqlite:///{folder}/none.db", {"table": "tin"}, "there is no table tin"),
        ("sqlite:///{folder}/none.db", {"query": "SELECT FROM"}, "syntax error"),
        ("postgresql://desk:secret@127.0.0.1:1/x", {"table": "tin"}, "127.0.0.1"),
        ("nothing://x", {"table": "tin"}, "no database URL"),
        ("sqlite://", {}, "--query SELECT or --table NAME"),
        ("sqlite://", {"query": "SELECT 1", "table": "tin"}, "--query SELECT or --table NAME"),
    ],
)
def test_what_a_database_refuses_is_told(url: str, what: dict[str, str], words: str, tmp_path: Path) -> None:
    (tmp_path / "none.db").touch()  # an empty file is a database without tables
    with pytest.raises(JobError, match=words) as told:
        list(DatabaseInputs(url.format(folder=tmp_path), **what))  # type: ignore[arg-type]
    assert "secret" not in str(told.value)


def test_a_missing_sqlite_file_is_named_and_not_made(tmp_path: Path) -> None:
    gone = tmp_path / "gone.db"
    with pytest.raises(JobError, match="no such file"):
        list(DatabaseInputs(f"sqlite:///{gone}", table="tin"))
    assert not gone.exists()


@pytest.mark.parametrize(
    "query", ["DELETE FROM tin", "drop table tin", "", "-- SELECT\nUPDATE tin SET ma = 1", "tin"]
)
def test_a_query_that_is_no_select_is_refused_in_words(query: str) -> None:
    with pytest.raises(JobError, match="--query must be a SELECT: articles are read, nothing is changed"):
        DatabaseInputs("sqlite://", query=query)


@pytest.mark.parametrize(
    "query",
    ["WITH t AS (SELECT * FROM tin) SELECT ma, noi_dung FROM t", "/* tin */ (SELECT ma, noi_dung FROM tin)"],
)
def test_a_select_may_be_dressed_up(query: str, news: str) -> None:
    if query.startswith("/*") and news.startswith("sqlite"):
        pytest.skip("SQLite takes no brackets around a SELECT")
    assert len(list(DatabaseInputs(news, query=query))) == 3


def test_a_statement_that_changes_in_disguise_changes_nothing(news: str) -> None:
    disguised = (
        "WITH t AS (SELECT 1 AS one) DELETE FROM tin WHERE ma IN (SELECT one FROM t) RETURNING noi_dung"
    )
    with pytest.raises(JobError, match=r"read-?only|syntax error"):
        list(DatabaseInputs(news, query=disguised))
    assert len(list(DatabaseInputs(news, table="tin"))) == 3
