"""Who does the parts: this process, a few beside it, or a Dask cluster.

All three promise the same: at most one part a worker is under way or unwritten at any time, so that
is all a kill can cost, and memory holds no more parts than there are workers.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any, Protocol, TypeVar

from nlp.errors import JobError, MissingExtraError
from nlp.parts import Part, Setting

# How long to wait for a scheduler's answer, in seconds.
CONNECT_S = 10

Result = TypeVar("Result")
Task = Callable[[Part, Setting], Result]


class Workers(Protocol):
    """Anything that does a task to parts, each once, and yields the results."""

    def run(
        self, task: Task[Result], parts: Iterable[Part], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in the order of the parts or as they come."""
        ...


class ThisProcess:
    """One after the other, here."""

    def run(
        self, task: Task[Result], parts: Iterable[Part], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in order."""
        return (task(part, setting) for part in parts)


class Pool:
    """The workers of an executor, of which there may be more later.

    Args:
        executor: Where the parts go.
        size: Tells how many workers there are now.
    """

    def __init__(self, executor: Executor, size: Callable[[], int]) -> None:
        self._executor = executor
        self._size = size

    def run(
        self, task: Task[Result], parts: Iterable[Part], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part.

        Raises:
            JobError: A worker process died, as one does that runs out of memory.
        """
        pending: deque[Future[Result]] = deque()
        try:
            for part in parts:
                pending.append(self._executor.submit(task, part, setting))
                while len(pending) >= max(1, self._size()):
                    yield _next(pending, ordered)
            while pending:
                yield _next(pending, ordered)
        except BrokenProcessPool as error:
            raise JobError(
                "a worker process died, perhaps for lack of memory; "
                "run the same command again to go on, with fewer --jobs or a smaller --part-size"
            ) from error
        finally:
            for future in pending:
                future.cancel()


@contextmanager
def processes(count: int) -> Iterator[Workers]:
    """Give this process alone, or ``count`` beside it that die with it."""
    if count == 1:
        yield ThisProcess()
        return
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    # Spawned, not forked: a fork would copy the lock's handle and the threads of numpy half-way.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_die_with_parent) as executor:
        yield Pool(executor, lambda: count)


@contextmanager
def cluster(address: str) -> Iterator[Workers]:
    """Give the workers of the Dask cluster whose scheduler listens at ``address``.

    A part whose worker is lost is done again by another one; a part that costs several workers
    their lives is given up.

    Raises:
        JobError: No scheduler answers.
        MissingExtraError: ``distributed`` is not installed.
    """
    try:
        import distributed
    except ImportError as error:
        raise MissingExtraError("--scheduler needs Dask: pip install 'thetin[cluster]'") from error
    connect: Any = distributed.Client  # Dask leaves its client untyped
    try:
        client = connect(address, timeout=CONNECT_S, set_as_default=False)
    except (OSError, ValueError) as error:
        raise JobError(f"{address}: no Dask scheduler answers ({error}); check that it runs") from error
    with client:
        yield Pool(client.get_executor(), lambda: sum(client.nthreads().values()))


def _next(pending: deque[Future[Result]], ordered: bool) -> Result:
    """Take the oldest result, or any that is there."""
    if not ordered:
        done, _ = wait(pending, return_when=FIRST_COMPLETED)
        future = next(future for future in pending if future in done)
        pending.remove(future)
        return future.result()
    return pending.popleft().result()


def _die_with_parent() -> None:
    """Leave signals to the job's owner, and end when it ends, even by ``kill -9``.

    A worker waits on a pipe that it holds both ends of, so it would not notice by itself.
    """
    import multiprocessing
    from multiprocessing.connection import wait as wait_for

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # systemd sends it to the whole group
    parent = multiprocessing.parent_process()
    if parent is None:
        return

    def watch() -> None:
        wait_for([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
