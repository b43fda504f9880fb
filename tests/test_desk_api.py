"""The HTTP API, end to end in this process: tags, articles, decisions, exports, errors."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from databases import new_database
from desks import ROOT, TEXT, desk

from desk import export
from desk.store import Store
from nlp.connections import engine_of
from nlp.types import Article

SAMPLE = ROOT / "data" / "sample"


@pytest.fixture
def client(sqlite_url: str, tiny_model: Path) -> Iterator[Any]:
    with desk(sqlite_url, tiny_model) as opened:
        yield opened


def stored(client: Any, article_id: str = "a1") -> dict[str, Any]:
    client.post("/api/v1/articles", json={"id": article_id, "text": TEXT}).raise_for_status()
    return client.get(f"/api/v1/articles/{article_id}").json()


def test_tags_of_a_text_with_the_places_that_spans_count(client: Any) -> None:
    answer = client.post("/api/v1/tag", json={"articles": [{"id": "a", "text": TEXT}], "with_text": True})
    record = answer.json()["records"][0]
    assert answer.status_code == 200
    start, end = record["officials"][0]["mentions"][0]
    assert record["text"][start:end] == "Phạm Thị Mận"
    assert record["model"] == answer.json()["model"]
    assert client.get("/api/v1/articles?state=all").json()["total"] == 0  # nothing is kept


def test_one_article_and_a_hundred(client: Any) -> None:
    one = client.post("/api/v1/tag", json={"text": TEXT}).json()
    many = client.post("/api/v1/tag", json={"articles": [{"text": TEXT}] * 100}).json()
    assert many["records"] == one["records"] * 100
    assert client.post("/api/v1/tag", json={"articles": [{"text": TEXT}] * 101}).status_code == 422


def test_html_gives_its_title_and_date_and_what_the_request_says_goes_first(client: Any) -> None:
    html = (SAMPLE / "song-cau-cai-cach-hanh-chinh.html").read_text(encoding="utf-8")
    record = client.post("/api/v1/tag", json={"html": html}).json()["records"][0]
    assert record["title"] and record["published"]
    told = client.post("/api/v1/tag", json={"html": html, "published": "2020-01-02", "id": "x"}).json()[
        "records"
    ][0]
    assert (told["id"], told["published"], told["as_of"]) == ("x", "2020-01-02", "2020-01-02")


@pytest.mark.parametrize("name", sorted(path.name for path in SAMPLE.iterdir()))
def test_files_are_read_by_their_suffix(client: Any, name: str) -> None:
    answer = client.post("/api/v1/tag", files={"file": (name, (SAMPLE / name).read_bytes())})
    assert answer.status_code == 200
    assert answer.json()["records"] and not answer.json()["rejects"]


def test_what_cannot_be_read_is_rejected_and_the_others_are_tagged(client: Any) -> None:
    articles = [{"text": TEXT}, {"id": "b", "text": " \n"}, {"html": "<p></p>"}]
    answer = client.post("/api/v1/tag", json={"articles": articles}).json()
    assert len(answer["records"]) == 1
    assert [(reject["number"], reject["id"]) for reject in answer["rejects"]] == [(2, "b"), (3, "")]


def test_an_article_is_stored_once_and_found(client: Any) -> None:
    first = client.post("/api/v1/articles", json={"text": TEXT})
    assert first.status_code == 201
    assert client.post("/api/v1/articles", json={"text": TEXT}).json()["ids"] == first.json()["ids"]
    page = client.get("/api/v1/articles", params={"text": "sen chiểu"}).json()
    assert [item["id"] for item in page["items"]] == first.json()["ids"]


@pytest.mark.parametrize("article_id", ["portal/x.html", "a b?c=d#e", "bài/số/1", "../../etc/passwd"])
def test_any_id_can_be_asked_for(client: Any, article_id: str) -> None:
    from urllib.parse import quote

    client.post("/api/v1/articles", json={"id": article_id, "text": TEXT}).raise_for_status()
    path = f"/api/v1/articles/{quote(article_id, safe='')}"
    found = client.get(path).json()
    assert found["id"] == article_id
    body = {"revision": found["revision"], "decisions": [{"action": "done"}]}
    assert client.post(f"{path}/decisions", json=body).json()["state"] == "done"


def test_decisions_and_a_conflict(client: Any) -> None:
    article = stored(client)
    add = {"action": "add", "kind": "topic", "key": "discipline"}
    body = {"revision": article["revision"], "decisions": [add, {"action": "done"}]}
    after = client.post("/api/v1/articles/a1/decisions", json=body).json()
    assert after["revision"] == article["revision"] + 2
    assert "discipline" in [topic["topic"] for topic in after["record"]["topics"]]
    again = client.post("/api/v1/articles/a1/decisions", json=body)
    assert (again.status_code, again.json()["type"]) == (409, "urn:thetin:problem:conflict")
    assert {tag["decided_by"] for tag in after["tags"] if tag["state"] == "added"} == {"biên tập"}


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "kind"),
    [
        ("GET", "/api/v1/articles/none", None, 404, "urn:thetin:problem:unknown-article"),
        ("GET", "/api/v1/nothing", None, 404, "about:blank"),
        ("PUT", "/api/v1/tag", None, 405, "about:blank"),
        ("POST", "/api/v1/tag", {"text": TEXT, "html": TEXT}, 422, "urn:thetin:problem:invalid"),
        ("POST", "/api/v1/tag", {"txt": TEXT}, 422, "urn:thetin:problem:invalid"),
        ("POST", "/api/v1/tag", [], 422, "urn:thetin:problem:invalid"),
        ("POST", "/api/v1/tag", {"articles": []}, 422, "urn:thetin:problem:invalid"),
        ("GET", "/api/v1/articles?page=0", None, 422, "urn:thetin:problem:invalid"),
        ("GET", "/api/v1/articles?since=0", None, 422, "urn:thetin:problem:invalid"),
        ("POST", "/api/v1/tag", {"text": TEXT, "published": 0}, 422, "urn:thetin:problem:invalid"),
        ("GET", "/api/v1/articles?colour=red", None, 422, "urn:thetin:problem:invalid"),
        ("GET", "/api/v1/export?format=exe", None, 422, "urn:thetin:problem:invalid"),
        ("POST", "/api/v1/articles/a/decisions", {"revision": 1}, 422, "urn:thetin:problem:invalid"),
    ],
)
def test_errors_are_problems(
    client: Any, method: str, path: str, body: object, status: int, kind: str
) -> None:
    answer = client.request(method, path, json=body)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert (problem["status"], problem["type"]) == (status, kind)
    assert problem["request_id"] == answer.headers["X-Request-Id"]


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b"{", "application/json", 422),
        (b"\xff\xfe{}", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b"text=a", "application/x-www-form-urlencoded", 415),
        (b"", "application/json", 422),
        (b"x", "", 415),
    ],
)
def test_bodies_that_are_no_json(client: Any, content: bytes, media_type: str, status: int) -> None:
    answer = client.post("/api/v1/tag", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == status


def test_a_request_keeps_the_id_it_brings_if_it_is_harmless(client: Any) -> None:
    assert client.get("/healthz", headers={"X-Request-Id": "cms-42"}).headers["X-Request-Id"] == "cms-42"
    assert client.get("/healthz", headers={"X-Request-Id": "<b>" * 30}).headers["X-Request-Id"] != "<b>" * 30


def test_exports_open_in_excel_and_carry_the_decisions(client: Any) -> None:
    from openpyxl import load_workbook

    article = stored(client)
    add = {"action": "add", "kind": "topic", "key": "discipline"}
    body = {"revision": article["revision"], "decisions": [add]}
    client.post("/api/v1/articles/a1/decisions", json=body).raise_for_status()
    table = client.get("/api/v1/export?format=csv")
    assert table.content.startswith(b"\xef\xbb\xbfid,title") and "discipline" in table.text
    assert table.headers["Content-Disposition"] == 'attachment; filename="thetin.csv"'
    sheet = load_workbook(io.BytesIO(client.get("/api/v1/export?format=xlsx").content)).active
    assert [row[0].value for row in sheet.iter_rows()] == ["id", "a1"]
    lines = client.get("/api/v1/export?format=jsonl").text.splitlines()
    assert json.loads(lines[0]) == client.get("/api/v1/articles/a1").json()["record"]
    assert client.get("/api/v1/export?format=jsonl&state=done").text == ""


def test_the_register_and_the_log_open_in_excel_as_filtered(client: Any) -> None:
    from openpyxl import load_workbook

    article = stored(client)
    reject = {"action": "reject", "kind": "official", "key": "Phạm Thị Mận", "reason": "wrong"}
    body = {"revision": article["revision"], "decisions": [reject, {"action": "undo"}]}
    client.post("/api/v1/articles/a1/decisions", json=body).raise_for_status()

    def rows(path: str) -> list[list[Any]]:
        """The same rows by both formats."""
        answer = client.get(f"/api/v1/{path}&format=csv")
        assert answer.content.startswith(b"\xef\xbb\xbf") and answer.status_code == 200
        assert 'filename="thetin-' in answer.headers["Content-Disposition"]
        found = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
        book = load_workbook(io.BytesIO(client.get(f"/api/v1/{path}&format=xlsx").content))
        assert [[cell.value or "" for cell in row] for row in book.active.iter_rows()] == found
        return found

    register = rows("officials/export?text=mận")
    assert register[1][:3] == ["Phạm Thị Mận", "1", "Chủ tịch UBND xã Sen Chiểu"]
    assert len(rows("officials/export?text=không ai")) == 1
    events = rows("log/export?people_only=true")
    assert [row[2:7] for row in events[1:]] == [
        ["hoàn tác", "cán bộ", "Phạm Thị Mận", "", "a1"],
        ["bỏ", "cán bộ", "Phạm Thị Mận", "sai", "a1"],
    ]
    assert [row[1] for row in rows("log/export?until=2030-01-01")[1:]][2:] == ["máy", "máy"]
    assert len(rows("log/export?until=2020-01-01")) == 1


def test_a_sheet_that_excel_cannot_hold_is_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_SHEET_ROWS", 1)
    stored(client)
    answer = client.get("/api/v1/log/export?format=xlsx")
    assert answer.status_code == 422 and "take CSV" in answer.json()["detail"]
    assert client.get("/api/v1/log/export?format=csv").text.count("a1") == 2


def test_reports_answer(client: Any) -> None:
    stored(client)
    assert client.get("/api/v1/statistics?state=all").json()["articles"] == 1
    assert client.get("/api/v1/officials").json()["items"][0]["name"] == "Phạm Thị Mận"
    assert {event["action"] for event in client.get("/api/v1/log").json()["items"]} == {"added", "suggest"}
    assert set(client.get("/api/v1/topics").json()) == {"awards", "discipline", "reform"}


def test_the_description_is_openapi_3_1_and_the_metrics_count(client: Any) -> None:
    stored(client)
    assert client.get("/api/v1/openapi.json").json()["openapi"].startswith("3.1")
    assert client.get("/healthz").json()["status"] == "ok"
    figures = client.get("/metrics").text
    assert (
        'thetin_requests_total{method="GET",route="/api/v1/articles/{article_id:path}",status="200"} 1.0'
        in figures
    )
    assert "thetin_articles_tagged 1.0" in figures


def test_sample_articles_are_there(sqlite_url: str, tiny_model: Path) -> None:
    with desk(sqlite_url, tiny_model, sample=True) as client:
        page = client.get("/api/v1/articles").json()
    assert page["total"] == 10


def test_a_whole_round_on_each_kind_of_database(database: str, tiny_model: Path) -> None:
    with desk(database, tiny_model) as client:
        article = stored(client, "portal/số 1")
        body = {
            "revision": article["revision"],
            "decisions": [{"action": "add", "kind": "topic", "key": "awards"}],
        }
        path = "/api/v1/articles/portal/số 1"
        assert client.post(f"{path}/decisions", json=body).status_code == 200
        assert client.post(f"{path}/decisions", json=body).status_code == 409
        for report in (
            *("articles", "statistics", "officials", "log"),
            *("export", "officials/export", "log/export"),
        ):
            assert client.get(f"/api/v1/{report}").status_code == 200
        assert "awards" in client.get("/api/v1/export?format=csv").text


def test_articles_that_others_put_in_the_store_are_tagged_in_between(
    sqlite_url: str, tiny_model: Path
) -> None:
    with Store.open(sqlite_url) as store:
        store.add_articles([Article(id=f"b{n}", text=f"{TEXT} {n}") for n in range(9)])
    with desk(sqlite_url, tiny_model) as client:
        for _ in range(200):
            items = client.get("/api/v1/articles").json()["items"]
            if "untagged" not in {item["reason"] for item in items}:
                break
            time.sleep(0.02)
    assert len(items) == 9
    assert "untagged" not in {item["reason"] for item in items}


def test_a_database_that_is_gone_is_told(postgres: str, postgres_template: str, tiny_model: Any) -> None:
    database = new_database(postgres, template=postgres_template)
    with desk(database, tiny_model) as client:
        assert client.get("/healthz").status_code == 200
        engine = engine_of(f"{postgres}/postgres", isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {database.rpartition('/')[2]} WITH (FORCE)")
        engine.dispose()
        for path in ("/healthz", "/api/v1/articles"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["detail"]) == (
                503,
                "the database does not answer; try again soon",
            )
