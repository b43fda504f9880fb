"""Who does the parts: this process, a few beside it (``nlp.batch.pool``), or a Dask cluster.

All three promise the same: at any time there is at most one part a worker that is tagged and not yet written,
and two more. That is all a kill can cost, and memory holds no more parts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, TypeVar

from nlp.batch.parts import Part, Setting, TaggedPart, tag_part
from nlp.errors import JobError, MissingExtraError

# How long to wait for a scheduler's answer, in seconds.
CONNECT_S = 5

Result = TypeVar("Result")
# What is made of a tagged part where it was tagged, so that only the result travels.
Finish = Callable[[TaggedPart, Setting], Result]


class Workers(Protocol):
    """Anything that tags parts, each once, and yields what is made of them."""

    def start(self, model: Path, model_id: str) -> None:
        """Get ready for parts, if that takes time in which the inputs can be looked at; ``run`` does it too."""
        ...

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in the order of the parts or as they come."""
        ...


class ThisProcess:
    """One after the other, here."""

    def start(self, model: Path, model_id: str) -> None:
        """Do nothing: there is nobody else who could get ready."""

    def run(
        self, parts: Iterable[Part], finish: Finish[Result], setting: Setting, *, ordered: bool
    ) -> Iterator[Result]:
        """Yield the result of each part, in order."""
        return (do_part(part, finish, setting) for part in parts)


class Cluster:
    """The workers of a Dask cluster, of which there may be more later.

    Args:
        client: A connected ``distributed.Client``.
    """

    def __init__(self, client: Any) -> None:  # noqa: ANN401 - Dask leaves its client untyped
        self._client = client
        self._executor: Executor = client.get_executor()

    def start(self, model: Path, model_id: str) -> None:
        """Do nothing: the cluster stands."""

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
                pending.append((part, self._executor.submit(do_part, part, finish, setting)))
                while len(pending) >= max(1, sum(self._client.nthreads().values())):
                    yield take_result(pending, ordered)
            while pending:
                yield take_result(pending, ordered)
        except KilledWorker as error:
            raise JobError(f"{error}; see the workers' logs, and try a smaller --part-size") from error
        finally:
            for _, future in pending:
                future.cancel()


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


def do_part(part: Part, finish: Finish[Result], setting: Setting) -> Result:
    """Tag a part and make of it what is wanted."""
    return finish(tag_part(part, setting), setting)


def take_result(pending: deque[tuple[Part, Future[Result]]], ordered: bool) -> Result:
    """Take the oldest result, or any that is there; on failure everything stays pending."""
    if ordered:
        chosen = pending[0]
    else:
        done, _ = wait([future for _, future in pending], return_when=FIRST_COMPLETED)
        chosen = next(pair for pair in pending if pair[1] in done)
    result = chosen[1].result()
    pending.remove(chosen)
    return result
