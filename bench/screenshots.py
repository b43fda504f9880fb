"""The pictures of docs/desk.md: a desk with articles of the project and made-up decisions, in a real browser.

    python -m bench.screenshots                  # writes docs/screenshots; needs chromium and chromedriver

``--tour FOLDER`` shows every page wide and narrow, light and dark, for whoever changes the pages.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.madeup import ROOT, add_account, fill

PICTURES = ROOT / "docs" / "screenshots"
WIDE, NARROW = (1200, 860), (360, 780)
# Colours of a picture's palette: text and a few washes need no more.
COLOURS = 128
ARTICLE = "/articles/song-cau-cai-cach-hanh-chinh"
PASTED = ROOT / "data" / "sample" / "tuyen-quang-kiem-tra-cong-vu.txt"

if TYPE_CHECKING:
    from selenium import webdriver


class Shooter:
    """A browser that photographs pages of a desk."""

    def __init__(self, driver: webdriver.Chrome, address: str, folder: Path) -> None:
        self.driver, self._address, self._folder = driver, address, folder

    def open(self, path: str, *, size: tuple[int, int] = WIDE, scheme: str = "light") -> None:
        """Open a page in a window of some size, light or dark."""
        width, height = size
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": size == NARROW},
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        self.driver.get(self._address + path)

    def run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the page says
        """Run a script in the page."""
        return self.driver.execute_script(script, *arguments)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, leaving the page time to answer."""
        from selenium.webdriver.common.action_chains import ActionChains

        for key in keys:
            ActionChains(self.driver).send_keys(key).perform()
            time.sleep(0.4)

    def paste(self, text: str) -> None:
        """Paste a text and wait for its tags."""
        script = (
            "const area = document.querySelector('textarea'); area.value = arguments[0];"
            "area.dispatchEvent(new Event('input', { bubbles: true }));"
        )
        self.run(script, text)
        while not self.run("return document.querySelector('#preview .answer') !== null"):
            time.sleep(0.1)

    def shoot(self, name: str, *, height: int = 0) -> None:
        """Write what the window shows, or the page down to some height, with a small palette."""
        from base64 import b64decode

        from PIL import Image

        path = self._folder / f"{name}.png"
        clip: dict[str, Any] = {}
        if height:
            width = int(self.run("return innerWidth"))
            clip = {"clip": {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}}
        shot = self.driver.execute_cdp_cmd(
            "Page.captureScreenshot", {"format": "png", "captureBeyondViewport": bool(height), **clip}
        )
        path.write_bytes(b64decode(shot["data"]))
        with Image.open(path) as picture:
            picture.convert("RGB").quantize(COLOURS).save(path, optimize=True)


def main() -> None:
    """Fill a desk, start it, photograph it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--tour", type=Path, metavar="FOLDER", help="every page in every form, into a folder")
    parser.add_argument("--database", type=Path, help="a desk that was filled before")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = options.database or Path(folder) / "desk.db"
        if not database.exists():
            fill(database)
        with _served(database) as address, _browser(Path(folder)) as driver:
            if options.tour:
                options.tour.mkdir(parents=True, exist_ok=True)
                tour(Shooter(driver, address, options.tour))
            else:
                pictures(Shooter(driver, address, PICTURES))
        closed = Path(folder) / "closed.db"
        add_account(closed)
        with _served(closed) as address, _browser(Path(folder)) as driver:
            picture_of_the_door(Shooter(driver, address, options.tour or PICTURES))


def pictures(shooter: Shooter) -> None:
    """The pictures of docs/desk.md."""
    shooter.open("/")
    shooter.shoot("queue")
    shooter.open("/", size=NARROW)
    shooter.shoot("queue-360")
    shooter.open(ARTICLE)
    shooter.press("1", "j", "j", "p", "j", "d", "k")
    shooter.shoot("article")
    shooter.open(ARTICLE, scheme="dark")
    shooter.shoot("article-dark")
    shooter.open(ARTICLE + "#place-0")
    shooter.run("document.querySelector('#place-0').scrollIntoView()")
    shooter.shoot("article-places")
    shooter.open(ARTICLE, size=NARROW)
    shooter.run("document.querySelector('#tags').scrollIntoView()")
    shooter.shoot("article-360")
    shooter.open("/paste")
    shooter.paste(PASTED.read_text(encoding="utf-8"))
    shooter.shoot("paste")
    shooter.open("/statistics")
    shooter.shoot("statistics", height=1560)
    shooter.open("/officials?text=Lò Văn")
    shooter.shoot("officials")
    shooter.open("/log?people=1")
    shooter.shoot("log")


def picture_of_the_door(shooter: Shooter) -> None:
    """The page for signing in, which a desk has once there are accounts."""
    shooter.open("/", size=(WIDE[0], 560))
    shooter.shoot("login")


def tour(shooter: Shooter) -> None:
    """Every page, wide and narrow, light and dark."""
    pages = {
        "queue": "/",
        "queue-filtered": "/?state=all&topic=reform&place=An+Giang&since=2020-01-01",
        "queue-empty": "/?text=kh%C3%B4ng+c%C3%B3",
        "article": ARTICLE,
        "paste": "/paste",
        "statistics": "/statistics",
        "officials": "/officials",
        "log": "/log",
        "error": "/nowhere",
    }
    for name, path in pages.items():
        for size, scheme in ((WIDE, "light"), (NARROW, "light"), (WIDE, "dark"), (NARROW, "dark")):
            shooter.open(path, size=(1280, 900) if size == WIDE else size, scheme=scheme)
            height = min(int(shooter.run("return document.documentElement.scrollHeight")), 2600)
            shooter.shoot(f"{name}-{size[0]}-{scheme}", height=height)


@contextmanager
def _served(database: Path) -> Iterator[str]:
    process = subprocess.Popen(
        [sys.executable, str(ROOT / "serve.py"), "--port", "0", "--database", str(database)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _browser(folder: Path) -> Iterator[webdriver.Chrome]:
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(shutil.which("chromium"))
    for flag in ("headless=new", "no-sandbox", "disable-gpu", "hide-scrollbars", "disable-dev-shm-usage"):
        options.add_argument(f"--{flag}")
    options.add_argument(f"--user-data-dir={folder / 'profile'}")
    # The browser writes days in its own language, not in the page's.
    service = Service(
        str(shutil.which("chromedriver")), env={**os.environ, "LANGUAGE": "vi", "LANG": "vi_VN.UTF-8"}
    )
    driver = webdriver.Chrome(options=options, service=service)
    try:
        yield driver
    finally:
        driver.quit()


if __name__ == "__main__":
    main()
