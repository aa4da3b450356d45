"""The day each patient might come on, worked out ahead in a process of its own: ``python -m sandcone.planning.ahead SECONDS``.

The problem comes on standard input, pickled by the process that starts this one; the days go to standard output as JSON.
"""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
import tempfile
from dataclasses import dataclass

from sandcone.core.inpatient import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A cost that no plan is below, and the day of each patient who comes in the relaxation that says so."""

    bound: int
    days: dict[str, int]

    def brings_in(self, problem: Problem) -> bool:
        """Whether anybody comes who may wait, where there are such patients: without them it is only a first attempt."""
        may_wait = [p.name for p in problem.patients if not p.mandatory]
        return bool(self.days) and (not may_wait or any(name in self.days for name in may_wait))


class Ahead:
    """The relaxation behind ``lower_bound``, solved while the search goes on. Stop it, whatever happens."""

    def __init__(self, problem: Problem, seconds: float) -> None:
        self.said = tempfile.TemporaryFile()  # noqa: SIM115 - a file, since an answer that fills a pipe would never end; closed by stop
        with tempfile.TemporaryFile() as file:
            pickle.dump(problem, file)
            file.seek(0)
            command = [sys.executable, "-m", "sandcone.planning.ahead", f"{seconds:.1f}"]
            self.process = subprocess.Popen(command, stdin=file, stdout=self.said, stderr=subprocess.DEVNULL)  # noqa: S603

    def answer(self) -> Answer | None:
        """What came of it, nobody's day where nothing did; None while it goes on. Ask once."""
        if self.process.poll() is None:
            return None
        self.said.seek(0)
        said = self.said.read()
        return Answer(**json.loads(said)) if said and not self.process.returncode else Answer(bound=0, days={})

    def stop(self) -> None:
        """End it."""
        self.process.kill()
        self.process.wait()
        self.said.close()


def main() -> None:
    """Read a problem, and say the days."""
    from sandcone.planning.bounds import lower_bound

    problem = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    found = lower_bound(problem, seconds=float(sys.argv[1]))
    json.dump({"bound": found.value, "days": found.days}, sys.stdout)


if __name__ == "__main__":
    main()
