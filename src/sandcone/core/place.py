"""Putting a file in its place: written beside and renamed, so that no half file is ever seen."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from sandcone.core.errors import InputError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name to write to; renamed to the true one at the end, removed if anything fails. ``InputError`` where nothing can be written.

    A folder of that name is refused at once, so that of several files all are written, or none.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        if path.is_dir():
            raise cannot_write(path, "it is a folder", "Give the file a name that no folder has")
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, path)
    except OSError as e:
        raise cannot_write(path, e.strerror or str(e)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def put_all(texts: Sequence[tuple[str | Path, str]]) -> None:
    """Write several files, all or none. ``InputError`` where one cannot be written, or two are to have one name."""
    names = [Path(path).resolve() for path, _ in texts]
    for (path, _), name in zip(texts, names, strict=True):
        if names.count(name) > 1:
            raise InputError(str(path), "two of the files are to have this name", "Give each a name of its own.")
    with ExitStack() as whole:
        for path, text in texts:
            whole.enter_context(beside(Path(path))).write_text(text, encoding="utf-8")


def csv_name(path: Path) -> Path:
    """Refuse a name that does not end in .csv, before any work is done."""
    if path.suffix != ".csv":
        raise InputError(str(path), "not a name that ends in .csv", "Give such a name.")
    return path


def not_over(out: Path, *made_from: object) -> None:
    """Refuse to write a file over one that it is made from (``InputError``); what is not a file's name is passed over."""
    if any(isinstance(x, str | Path) and Path(x).resolve() == out.resolve() for x in made_from):
        raise InputError(str(out), "it would be written over what it is made from", "Give the file another name.")


def cannot_write(path: Path, why: str, do: str = "Name a folder that can be written to") -> InputError:
    """The refusal where a file or a folder takes nothing."""
    return InputError(str(path), f"cannot be written ({why})", do)
