"""The one place where functions are made fast: how they are compiled, and what holds in every compiled file.

A kernel allocates nothing: all memory comes from Python, so the compiled code counts no references (``_nrt=False``; measured, 4 to 9
times faster where many arrays meet many helpers). Numba's cache does not see changes in another file, so a kernel and its helpers
share one file. Imports numba: only kernels may import this.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from numba import njit

F = TypeVar("F", bound=Callable[..., Any])

_PLAIN: dict[str, Any] = {"nogil": True, "error_model": "numpy"}


def _compiled(plain: dict[str, Any], **more: Any) -> Callable[[F], F]:
    try:
        made: Any = njit(**{**_PLAIN, **plain, "_nrt": False, **more})
        made(lambda: None)  # a release that refuses these says so here
    except (KeyError, TypeError, ValueError):
        made = njit(**{**_PLAIN, **plain})
    return made  # type: ignore[no-any-return]


kernel = _compiled({"cache": True})
helper = _compiled({}, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True)
"""Part of a kernel: never called from Python, so without the door to it, which took longer to compile than most helpers themselves."""
