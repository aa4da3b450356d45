"""Levers of care and booking: which paths people get, from where on they are personal, and how they are given a time."""

from __future__ import annotations

from dataclasses import replace

from sandcone.core.arrangement import Arrangement, Booking, Care
from sandcone.core.errors import ModelError
from sandcone.improving.levers.naming import some


def care(at: Arrangement, *, care: Care) -> Arrangement:
    """People get one package for everybody with an illness, one for each segment, or each their own.

    It has an effect only where people and a library of modules are given. ``ModelError`` where care is so already.
    """
    return replace(_other(at, "care", at.care, care), care=care)


def decoupling(at: Arrangement, *, step: str) -> Arrangement:
    """Paths are as for the segment up to the first time this step is done, and personal behind it (the decoupling point).

    It has an effect only with personal care. ``ModelError`` where there is no such step, or the point is there already.
    """
    if step not in at.model.steps:
        raise ModelError("decoupling", f"step {step!r} is not there", f"There are {some(at.model.steps)}.")
    return replace(_other(at, "the decoupling point", at.personal_from, step), personal_from=step)


def booking(at: Arrangement, *, booking: Booking) -> Arrangement:
    """Steps are given a time in another way: as they come, whole paths from a list, by a search, or by a search again each day.

    It has an effect only where people and a library of modules are given. ``ModelError`` where booking is so already.
    """
    return replace(_other(at, "booking", at.booking, booking), booking=booking)


def _other(at: Arrangement, what: str, now: str | None, then: str) -> Arrangement:
    if now == then:
        raise ModelError(what, f"{then!r} already, so nothing would change", "Choose another, or take the setting out.")
    return at
