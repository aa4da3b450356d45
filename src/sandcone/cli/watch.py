"""A search as it goes on, on the error output: a picture that changes on a terminal, a plain line now and then elsewhere."""

from __future__ import annotations

import math
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

import typer

if TYPE_CHECKING:
    from sandcone.planning.planned import Seen

BARS = "▁▂▃▄▅▆▇█"
WIDE = 48  # columns of the line of costs
EVERY = 10.0  # seconds between two plain lines
PAYING = 5  # moves shown


class Watch(Protocol):
    """Who watches a search: hears words, and sees what it has come to."""

    def told(self, words: str) -> None: ...  # noqa: D102
    def watched(self, seen: Seen) -> None: ...  # noqa: D102


@contextmanager
def watch() -> Iterator[Watch]:
    """The way to watch that suits where the error output goes; meanwhile SIGTERM ends a search as Ctrl-C does."""
    before = signal.signal(signal.SIGTERM, _stop)
    try:
        if sys.stderr.isatty():
            with _Picture() as picture:
                yield picture
        else:
            yield _Lines()
    finally:
        signal.signal(signal.SIGTERM, before)


def _stop(number: int, frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


class _Lines:
    def __init__(self) -> None:
        self.said, self.over = -EVERY, 0.0

    def told(self, words: str) -> None:
        typer.echo(words, err=True)

    def watched(self, seen: Seen) -> None:
        """A line now and then, and the last."""
        if seen.progress.seconds - self.said >= EVERY or seen.progress.over >= 1 > self.over:
            self.said, self.over = seen.progress.seconds, seen.progress.over
            typer.echo(headline(seen), err=True)


class _Picture:
    def __init__(self) -> None:
        from rich.console import Console
        from rich.live import Live

        self.words = "starting"
        self.live = Live(console=Console(stderr=True), transient=True, refresh_per_second=4)

    def __enter__(self) -> _Picture:
        self.live.start()
        return self

    def __exit__(self, *why: object) -> None:
        self.live.stop()

    def told(self, words: str) -> None:
        from rich.spinner import Spinner
        from rich.text import Text

        self.live.update(Spinner("dots", Text(words)))

    def watched(self, seen: Seen) -> None:
        """Everything at once."""
        self.live.update(picture(seen))


def headline(seen: Seen) -> str:
    """Time, cost, gap and speed in one line."""
    p = seen.progress
    cost = f"cost {p.cost:,}" if not p.broken else f"no plan yet that can be carried out (broken by {p.broken:,})"
    gap = f", {100 * (p.cost / seen.bound - 1):.1f} % above the bound {seen.bound:,}" if seen.bound and not p.broken else ""
    speed = f", {p.tried / p.seconds / 1e6:.1f} million moves a second" if p.seconds > 0 and p.tried else ""
    return f"{p.seconds:.0f} s ({100 * p.over:.0f} %): {cost}{gap}{speed}"


def picture(seen: Seen) -> Any:
    """The headline, the cost against time, the cost by rule and the moves that pay, one under the other."""
    from rich.console import Group
    from rich.text import Text

    lines = [headline(seen)]
    if seen.better:
        lines.append(f"{seen.better[0][1]:,} {costs(seen.better, seen.progress.seconds)} {seen.better[-1][1]:,}")
    if seen.score is not None:
        parts = sorted((x for x in seen.score.should if x.cost), key=lambda x: -x.cost)
        top = max((x.cost for x in parts), default=1)
        lines += [f"  {x.rule.replace('_', ' '):<16}{x.cost:>10,} {'█' * math.ceil(24 * x.cost / top)}" for x in parts]
    lines += pays(seen)
    return Group(*(Text(line) for line in lines))


def costs(better: Sequence[tuple[float, int]], seconds: float) -> str:
    """The best cost against time as a line of bars, the first plan to the last; heights are logarithms of what was still to be gained."""
    best = better[-1][1]
    column, found = 0, []
    for i in range(WIDE):
        until = seconds * (i + 1) / WIDE
        while column + 1 < len(better) and better[column + 1][0] <= until:
            column += 1
        found.append(math.log1p(better[column][1] - best))
    most = max(found) or 1.0
    return "".join(BARS[round((len(BARS) - 1) * x / most)] for x in found)


def pays(seen: Seen) -> list[str]:
    """The moves that gave a better plan, the most often first, in one line; none as long as none has."""
    paid = sorted((p for p in seen.progress.pays if p.better), key=lambda p: -p.better)[:PAYING]
    return ["Moves that pay: " + ", ".join(f"{p.move} {p.better:,}" for p in paid)] if paid else []
