"""A file's bytes, unpacked where it is packed, looked through once before anything is made of them."""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import IO, Any

import pyarrow as pa

from sandcone.core.errors import InputError

LONGEST_LINE = 10_000_000
BLOCK = 1 << 20
DAMAGE = (OSError, EOFError, zlib.error, pa.ArrowException)


def opened(path: Path) -> IO[bytes]:
    """A file's bytes, unpacked where it is packed."""
    packing = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix.lower())
    stream: Any = path.open("rb") if packing is None else pa.CompressedInputStream(path.open("rb"), packing)
    return stream  # type: ignore[no-any-return]


def whole(path: Path) -> None:
    """Refuse a packed file that stops in the middle or is none."""
    if path.suffix.lower() in (".gz", ".zst"):
        for _ in blocks(path):
            pass


def in_lines(path: Path) -> int:
    """How many lines a file has; one with a line too long to be a row is refused before anybody tries to hold it."""
    length, lines = 0, 0
    for block in blocks(path):
        lines += block.count(b"\n")
        first = min((i for i in (block.find(b"\n"), block.find(b"\r")) if i >= 0), default=len(block))
        if length + first > LONGEST_LINE:
            raise InputError(path.name, f"a line is longer than {LONGEST_LINE:,} bytes", "This is no table of rows; export it as CSV")
        last = max(block.rfind(b"\n"), block.rfind(b"\r"))
        length = length + len(block) if last < 0 else len(block) - last - 1
    return lines + (length > 0)


def blocks(path: Path) -> Any:
    """The file's bytes, a block at a time; a damaged packed file is refused."""
    try:
        with opened(path) as stream:
            while block := stream.read(BLOCK):
                yield block
    except DAMAGE as e:
        raise InputError(path.name, f"the file is cut off or damaged ({str(e).splitlines()[0]})", "Fetch the file again") from None
