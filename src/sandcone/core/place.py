"""Putting a file in its place: written beside and renamed, so that no half file is ever seen."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sandcone.core.errors import InputError


@contextmanager
def beside(path: Path) -> Iterator[Path]:
    """A name to write to; renamed to the true one at the end, removed if anything fails. ``InputError`` where nothing can be written."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield part
        os.replace(part, path)
    except OSError as e:
        raise cannot_write(path, e.strerror or str(e)) from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


def cannot_write(path: Path, why: str) -> InputError:
    """The refusal where a file or a folder takes nothing."""
    return InputError(str(path), f"cannot be written ({why})", "Name a folder that can be written to")
