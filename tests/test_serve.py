"""The door of the desk as a person starts it: what it refuses, and what a kill leaves behind."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="the extra 'desk' is not installed")

from desks import ROOT, TEXT, Served

from desk.decisions import view
from desk.store import Store


def serve(*arguments: object, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "serve.py"), *map(str, arguments)],
        input=said,
        capture_output=True,
        text=True,
        timeout=60,
    )


def becomes_healthy(served: Served) -> bool:
    """Whether a desk says before long that it can tag."""
    for _ in range(600):
        status, told = served.call("/healthz")
        if status == 200:
            return True
        assert (status, told["detail"]) == (503, "the model is being loaded; ask again in a second")
        threading.Event().wait(0.05)
    return False


# What the first page has no need of, and what took more than half of the start when it was waited for.
LATE = {
    "alembic": "nothing is to be migrated",
    "nlp.officials.positions": "the tagger's rules",
    "nlp.places.finder": "the tagger's rules",
    "numpy": "the model",
    "nlp.readers.sources": "uploads",
    "openpyxl": "exports",
    "pyarrow": "exports",
    "argon2": "passwords",
    "websockets": "no page speaks that",
    "wsproto": "no page speaks that",
}


@pytest.mark.parametrize("store", ["new", "old"])
def test_the_first_page_waits_for_nothing_that_it_does_not_need(
    store: str, tmp_path: Path, sqlite_template: Path, tiny_model: Path
) -> None:
    """The page is asked for before the thread that loads the model begins."""
    database = sqlite_template if store == "old" else tmp_path / "desk.db"
    code = (
        "import sys\n"
        "import uvicorn\n"
        "from pathlib import Path\n"
        "from starlette.testclient import TestClient\n"
        "from desk.app import create_app\n"
        "from desk.settings import Settings\n"
        "app = create_app(Settings(database=sys.argv[1], model=Path(sys.argv[2])))\n"
        "page = TestClient(app, base_url='http://127.0.0.1', client=('127.0.0.1', 50000)).get('/')\n"
        "assert page.status_code == 200, page.text\n"
        f"print(*({set(LATE)} & sys.modules.keys()))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", code, str(database), str(tiny_model)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert told.returncode == 0, told.stderr
    assert told.stdout.split() == []


def test_a_model_that_breaks_while_it_is_loaded_ends_the_desk(tmp_path: Path, tiny_model: Path) -> None:
    folder = Path(shutil.copytree(tiny_model, tmp_path / "model"))
    (weights,) = folder.glob("weights-*.npz")
    weights.write_bytes(weights.read_bytes()[:-1])
    outcome = serve("--port", "0", "--database", tmp_path / "desk.db", "--model", folder)
    assert outcome.returncode == 1
    assert outcome.stdout.startswith("http://127.0.0.1:")
    assert outcome.stderr.strip() == (
        f"serve.py: {weights}: altered or cut since it was written (digest differs); restore the folder"
    )


def test_help_answers_without_the_web_framework() -> None:
    code = (
        "import sys, serve\n"
        "try: serve.main(['--help'])\n"
        "except SystemExit: pass\n"
        "assert not {'fastapi', 'sqlalchemy', 'numpy', 'nlp.tagger'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_machines_are_let_in_only_with_accounts(tmp_path: Path, tiny_model: Path, host: str) -> None:
    outcome = serve("--host", host, "--database", tmp_path / "desk.db", "--model", tiny_model)
    assert outcome.returncode == 1
    assert "serve.py --add-user NAME" in outcome.stderr
    assert outcome.stdout == ""


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--database", "nowhere://x"], "sqlite:///desk.db"),
        (["--database", "x.db", "--model", "no/such/model"], "no model here"),
        (["--add-user", "lan", "--database", "x.db"], "10 to 200 characters"),
        (["--remove-user", "nobody", "--database", "x.db"], "no user"),
        (["--remove-key", "nothing", "--database", "x.db"], "no key"),
    ],
)
def test_what_goes_wrong_is_said_in_one_line(tmp_path: Path, arguments: list[str], words: str) -> None:
    at = [str(tmp_path / "x.db") if each == "x.db" else each for each in arguments]
    outcome = serve(*at, said="ngắn\n")
    assert outcome.returncode == 1
    assert words in outcome.stderr and "Traceback" not in outcome.stderr


def test_accounts_are_made_at_the_door_and_close_the_desk(tmp_path: Path, tiny_model: Path) -> None:
    database = tmp_path / "desk.db"
    made = serve("--add-user", "lan", "--role", "reviewer", "--database", database, said="một mật khẩu dài\n")
    assert made.returncode == 0
    key = serve("--add-key", "cms", "--database", database).stdout.strip()
    assert key.startswith("thetin_")
    served = Served("--database", database, "--model", tiny_model)
    try:
        assert served.call("/api/v1/articles")[0] == 401
    finally:
        assert served.stop() in (0, 130)


def test_a_kill_loses_no_acknowledged_decision(tmp_path: Path, tiny_model: Path) -> None:
    """Editors press keys until the server is killed; whatever was acknowledged is there afterwards."""
    database = tmp_path / "desk.db"
    served = Served("--database", database, "--model", tiny_model)
    assert served.url.startswith("http://127.0.0.1:")
    articles = [{"id": f"a{n}", "text": TEXT} for n in range(6)]
    assert served.call("/api/v1/articles", {"articles": articles})[0] == 201
    acknowledged: dict[str, int] = {}
    enough = threading.Event()

    def press(article_id: str) -> None:
        revision = served.call(f"/api/v1/articles/{article_id}")[1]["revision"]
        presses = ({"action": "add", "kind": "topic", "key": "discipline"}, {"action": "undo"})
        number = 0
        try:
            while True:
                body = {"revision": revision, "decisions": [presses[number % 2]]}
                status, answer = served.call(f"/api/v1/articles/{article_id}/decisions", body)
                assert status == 200, answer
                revision = acknowledged[article_id] = answer["revision"]
                number += 1
                if sum(acknowledged.values()) > 120:
                    enough.set()
        except (OSError, ValueError):
            return  # the server is gone

    threads = [threading.Thread(target=press, args=(article["id"],)) for article in articles]
    for thread in threads:
        thread.start()
    assert enough.wait(60)
    served.kill()
    for thread in threads:
        thread.join()
    with Store.open(str(database)) as store:
        for article_id, revision in acknowledged.items():
            kept = view(store, article_id)
            assert kept.revision >= revision  # one more may have been written and not yet answered
            decided = [event for event in kept.history if event.user]
            assert len(decided) == kept.revision - 1
    again = Served("--database", database, "--model", tiny_model)
    try:
        assert becomes_healthy(again)
    finally:
        again.stop()


def test_the_desk_takes_up_a_model_that_was_rolled_back_or_promoted(
    tmp_path: Path, labelled_texts: list
) -> None:  # type: ignore[type-arg]
    from desks import desk

    from nlp.modelversions import rollback, save_model
    from nlp.topics.classifier import TopicClassifier

    folder = tmp_path / "mine"
    models = []
    for number in (1, 2):
        classifier = TopicClassifier(n_folds=2).fit(labelled_texts[: 60 * number])
        manifest = save_model(
            classifier, folder, created=f"2026-01-0{number}", corpus={}, figures={}, card="{model}"
        )
        models.append(manifest.id)
    with desk(f"sqlite:///{tmp_path / 'desk.db'}", folder) as client:
        client.post("/api/v1/articles", json={"id": "a", "text": TEXT}).raise_for_status()
        assert client.get("/api/v1/articles/a").json()["model"] == models[1]
        rollback(folder)
        for _ in range(200):
            if client.get("/api/v1/articles/a").json()["model"] == models[0]:
                break
            threading.Event().wait(0.05)
        assert client.get("/api/v1/articles/a").json()["model"] == models[0]
        used = client.get("/api/v1/statistics?state=all").json()["models"]
        assert {use["model"] for use in used} == set(models)
