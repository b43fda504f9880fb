"""The desk in a real browser, over a real server: keys, pasting, conflicts, narrow screens, accessibility."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")
pytest.importorskip("selenium", reason="selenium is not installed")

from desks import ROOT, Served, made_tags
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from desk.store import Store

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
if not (CHROMIUM and DRIVER):
    pytest.skip("chromium and chromedriver are not installed", allow_module_level=True)

FLAGS = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"),
    *("--hide-scrollbars", "--disable-dev-shm-usage"),
)
PAGES = (
    "/",
    "/paste",
    "/statistics",
    "/officials",
    "/log",
    "/nowhere",
    "/articles/b1",
    "/articles/b1?find=Tân+Phú",
)
NEWS = (
    "Huyện Thoại Sơn trả kết quả hồ sơ qua bưu điện\n\nTheo bà Phạm Thị Mận, Chủ tịch UBND huyện Thoại Sơn, "
    "tỉnh An Giang, bộ phận một cửa đã rút ngắn thủ tục hành chính. Bà Mận khen cách làm này."
)
# How long the page of an article that somebody sent may take; the desk answers in some 20 ms.
PATIENCE_S = 10


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, tiny_model: Path) -> Iterator[Served]:
    database = tmp_path_factory.mktemp("browser") / "desk.db"
    with Store.open(f"sqlite:///{database}") as store:
        store.save_tags([made_tags("b1"), made_tags("a%2Fb/c d"), *(made_tags(f"q{at}") for at in range(3))])
    server = Served("--database", f"sqlite:///{database}", "--model", tiny_model)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}", "--window-size=1200,900"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(str(DRIVER)))
    yield driver
    driver.quit()


@pytest.fixture
def desk(browser: webdriver.Chrome, served: Served) -> Desk:
    browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
    browser.get_log("browser")
    return Desk(browser, served)


class Desk:
    """What a person does at the desk, and what they see."""

    def __init__(self, driver: webdriver.Chrome, served: Served) -> None:
        self.driver = driver
        self.served = served

    def open(self, path: str) -> None:
        self.driver.get(self.served.url + path)

    def new_article(self) -> str:
        """Open an article that nobody decided on yet; returns its id."""
        article_id = f"n{time.time_ns()}"
        self.served.call(
            "/api/v1/articles",
            {"id": article_id, "text": f"{NEWS} Số {article_id}.", "published": "2024-03-05"},
        )
        self.open(f"/articles/{article_id}")
        return article_id

    def press(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def chord(self, held: str, key: str) -> None:
        ActionChains(self.driver).key_down(held).send_keys(key).key_up(held).perform()

    def tag(self, article_id: str, kind: str) -> dict[str, Any]:
        status, article = self.served.call("/api/v1/articles/" + urllib.parse.quote(article_id, safe=""))
        assert status == 200
        return next(tag for tag in article["tags"] if tag["kind"] == kind)

    def find(self, css: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css: str) -> list[Any]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def until(self, happens: Callable[[], Any]) -> Any:
        wait = WebDriverWait(self.driver, PATIENCE_S, 0.02, [StaleElementReferenceException])
        return wait.until(lambda _: happens())

    def says(self, words: str) -> None:
        """Wait until the live region tells a screen reader something."""
        self.until(lambda: words in self.find("#announce").text)

    def narrow(self, width: int = 360, height: int = 780) -> None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": True}
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)

    def number_of(self, kind: str) -> str:
        """The key of the first card of a kind."""
        return str(self.find(f"#{kind}-0 .yes kbd").get_attribute("textContent"))


def test_a_pasted_page_shows_its_tags_at_once(desk: Desk) -> None:
    desk.open("/paste")
    text = (ROOT / "data" / "sample" / "dien-bien-cham-ho-so.txt").read_text(encoding="utf-8")
    desk.driver.execute_script(
        "arguments[0].focus(); document.execCommand('insertText', false, arguments[1])",
        desk.find("textarea"),
        text,
    )
    answer = desk.until(lambda: desk.find(".answer"))
    assert "Quàng Văn Inh" in answer.text
    assert "huyện Mường Nhé" in answer.text
    desk.says("Đã gắn thẻ")
    desk.find("button[value=keep]").click()
    desk.until(lambda: desk.all("article"))
    assert "Điện Biên: chậm hồ sơ phải xin lỗi" in desk.find("article h1").text


def test_accept_reject_with_a_reason_and_undo_by_key(desk: Desk) -> None:
    article_id = desk.new_article()
    number = desk.number_of("official")
    desk.press(number)
    desk.says("Đã nhận thẻ")
    assert desk.tag(article_id, "official")["state"] == "accepted"
    assert desk.driver.switch_to.active_element.get_attribute("id") == "official-0"
    desk.press("p")  # the card is selected: marginal
    desk.says("Đã bỏ thẻ")
    assert (desk.tag(article_id, "official")["state"], desk.tag(article_id, "official")["reason"]) == (
        "rejected",
        "marginal",
    )
    desk.press("u")
    desk.says("Đã hoàn tác")
    assert desk.tag(article_id, "official")["state"] == "accepted"
    desk.press("u")
    desk.until(lambda: desk.tag(article_id, "official")["state"] == "suggested")
    desk.until(lambda: desk.all(f"#official-0 [data-key='Shift+Digit{number}']"))
    desk.chord(Keys.SHIFT, number)
    desk.until(lambda: desk.tag(article_id, "official")["reason"] == "wrong")
    desk.until(lambda: desk.all("#official-0.rejected"))
    desk.press("c")  # no, blocked
    desk.until(lambda: desk.tag(article_id, "official")["reason"] == "blocked")


def test_keys_pressed_fast_are_all_kept(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.press(desk.number_of("official"), desk.number_of("place"))
    desk.until(lambda: desk.tag(article_id, "place")["state"] == "accepted")
    assert desk.tag(article_id, "official")["state"] == "accepted"
    assert not desk.all("[role=alert]")


def test_accept_all_then_done_leads_to_the_next_article(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.press("a")
    desk.says("Đã nhận")
    desk.press("x")
    desk.until(lambda: article_id not in desk.driver.current_url)
    assert "/articles/" in desk.driver.current_url
    assert desk.served.call(f"/api/v1/articles/{article_id}")[1]["state"] == "done"
    assert desk.find("article h1").text in desk.driver.title
    desk.driver.back()
    desk.until(lambda: article_id in desk.driver.current_url and desk.all(".banner.ok"))


def test_a_conflict_is_told_and_the_newer_state_shown(desk: Desk) -> None:
    article_id = desk.new_article()
    tag, revision = (
        desk.tag(article_id, "official"),
        desk.served.call(f"/api/v1/articles/{article_id}")[1]["revision"],
    )
    made = {"action": "reject", "kind": "official", "key": tag["key"], "reason": "blocked"}
    desk.served.call(f"/api/v1/articles/{article_id}/decisions", {"revision": revision, "decisions": [made]})
    desk.press(desk.number_of("place"))
    alert = desk.until(lambda: desk.find("[role=alert]"))
    assert "Có người vừa sửa bài này" in alert.text
    desk.says("Có người vừa sửa bài này")
    assert "chặn" in desk.find("#official-0 .stand").text
    assert desk.tag(article_id, "place")["state"] == "suggested"
    desk.press(desk.number_of("place"))  # and now it goes
    desk.until(lambda: desk.tag(article_id, "place")["state"] == "accepted")


def test_what_the_server_refuses_outright_is_told_beside_the_tags(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.driver.execute_script(
        "for (const each of document.getElementsByName('csrf_token')) each.value = 'old'"
    )
    desk.press(desk.number_of("official"))
    assert "không được phép" in desk.until(lambda: desk.find("#tags [role=alert]")).text
    assert desk.tag(article_id, "official")["state"] == "suggested"


def test_the_whole_work_by_keyboard_alone(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.open("/")
    desk.press("/")
    desk.press(article_id, Keys.ENTER)
    desk.until(lambda: len(desk.all("a.row")) == 1)
    desk.press("j", Keys.ENTER)
    desk.until(lambda: desk.all("#official-0"))
    while desk.driver.switch_to.active_element.get_attribute("id") != "official-0":
        desk.press("j")
    assert desk.all("mark.official.lit")
    desk.press("e")
    desk.chord(Keys.CONTROL, "a")
    desk.press("Phạm Thị Mận Hoa", Keys.TAB, Keys.TAB, Keys.ENTER)
    desk.until(lambda: desk.tag(article_id, "official")["state"] == "mended")
    assert desk.tag(article_id, "official")["label"] == "Phạm Thị Mận Hoa"
    desk.until(lambda: "Phạm Thị Mận Hoa" in desk.find("#official-0 h3").text)
    desk.press("t")
    desk.until(lambda: desk.find("#add").get_attribute("open"))
    desk.press("Lò Thị Ban", Keys.TAB, "Trưởng phòng", Keys.TAB, Keys.ENTER)
    desk.until(lambda: "Lò Thị Ban" in desk.find("#tags").text)
    desk.press("x")  # the filter lets no other article through
    desk.until(lambda: urllib.parse.urlsplit(desk.driver.current_url).path == "/")
    assert desk.served.call(f"/api/v1/articles/{article_id}")[1]["state"] == "done"


def test_tab_reaches_everything_and_the_focus_is_seen(desk: Desk) -> None:
    desk.open("/articles/b1")
    seen = set()
    for _ in range(200):
        desk.press(Keys.TAB)
        element = desk.driver.switch_to.active_element
        if element.tag_name == "body" or element.id in seen:
            break
        seen.add(element.id)
        style = desk.driver.execute_script(
            "const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]"
        )
        assert style[0] != "none" and style[1] >= 2, element.get_attribute("outerHTML")[:200]
    visible = [each for each in desk.all("main button, main a[href], main summary") if each.is_displayed()]
    assert {each.id for each in visible} <= seen


def test_letters_typed_into_a_field_decide_nothing(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.press("t")
    desk.press("xanu1")
    assert desk.find("#add input[name=name]").get_attribute("value") == "xanu1"
    assert desk.tag(article_id, "official")["state"] == "suggested"
    assert article_id in desk.driver.current_url


def test_keys_can_be_turned_off_and_stay_off(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.chord(Keys.SHIFT, "/")
    switch = desk.until(lambda: desk.find("#keys-switch"))
    switch.send_keys(Keys.ENTER)
    desk.open(f"/articles/{article_id}")
    desk.press("n")
    assert article_id in desk.driver.current_url
    desk.driver.execute_script("localStorage.clear()")


def test_a_place_is_looked_up_and_added_without_leaving_the_page(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.press("t")
    field = desk.find("#add input[name=find]")
    field.send_keys("sóc sơn", Keys.ENTER)
    button = desk.until(
        lambda: next(
            (each for each in desk.all("#add .options button") if "huyện Sóc Sơn" in each.text), None
        )
    )
    button.click()
    desk.says("Đã thêm thẻ")
    places = desk.served.call(f"/api/v1/articles/{article_id}")[1]["record"]["places"]
    assert "Sóc Sơn" in [each["name"] for each in places]


def test_pointing_at_a_tag_lights_its_places_in_the_text(desk: Desk) -> None:
    desk.open("/articles/b1")
    ActionChains(desk.driver).move_to_element(desk.find("#official-0 h3")).perform()
    lit = desk.until(lambda: desk.all("mark.lit"))
    assert "Phạm Thị Mận" in {each.text for each in lit}
    assert not [each for each in lit if "official" not in each.get_attribute("class")]


def test_an_id_with_signs_of_an_address_opens_and_takes_decisions(desk: Desk) -> None:
    desk.open("/articles/" + urllib.parse.quote("a%2Fb/c d", safe=""))
    desk.press(desk.number_of("official"))
    desk.until(lambda: desk.tag("a%2Fb/c d", "official")["state"] == "accepted")


def test_without_javascript_forms_do_the_work(desk: Desk) -> None:
    article_id = desk.new_article()
    desk.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        desk.open(f"/articles/{article_id}")
        desk.find("#official-0 button[value='reject:wrong']").send_keys(Keys.ENTER)
        desk.until(lambda: desk.tag(article_id, "official")["reason"] == "wrong")
        desk.find("button[value=done]").send_keys(Keys.ENTER)
        desk.until(lambda: article_id not in desk.driver.current_url)
    finally:
        desk.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})


@pytest.mark.parametrize("path", PAGES)
def test_no_page_scrolls_sideways_at_360_pixels(desk: Desk, path: str) -> None:
    desk.narrow()
    desk.open(path)
    desk.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    wide = desk.driver.execute_script("return document.documentElement.scrollWidth - innerWidth")
    assert wide <= 0


@pytest.mark.parametrize("path", PAGES)
def test_no_page_breaks_the_policy_or_its_script(desk: Desk, path: str) -> None:
    desk.open(path)
    ActionChains(desk.driver).move_to_element(desk.find("h1")).perform()
    told = [each["message"] for each in desk.driver.get_log("browser") if "/nowhere" not in each["message"]]
    assert not told


# ---- accessibility -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """axe-core's source, installed for this run alone."""
    npm = shutil.which("npm")
    if not npm:
        pytest.skip("npm is not installed, which brings axe-core")
    folder = tmp_path_factory.mktemp("axe")
    (folder / "package.json").write_text("{}", encoding="utf-8")
    command = [npm, "install", "--ignore-scripts", "--no-audit", "--no-fund", "axe-core@4"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    if done.returncode:
        pytest.skip(f"npm could not install axe-core: {done.stderr.strip()[-200:]}")
    return (folder / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing(desk: Desk, axe: str, path: str, scheme: str) -> None:
    media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
    desk.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
    desk.open(path)
    desk.driver.execute_script("for (const each of document.querySelectorAll('details')) each.open = true")
    # A driver's script stands outside the page's policy, so axe needs no exception from it.
    desk.driver.execute_script(axe)
    found = desk.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((r) => done(r.violations))"
    )
    assert not [
        f"{each['id']} ({each['impact']}): {each['nodes'][0]['html'][:150]} {each['nodes'][0]['failureSummary'][:200]}"
        for each in found
    ]


@pytest.mark.parametrize("path", ["/login"])
def test_axe_finds_nothing_at_the_door(
    desk: Desk, axe: str, path: str, tmp_path: Path, tiny_model: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'closed.db'}"
    subprocess.run(
        [sys.executable, str(ROOT / "serve.py"), "--database", url, "--add-user", "lan"],
        input="một câu đủ dài\n",
        text=True,
        check=True,
        capture_output=True,
    )
    closed = Served("--database", url, "--model", tiny_model)
    try:
        desk.driver.get(closed.url + "/")
        assert "/login" in desk.driver.current_url
        desk.driver.execute_script(axe)
        found = desk.driver.execute_async_script("axe.run().then((r) => arguments[0](r.violations))")
        assert not [each["id"] for each in found]
        desk.press("lan", Keys.TAB, "một câu đủ dài", Keys.ENTER)
        desk.until(lambda: "Hàng đợi" in desk.driver.title)
    finally:
        closed.stop()
