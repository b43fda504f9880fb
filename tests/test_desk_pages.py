"""The desk's pages as HTML: what they show, what their forms do without JavaScript, and that text stays text."""

from __future__ import annotations

import re
import string
import time
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args
from urllib.parse import parse_qs, urlsplit

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import ROOT, TEXT, desk, made_tags
from lxml import html as lxml_html
from sqlalchemy import delete

from desk.charts import charts_of
from desk.doubt import Probes
from desk.filters import article_url, filter_of, query_of
from desk.markup import Mark, paragraphs
from desk.queue import Filter
from desk.schema import articles, decisions, history, suggestions, tags
from desk.statistics import MonthCount, Overview
from desk.units import unit_label, unit_of, units_named
from desk.words import LANGUAGES, words
from nlp.types import Article, Place, Span, Tags

TEMPLATES = ROOT / "desk" / "templates"
STATIC = ROOT / "desk" / "static"
PAGES = ("/", "/paste", "/statistics", "/officials", "/log", "/articles/a1", "/articles/a1?find=Sen+Chiểu")
EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Any]:
    database = tmp_path_factory.mktemp("desk") / "desk.db"
    with desk(f"sqlite:///{database}", tiny_model) as client:
        # The desk has everything that waits tagged once by its own model; later articles are left alone.
        client.app.state.store.add_articles([Article(id="first", text=TEXT)])
        while client.get("/api/v1/articles/first").json()["reason"] == "untagged":
            time.sleep(0.02)
        yield client


@pytest.fixture
def client(opened: Any) -> Any:
    """A desk with two articles, whatever the test before left in it."""
    with opened.app.state.store.writing() as connection:
        for table in (tags, decisions, history, suggestions, articles):
            connection.execute(delete(table))
    opened.cookies.clear()
    keep(opened, made_tags("a1"), made_tags("a2", {"awards": 0.55}))
    return opened


def keep(client: Any, *answers: Tags) -> None:
    """Put articles into the store as if a model had weighed them, so that the desk's own leaves them alone."""
    weighed = {each.article.id: Probes(scores={}, thresholds={}) for each in answers}
    client.app.state.store.save_tags(answers, probes=weighed)


def page(client: Any, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    return lxml_html.fromstring(answer.text)


def words_in(element: Any) -> str:
    return " ".join(element.text_content().split())


def fields_of(form: Any) -> dict[str, str]:
    return {name: value or "" for name, value in form.fields.items()}


def press(client: Any, path: str, button: str, **more: str) -> Any:
    """Send the form of the button that an XPath finds, as a browser without JavaScript does."""
    found = page(client, path).xpath(button)
    assert found, button
    form = next(found[0].iterancestors("form"))
    fields = fields_of(form) | {found[0].get("name", "action"): found[0].get("value", "")} | more
    return client.post(form.action, data=fields, follow_redirects=False)


def card(title: str) -> str:
    return f"//div[contains(@class, 'card')][.//*[contains(@class, 'name')][contains(., '{title}')]]"


def states(client: Any, article_id: str = "a1") -> dict[str, tuple[str, str]]:
    tags = client.get(f"/api/v1/articles/{article_id}").json()["tags"]
    return {tag["key"]: (tag["state"], tag["reason"]) for tag in tags}


def test_clear_articles_are_finished_by_one_button_and_taken_back_by_another(client: Any) -> None:
    answer = press(client, "/?topic=reform", "//button[@data-key='KeyA']")
    assert answer.status_code == 303
    after = page(client, answer.headers["Location"])
    assert "Đã duyệt 1 bài rõ ràng" in words_in(after) and not after.xpath("//button[@data-key='KeyA']")
    assert "cả loạt" in words_in(page(client, "/log?people=1"))
    assert press(client, answer.headers["Location"], "//button[@data-key='KeyU']").status_code == 303
    assert client.get("/api/v1/articles/a1").json()["state"] == "waiting"


# ---- what the pages show ---------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_its_language_and_needs_nothing_from_elsewhere(
    client: Any, path: str, language: str
) -> None:
    separator = "&" if "?" in path else "?"
    tree = page(client, f"{path}{separator}lang={language}")
    assert tree.get("lang") == language
    assert tree.xpath("//main//h1") or tree.xpath("//article//h1")
    for value in tree.xpath("//@src | //link/@href"):
        assert value.startswith("/static/"), value
    assert not tree.xpath("//@style | //script[not(@src)] | //style | //*[@*[starts-with(name(), 'on')]]")


def test_the_language_stays_chosen(client: Any) -> None:
    assert "Queue" in words_in(page(client, "/?lang=en"))
    assert "Queue" in words_in(page(client, "/"))
    assert "Hàng đợi" in words_in(page(client, "/?lang=vi"))
    assert "Hàng đợi" in words_in(page(client, "/?lang=xx"))


def test_the_policy_lets_no_inline_script_run(client: Any) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_the_queue_tells_tags_scores_and_the_reason(client: Any) -> None:
    rows = page(client, "/").xpath("//table//tbody/tr")
    assert len(rows) == 2
    text = words_in(rows[0])
    assert "Xã Sen Chiểu trả kết quả" in text
    assert "05/03/2024" in text
    assert re.search(r"(Cải cách hành chính 80%|Thi đua – Khen thưởng 55%)", text)


@pytest.mark.parametrize(
    ("query", "ids"),
    [
        ("topic=reform", ["a1"]),
        ("topic=awards", ["a2"]),
        ("place=sen+chieu", []),
        ("place=Sen+Chiểu", ["a1", "a2"]),
        ("official=Mận", ["a1", "a2"]),
        ("since=2024-03-06", []),
        ("until=2024-03-05", ["a1", "a2"]),
        ("state=done", []),
        ("text=bưu+điện", ["a1", "a2"]),
        ("since=&until=&topic=&place=&page=", ["a1", "a2"]),
        ("since=yesterday&page=-3&state=lost", ["a1", "a2"]),
    ],
)
def test_the_queue_follows_its_filter(client: Any, query: str, ids: list[str]) -> None:
    links = page(client, f"/?{query}").xpath("//a[@class='row']/@href")
    assert sorted(urlsplit(link).path.rsplit("/", 1)[1] for link in links) == ids


def test_the_export_carries_the_filter(client: Any) -> None:
    tree = page(client, "/?topic=reform&text=Sen")
    links = tree.xpath("//p[@class='exports']/a/@href")
    assert [parse_qs(urlsplit(link).query)["format"] for link in links] == [["csv"], ["xlsx"]]
    csv = client.get(links[0])
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert b"a1" in csv.content and b"a2" not in csv.content
    assert client.get(links[1]).content.startswith(b"PK")


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/officials?text=mận", "Phạm Thị Mận"), ("/log?text=a1&since=2024-01-01&topic=", "a1")],
)
def test_the_register_and_the_log_are_exported_as_filtered(client: Any, path: str, expected: str) -> None:
    links = page(client, path).xpath(f"//a[contains(@href, '{path.partition('?')[0]}/export')]/@href")
    assert [parse_qs(urlsplit(link).query)["format"] for link in links] == [["csv"], ["xlsx"]]
    assert expected in client.get(links[0]).text and "a2" not in client.get(links[0]).text.split(expected)[0]
    assert client.get(links[1]).content.startswith(b"PK")


def test_an_article_shows_evidence_names_and_places_in_its_text(client: Any) -> None:
    tree = page(client, "/articles/a1")

    def marked(kind: str) -> str:
        marks = tree.xpath(f"//article//mark[@data-refs][contains(@class, '{kind}')]")
        return "".join(mark.text_content() for mark in marks)

    assert marked("official") == "Phạm Thị Mận"
    assert marked("place") == "Sen Chiểu"
    assert marked("topic") == TEXT[:11]
    shown = (
        tree.xpath("//article/h1")[0].text_content()
        + "\n\n"
        + tree.xpath("//div[@class='text']")[0].text_content().strip()
    )
    assert shown == TEXT


def test_an_article_shows_score_band_reason_and_todays_unit(client: Any) -> None:
    tree = page(client, "/articles/a1")
    assert "80% chắc" in words_in(tree.xpath(card("Cải cách hành chính"))[0])
    place = words_in(tree.xpath(card("xã Sen Chiểu"))[0])
    unit = unit_of("09619", date(2024, 3, 5))
    assert unit
    assert "mã 09619" in place
    assert "Nay là" in place
    assert "Phạm Thị Mận" in words_in(tree.xpath("//section[@id='tags']")[0])


def test_keys_stand_on_the_buttons_they_press(client: Any) -> None:
    for button in page(client, "/articles/a1").xpath("//*[@data-key]"):
        name = button.get("data-key").removeprefix("Shift+")
        letter = name.removeprefix("Key").removeprefix("Digit")
        if name.startswith(("Key", "Digit")):
            assert letter in words_in(button), button.get("data-key")


# ---- forms, as without JavaScript ------------------------------------------------------------------


def test_accept_reject_undo_by_plain_forms(client: Any) -> None:
    answer = press(client, "/articles/a1", card("Cải cách") + "//button[@value='accept']")
    assert answer.status_code == 303
    assert states(client)["reform"] == ("accepted", "")
    press(client, "/articles/a1", card("Cải cách") + "//button[@value='reject:marginal']")
    assert states(client)["reform"] == ("rejected", "marginal")
    assert "đã bỏ (phụ)" in words_in(page(client, "/articles/a1").xpath(card("Cải cách"))[0])
    press(client, "/articles/a1", card("Cải cách") + "//button[@value='undo']")
    press(client, "/articles/a1", "//form[@class='verdict']//button[@value='undo']")
    assert states(client)["reform"] == ("suggested", "")


def test_a_topic_that_was_missed_is_added_by_its_button(client: Any) -> None:
    press(client, "/articles/a1", card("Thi đua") + "//button[@value='add']")
    assert states(client)["awards"] == ("added", "")


def test_an_official_is_added_and_mended(client: Any) -> None:
    add = "//form[.//input[@value='official']][.//textarea][not(.//input[@name='key'])]//button[@value='add']"
    press(
        client, "/articles/a1", add, name="Lò Thị Ban", positions="Trưởng phòng Nội vụ\nĐại biểu HĐND huyện"
    )
    mend = card("Phạm Thị Mận") + "//button[@value='mend']"
    press(client, "/articles/a1", mend, name="Phạm Thị Mận", positions="Bí thư Đảng ủy xã")
    officials = client.get("/api/v1/articles/a1").json()["record"]["officials"]
    assert {each["name"]: each["positions"] for each in officials} == {
        "Phạm Thị Mận": ["Bí thư Đảng ủy xã"],
        "Lò Thị Ban": ["Trưởng phòng Nội vụ", "Đại biểu HĐND huyện"],
    }


def test_a_place_is_found_by_name_and_added_with_all_that_the_gazetteer_knows(client: Any) -> None:
    button = "//div[@class='options']//button[contains(., 'huyện Thoại Sơn, tỉnh An Giang')]"
    press(client, "/articles/a1?find=thoại+sơn", button)
    (place,) = [
        each for each in client.get("/api/v1/articles/a1").json()["record"]["places"] if each["code"] == "894"
    ]
    assert (place["name"], place["type"], place["level"], place["province"]) == (
        "Thoại Sơn",
        "huyện",
        "district",
        "An Giang",
    )
    assert "Nay là" in words_in(page(client, "/articles/a1").xpath(card("huyện Thoại Sơn"))[0])


def test_a_place_that_no_list_knows_is_added_by_name(client: Any) -> None:
    press(
        client,
        "/articles/a1?find=Bản+Không+Tên",
        "//div[@class='options']//button[contains(., 'Bản Không Tên')]",
    )
    assert "Bản Không Tên" in states(client)


def test_an_ambiguous_place_offers_what_it_may_be(client: Any) -> None:
    on = date(2020, 1, 1)
    candidates = [option.code for option in units_named("Tân Phú", on)][:3]
    text = "Tân Phú vào mùa\n\nXã Tân Phú khởi công tuyến đường mới."
    place = Place(
        name="Tân Phú",
        level="commune",
        type="xã",
        code=None,
        province="",
        candidates=tuple(candidates),
        mentions=(Span(0, 7),),
    )
    keep(client, replace(made_tags("amb", text=text, published=on), places=(place,)))
    press(client, "/articles/amb", card("Tân Phú") + "//div[@class='options']//button[@value='mend']")
    (found,) = client.get("/api/v1/articles/amb").json()["record"]["places"]
    assert found["code"] == candidates[0]
    assert not page(client, "/articles/amb").xpath(card("Tân Phú") + "//div[@class='options']")


def test_done_leads_to_the_next_article_and_then_to_the_queue(client: Any) -> None:
    first = page(client, "/?place=Sen+Chiểu").xpath("//a[@class='row']/@href")[0]
    done = "//button[@value='done']"
    following = press(client, first, done).headers["Location"]
    assert urlsplit(following).path != urlsplit(first).path
    assert parse_qs(urlsplit(following).query) == {"place": ["Sen Chiểu"]}
    assert urlsplit(press(client, following, done).headers["Location"]).path == "/"
    assert "2 bài đã duyệt" in words_in(page(client, "/?state=done"))


def test_a_change_by_somebody_else_is_told_and_nothing_is_lost(client: Any) -> None:
    old = page(client, "/articles/a1")
    press(client, "/articles/a1", card("Phạm Thị Mận") + "//button[@value='accept']")
    form = next(old.xpath(card("Cải cách") + "//button[@value='reject:wrong']")[0].iterancestors("form"))
    answer = client.post(form.action, data=fields_of(form) | {"action": "reject:wrong"})
    assert answer.status_code == 409
    assert "Có người vừa sửa bài này" in words_in(
        lxml_html.fromstring(answer.text).xpath("//*[@role='alert']")[0]
    )
    assert states(client)["reform"] == ("suggested", "")
    assert states(client)["Phạm Thị Mận"] == ("accepted", "")


def test_the_script_gets_the_part_it_puts_in_place(client: Any) -> None:
    tree = page(client, "/articles/a1")
    form = next(tree.xpath(card("Cải cách") + "//button[@value='accept']")[0].iterancestors("form"))
    answer = client.post(
        form.action, data=fields_of(form) | {"action": "accept"}, headers={"X-Fragment": "1"}
    )
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'data-said="Đã nhận thẻ Cải cách hành chính"' in answer.text


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "reject:lost", "kind": "topic", "key": "reform"},
        {"action": "explode"},
        {"action": "add", "kind": "official", "name": " "},
        {"action": "undo"},
        {"action": "mend", "kind": "topic", "key": "reform"},
        {"action": "accept", "kind": "topic", "key": "nothing"},
        {},
    ],
)
def test_a_form_that_says_nothing_possible_is_refused_on_the_page(
    client: Any, fields: dict[str, str]
) -> None:
    form = page(client, "/articles/a1").xpath("//form[@class='verdict']")[0]
    answer = client.post(form.action, data=fields_of(form) | fields)
    assert answer.status_code == 422
    assert lxml_html.fromstring(answer.text).xpath("//*[@role='alert']")
    assert set(states(client).values()) == {("suggested", "")}


@pytest.mark.parametrize("token", ["", "wrong"])
def test_a_form_without_the_pages_token_changes_nothing(client: Any, token: str) -> None:
    form = page(client, "/articles/a1").xpath("//form[@class='verdict']")[0]
    fields = fields_of(form) | {"action": "done", "csrf_token": token}
    answer = client.post(form.action, data=fields, headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 403
    assert client.get("/api/v1/articles/a1").json()["state"] == "waiting"


# ---- pasting -----------------------------------------------------------------------------------------


def paste(client: Any, action: str, text: str = "", **more: Any) -> Any:
    fields = fields_of(page(client, "/paste").xpath("//form[@id='paste']")[0])
    fields.pop("file", None)
    return client.post(
        "/paste", data=fields | {"text": text, "action": action}, follow_redirects=False, **more
    )


def test_a_pasted_text_shows_its_tags_and_is_not_kept(client: Any) -> None:
    answer = paste(client, "show", TEXT)
    tree = lxml_html.fromstring(answer.text)
    assert "Phạm Thị Mận" in words_in(tree.xpath("//dl[@class='answer']")[0])
    assert client.get("/api/v1/articles?state=all").json()["total"] == 2


def test_a_pasted_text_that_is_kept_opens_as_an_article(client: Any) -> None:
    answer = paste(client, "keep", "Tin mới\n\n" + TEXT)
    assert answer.status_code == 303
    assert "Phạm Thị Mận" in words_in(page(client, answer.headers["Location"]))


@pytest.mark.parametrize("name", ["song-cau-cai-cach-hanh-chinh.html", "go-cong-dong-buu-ta-mot-cua.docx"])
def test_a_file_is_tagged_and_kept(client: Any, name: str) -> None:
    content = (ROOT / "data" / "sample" / name).read_bytes()
    answer = paste(client, "keep", files={"file": (name, content)})
    assert answer.status_code == 303
    assert page(client, answer.headers["Location"]).xpath("//article")


def test_a_table_of_articles_lists_what_was_kept(client: Any) -> None:
    content = (ROOT / "data" / "sample" / "tin-moi.jsonl").read_bytes()
    answer = paste(client, "keep", files={"file": ("tin-moi.jsonl", content)})
    assert answer.status_code == 200
    links = lxml_html.fromstring(answer.text).xpath("//div[@class='preview']/h2/a/@href")
    assert len(links) == 3
    assert page(client, links[0]).xpath("//article")


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("", {}),
        ("  \n ", {}),
        ("", {"file": ("a.docx", b"PK\x03\x04 not a zip")}),
        ("", {"file": ("a.exe", b"MZ")}),
        ("", {"file": ("../../etc/passwd", b"root")}),
    ],
)
def test_what_is_no_article_is_told(client: Any, text: str, files: dict[str, Any]) -> None:
    answer = paste(client, "keep", text, files=files)
    assert answer.status_code == 422
    assert lxml_html.fromstring(answer.text).xpath("//*[@role='alert']")


# ---- text stays text ---------------------------------------------------------------------------------


def test_what_an_article_or_an_editor_writes_is_never_markup(client: Any) -> None:
    text = f"{EVIL}\n\nChủ tịch UBND xã Sen Chiểu Phạm Thị Mận {EVIL} nói."
    keep(client, made_tags(EVIL, text=text))
    add = "//form[.//textarea[@name='positions']][not(.//input[@name='key'])]//button[@value='add']"
    press(client, article_url(EVIL), add, name=EVIL, positions=EVIL)
    for path in ("/", article_url(EVIL), "/officials", "/log", "/statistics", f"/?text={EVIL}&place={EVIL}"):
        tree = page(client, path)
        assert not tree.xpath("//img | //script[not(@src)] | //*[@onerror]"), path
    assert EVIL in page(client, article_url(EVIL)).xpath("//article/h1")[0].text_content()


@pytest.mark.parametrize("article_id", ["a/b", "a b", "a?b#c", "tin/2024/bài 1.html", "xã"])
def test_any_id_has_a_page(client: Any, article_id: str) -> None:
    keep(client, made_tags(article_id))
    answer = press(client, article_url(article_id), card("Cải cách") + "//button[@value='accept']")
    assert page(client, answer.headers["Location"]).xpath("//article")


# ---- the other pages ---------------------------------------------------------------------------------


def test_officials_and_log_tell_what_happened(client: Any) -> None:
    person = page(client, "/officials?text=mận").xpath("//li[@class='person']")[0]
    assert "Chủ tịch UBND xã Sen Chiểu" in words_in(person)
    assert "2 bài" in words_in(person)
    press(client, "/articles/a1", card("Cải cách") + "//button[@value='reject:blocked']")
    rows = [words_in(row) for row in page(client, "/log?people=1").xpath("//tbody/tr")]
    assert len(rows) == 1
    assert "bỏ chủ đề Cải cách hành chính (chặn)" in rows[0]
    assert "tiny@1" in rows[0]
    assert len(page(client, "/log").xpath("//tbody/tr")) > 1


def test_figures_stand_beside_every_chart(client: Any) -> None:
    press(client, "/articles/a1", "//button[@value='done']")
    tree = page(client, "/statistics")
    for chart in tree.xpath("//svg[@role='img']"):
        assert chart.get("aria-label")
    assert words_in(tree.xpath("//ul[@class='totals']")[0]) == "2 bài 1 chờ duyệt 1 đã duyệt"
    assert "3/2024" in words_in(tree.xpath("//section[@aria-labelledby='months']//table")[0])
    assert "100%" in words_in(tree.xpath("//section[@aria-labelledby='quality']")[0])


def test_an_empty_desk_has_its_pages(sqlite_url: str, tiny_model: Path) -> None:
    with desk(sqlite_url, tiny_model) as empty:
        for path in ("/", "/paste", "/statistics", "/officials", "/log"):
            page(empty, path)
        assert "Hết bài chờ duyệt" in words_in(page(empty, "/"))


def test_an_unknown_page_or_article_is_told_in_words(client: Any) -> None:
    for path in ("/nowhere", "/articles/none"):
        assert "Không có trang hay bài viết nào" in words_in(page(client, path, 404))
    assert client.get("/api/v1/nowhere").headers["Content-Type"] == "application/problem+json"


def test_the_door_opens_with_the_password_and_leads_back(sqlite_url: str, tiny_model: Path) -> None:
    from desk.accounts import set_user
    from desk.store import Store

    with Store.open(sqlite_url) as store:
        store.save_tags([made_tags("a1")])
        set_user(store, "lan", "editor", "một câu đủ dài")
    with desk(sqlite_url, tiny_model) as client:
        answer = client.get("/articles/a1?topic=reform", follow_redirects=False)
        door = answer.headers["Location"]
        assert door == "/login?next=%2Farticles%2Fa1%3Ftopic%3Dreform"
        assert not page(client, door).xpath("//nav")
        wrong = client.post(door, data={"name": "lan", "password": "sai"})
        assert wrong.status_code == 422 and "không đúng" in wrong.text
        right = client.post(door, data={"name": "lan", "password": "một câu đủ dài"}, follow_redirects=False)
        assert right.headers["Location"] == "/articles/a1?topic=reform"
        assert "lan" in words_in(page(client, "/").xpath("//header")[0])
        form = page(client, "/").xpath("//form[@action='/logout']")[0]
        client.post("/logout", data=fields_of(form))
        assert client.get("/", follow_redirects=False).status_code == 303


@pytest.mark.parametrize(
    "address", ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:x"]
)
def test_the_door_leads_to_no_other_site(client: Any, address: str) -> None:
    answer = client.get("/login", params={"next": address}, follow_redirects=False)
    assert answer.headers["Location"] == "/"


# ---- the pieces --------------------------------------------------------------------------------------


def keys_and_places(language: str) -> dict[str, set[str]]:
    return {
        key: {name for _, name, _, _ in string.Formatter().parse(text) if name}
        for key, text in words(language)._texts.items()
    }


def test_both_languages_say_the_same_things() -> None:
    assert keys_and_places("vi") == keys_and_places("en")


def test_templates_ask_only_for_texts_that_are_there() -> None:
    keys = keys_and_places("vi")
    for path in TEMPLATES.glob("*.html"):
        for key in re.findall(r"\bt\('([\w.-]+)'(?:\)|,)", path.read_text(encoding="utf-8")):
            assert key in keys, f"{path.name}: {key}"


def test_every_name_that_code_makes_has_words() -> None:
    from desk.doubt import REASONS as DOUBTS
    from desk.doubt import Degree
    from desk.state import ACTIONS, KINDS, REASONS

    keys = keys_and_places("vi")
    names = {
        "reason": (*DOUBTS, *REASONS),
        "action": (*ACTIONS, "added", "changed", "suggest"),
        "kind": KINDS,
        "band": get_args(Degree),
        "band_long": get_args(Degree),
    }
    assert not [
        f"{group}.{name}" for group, all_ in names.items() for name in all_ if f"{group}.{name}" not in keys
    ]


def test_texts_are_toml_of_one_language_each() -> None:
    for language in LANGUAGES:
        with (ROOT / "desk" / "texts" / f"{language}.toml").open("rb") as stream:
            assert tomllib.load(stream)["site"]["name"] == "thetin"


@pytest.mark.parametrize(
    ("language", "value", "expected"),
    [("vi", 1234, "1.234"), ("en", 1234, "1,234"), ("vi", 0.825, "0,82"), ("en", 0.5, "0.50")],
)
def test_numbers_are_written_as_the_language_does(language: str, value: float, expected: str) -> None:
    assert words(language).number(value) == expected


@pytest.mark.parametrize(
    ("share", "expected"), [(None, "–"), (0.0, "0%"), (0.994, "99%"), (0.9999, "99%"), (1.0, "100%")]
)
def test_what_is_not_certain_never_reads_as_certain(share: float | None, expected: str) -> None:
    assert words("vi").percent(share) == expected


def test_a_models_score_is_never_certain() -> None:
    assert (words("vi").score(1.0), words("vi").score(0.5)) == ("99%", "50%")


def test_moments_are_told_by_the_clock_in_hanoi() -> None:
    assert words("vi").moment("2025-12-31T18:05:00+00:00") == "01/01/2026 01:05"


@pytest.mark.parametrize(
    ("text", "marks", "pieces"),
    [
        ("abc", [], [["abc"]]),
        ("abcdef", [("t", 0, 4), ("p", 2, 6)], [["ab", "cd", "ef"]]),
        ("ab\n\ncd", [("t", 0, 6)], [["ab"], ["cd"]]),
        ("ab", [("t", 0, 9), ("p", 1, 1)], [["ab"]]),
        ("  \n", [], []),
    ],
)
def test_text_is_cut_where_marks_begin_and_end(
    text: str, marks: list[tuple[str, int, int]], pieces: list[list[str]]
) -> None:
    found = paragraphs(text, [Mark(ref, ref, (Span(start, end),)) for ref, start, end in marks])
    assert [[piece.text for piece in each] for each in found] == pieces


def test_a_tag_has_one_first_place_in_the_text() -> None:
    found = paragraphs("ab ab\nab", [Mark("x", "place", (Span(0, 2), Span(3, 5), Span(6, 8)))])
    assert [piece.first for each in found for piece in each if piece.refs] == [("x",), (), ()]


def test_a_filter_survives_its_address() -> None:
    wanted = Filter(
        topic="reform",
        place="An Giang",
        official="Lê & Bình",
        since=date(2024, 1, 2),
        until=date(2024, 2, 3),
        state="done",
        text="một=cửa",
    )
    read = filter_of({name: value[0] for name, value in parse_qs(query_of(wanted)).items()})
    assert read == wanted


def test_units_are_told_apart_by_what_they_lie_in() -> None:
    on = date(2020, 1, 1)
    unit = unit_of("894", on)
    assert unit
    assert unit_label(unit, on) == "huyện Thoại Sơn, tỉnh An Giang"
    labels = [option.label for option in units_named("tân phú", on)]
    assert len(set(labels)) == len(labels) > 1


def test_charts_fill_the_months_between_and_keep_two_years() -> None:
    months = (
        MonthCount(month="2020-01", topic="", articles=9),
        MonthCount(month="2025-03", topic="", articles=4),
    )
    empty: dict[str, Any] = dict.fromkeys(("acceptance", "agreement", "models", "drift", "places"), ())
    (chart,) = charts_of(Overview(articles=13, waiting=13, done=0, months=months, **empty)).months
    assert len(chart.bars) == 24
    assert [bar.value for bar in chart.bars[-2:]] == [0, 4]
    assert (chart.bars[-1].height, chart.top) == (96.0, 5)
    assert [tick.month for tick in chart.ticks] == ["2023-04", "2024-01", "2025-03"]


def test_static_files_are_plain_and_call_no_other_host() -> None:
    for path in STATIC.iterdir():
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "://" not in text, path.name
