"""What tests of the desk share: tags made by hand, a desk in this process, a desk in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from nlp.types import Article, Official, Place, Span, Tags, TopicTag

ROOT = Path(__file__).resolve().parent.parent
TEXT = (
    "Xã Sen Chiểu trả kết quả hồ sơ qua bưu điện\n\n"
    "Chủ tịch UBND xã Sen Chiểu Phạm Thị Mận cho biết xã đã rút ngắn thủ tục. Bà Mận khen tổ một cửa."
)


def made_tags(
    article_id: str = "a1",
    topics: dict[str, float] | None = None,
    *,
    model: str = "tiny@1",
    text: str = TEXT,
    published: date | None = date(2024, 3, 5),
    auto: float = 0.7,
) -> Tags:
    """Tags as a model would give them, spans and all, for an article with one official and one place."""
    given = {"reform": 0.8} if topics is None else topics
    name, place = text.find("Phạm Thị Mận"), text.find("Sen Chiểu")
    officials = [
        Official(
            name="Phạm Thị Mận",
            positions=("Chủ tịch UBND xã Sen Chiểu",),
            unit=None,
            mentions=(Span(name, name + 12),),
        )
    ]
    places = [
        Place(
            name="Sen Chiểu",
            level="commune",
            type="xã",
            code="09619",
            province="Hà Nội",
            mentions=(Span(place, place + 9),),
        )
    ]
    return Tags(
        article=Article(
            id=article_id, text=text, title=text.split("\n")[0], published=published, source="portal"
        ),
        as_of=published or date(2026, 1, 1),
        topics=tuple(
            TopicTag(
                topic=topic, score=score, band="auto" if score > auto else "suggest", evidence=(Span(0, 11),)
            )
            for topic, score in given.items()
        ),
        primary=next(iter(given), None),
        officials=tuple(officials if name >= 0 else []),
        places=tuple(places if place >= 0 else []),
        model=model,
    )


@contextmanager
def desk(database: str, model: Path, **settings: Any) -> Iterator[Any]:
    """A client of a desk that runs in this process, once its model is loaded."""
    from fastapi.testclient import TestClient

    from desk.app import create_app
    from desk.settings import Settings

    app = create_app(Settings(database=database, model=model, **settings))
    with TestClient(
        app, base_url="http://127.0.0.1:8000", client=("127.0.0.1", 50000), raise_server_exceptions=False
    ) as client:
        app.state.tagging.loading.result(timeout=60)
        yield client


class Served:
    """``serve.py`` in a process of its own, as a person starts it."""

    def __init__(self, *arguments: object) -> None:
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "serve.py"), "--port", "0", *map(str, arguments)],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert self.process.stdout
        self.url = self.process.stdout.readline().strip()

    def call(self, path: str, body: object = None, *, key: str = "") -> tuple[int, Any]:
        """GET a path, or POST JSON to it; returns the status and the answer."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        request = urllib.request.Request(self.url + path, data, headers)
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)

    def kill(self) -> None:
        """End the process as a power cut would: at once, with nothing flushed."""
        self.process.send_signal(signal.SIGKILL)
        self._reap()

    def stop(self) -> int:
        """End it as a person would, by Ctrl-C; returns the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self._reap()

    def _reap(self) -> int:
        code = self.process.wait(timeout=30)
        assert self.process.stdout
        self.process.stdout.close()
        return code
