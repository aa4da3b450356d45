"""Every refusal Sandcone can give, as one family.

SandconeError
├── InputError        a file cannot be read as what it was said to be
│   ├── ColumnError   a column that a role needs is not in the file
│   └── MapError      a column map or site file says something that cannot be
└── EmptyError        nothing is left to work with

Each says what, where, what was found, and what to do. The command line prints the sentence and exits with 2.
"""


class SandconeError(ValueError):
    """A refusal that a planner can act on."""


class InputError(SandconeError):
    """A file cannot be read as what it was said to be."""

    def __init__(self, where: str, found: str, do: str) -> None:
        super().__init__(f"{where}: {found}. {do}")


class ColumnError(InputError):
    """A column that a role needs is not in the file."""

    def __init__(self, where: str, role: str, wanted: str, has: list[str]) -> None:
        found = f"no column {wanted!r} for the role {role!r}; the file has {', '.join(has)}"
        super().__init__(where, found, f"Say which one to use: --columns {role}=NAME")


class MapError(InputError):
    """A column map or a site file says something that cannot be."""


class EmptyError(InputError):
    """Nothing is left to work with."""
