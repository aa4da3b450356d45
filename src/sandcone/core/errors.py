"""Every refusal Sandcone can give, as one family.

SandconeError
├── InputError        a file cannot be read as what it was said to be
│   ├── ColumnError   a column that a role needs is not in the file
│   ├── MapError      a column map or site file says something that cannot be
│   ├── ModelError    a model or a plan says something that cannot be
│   └── ProblemError  a planning problem, or a plan for it, says something that cannot be
└── EmptyError        nothing is left to work with

Each says what, where, what was found, and what to do. The command line prints the sentence and exits with 2.
"""


class SandconeError(ValueError):
    """A refusal that a planner can act on."""


class InputError(SandconeError):
    """A file cannot be read as what it was said to be: ``where``, what was ``found`` there, and what to ``do``."""

    def __init__(self, where: str, found: str, do: str) -> None:
        self.where, self.found, self.do = where, found, do
        super().__init__(f"{where}: {found}. {do}")


class ColumnError(InputError):
    """A column that a role needs is not in the file."""

    def __init__(self, where: str, role: str, wanted: str, has: list[str]) -> None:
        found = f"no column {wanted!r} for the role {role!r}; the file has {', '.join(has)}"
        super().__init__(where, found, f"Say which one to use: --columns {role}=NAME")


class MapError(InputError):
    """A column map or a site file says something that cannot be."""


class ModelError(InputError):
    """A model or a plan says something that cannot be, such as a step that nobody can do."""


class ProblemError(InputError):
    """A planning problem, or a plan for it, says something that cannot be, such as a day outside the horizon."""


class EmptyError(InputError):
    """Nothing is left to work with."""
