"""A lever that is suggested: what it is, why, and how it stands in a file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Value = str | int | float | bool | Sequence["Value"] | Mapping[str, "Value"]
"""What TOML can say of a parameter."""
Said = Mapping[str, Value]
"""Parameters by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Idea:
    """A lever with a reason; ``settings`` are what is to be tried, each over the parameters that all share."""

    name: str
    use: str
    why: str
    parameters: Said
    settings: Sequence[Said] = ()

    def toml(self) -> str:
        """The lever as it stands in a file."""
        told = {"name": self.name, "use": self.use, **self.parameters}
        lines = [f"# {said(self.why)}", "[[lever]]", *(f"{key} = {written(value)}" for key, value in told.items())]
        settings = ["settings = [", *(f"  {written(s)}," for s in self.settings), "]"] if self.settings else []
        return "\n".join([*lines, *settings, ""])


def said(text: str) -> str:
    """A text on one line, with nothing in it that a comment may not have."""
    return "".join(c for c in " ".join(text.split()) if c.isprintable())


def written(value: Value) -> str:
    """A value as TOML writes it."""
    match value:
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool():
            return "true" if value else "false"
        case int() | float():
            return repr(value)
        case Mapping():
            return "{ " + ", ".join(f"{_key(k)} = {written(x)}" for k, x in value.items()) + " }"
        case _:
            return "[" + ", ".join(map(written, value)) + "]"


def _key(key: str) -> str:
    return key if key.replace("_", "").isascii() and key.replace("_", "").isalnum() else written(key)
