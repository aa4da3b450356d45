"""What is wrong in a folder of tables, gathered so that it can be mended in one go."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from sandcone.core.errors import ProblemError

SHOWN = 10


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults found so far, in the order of the tables and their rows."""

    folder: Path
    said: list[str] = field(default_factory=list)

    def add(self, where: str, found: str) -> None:
        """Note what is wrong, and where: the file, the row, the column."""
        self.said.append(f"{where}: {found}")

    def refuse(self) -> None:
        """``ProblemError`` with the first ten faults, if there is one."""
        if not self.said:
            return
        n, more = len(self.said), len(self.said) - SHOWN
        shown = "; ".join(f"({i}) {said}" for i, said in enumerate(self.said[:SHOWN], 1)) if n > 1 else self.said[0]
        found = f"{n} faults: {shown}" if n > 1 else shown
        do = "Mend the tables and read them again; docs/inpatients.md says what each column holds."
        raise ProblemError(str(self.folder), found + (f"; and {more} more" if more > 0 else ""), do)
