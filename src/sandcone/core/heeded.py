"""What a person may wish for, and what may be a limit: only what is heeded, said in the way in which it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sandcone.core.condition import Fact
from sandcone.core.errors import ModelError
from sandcone.core.model import DAYS

Said = Fact | tuple[str, ...]
Form = tuple[str, Callable[[Said], bool]]
"""How a thing is said, and whether it is."""

YES_OR_NO: Form = ("yes or no", lambda said: isinstance(said, bool))
A_NAME: Form = ("a name", lambda said: isinstance(said, str))
WEEKDAYS: Form = (f"weekdays ({', '.join(DAYS)})", lambda said: isinstance(said, tuple) and set() < set(said) <= set(DAYS))
WORD: Form = ("one word, a number, or yes or no", lambda said: not isinstance(said, tuple))

WISHES: Mapping[str, Form] = {"telehealth": YES_OR_NO, "one_visit": YES_OR_NO, "clinician": A_NAME, "days": WEEKDAYS}
"""All that can be wished for."""

LIMITS: Mapping[str, Form] = {"telehealth": YES_OR_NO, "clinician": A_NAME}
"""Limits that mean more than a fact does."""


def wishes_heeded(wishes: Mapping[str, Said]) -> None:
    """``ModelError`` where a wish is one that nothing heeds, or is not said as it has to be; the wish itself is not repeated."""
    for name, value in wishes.items():
        if name not in WISHES:
            do = f"Wishes are {', '.join(WISHES)}; what only conditions ask for is a fact or a limit."
            raise ModelError("a person, wishes", f"nothing heeds a wish {name!r}", do)
        _said("wishes", name, value, WISHES[name])


def limits_heeded(limits: Mapping[str, Said]) -> None:
    """``ModelError`` where a limit is a list, which no condition can ask for, or is not said as it has to be."""
    for name, value in limits.items():
        _said("limits", name, value, LIMITS.get(name, WORD))


def _said(where: str, name: str, value: Said, form: Form) -> None:
    how, fits = form
    if not fits(value):
        raise ModelError(f"a person, {where}", f"{name!r} does not say {how}", f"Say {how}.")
