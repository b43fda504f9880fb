"""Who does the parts: this process, a few beside it, or a Dask cluster.

All three promise the same: at most one part a worker is under way at any time, and one more is being
written. That is all a kill can cost, and memory holds no more parts.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from nlp.batch.parts import Part, Setting, TaggedPart, joined, tag_part
from nlp.errors import JobError, MissingExtraError
from nlp.types import Article, Reject

# How long to wait for a scheduler's answer, in seconds.
CONNECT_S = 5

Result = TypeVar("Result")
# What is made of a tagged part where it was tagged, so that only the result travels.
Finish = Callable[[TaggedPart, Setting], Result]


class Workers(Protocol):
    """Anything that tags parts, each once, and yields what is made of them."""

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in the order of the parts or as they come."""
        ...


class ThisProcess:
    """One after the other, here."""

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in order."""
        return (_do(part, finish, setting) for part in parts)


class Pool:
    """Processes beside this one, that die with it.

    An article that costs a worker its life, by memory or by a fault in a library, becomes a reject:
    the parts under way are done again one article at a time, and the others go on.

    Args:
        count: How many processes.
    """

    def __init__(self, count: int) -> None:
        self._count = count
        self._executor = _processes(count)

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part."""
        pending: deque[tuple[Part, Future[Result]]] = deque()
        stream = iter(parts)

        def fill() -> None:
            while len(pending) < self._count and (part := next(stream, None)) is not None:
                pending.append((part, self._submit(part, finish, setting)))

        while True:
            fill()
            if not pending:
                return
            try:
                result = _take(pending, ordered)
            except BrokenProcessPool:
                lost = [part for part, _ in pending]
                pending.clear()
                self._renew()
                for part in lost:
                    yield self._carefully(part, finish, setting)
            else:
                fill()  # a worker need not wait until the result is written
                yield result

    def close(self) -> None:
        """Let the parts under way end, and the processes with them."""
        self._executor.shutdown(cancel_futures=True)

    def _submit(self, part: Part, finish: Finish[Result], setting: Setting) -> Future[Result]:
        try:
            return self._executor.submit(_do, part, finish, setting)
        except BrokenProcessPool as error:  # a worker died while it had nothing to do
            failed: Future[Result] = Future()
            failed.set_exception(error)
            return failed

    def _carefully(self, part: Part, finish: Finish[Result], setting: Setting) -> Result:
        """Do a part of which a worker died: whole once more, for it may have been chance, then singly."""
        try:
            return self._executor.submit(_do, part, finish, setting).result()
        except BrokenProcessPool:
            self._renew()
        stretches = []
        for number, item in enumerate(part.read(), part.first):
            single = Part(index=part.index, first=number, inputs=(item,))
            try:
                stretches.append(self._executor.submit(tag_part, single, setting).result())
            except BrokenProcessPool:
                self._renew()
                reject = _killer(item)
                stretches.append(TaggedPart(index=part.index, tags=(), rejects=((number, reject),)))
        return finish(joined(part.index, stretches), setting)

    def _renew(self) -> None:
        self._executor.shutdown(cancel_futures=True)
        self._executor = _processes(self._count)


class Cluster:
    """The workers of a Dask cluster, of which there may be more later.

    Args:
        client: A connected ``distributed.Client``.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - Dask leaves its client untyped
        self._client = client
        self._executor: Executor = client.get_executor()

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part; one whose worker is lost is done again by another.

        Raises:
            JobError: A part cost several workers their lives.
        """
        from distributed.scheduler import KilledWorker

        pending: deque[tuple[Part, Future[Result]]] = deque()
        try:
            for part in parts:
                pending.append((part, self._executor.submit(_do, part, finish, setting)))
                while len(pending) >= max(1, sum(self._client.nthreads().values())):
                    yield _take(pending, ordered)
            while pending:
                yield _take(pending, ordered)
        except KilledWorker as error:
            raise JobError(f"{error}; see the workers' logs, and try a smaller --part-size") from error
        finally:
            for _, future in pending:
                future.cancel()


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """Give this process alone, or ``count`` beside it."""
    if count == 1:
        yield ThisProcess()
        return
    pool = Pool(count)
    try:
        yield pool
    finally:
        pool.close()


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Give the workers of the Dask cluster whose scheduler listens at ``address``.

    Raises:
        JobError: No scheduler answers.
        MissingExtraError: ``distributed`` is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError("--scheduler needs Dask: pip install 'thetin[cluster]'") from error
    connect: Any = distributed.Client
    try:
        client = connect(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise JobError(f"{address}: no Dask scheduler answers ({error}); check that it runs") from error
    with client:
        yield Cluster(client)


def _do(part: Part, finish: Finish[Result], setting: Setting) -> Result:
    return finish(tag_part(part, setting), setting)


def _take(pending: deque[tuple[Part, Future[Result]]], ordered: bool) -> Result:
    """Take the oldest result, or any that is there; on failure everything stays pending."""
    if ordered:
        chosen = pending[0]
    else:
        done, _ = wait([future for _, future in pending], return_when=FIRST_COMPLETED)
        chosen = next(pair for pair in pending if pair[1] in done)
    result = chosen[1].result()
    pending.remove(chosen)
    return result


def _killer(item: Article | Reject) -> Reject:
    if isinstance(item, Reject):
        return item
    reason = "a worker process died of it, perhaps for lack of memory; report it with the article"
    return Reject(source=item.source, id=item.id, reason=reason)


def _processes(count: int) -> ProcessPoolExecutor:
    import multiprocessing

    # Spawned, not forked: a fork would copy the lock's handle and the threads of numpy half-way.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=context, initializer=_die_with_parent)


def _die_with_parent() -> None:
    """Leave Ctrl-C to the job's owner, and end when it ends, even by ``kill -9``.

    A worker waits on a pipe that it holds both ends of, so it would not notice by itself. SIGTERM
    keeps its meaning: it is how the survivors of a broken pool are sent home.
    """
    import multiprocessing
    from multiprocessing.connection import wait as wait_for

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
