"""Processes beside this one, that die with it.

A worker shows that it is fit before it gets a part: it loads the model and tags an article that nothing is
wrong with. So workers that can't start, for want of memory or of a library, fail the job at once, and an
article is blamed for no death but that of a worker which was fit and had nothing else to do.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

from nlp.batch.parts import Part, Setting, TaggedPart, joined, keep, stand_ready
from nlp.batch.workers import Finish, Result, do_part, take_result
from nlp.errors import JobError
from nlp.types import Article, Reject

_REMEDY = "free memory or give fewer --jobs; --jobs 1 needs no worker processes"


class Pool:
    """A few processes, of which each has one part at a time.

    An article that costs a worker its life, by memory or by a fault in a library, becomes a reject:
    the parts under way are done again one article at a time, and the others go on.

    Args:
        count: How many processes.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor: ProcessPoolExecutor | None = None
        self._fitness: list[Future[None]] = []

    def start(self, model: Path, model_id: str) -> None:
        """Have the processes start and load the model, while this one goes on.

        Raises:
            JobError: The system gives no more processes.
        """
        if self._executor is None:
            self._open(self._count, model, model_id)

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part.

        Raises:
            JobError: Workers can't start.
            ModelError: They can't use the model.
        """
        pending: deque[tuple[Part, Future[Result]]] = deque()
        stream = iter(parts)

        def fill() -> None:
            """Have a part for each worker and one that waits, so that none of them does."""
            while len(pending) <= self._count and (part := next(stream, None)) is not None:
                self.start(setting.model, setting.model_id)
                pending.append((part, self._submit(part, finish, setting)))

        while True:
            fill()
            if not pending:
                return
            self._check_fitness()
            try:
                result = take_result(pending, ordered)
            except BrokenProcessPool:
                lost = [part for part, _ in pending]
                pending.clear()
                yield from self._carefully(lost, finish, setting)
            else:
                fill()  # a worker need not wait until the result is written
                yield result

    def close(self) -> None:
        """Let the parts under way end, and the processes with them."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _submit(self, part: Part, finish: Finish[Result], setting: Setting) -> Future[Result]:
        assert self._executor
        try:
            return self._executor.submit(do_part, part, finish, setting)
        except BrokenProcessPool as error:  # a worker died while it had nothing to do
            failed: Future[Result] = Future()
            failed.set_exception(error)
            return failed

    def _carefully(self, parts: Sequence[Part], finish: Finish[Result], setting: Setting) -> Iterator[Result]:
        """Do parts of which a worker died: one at a time, whole once more, for it may have been chance."""
        self._replace(setting)
        for part in parts:
            try:
                result = self._submit(part, finish, setting).result()
            except BrokenProcessPool:
                self._replace(setting)
                result = finish(joined(part.index, self._singly(part, setting)), setting)
            yield result
        self.close()

    def _singly(self, part: Part, setting: Setting) -> Iterator[TaggedPart]:
        """Tag a part one article at a time; one that its worker dies of becomes a reject."""
        for number, item in enumerate(part.read(), part.first):
            single = Part(index=part.index, first=number, inputs=(item,))
            try:
                yield self._submit(single, keep, setting).result()
            except BrokenProcessPool:
                self._replace(setting)
                yield TaggedPart(index=part.index, tags=(), rejects=((number, _killer(item)),))

    def _replace(self, setting: Setting) -> None:
        """Take one fit worker instead of those of which one died: it has all the memory for itself."""
        self.close()
        self._open(1, setting.model, setting.model_id)
        self._check_fitness()

    def _check_fitness(self) -> None:
        """Wait until the workers have shown that they are fit."""
        try:
            while self._fitness:
                self._fitness.pop().result()
        except BrokenProcessPool as error:
            raise JobError(f"worker processes die before they have an article; {_REMEDY}") from error

    def _open(self, count: int, model: Path, model_id: str) -> None:
        # Spawned, not forked: a fork would copy the lock's handle and the threads of numpy half-way.
        context = multiprocessing.get_context("spawn")
        others = set(multiprocessing.active_children())
        try:
            executor = ProcessPoolExecutor(count, mp_context=context, initializer=_live_with_parent)
            self._fitness = [executor.submit(stand_ready, model, model_id) for _ in range(count)]
        except (OSError, RuntimeError) as error:  # no more processes, threads or open files
            for child in set(multiprocessing.active_children()) - others:
                child.kill()
                child.join()
            raise JobError(f"worker processes can't be started ({error}); {_REMEDY}") from error
        self._executor = executor


def _killer(item: Article | Reject) -> Reject:
    if isinstance(item, Reject):
        return item
    reason = "a worker process died of it, perhaps for lack of memory; report it with the article"
    return Reject(source=item.source, id=item.id, reason=reason)


def _live_with_parent() -> None:
    """Leave Ctrl-C to the job's owner, end at once when all is done, and end with it, even by ``kill -9``.

    A worker waits on a pipe that it holds both ends of, so it would not notice by itself. SIGTERM
    keeps its meaning: it is how the survivors of a broken pool are sent home.
    """
    from multiprocessing.connection import wait

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What a worker has in memory need not be taken apart piece by piece, for which the job would wait.
    atexit.register(os._exit, 0)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        """Wait for the parent's end."""
        wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
