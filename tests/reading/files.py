"""Small foreign files, written where a test may write, and what comes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sandcone.core.log import EventLog


def written(folder: Path, text: str | bytes, name: str = "log.csv") -> Path:
    """A file with this text; spaces around commas and at line ends are layout."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else tidy(text).encode())
    return path


def tidy(text: str) -> str:
    """The text without the layout that makes it readable in a test."""
    lines = (line.strip() for line in text.strip().splitlines())
    return "\n".join(",".join(cell.strip() for cell in line.split(",")) for line in lines) + "\n"


def rows(log: EventLog, *columns: str) -> list[tuple[Any, ...]]:
    """The log's rows in file order, times as ``13 08:30``."""
    table = log.table.order_by("row").select(*columns).to_pyarrow().to_pylist()
    return [tuple(short(r[c]) for c in columns) for r in table]


def short(value: Any) -> Any:
    """A moment as day and time of day; anything else as it is."""
    return value.strftime("%d %H:%M") if hasattr(value, "strftime") else value


def reasons(log: EventLog) -> dict[str, int]:
    """Rows left out, by reason."""
    return {x.reason: x.rows for x in log.account.left_out}


def findings(log: EventLog, word: str) -> list[int]:
    """The rows of each finding whose sentence has this word."""
    return [f.rows for f in log.findings if word in f.what]
