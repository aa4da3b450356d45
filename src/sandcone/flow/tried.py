"""What was tried, on disk as it comes: whatever ends a search, nothing it has learnt is lost, and the same search goes on from there."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import fields
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import IO, Any

from sandcone import __version__
from sandcone.core.arrangement import Arrangement
from sandcone.core.errors import InputError
from sandcone.core.lever import Levers, LeverSet
from sandcone.core.model_file import as_text
from sandcone.core.outcome import Outcome
from sandcone.core.place import cannot_write
from sandcone.core.site import Site
from sandcone.flow.improve_people import Cared

Key = tuple[LeverSet, int, bool]
"""A set of levers, a number of luck, and whether the run was short."""
NUMBERS = tuple(f.name for f in fields(Outcome) if f.name != "period")


def inputs_key(today: Arrangement, levers: Levers, site: Site | None, seed: int, cared: Cared | None = None) -> str:
    """One name for all that an outcome depends on: equal only if every run would come to the same."""
    said = [
        __version__,
        as_text(today.model),
        as_text(today.plan),
        repr((today.care, today.booking, today.personal_from, today.money_per_week, seed)),
        repr([(lever.name, [(s.name, _of(s.change), s.money_per_week) for s in lever.settings]) for lever in levers.levers]),
        repr((levers.course, levers.limits.staff)),
        "" if site is None else site.model_dump_json(by_alias=True),
        "" if cared is None else repr((cared.library, cared.people(0), cared.keep, cared.like, cared.segment)),
    ]
    return sha256("\0".join(said).encode()).hexdigest()


def _of(change: Callable[..., object]) -> str:
    """A change in words that are the same in every process."""
    if isinstance(change, partial):
        return f"{_of(change.func)}{change.args!r}{sorted(change.keywords.items())!r}"
    return f"{change.__module__}.{getattr(change, '__qualname__', type(change).__qualname__)}"


class Memory:
    """Outcomes by set, luck and length. With a file each is there as soon as it is known; to be closed at the end.

    A last line that is half-written is dropped. ``InputError`` where the file is of another hospital, other levers or another seed.
    """

    def __init__(self, path: Path | None, key: str) -> None:
        self.known: dict[Key, Outcome | str] = {}
        self.path, self.file = path, None
        if path is not None:
            self.file = self._opened(path, key)

    def __enter__(self) -> Memory:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self.file is not None:
            self.file.close()

    def keep(self, key: Key, outcome: Outcome | str) -> None:
        """Know it from now on, and after this process too."""
        self.known[key] = outcome
        if self.file is not None:
            levers, replication, short = key
            line = {"levers": levers, "replication": replication, "short": short, **_said(outcome)}
            self.file.write(json.dumps(line, ensure_ascii=False) + "\n")
            self.file.flush()

    def _opened(self, path: Path, key: str) -> IO[str]:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            whole = self._read(path, key) if path.exists() else 0
            file = path.open("r+" if path.exists() else "w", encoding="utf-8")
        except OSError as e:
            raise cannot_write(path, e.strerror or str(e)) from None
        file.truncate(whole)
        file.seek(whole)
        if not whole:
            file.write(json.dumps({"sandcone": "tried", "version": 1, "inputs": key}) + "\n")
            file.flush()
        return file

    def _read(self, path: Path, key: str) -> int:
        """Take in what is known; says how many bytes are whole lines."""
        lines = path.read_bytes().splitlines(keepends=True)
        if lines and not lines[-1].endswith(b"\n"):
            lines.pop()
        if not lines:
            return 0
        try:
            if json.loads(lines[0])["inputs"] != key:
                do = "Name another folder, or remove that file to begin anew."
                raise InputError(str(path), "it was tried with another hospital, other levers, another seed or another Sandcone", do)
            for line in lines[1:]:
                self._learn(json.loads(line))
        except (ValueError, KeyError, TypeError) as e:
            if isinstance(e, InputError):
                raise
            raise InputError(str(path), "it is damaged", "Remove it to begin anew, or name another folder.") from None
        return sum(map(len, lines))

    def _learn(self, line: Mapping[str, Any]) -> None:
        key = tuple(line["levers"]), line["replication"], line["short"]
        self.known[key] = line["why"] if "why" in line else _outcome(line)


def _said(outcome: Outcome | str) -> dict[str, object]:
    """An outcome as plain values; what is not known is null."""
    if isinstance(outcome, str):
        return {"why": outcome}
    whole = {name: getattr(outcome, name) for name in NUMBERS}
    return {name: None if isinstance(x, float) and not math.isfinite(x) else x for name, x in whole.items()}


def _outcome(line: Mapping[str, Any]) -> Outcome:
    known: dict[str, Any] = {name: math.nan if line[name] is None else line[name] for name in NUMBERS}
    return Outcome(**known)
