"""Laws of runs that tag only what is new: none dropped, none tagged twice, the same bytes again."""

from __future__ import annotations

import json
import random
import signal
from pathlib import Path

import pytest
import sqlalchemy
from door import ROOT, Door

from desk.schema import articles, suggestions
from desk.store import Store
from nlp.batch.jobs import JobFiles

LINES = (ROOT / "data" / "corpus" / "portal.jsonl").read_bytes().splitlines(keepends=True)[:40]
UPDATE = ("--since-last", "--part-size", 4)


@pytest.fixture
def spool(tmp_path: Path) -> Path:
    """A folder with two files of twenty articles, one with a row that is none."""
    folder = tmp_path / "spool"
    folder.mkdir()
    (folder / "1.jsonl").write_bytes(b"".join([*LINES[:20], b"no JSON\n"]))
    (folder / "2.jsonl").write_bytes(b"".join(LINES[20:]))
    return folder


def ids(out: Path) -> list[str]:
    return [json.loads(line)["id"] for line in out.read_bytes().splitlines()]


def counts(out: Path) -> dict[str, int]:
    return json.loads(JobFiles(out).manifest.read_text(encoding="utf-8"))["counts"]


def test_a_first_run_gives_what_a_whole_run_gives(door: Door, spool: Path, tmp_path: Path) -> None:
    out, whole = tmp_path / "tags.jsonl", tmp_path / "whole.jsonl"
    assert door.run(spool, "--output", out, *UPDATE).code == 3
    assert door.run(spool, "--output", whole).code == 3
    assert out.read_bytes() == whole.read_bytes()


def test_a_second_run_changes_nothing_and_has_no_trouble(door: Door, spool: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    before, rejects = out.stat().st_mtime_ns, JobFiles(out).rejects.read_bytes()
    again = door.run(spool, "--output", out, *UPDATE, "--quiet")
    assert (again.code, again.log) == (0, "")
    assert (out.stat().st_mtime_ns, JobFiles(out).rejects.read_bytes()) == (before, rejects)
    found = counts(out)
    assert (found["read"], found["tagged"], found["unchanged"]) == (41, 0, 41)


def test_only_new_and_changed_articles_are_tagged(door: Door, spool: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    order = ids(out)
    changed = json.loads(LINES[25]) | {
        "text": "UBND tỉnh An Giang họp về cải cách hành chính.",
        "title": "Họp",
    }
    rows = [*LINES[20:25], json.dumps(changed).encode() + b"\n", *LINES[26:]]
    (spool / "2.jsonl").write_bytes(b"".join(rows))
    (spool / "3.txt").write_text("UBND xã Bình An họp dân.", encoding="utf-8")
    assert door.run(spool, "--output", out, *UPDATE).code == 0
    assert counts(out)["tagged"] == 2
    assert ids(out) == [*order, "3"]
    records = {record["id"]: record for record in map(json.loads, out.read_bytes().splitlines())}
    assert records[changed["id"]]["title"] == "Họp"


def test_an_article_whose_file_is_gone_stays(door: Door, spool: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    before = out.read_bytes()
    (spool / "1.jsonl").unlink()
    assert door.run(spool, "--output", out, *UPDATE).code == 0
    assert out.read_bytes() == before
    assert not JobFiles(out).rejects.exists()


def test_rejects_are_read_again_when_asked(door: Door, spool: Path, tmp_path: Path) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    assert door.run(spool, "--output", out, *UPDATE, "--retry-rejects").code == 3
    (spool / "1.jsonl").write_bytes(b"".join(LINES[:20]))
    assert door.run(spool, "--output", out, *UPDATE, "--retry-rejects").code == 0
    assert not JobFiles(out).rejects.exists()


def test_other_options_tag_everything_again_in_the_same_order(
    door: Door,
    spool: Path,
    tmp_path: Path,
) -> None:
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    order = ids(out)
    door.run(spool, "--output", out, *UPDATE, "--with-text")
    assert ids(out) == order
    assert all("text" in json.loads(line) for line in out.read_bytes().splitlines())


def test_an_id_that_comes_twice_is_told(door: Door, tmp_path: Path) -> None:
    spool, out = tmp_path / "spool", tmp_path / "tags.jsonl"
    spool.mkdir()
    (spool / "index.txt").write_text("UBND huyện Châu Phú họp dân.", encoding="utf-8")
    (spool / "rows.jsonl").write_text(
        '{"id": "index", "text": "UBND huyện Tri Tôn họp dân."}', encoding="utf-8"
    )
    told = door.run(spool, "--output", out, *UPDATE)
    assert "index: two articles have this id" in told.log


def test_a_later_export_corrects_an_earlier_one_in_one_run_or_in_two(door: Door, tmp_path: Path) -> None:
    spool, out, whole = tmp_path / "spool", tmp_path / "tags.jsonl", tmp_path / "whole.jsonl"
    spool.mkdir()
    for number, words in enumerate(("UBND huyện Châu Phú họp dân.", "UBND huyện Tri Tôn họp dân.")):
        row = json.dumps({"id": "7", "text": words})
        (spool / f"2024-0{number + 1}.jsonl").write_text(row, encoding="utf-8")
        assert door.run(spool, "--output", out, *UPDATE, "--with-text").code == 0
    door.run(spool, "--output", whole, *UPDATE, "--with-text")
    assert out.read_bytes() == whole.read_bytes()
    assert "Tri Tôn" in json.loads(out.read_bytes())["text"]


def test_killed_at_random_moments_it_ends_with_the_same_bytes(
    door: Door,
    spool: Path,
    tmp_path: Path,
) -> None:
    moments = random.Random(4)
    expected = tmp_path / "expected.jsonl"
    whole = door.run(spool, "--output", expected, *UPDATE).seconds
    for kill in range(20):
        out = tmp_path / f"{kill}.jsonl"
        for _ in range(2):
            door.run(spool, "--output", out, *UPDATE, stop=(signal.SIGKILL, moments.uniform(0, whole)))
        door.run(spool, "--output", out, *UPDATE)
        assert out.read_bytes() == expected.read_bytes()
        assert JobFiles(out).rejects.read_bytes() == JobFiles(expected).rejects.read_bytes()


def test_what_a_failed_run_tagged_reaches_the_output(door: Door, spool: Path, tmp_path: Path) -> None:
    """The state knows the article already, so the next run tags nothing; the output must follow all the same."""
    out = tmp_path / "tags.jsonl"
    door.run(spool, "--output", out, *UPDATE)
    (spool / "3.jsonl").write_bytes(
        b'{"id": "new", "text": "UBND huy\xe1\xbb\x87n h\xe1\xbb\x8dp."}\nno JSON\n'
    )
    assert door.run(spool, "--output", out, *UPDATE, "--max-reject-rate", 0).code == 1
    assert door.run(spool, "--output", out, *UPDATE).code == 3
    assert ids(out)[-1] == "new"
    assert len(ids(out)) == 41
    assert len(JobFiles(out).rejects.read_bytes().splitlines()) == 2


def test_a_store_is_filled_once_whatever_happens(door: Door, spool: Path, database: str) -> None:
    first = door.run(spool, "--to", database, "--part-size", 4, stop=(signal.SIGKILL, 0.6))
    assert first.code in (-signal.SIGKILL, 3)
    door.run(spool, "--to", database, "--part-size", 4)
    assert held(database) == (40, 40)
    again = door.run(spool, "--to", database)
    assert (again.code, held(database)) == (3, (40, 40))
    assert "0 tagged, 40 unchanged" in again.log


def test_a_changed_article_adds_a_suggestion_and_overwrites_none(
    door: Door,
    tmp_path: Path,
    database: str,
) -> None:
    source = tmp_path / "a.txt"
    for words in ("UBND xã Bình An họp dân.", "UBND xã Bình An họp dân lần hai."):
        source.write_text(words, encoding="utf-8")
        assert door.run(source, "--to", database).code == 0
    assert held(database) == (1, 2)


def test_a_database_is_tagged_into_another(
    door: Door,
    database: str,
    tmp_path: Path,
    spool: Path,
) -> None:
    door.run(spool, "--to", database)
    select = ("--query", "SELECT id, title, text, published, source FROM articles ORDER BY id")
    out = tmp_path / "tags.jsonl"
    assert door.run("--from", database, *select, "--output", out, *UPDATE).code == 0
    assert ids(out) == sorted(ids(out))
    assert counts(out)["tagged"] == 40
    again = door.run("--from", database, *select, "--output", out, *UPDATE)
    assert (again.code, counts(out)["tagged"]) == (0, 0)
    assert door.run("--from", database, "--table", "articles", "--to", f"sqlite:///{tmp_path}/b.db").code == 0
    assert held(f"sqlite:///{tmp_path}/b.db") == (40, 40)


def test_a_refused_transaction_leaves_nothing_half(door: Door, spool: Path, database: str) -> None:
    with Store.open(database) as store, store.engine.begin() as connection:
        connection.exec_driver_sql(REFUSE[store.engine.dialect.name])
    failed = door.run(spool, "--to", database, "--part-size", 4)
    assert failed.code == 1
    assert "run the same command again" in failed.log
    assert "Traceback" not in failed.log
    stored, suggested = held(database)
    assert stored == suggested < 40
    with Store.open(database) as store, store.engine.begin() as connection:
        connection.exec_driver_sql(ALLOW[store.engine.dialect.name])
    assert door.run(spool, "--to", database, "--part-size", 4).code == 3
    assert held(database) == (40, 40)


# A database that refuses one suggestion in the middle of a part.
_TENTH = json.loads(LINES[10])["id"]
REFUSE = {
    "sqlite": f"CREATE TRIGGER refuse BEFORE INSERT ON suggestions WHEN NEW.article_id = '{_TENTH}' "
    "BEGIN SELECT RAISE(ABORT, 'refused'); END",
    "postgresql": f"ALTER TABLE suggestions ADD CONSTRAINT refuse CHECK (article_id <> '{_TENTH}')",
}
ALLOW = {
    "sqlite": "DROP TRIGGER refuse",
    "postgresql": "ALTER TABLE suggestions DROP CONSTRAINT refuse",
}


def held(database: str) -> tuple[int, int]:
    """How many articles and suggestions a store holds."""
    with Store.open(database) as store, store.reading() as connection:
        return tuple(  # type: ignore[return-value]
            connection.scalar(sqlalchemy.select(sqlalchemy.func.count()).select_from(table))
            for table in (articles, suggestions)
        )


def test_a_second_article_of_one_id_is_rejected_by_name(door: Door, tmp_path: Path) -> None:
    """A store keeps one article an id: the other would be lost without a word."""
    (tmp_path / "a.jsonl").write_bytes(b"".join([*LINES[:3], LINES[0]]))
    done = door.run(tmp_path / "a.jsonl", "--to", f"sqlite:///{tmp_path / 'store.db'}")
    assert done.code == 3
    assert "the same id" in done.log
