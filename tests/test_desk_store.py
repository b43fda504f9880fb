"""The store on SQLite and PostgreSQL: what goes in stays, is kept once, and is derived right."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("sqlalchemy", reason="the extra 'database' is not installed")

from alembic import command
from alembic.config import Config
from databases import new_database
from desks import TEXT, made_tags
from sqlalchemy import func, inspect, select

from desk.decisions import Decision, decide, view
from desk.engines import MIGRATIONS, make_engine, newest_revision, upgrade
from desk.history import log
from desk.queue import Filter, search
from desk.register import officials
from desk.schema import metadata, suggestions
from desk.store import Store
from nlp.errors import StoreError, UnknownArticleError
from nlp.records import to_record
from nlp.types import Article


def count(store: Store, table: object) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()  # type: ignore[arg-type]


def test_tags_come_back_as_they_were_saved(database: str) -> None:
    tags = made_tags(topics={"reform": 0.8, "awards": 0.6})
    with Store.open(database) as store:
        assert store.save_tags([tags]) == 1
        seen = view(store, "a1")
    assert seen.record == to_record(tags)
    assert seen.text == TEXT
    for tag in (*seen.officials, *seen.places):
        assert [seen.text[span.start : span.end] for span in tag.spans] == [tag.record["name"]]


def test_a_model_says_the_same_of_a_text_only_once(database: str) -> None:
    with Store.open(database) as store:
        assert [store.save_tags([made_tags()]) for _ in range(3)] == [1, 0, 0]
        assert store.save_tags([made_tags(model="tiny@2")]) == 1
        assert count(store, suggestions) == 2


def test_a_suggestion_is_never_overwritten(database: str) -> None:
    with Store.open(database) as store:
        store.save_tags([made_tags(topics={"reform": 0.8})])
        store.save_tags([made_tags(topics={"awards": 0.9}, model="tiny@2")])
        store.save_tags(
            [made_tags(topics={"discipline": 0.9}, text="Văn bản mới về kỷ luật.", model="tiny@2")]
        )
        with store.reading() as connection:
            said = [row.record["primary"] for row in connection.execute(select(suggestions).order_by("id"))]
    assert said == ["reform", "awards", "discipline"]


def test_the_newest_model_is_shown_and_a_disagreement_is_doubtful(database: str) -> None:
    with Store.open(database) as store:
        store.save_tags([made_tags(topics={"reform": 0.9})])
        store.save_tags([made_tags(topics={"awards": 0.9}, model="tiny@2")])
        seen = view(store, "a1")
    assert (seen.model, [tag.key for tag in seen.topics], seen.reason) == ("tiny@2", ["awards"], "versions")


def test_a_changed_text_waits_again_and_keeps_what_was_decided(database: str) -> None:
    with Store.open(database) as store:
        store.save_tags([made_tags()])
        revision = view(store, "a1").revision
        reject = Decision(action="reject", kind="topic", key="reform", reason="wrong", user="lan")
        decide(store, "a1", [reject, Decision(action="done", user="lan")], revision)
        assert view(store, "a1").state == "done"
        store.save_tags([made_tags(text=TEXT + " Thêm một câu.")])
        seen = view(store, "a1")
    assert (seen.state, [tag.state for tag in seen.topics]) == ("waiting", ["rejected"])


def test_an_article_without_tags_waits_for_a_model(database: str) -> None:
    article = Article(id="b", text="Họp.", title="")
    with Store.open(database) as store:
        assert [store.add_articles([article]) for _ in range(2)] == [1, 0]
        seen = view(store, "b")
        assert (seen.model, seen.topics, seen.reason, seen.state) == ("", (), "untagged", "waiting")
        assert store.article("b") == article
        with pytest.raises(UnknownArticleError, match="'c'"):
            store.article("c")


def test_an_id_that_comes_twice_is_an_update(database: str) -> None:
    twice = [made_tags(), made_tags(text="Bài khác hẳn."), *(made_tags(f"n{n}") for n in range(120))]
    with Store.open(database) as store:
        assert store.save_tags(twice) == 122
        assert store.article("a1").text == "Bài khác hẳn."
        assert search(store, Filter(state="all")).total == 121


@pytest.mark.parametrize("character", ["\x00", "\ud800", "\udfff"], ids=["NUL", "high", "low"])
def test_what_no_database_keeps_becomes_one_mark(database: str, character: str) -> None:
    tags = made_tags(text=f"Họp{character}báo.")
    with Store.open(database) as store:
        store.save_tags([replace(tags, article=replace(tags.article, title=""))])
        assert store.article("a1").text == "Họp\N{REPLACEMENT CHARACTER}báo."


def test_nothing_that_is_asked_for_upsets_the_database(database: str) -> None:
    strange = "a\x00b\ud800"
    with Store.open(database) as store:
        store.save_tags([made_tags(strange)])
        assert search(store, Filter(text=strange, state="all")).total == 1
        assert view(store, strange).article.id == store.article(strange).id
        assert decide(store, strange, Decision(action="done", user="lan"), 1) == 2
        for name in ("topic", "place", "official"):
            assert search(store, Filter(**{name: strange})).total == 0  # type: ignore[arg-type]
        assert log(store, Filter(text=strange, topic=strange)).total == 0
        assert officials(store, strange).total == 0


@pytest.mark.parametrize(
    "words", ["'; DROP TABLE articles; --", '" OR 1=1', "100%_", "\\", "<script>alert(1)</script>"]
)
def test_words_are_only_words(database: str, words: str) -> None:
    with Store.open(database) as store:
        store.save_tags([made_tags("a1"), made_tags(words, text=f"Nói rằng {words} thôi.")])
        found = search(store, Filter(text=words))
        assert [item.id for item in found.items] == [words]
        for name in ("topic", "place", "official"):
            assert search(store, Filter(**{name: words})).total == 0  # type: ignore[arg-type]
        assert log(store, Filter(text=words)).total == 2


def test_two_threads_that_save_the_same_articles_lose_and_double_nothing(database: str) -> None:
    with Store.open(database) as store:
        faults: list[BaseException] = []

        def save(model: str) -> None:
            try:
                for start in range(0, 60, 20):
                    store.save_tags(made_tags(f"a{n}", model=model) for n in range(start, start + 20))
            except BaseException as error:
                faults.append(error)

        threads = [threading.Thread(target=save, args=(f"tiny@{n % 2}",)) for n in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert faults == []
        assert count(store, suggestions) == 120
        assert search(store, Filter(state="all")).total == 60


def tables_of(connection: Any) -> dict[str, Any]:
    """All that a database says of its tables."""
    inspector = inspect(connection)
    asked = ("columns", "pk_constraint", "foreign_keys", "indexes", "unique_constraints", "check_constraints")
    told: dict[str, Any] = {}
    for table in inspector.get_table_names():
        for what in asked:
            found = getattr(inspector, f"get_{what}")(table)
            rows = [found] if isinstance(found, dict) else found
            told[f"{table} {what}"] = sorted(str({**row, "type": str(row.get("type"))}) for row in rows)
    return told


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_new_store_has_the_tables_that_the_migrations_make(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.runtime.migration import MigrationContext

    described = []
    for number in range(2):
        server = "" if kind == "sqlite" else request.getfixturevalue("postgres")
        url = new_database(server) if server else f"sqlite:///{tmp_path / f'{number}.db'}"
        if number:
            engine = make_engine(url)
            with Store(engine).writing() as connection:
                upgrade(connection)
            engine.dispose()
        with Store.open(url) as store, store.reading() as connection:
            assert compare_metadata(MigrationContext.configure(connection), metadata) == []
            described.append(tables_of(connection))
    assert described[0] == described[1]


def test_the_newest_revision_is_the_last_of_the_files() -> None:
    from alembic.script import ScriptDirectory

    assert newest_revision() == ScriptDirectory(str(MIGRATIONS)).get_current_head()


def test_a_store_of_an_older_thetin_learns_the_units_of_officials(database: str) -> None:
    tags = made_tags()
    chairwoman = replace(tags.officials[0], unit="09619")
    with Store.open(database) as store:
        store.save_tags([replace(tags, officials=(chairwoman,)), made_tags("a2")])
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        with store.writing() as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, "0001")
    with Store.open(database) as store:
        (entry,) = officials(store).items
    (person,) = entry.persons
    assert [(post.unit, post.articles) for post in person.posts] == [("09619", 2)]


def test_a_store_opens_again_with_everything_in_it(database: str) -> None:
    with Store.open(database) as store:
        store.save_tags([made_tags()])
    with Store.open(database) as store:
        assert store.article("a1").text == TEXT


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("nowhere://x", "nowhere"),
        ("mysql://root@localhost/x", "sqlite:///desk.db or postgresql"),
        ("sqlite:////no/such/folder/desk.db", "unable to open"),
        ("sqlite://", "file"),
        ("://", "no database URL"),
        ("postgresql://thetin:secret-word@127.0.0.1:1/x", "can't be opened"),
    ],
)
def test_what_is_no_store_is_refused_in_words(url: str, words: str) -> None:
    with pytest.raises(StoreError, match=words) as caught:
        Store.open(url)
    assert "secret-word" not in str(caught.value)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("Không phải cơ sở dữ liệu. " * 100, encoding="utf-8")
    with pytest.raises(StoreError, match="not a database"):
        Store.open(str(path))


def test_a_store_of_a_newer_thetin_is_refused(database: str) -> None:
    with Store.open(database) as store, store.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StoreError, match="another version of thetin"):
        Store.open(database)


def test_sqlite_is_set_up_to_survive_a_power_cut(tmp_path: Path) -> None:
    with Store.open(str(tmp_path / "desk.db")) as store, store.reading() as connection:
        ask = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous")
        }
    assert ask == {"journal_mode": "wal", "synchronous": 2}


def test_a_path_means_sqlite() -> None:
    assert make_engine("desk.db").url.render_as_string() == "sqlite:///desk.db"
