"""One patient's journey: the tasks, what links them, and what the patient wishes.

Times are minutes; minute 0 is midnight at the start of ``Journeys.begin``.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from sandcone.core.errors import ProblemError
from sandcone.core.model import Need
from sandcone.core.site import Weekday


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One thing to be done for one patient, in one go, with a place of each of its needs.

    A need with ``until`` keeps its place until the task of that name has ended (a bed, until the patient goes home). ``units`` are places
    of one resource. ``booked_slack`` is how many minutes should be free before the patient's next task, where the time is uncertain.
    """

    name: str
    minutes: int
    step: str = ""
    needs: tuple[Need, ...] = ()
    booked_slack: int = 0

    def __post_init__(self) -> None:
        if self.minutes < 1 or self.booked_slack < 0:
            raise ProblemError(
                f"task {self.name!r}", f"{self.minutes} minutes, slack {self.booked_slack}", "Give 1 or more, and 0 or more."
            )
        if any(n.blocks for n in self.needs):
            raise ProblemError(f"task {self.name!r}", "a need that blocks", "Say until which task the place is kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One task comes after another: ``at_least`` and ``at_most`` so many minutes from the end of the first to the start of the second.

    ``same_day``: both begin on one day. ``same_one``: a pool of which both have the same member.
    """

    before: str
    after: str
    at_least: int = 0
    at_most: int | None = None
    same_day: bool = False
    same_one: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDays:
    """A wish: tasks only on these days of the week."""

    days: tuple[Weekday, ...]
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class InHours:
    """A wish: tasks begin and end between these two minutes of the day."""

    start: int
    end: int
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Knows:
    """A wish: this resource, wherever one of its pools is needed."""

    resource: str
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Between:
    """A wish: tasks neither begin before one minute nor end after another (None: no such limit)."""

    first: int = 0
    last: int | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FewDays:
    """A wish: come on this many days at most."""

    most: int = 1
    weight: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Stays:
    """A wish: one task stays on the day the patient was told."""

    task: str
    day: int
    weight: int = 1


Wish = OnDays | InHours | Knows | Between | FewDays | Stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One patient's whole path. It may begin at ``release``, should end by ``due``; waiting and lateness count ``weight`` times.

    ``tasks`` are in an order in which they may be done; those without a link may be done in any order, but never at the same time.
    ``no_show`` is the chance that the patient does not come to a task.
    """

    patient: str
    tasks: tuple[Task, ...]
    links: tuple[Link, ...] = ()
    release: int = 0
    due: int | None = None
    weight: int = 1
    wishes: tuple[Wish, ...] = ()
    no_show: float = 0.0

    def place(self, name: str) -> int:
        """Where a task stands in the list; ``until`` and links name it by task or else by step."""
        for i, t in enumerate(self.tasks):
            if t.name == name:
                return i
        return next(i for i, t in enumerate(self.tasks) if t.step == name)

    def every_link(self) -> tuple[Link, ...]:
        """The links, and those that go without saying: a place is kept until a task that comes after."""
        kept = [(t, self.tasks[self.place(n.until)]) for t in self.tasks for n in t.needs if n.until]
        known = {(self.place(k.before), self.place(k.after)) for k in self.links}
        more = [(a, b) for a, b in dict.fromkeys(kept) if a is not b and (self.place(a.name), self.place(b.name)) not in known]
        return self.links + tuple(Link(before=a.name, after=b.name) for a, b in more)

    def __post_init__(self) -> None:
        where, known = f"patient {self.patient!r}", {t.name for t in self.tasks} | {t.step for t in self.tasks}
        if not self.tasks:
            raise ProblemError(where, "no task", "Give at least one, or leave the patient out of the list.")
        if self.weight < 0 or self.release < 0 or not 0 <= self.no_show < 1:
            found = f"weight {self.weight}, release {self.release}, no_show {self.no_show:g}"
            raise ProblemError(where, found, "Give 0 or more, a chance below 1.")
        once(where, "task", [t.name for t in self.tasks])
        named = [x for k in self.links for x in (k.before, k.after)] + [w.task for w in self.wishes if isinstance(w, Stays)]
        for name in named + [n.until for t in self.tasks for n in t.needs if n.until]:
            if name not in known:
                raise ProblemError(where, f"no task is called {name!r}", f"Known: {', '.join(sorted(known - {''}))}.")
        for k in self.links:
            if self.place(k.before) >= self.place(k.after):
                raise ProblemError(where, f"{k.after!r} is listed before {k.before!r}", "List tasks in an order in which they may be done.")
            if k.at_most is not None and k.at_most < k.at_least:
                raise ProblemError(where, f"{k.before!r} to {k.after!r}: {k.at_least} to {k.at_most} minutes", "Let at_most be the larger.")
        for i, t in enumerate(self.tasks):
            if any(n.until and self.place(n.until) < i for n in t.needs):
                raise ProblemError(where, f"task {t.name!r} keeps a place until a task before it", "Name a later one.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """When a task begins, and which resource meets each of its needs, in their order."""

    minute: int
    resources: tuple[str, ...] = ()


def once(where: str, what: str, names: list[str]) -> None:
    """``ProblemError`` where a name is used twice."""
    twice = [n for n, times in Counter(names).items() if times > 1]
    if twice:
        raise ProblemError(where, f"{what} {twice[0]!r} is there twice", "Give every one a name of its own.")
