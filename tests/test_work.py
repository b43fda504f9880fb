"""Work, counted and not timed: a change that makes thetin slower fails here on any machine.

``data/work.json`` holds a ceiling for each count, a tenth above what was measured when it was written.
Counted are calls of the project's own functions (comprehensions apart, which Python 3.12 inlines),
searches by regular expressions, the memory that Python and numpy ask for, and what is imported: these
are the same from Python 3.11 on and on any machine but for a few percent. A ceiling is raised only for
a capability that is worth it, in the commit that brings it; whoever makes something cheaper lowers it.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tracemalloc
from collections import Counter
from datetime import date
from pathlib import Path
from types import CodeType, FrameType

import pytest

from nlp.gazetteer import Gazetteer
from nlp.modelfolder import load_tagger
from nlp.officials.finder import OfficialFinder
from nlp.places.finder import PlaceFinder
from nlp.sentences import sentence_spans
from nlp.tagger import Tagger
from nlp.types import Article

ROOT = Path(__file__).resolve().parent.parent
CEILINGS = json.loads((ROOT / "data" / "work.json").read_text(encoding="utf-8"))
DAY = date(2026, 7, 1)
N_ARTICLES = 50
# The parts of the pipeline by their folders; what stands beside them is "rest".
PARTS = ("places", "officials", "topics")
# What is shown of the functions called most, where a ceiling is broken.
SHOWN = 8


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load_tagger()


@pytest.fixture(scope="module")
def articles(tagger: Tagger) -> list[Article]:
    """The first articles of the corpus, tagged once: caches and lazily made tables are warm."""
    lines = (ROOT / "data" / "corpus" / "portal.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines[:N_ARTICLES]]
    # Without a date, so that the search for the article's day counts as well.
    articles = [Article(id=row["id"], text=row["text"]) for row in rows]
    tagger.tag_many(articles, today=DAY)
    return articles


class Profile:
    """Counts calls of the project's functions, and their searches by regular expressions."""

    def __init__(self) -> None:
        self.calls: Counter[CodeType] = Counter()
        self.searches: Counter[CodeType] = Counter()

    def __enter__(self) -> Profile:
        sys.setprofile(self._see)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)

    def _see(self, frame: FrameType, event: str, argument: object) -> None:
        if event == "call":
            self.calls[frame.f_code] += 1
        elif event == "c_call" and isinstance(getattr(argument, "__self__", None), re.Pattern):
            self.searches[frame.f_code] += 1

    def by_part(self, counted: Counter[CodeType]) -> dict[str, Counter[str]]:
        """Return the counts by part and function, of the project's code alone."""
        parts: dict[str, Counter[str]] = {part: Counter() for part in (*PARTS, "rest")}
        for code, n in counted.items():
            path = Path(code.co_filename)
            if ROOT / "nlp" not in path.parents:
                continue
            if counted is self.calls and code.co_name.startswith("<"):
                continue  # a comprehension, which is no call from Python 3.12 on
            part = path.parent.name if path.parent.name in PARTS else "rest"
            parts[part][f"{path.relative_to(ROOT)}:{code.co_name}"] += n
        return parts


@pytest.fixture(scope="module")
def profile(tagger: Tagger, articles: list[Article]) -> Profile:
    with Profile() as profile:
        tagger.tag_many(articles, today=DAY)
    return profile


@pytest.mark.parametrize("part", [*PARTS, "rest"])
@pytest.mark.parametrize("kind", ["calls", "searches"])
def test_an_article_takes_no_more_work_than_before(profile: Profile, kind, part):
    counted = profile.by_part(getattr(profile, kind))[part]
    measured = counted.total() / N_ARTICLES
    ceiling = CEILINGS[f"{kind} an article"][part]
    most = ", ".join(f"{name} {n / N_ARTICLES:.1f}" for name, n in counted.most_common(SHOWN))
    assert measured <= ceiling, (
        f"{part}: {measured:.0f} {kind} an article, above the {ceiling} of data/work.json; most by {most}"
    )


def test_a_batch_takes_no_more_memory_than_before(tagger: Tagger, articles: list[Article]):
    tracemalloc.start()
    try:
        tags = tagger.tag_many(articles, today=DAY)
        kept, peak = (n / 1024 for n in tracemalloc.get_traced_memory())
    finally:
        tracemalloc.stop()
    assert len(tags) == N_ARTICLES
    for name, measured in {"kept": kept, "peak": peak}.items():
        ceiling = CEILINGS["memory of 50 articles, KiB"][name]
        assert measured <= ceiling, f"{name}: {measured:.0f} KiB, above the {ceiling} of data/work.json"


REPORT_IMPORTS = """
import json, runpy, sys
sys.argv.pop(0)
before = set(sys.modules)
try:
    runpy.run_path(sys.argv[0], run_name="__main__")
except SystemExit:
    pass
print(json.dumps(sorted(set(sys.modules) - before)), file=sys.stderr)
"""


@pytest.mark.parametrize("arguments", list(CEILINGS["imports"]))
def test_a_command_imports_no_more_than_before(arguments):
    command = [sys.executable, "-c", REPORT_IMPORTS, "classify.py", *arguments.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, encoding="utf-8")
    modules = json.loads(done.stderr.splitlines()[-1])
    ceiling = CEILINGS["imports"][arguments]
    own = [name for name in modules if name.partition(".")[0] in ("nlp", "desk")]
    # Names with an underscore are made by compiled modules and by runpy.
    packages = {name.partition(".")[0] for name in modules if not name.startswith(("_", "cython_runtime"))}
    foreign = packages - {"nlp", "desk"} - sys.stdlib_module_names
    assert foreign <= set(ceiling["packages"]), "imports packages that data/work.json does not list"
    assert len(own) <= ceiling["own modules"], f"imports {len(own)} modules of ours: {', '.join(own)}"


FINDERS = PlaceFinder(Gazetteer.load()), OfficialFinder(Gazetteer.load())
# Texts whose every piece could be compared with every other, and was once. {} is a number.
MONOTONOUS = {
    "one commune, with and without its type": "xã Tân Lập và Tân Lập, ",
    "mergers": "nhập xã Tân Lập vào xã An Bình. ",
    "a list of communes": "Tân Lập, An Bình, Long Xá, Hòa Bình, ",
    "capitals without an end": "CHỦ TỊCH UBND TỈNH LÊ VĂN NAM VỀ HÀ NỘI RỒI AN GIANG ",
    "a run without an end": "Chủ Tịch Huyện Mộc Châu Lê Văn Nam Về Hà Nội Rồi An Giang ",
    "no full stop": "theo chỉ đạo của giám đốc trung tâm ",
    "names of one given name": "Bí thư xã Lê Văn Nam, ông Nam, bà Trần Thị Nam, ",
    "posts and names": "Chủ tịch UBND xã Tân Lập Lê Văn {} nói. Phó Chủ tịch UBND xã họp. ",
    "names in brackets": "Lê Văn {}, ",
    "posts alone": "Bí thư Huyện ủy Lê Văn Nam. Bí thư Huyện ủy về. Chủ tịch UBND xã nói. ",
    "provinces of old": "về Hà Tây, tỉnh Hà Tây, ",
}
SYLLABLES = (
    "An Bình Cường Dũng Giang Hà Khánh Lan Minh Nga Oanh Phúc Quân Sơn Thảo Uyên Vinh Xuân Yến".split()
)
N_PIECES = 150
# Twice the text is twice the work, and a little for sorting; a square would be four times.
GROWTH = 2.25


@pytest.mark.parametrize("piece", MONOTONOUS.values(), ids=MONOTONOUS)
def test_work_grows_with_the_text_and_not_with_its_square(piece):
    _find(
        _repeated(piece, N_PIECES // 2)
    )  # reads the tables; what is remembered of runs is not of the longer ones
    once, twice = (_count_steps(_repeated(piece, n)) for n in (N_PIECES, 2 * N_PIECES))
    assert twice <= GROWTH * once, f"{twice / once:.2f} times the work for twice the text"


def _repeated(piece: str, n: int) -> str:
    names = (f"{SYLLABLES[i % 19]} {SYLLABLES[i // 19 % 19]}" for i in range(n))
    return "".join(piece.replace("{}", name) for name in names).strip() + "."


def _find(text: str) -> None:
    places, officials = FINDERS
    sentence_spans(text)
    officials.find(text, places.find(text, DAY))


def _count_steps(text: str) -> int:
    """Return how many lines of Python the finders run on a text, each round of a comprehension included.

    What C does by itself, such as a search to the end of the text, is not seen.
    """
    n = 0

    def trace(frame: FrameType, event: str, _: object) -> object:
        nonlocal n
        n += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        _find(text)
    finally:
        sys.settrace(before)
    return n
