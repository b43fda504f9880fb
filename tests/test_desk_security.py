"""Who may enter, and what attackers try: each attempt is refused and leaves no trace."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import TEXT, desk

from desk import accounts
from desk.login import TRIES, Door
from desk.schema import api_keys, users
from desk.security import COOKIE
from desk.store import Store
from nlp.errors import AccessError, RateError, SignInError, StoreError

PASSWORD = "mật khẩu đủ dài"
EVIL = "http://evil.example"


@pytest.fixture
def open_desk(sqlite_url: str, tiny_model: Path) -> Iterator[Any]:
    with desk(sqlite_url, tiny_model, max_body=1 << 20) as client:
        yield client


@pytest.fixture(scope="session")
def peopled(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A store with an editor and a reviewer, and its key; made once, since a password takes its time."""
    path = tmp_path_factory.mktemp("peopled") / "desk.db"
    shutil.copy(sqlite_template, path)
    with Store.open(str(path)) as store:
        accounts.set_user(store, "lan", "editor", PASSWORD)
        accounts.set_user(store, "minh", "reviewer", PASSWORD)
        key = accounts.make_key(store, "cms")
    return path, key


@pytest.fixture
def closed(peopled: tuple[Path, str], tmp_path: Path, tiny_model: Path) -> Iterator[Any]:
    """A desk that asks who enters; ``closed.key`` holds a program's headers."""
    path, key = peopled
    shutil.copy(path, tmp_path / "desk.db")
    with desk(str(tmp_path / "desk.db"), tiny_model, host="0.0.0.0") as client:
        client.key = {"Authorization": f"Bearer {key}"}
        yield client


def enter(client: Any, name: str = "lan") -> dict[str, str]:
    """Sign in by the form; returns the headers that a page's requests carry."""
    assert sign_in(client, name).status_code == 303
    token = re.search('name="csrf_token" value="([^"]+)"', client.get("/").text)
    assert token
    return {"X-CSRF-Token": token[1], "Origin": "http://127.0.0.1:8000"}


def sign_in(client: Any, name: str, base: str = "") -> Any:
    return client.post(f"{base}/login", data={"name": name, "password": PASSWORD}, follow_redirects=False)


def store_of(client: Any) -> Store:
    return client.app.state.store


# Passwords and keys.


def test_passwords_and_keys_are_stored_as_hashes_only(closed: Any) -> None:
    with store_of(closed).reading() as connection:
        kept = str(connection.execute(users.select()).all()) + str(
            connection.execute(api_keys.select()).all()
        )
    assert "$argon2id$" in kept
    assert PASSWORD not in kept
    assert closed.key["Authorization"].removeprefix("Bearer ") not in kept


@pytest.mark.parametrize(
    ("name", "password"),
    [("lan", "mật khẩu khác"), ("không ai", PASSWORD), ("lan", ""), ("lan' --", PASSWORD)],
)
def test_a_wrong_name_or_password_is_told_in_the_same_words(closed: Any, name: str, password: str) -> None:
    with pytest.raises(SignInError, match="the name or the password is wrong"):
        closed.app.state.accounts.sign_in(name, password)


@pytest.mark.parametrize(
    ("name", "password", "role"),
    [
        *[("", PASSWORD, "editor"), ("x" * 81, PASSWORD, "editor"), ("a\x00b", PASSWORD, "editor")],
        *[("lan", "ngắn", "editor"), ("lan", "x" * 201, "editor"), ("lan", PASSWORD, "king")],
    ],
)
def test_accounts_that_are_not_acceptable(sqlite_url: str, name: str, password: str, role: Any) -> None:
    with Store.open(sqlite_url) as store:
        with pytest.raises(StoreError):
            accounts.set_user(store, name, role, password)
        assert not accounts.Accounts(store).exist()


def test_a_desk_that_others_reach_refuses_to_start_without_accounts(
    sqlite_url: str, tiny_model: Path
) -> None:
    with pytest.raises(AccessError, match="--add-user"), desk(sqlite_url, tiny_model, host="192.0.2.1"):
        pass


def test_wrong_passwords_are_limited_and_the_right_one_then_too(closed: Any) -> None:
    door = Door(closed.app.state.accounts, closed.app.state.sessions)
    for _ in range(TRIES):
        with pytest.raises(SignInError):
            door.sign_in("192.0.2.7", "lan", "đoán mò mãi thôi")
    for name in ("lan", "LAN "):
        with pytest.raises(RateError):
            door.sign_in("192.0.2.7", name, PASSWORD)
    assert door.sign_in("192.0.2.8", "lan", PASSWORD).user.name == "lan"


def test_right_passwords_are_not_limited(closed: Any) -> None:
    door = Door(closed.app.state.accounts, closed.app.state.sessions)
    for _ in range(TRIES + 2):
        door.sign_in("", "lan", PASSWORD)


# Who is let in.


@pytest.mark.parametrize(
    "path",
    [
        *("/api/v1/articles", "/api/v1/log", "/api/v1/statistics"),
        *("/api/v1/export", "/api/v1/officials/export", "/api/v1/log/export"),
    ],
)
def test_nobody_enters_unasked(closed: Any, path: str) -> None:
    answer = closed.get(path)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert closed.get(path, headers={"Authorization": "Bearer thetin_guess"}).status_code == 401
    assert closed.get(path, headers={"Authorization": "Basic bGFuOng="}).status_code == 401
    assert closed.get(path, headers=closed.key).status_code == 200


NO_KEYS = ("Basic bGFuOng=", "Bearer", "Bearer ", "bearer thetin_guess", "thetin_guess")


@pytest.mark.parametrize("given", NO_KEYS)
@pytest.mark.parametrize("path", ["/api/v1/articles", "/", "/login"])
def test_what_is_no_key_is_refused_even_beside_a_good_cookie(closed: Any, path: str, given: str) -> None:
    enter(closed)
    assert closed.get(path).status_code == 200
    answer = closed.get(path, headers={"Authorization": given}, follow_redirects=False)
    assert answer.status_code == 401


@pytest.mark.parametrize("given", NO_KEYS)
def test_what_is_no_key_is_refused_by_an_open_desk_too(open_desk: Any, given: str) -> None:
    assert open_desk.get("/api/v1/articles", headers={"Authorization": given}).status_code == 401


def test_healthz_is_for_all_and_metrics_for_this_machine_or_an_administrator(closed: Any) -> None:
    from fastapi.testclient import TestClient

    assert closed.get("/healthz").status_code == 200
    assert closed.get("/metrics").status_code == 200
    key = accounts.make_key(store_of(closed), "prometheus", "administrator")
    afar = TestClient(closed.app, client=("192.0.2.9", 50000))
    assert afar.get("/healthz").status_code == 200
    assert afar.get("/metrics").status_code == 401
    assert afar.get("/metrics", headers=closed.key).status_code == 403
    assert afar.get("/metrics", headers={"Authorization": f"Bearer {key}"}).status_code == 200


def test_a_revoked_key_and_a_removed_user_enter_no_longer(
    closed: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "CACHE_SECONDS", -1.0)
    enter(closed)
    assert closed.get("/api/v1/articles").status_code == 200
    accounts.disable_user(store_of(closed), "lan")
    accounts.revoke_key(store_of(closed), "cms")
    assert closed.get("/api/v1/articles").status_code == 401
    assert closed.get("/api/v1/articles", headers=closed.key).status_code == 401


def test_a_new_password_ends_old_sessions(closed: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accounts, "CACHE_SECONDS", -1.0)
    enter(closed)
    accounts.set_user(store_of(closed), "lan", "editor", PASSWORD + " mới")
    assert closed.get("/api/v1/articles").status_code == 401


def other(letter: str) -> str:
    return "B" if letter == "A" else "A"


@pytest.mark.parametrize(
    "change",
    [
        lambda value: other(value[0]) + value[1:],  # the name
        lambda value: value[:-10] + other(value[-10]) + value[-9:],  # the signature
        lambda value: value.rsplit(".", 1)[0],
        lambda value: "x",
    ],
    ids=["payload", "signature", "unsigned", "nothing"],
)
def test_a_cookie_that_was_tampered_with_is_no_session(closed: Any, change: Any) -> None:
    enter(closed)
    value = closed.cookies[COOKIE]
    closed.cookies.clear()
    closed.cookies.set(COOKIE, change(value))
    assert closed.get("/api/v1/articles").status_code == 401


def test_the_open_editors_cookie_is_worth_nothing_once_there_are_accounts(
    open_desk: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accounts, "CACHE_SECONDS", -1.0)
    open_desk.app.state.accounts._next_look = 0.0
    open_desk.get("/").raise_for_status()
    assert COOKIE in open_desk.cookies
    assert open_desk.get("/api/v1/articles").status_code == 200
    accounts.set_user(store_of(open_desk), "lan", "editor", PASSWORD)
    assert open_desk.get("/api/v1/articles").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts_and_foreign_pages(closed: Any) -> None:
    for base, secure in (("", False), ("https://127.0.0.1:8000", True)):
        cookie = sign_in(closed, "lan", base).headers["Set-Cookie"]
        assert "HttpOnly" in cookie and "SameSite=lax" in cookie
        assert ("Secure" in cookie) == secure


# Forged requests.


@pytest.mark.parametrize(
    ("change", "status"),
    [
        ({}, 201),
        ({"X-CSRF-Token": ""}, 403),
        ({"X-CSRF-Token": "guess"}, 403),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
    ],
)
def test_a_session_needs_its_token_and_its_own_origin(
    closed: Any, change: dict[str, str], status: int
) -> None:
    headers = {**enter(closed), **change}
    assert closed.post("/api/v1/articles", json={"text": TEXT}, headers=headers).status_code == status


def test_a_key_needs_no_token(closed: Any) -> None:
    assert closed.post("/api/v1/articles", json={"text": TEXT}, headers=closed.key).status_code == 201


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "http://127.0.0.1:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Cookie": "a=b"},
    ],
)
def test_an_open_desk_refuses_browsers_without_a_token(open_desk: Any, headers: dict[str, str]) -> None:
    assert open_desk.post("/api/v1/articles", json={"text": TEXT}, headers=headers).status_code == 403
    assert open_desk.get("/api/v1/articles?state=all").json()["total"] == 0


def test_an_open_desk_answers_to_no_foreign_name(open_desk: Any) -> None:
    assert open_desk.get("/api/v1/articles", headers={"Host": "evil.example"}).status_code == 403


def test_an_editor_does_not_change_what_another_finished(closed: Any) -> None:
    by_reviewer = enter(closed, "minh")
    closed.post("/api/v1/articles", json={"id": "a1", "text": TEXT}, headers=by_reviewer).raise_for_status()
    done = {"revision": 1, "decisions": [{"action": "done"}]}
    assert closed.post("/api/v1/articles/a1/decisions", json=done, headers=by_reviewer).status_code == 200
    add = {"revision": 2, "decisions": [{"action": "add", "kind": "topic", "key": "awards"}]}
    assert closed.post("/api/v1/articles/a1/decisions", json=add, headers=enter(closed)).status_code == 403


# Bodies and uploads.


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_that_is_too_large_is_refused(open_desk: Any, chunked: bool) -> None:
    body = b'{"text": "' + b"a" * (1 << 20) + b'"}'
    content = iter([body[:1000], body[1000:]]) if chunked else body
    answer = open_desk.post("/api/v1/tag", content=content, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:thetin:problem:too-large")


def test_an_upload_that_is_too_large_is_refused(open_desk: Any) -> None:
    answer = open_desk.post("/api/v1/tag", files={"file": ("a.txt", b"a" * (1 << 20))})
    assert answer.status_code == 413


def zipped(name: str, content: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", b"<Types/>")
        archive.writestr(name, content)
    return stream.getvalue()


ENTITIES = b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><document>&b;</document>'
FILE_ENTITY = b'<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><document>&a;</document>'


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("bomb.docx", zipped("word/document.xml", b"\0" * (64 << 20)), "zip bomb"),
        ("laughs.docx", zipped("word/document.xml", ENTITIES), "entities"),
        ("secret.docx", zipped("word/document.xml", FILE_ENTITY), "entities"),
        ("bomb.xlsx", zipped("xl/workbook.xml", b"\0" * (64 << 20)), "zip bomb"),
        ("page.php", b"<?php system('id'); ?>", "not read"),
        ("a.zip", zipped("a.txt", b"text"), "unpack"),
        ("nothing.txt", b"", "empty"),
        ("a.docx", b"MZ\x90\x00", "damaged"),
    ],
)
def test_uploads_that_are_refused_in_words(open_desk: Any, name: str, content: bytes, words: str) -> None:
    answer = open_desk.post("/api/v1/tag", files={"file": (name, content)})
    assert answer.status_code in (415, 422)
    assert words in answer.json()["detail"]
    assert "root:" not in answer.text


@pytest.mark.parametrize(
    "name",
    ["../../../tmp/thetin-evil.txt", "..\\..\\thetin-evil.txt", "/etc/thetin-evil.txt", "thetin\x00evil.txt"],
)
def test_an_uploads_name_is_no_path(open_desk: Any, name: str) -> None:
    answer = open_desk.post("/api/v1/articles", files={"file": (name, TEXT.encode())})
    assert answer.status_code in (201, 400)
    for article_id in answer.json().get("ids", ()):
        assert "/" not in article_id and "\\" not in article_id and "\x00" not in article_id
    assert not list(Path("/tmp").glob("thetin-evil*"))


@pytest.mark.parametrize(
    "path", ["/static/../desk.db", "/static/%2e%2e/app.py", "/static//etc/passwd", "/..%2fserve.py"]
)
def test_no_file_of_the_server_can_be_asked_for(open_desk: Any, path: str) -> None:
    assert open_desk.get(path).status_code in (403, 404)


SCRIPT = '<script>alert("x")</script><img src=x onerror=alert(1)>'


def test_markup_is_kept_as_words_and_never_served_as_a_page(open_desk: Any) -> None:
    body = {"id": SCRIPT, "text": f"{SCRIPT} Họp báo.", "title": SCRIPT}
    open_desk.post("/api/v1/articles", json=body).raise_for_status()
    for path in ("/api/v1/articles?state=all", "/api/v1/log", "/api/v1/export?format=csv&state=all"):
        answer = open_desk.get(path)
        assert "<script>" in answer.text
        assert not answer.headers["Content-Type"].startswith("text/html")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_an_exported_cell_is_no_formula(open_desk: Any) -> None:
    open_desk.post(
        "/api/v1/articles", json={"id": "=cmd|' /C calc'!A0", "text": "Họp báo."}
    ).raise_for_status()
    assert "\n'=cmd" in open_desk.get("/api/v1/export?format=csv&state=all").text
    assert ",'=cmd" in open_desk.get("/api/v1/log/export?format=csv").text


def test_every_answer_keeps_browsers_strict(open_desk: Any) -> None:
    for path in ("/healthz", "/api/v1/articles", "/nothing"):
        headers = open_desk.get(path).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe-inline" not in headers["Content-Security-Policy"]
        assert headers["X-Frame-Options"] == "DENY"
        assert "server" not in headers


def test_a_fault_tells_nothing_of_the_inside(open_desk: Any) -> None:
    state, store = open_desk.app.state, open_desk.app.state.store
    state.store = None
    answer = open_desk.get("/api/v1/articles")
    state.store = store
    assert answer.status_code == 500
    assert "Traceback" not in answer.text and "NoneType" not in answer.text
