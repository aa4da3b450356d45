"""Where many small pieces of work are done: here, in processes of this machine, or spread over a Ray cluster. What is done is the same."""

from __future__ import annotations

import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context
from os import cpu_count
from types import TracebackType
from typing import Any, Protocol, TypeVar

from sandcone.core.errors import InputError
from sandcone.simulating.machines import the_cluster

Item = TypeVar("Item")
Result = TypeVar("Result")
Bench = Any
"""What the work is done with: the first argument of every piece of work. It has to be such that it can be sent to another process."""
AHEAD = 2  # pieces of work that wait for each process


class Hands(Protocol):
    """Whoever does the work."""

    def done(self, what: Callable[[Bench, Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """Each result with the place of its item, as they come."""
        ...


Hired = Callable[[Bench], AbstractContextManager[Hands]]
"""From a bench to hands that work at it, to be let go at the end."""


class here(AbstractContextManager[Hands]):  # noqa: N801 - is called like a function
    """Everything in this process, one after the other."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def __exit__(self, *why: object) -> None:
        pass

    def done(self, what: Callable[[Bench, Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """In the order of the items."""
        for i, item in enumerate(items):
            yield i, what(self.bench, item)


def in_processes(cores: int | None = None) -> Hired:
    """So many processes of this machine (None: as many as it has cores); one is this process itself."""
    n = cores or cpu_count() or 1
    if n < 1:
        raise InputError("cores", f"{n}", "Give 1 or more.")
    return here if n == 1 else lambda bench: _Processes(bench, n)


class _Processes(AbstractContextManager[Hands]):
    """Processes begun anew, so that no thread or lock of this one is copied; each keeps the bench and what it has laid out at it."""

    def __init__(self, bench: Bench, cores: int) -> None:
        self.cores = cores
        self.pool = ProcessPoolExecutor(cores, mp_context=get_context("spawn"), initializer=_sit_down, initargs=(bench,))
        with _deaf():
            for _ in range(cores):
                self.pool.submit(_there)

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.pool.shutdown(wait=True, cancel_futures=True)

    def done(self, what: Callable[[Bench, Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """As they come. Few wait at a time, so that whoever stops early stops soon."""
        left, under_way = deque(enumerate(items)), dict[Future[Any], int]()
        while left or under_way:
            while left and len(under_way) < AHEAD * self.cores:
                i, item = left.popleft()
                under_way[self.pool.submit(_at_the_bench, what, item)] = i
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                yield under_way.pop(future), future.result()


_bench: list[Bench] = []


@contextmanager
def _deaf() -> Iterator[None]:
    """Ctrl-C waits, and processes begun meanwhile never hear it: it is for the one that began them, which sends everybody home."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _there() -> None:
    """A process is there."""


def _sit_down(bench: Bench) -> None:
    """A process begins its work."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _bench[:] = [bench]


def _at_the_bench(what: Callable[[Bench, Item], Result], item: Item) -> Result:
    return what(_bench[0], item)


class on_ray(AbstractContextManager[Hands]):  # noqa: N801 - is called like a function
    """On every machine of the Ray cluster that this Python is connected to (``ray.init``; without it, one is begun here).

    Each machine needs sandcone and the same Python. ``InputError`` where Ray is not installed.
    """

    def __init__(self, bench: Bench) -> None:
        self.ray = the_cluster("improve", "Install sandcone[ray], or leave Ray out.")
        cores = max(1, int(self.ray.cluster_resources().get("CPU", 1)))
        seat = self.ray.remote(_Seat)
        self.seats = [seat.remote(self.ray.put(bench)) for _ in range(cores)]

    def __exit__(self, *why: object) -> None:
        for seat in self.seats:
            self.ray.kill(seat)

    def done(self, what: Callable[[Bench, Item], Result], items: Sequence[Item]) -> Iterator[tuple[int, Result]]:
        """As they come, each seat with one piece of work at a time."""
        left, free, under_way = deque(enumerate(items)), list(self.seats), dict[Any, tuple[int, Any]]()
        while left or under_way:
            while left and free:
                (i, item), seat = left.popleft(), free.pop()
                under_way[seat.do.remote(what, item)] = i, seat
            for ready in self.ray.wait(list(under_way), num_returns=1)[0]:
                i, seat = under_way.pop(ready)
                free.append(seat)
                yield i, self.ray.get(ready)


class _Seat:
    """A process of the cluster that keeps its bench."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench

    def do(self, what: Callable[[Bench, Item], Result], item: Item) -> Result:
        return what(self.bench, item)
