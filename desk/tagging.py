"""One thread that tags: for requests first, and in between for what waits in the store.

Tagging is bound by the processor, so one thread does all of it; articles that arrive at the same time
are scored together, which is twice as fast. A long request is cut into pieces that others may slip
between. When train.py changes the model folder, the new model is taken up, and what waits is tagged again.
Whatever goes wrong is logged and costs one article or one round, never the thread; but for the first
model, which the thread loads while the desk shows its first pages: where that fails, nothing will tag.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from desk.probing import probe
from desk.waiting import Backlog, log_rejects
from nlp.errors import ModelError, NlpError
from nlp.isolation import isolated
from nlp.manifest import MANIFEST
from nlp.modelfolder import check_model, load_tagger

if TYPE_CHECKING:
    from desk.doubt import Probes
    from desk.store import Store
    from nlp.tagger import Tagger
    from nlp.topics.explanation import Evidence
    from nlp.types import Article, Reject, Tags

# Articles scored together: 16 cost some 35 ms, and more gain little.
BATCH = 16
# Articles of the store tagged at once while nobody asks: a request waits no longer than these take.
BACKGROUND_BATCH = 4
# Between two looks for articles of the store that wait, and at the model folder, in seconds.
BACKGROUND_PAUSE_S = 2.0
MODEL_PAUSE_S = 1.0
# Explanations kept: some pages of the queue with every topic.
EXPLAINED = 256
# Terms that an explanation names.
TERMS = 24

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Request:
    """Articles that somebody waits for; ``done`` grows until it has all of them."""

    articles: Sequence[Article]
    answer: Future[list[Tags | Reject]] = field(default_factory=Future)
    done: list[Tags | Reject] = field(default_factory=list)

    @property
    def left(self) -> Sequence[Article]:
        """The articles that are not tagged yet."""
        return self.articles[len(self.done) :]


class Tagging:
    """A tagger that requests share.

    Args:
        folder: The model folder.
        store: Where articles wait; None tags for requests alone.

    Raises:
        ModelError: The folder holds no model. Whether one that is there can be loaded, ``loading`` tells.
    """

    def __init__(self, folder: Path, store: Store | None = None) -> None:
        self._folder = folder
        self._backlog = Backlog(store) if store else None
        self._stamp = _stamp(folder)
        manifest = check_model(folder)
        self.model = manifest.id
        """The id of the model in use."""
        self.topics = manifest.topics
        """The topics that the model knows."""
        self.loading: Future[None] = Future()
        """Done when there is a tagger; it brings the error for which there is none, and then nothing tags."""
        self._tagger: Tagger  # once ``loading`` is done
        self._requests: queue.SimpleQueue[_Request | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="tagging", daemon=True)
        self._next_look = self._next_model = 0.0
        # An editor looks at an article several times, at each decision once.
        self._explained = lru_cache(maxsize=EXPLAINED)(_explain)
        self.n_tagged = 0

    @property
    def is_running(self) -> bool:
        """Whether the thread lives that answers requests."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to tag."""
        self._thread.start()

    def stop(self) -> None:
        """End after the batch at hand; requests that still wait are cancelled."""
        self._requests.put(None)
        self._thread.join()

    def check(self) -> None:
        """Make sure that requests are answered at once.

        Raises:
            ModelError: The model is still being loaded, or nothing tags any more.
        """
        self._check_running()
        if not self.loading.done():
            raise ModelError("the model is being loaded; ask again in a second")

    def submit(self, articles: Sequence[Article]) -> Future[list[Tags | Reject]]:
        """Ask for tags; the future brings them in the articles' order, a reject where the tagger failed.

        Raises:
            ModelError: Nothing tags any more.
        """
        self._check_running()
        request = _Request(articles)
        if articles:
            self._requests.put(request)
        else:
            request.answer.set_result([])
        return request.answer

    def probes(self, articles: Sequence[Article]) -> dict[str, Probes]:
        """What the classifier says of articles beyond their tags, by article id; bound by the processor."""
        return probe(self._loaded().topics, articles) if articles else {}

    def explain(self, text: str, topic: str) -> tuple[Evidence, ...]:
        """Which words, whole ones, spoke for or against a topic; none where this model doesn't know it."""
        return self._explained(self._loaded(), text, topic)

    def _check_running(self) -> None:
        if self.loading.done():
            self.loading.result()
        if not self.is_running:
            raise ModelError("the tagger has stopped; start the desk again")

    def _loaded(self) -> Tagger:
        """The tagger in use; the first one is waited for."""
        self.loading.result()
        return self._tagger

    def _run(self) -> None:
        try:
            self._take(load_tagger(self._folder))
        except Exception as error:  # the border: whoever waits is told, and serve.py ends with these words
            self.loading.set_exception(error)
            self._refuse(error)
        else:
            self.loading.set_result(None)
            self._tag()

    def _take(self, tagger: Tagger) -> None:
        self._tagger = tagger
        self.model, self.topics = tagger.model, tagger.topics.topics_

    def _tag(self) -> None:
        try:
            while (batch := self._batch()) is not None:
                with _logged("the model folder could not be looked at; trying again"):
                    self._refresh_model()
                if batch:
                    with _logged("requests could not be answered", batch):
                        self._answer(batch)
                elif time.monotonic() >= self._next_look:
                    self._next_look = time.monotonic() + BACKGROUND_PAUSE_S
                    with _logged("articles of the store could not be tagged; trying again"):
                        if self._backlog and self._backlog.work_off(self._tagger, BACKGROUND_BATCH):
                            self._next_look = 0.0
        finally:
            self._refuse()

    def _batch(self) -> list[_Request] | None:
        """Requests to go on with together; [] when there are none for a while, None to stop."""
        wait_s = max(0.0, min(self._next_look - time.monotonic(), BACKGROUND_PAUSE_S))
        batch: list[_Request] = []
        count = 0
        try:
            while count < BATCH:
                request = self._requests.get(timeout=wait_s) if not batch else self._requests.get_nowait()
                if request is None:
                    return None
                batch.append(request)
                count += len(request.left)
        except queue.Empty:
            pass
        return batch

    def _answer(self, batch: Sequence[_Request]) -> None:
        share = max(1, BATCH // len(batch))
        pieces = [request.left[:share] for request in batch]
        outcomes = isolated(self._tagger.tag_many, [article for piece in pieces for article in piece])
        failed = log_rejects(outcomes)
        self.n_tagged += len(outcomes) - len(failed)
        at = 0
        for request, piece in zip(batch, pieces, strict=True):
            request.done += outcomes[at : at + len(piece)]
            at += len(piece)
            if request.left:
                self._requests.put(request)
            elif request.answer.set_running_or_notify_cancel():
                request.answer.set_result(request.done)

    def _refresh_model(self) -> None:
        """Load the model anew where train.py changed the folder; a broken one leaves the old one in use."""
        if time.monotonic() < self._next_model:
            return
        self._next_model = time.monotonic() + MODEL_PAUSE_S
        stamp = _stamp(self._folder)
        if stamp == self._stamp:
            return
        try:
            self._take(load_tagger(self._folder))
        except NlpError as error:
            self._stamp = stamp  # it stays broken until the folder changes
            _log.error("the new model is not used: %s", error)
            return
        self._stamp = stamp
        self._next_look = 0.0
        _log.info("model %s is in use", self.model)

    def _refuse(self, error: Exception | None = None) -> None:
        """Tell those that still wait an error, or nothing."""
        while True:
            try:
                request = self._requests.get_nowait()
            except queue.Empty:
                return
            if request and error:
                request.answer.set_exception(error)
            elif request:
                request.answer.cancel()


@contextmanager
def _logged(what: str, batch: Sequence[_Request] = ()) -> Iterator[None]:
    """Log whatever goes wrong inside, tell it to those whose requests it concerns, and go on."""
    try:
        yield
    except Exception as error:  # the border where one bad round must not end the tagging of requests
        _log.exception(what)
        for request in batch:
            if not request.answer.done():
                request.answer.set_exception(error)


def _explain(tagger: Tagger, text: str, topic: str) -> tuple[Evidence, ...]:
    classifier = tagger.topics
    if topic not in classifier.topics_:
        return ()
    return classifier.whole_words(text, classifier.explain(text, topic, limit=TERMS))


def _stamp(folder: Path) -> tuple[int, int]:
    """What changes when the manifest is replaced."""
    try:
        facts = (folder / MANIFEST).stat()
    except OSError:
        return 0, 0
    return facts.st_mtime_ns, facts.st_ino
