"""Which operating mode a patient's demand calls for, and where units mix several (FIELD §5; Lillrank, Groop & Malmstrom 2010)."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
import ibis.expr.types as ir
import numpy as np

from sandcone.core.chance import Luck
from sandcone.core.estimate import Estimate, Measure, Missing
from sandcone.core.site import MODE_FLAGS
from sandcone.measuring.counting import around, entropy, entropy_error
from sandcone.measuring.paths import Cells, Sequences, cells, sequences
from sandcone.measuring.prepare import Prepared

Flags = dict[str, ir.BooleanValue]


def _rules(has: Flags) -> tuple[tuple[ir.BooleanValue, str], ...]:
    """The first line that is true of a patient gives the mode; nobody's line is left: CURE."""
    return (
        (has["risk_only"], "PREVENTION"),
        (has["urgent"] & has["severe"], "EMERGENCY"),
        (has["open_ended"], "CARE"),
        (has["clear"] & has["one_contact"], "ONE VISIT"),
        (has["clear"] & has["schedulable"] & has["standard"], "ELECTIVE"),
        (has["several_causes"] | has["severe"], "PROJECT"),
    )


def mode(prepared: Prepared) -> ir.Value | str:
    """The operating mode of each case, an expression on ``cases``; or why the site file does not give it.

    The flags come from the site file, each true of some values of an attribute; a flag it does not name is false for everybody,
    and so is a flag whose attribute is unknown for a patient.
    """
    declared, names = prepared.site.mode, prepared.log.attributes
    if not declared:
        return f"no operating mode is declared; say under mode in the site file which attribute values mean {', '.join(MODE_FLAGS)}"
    absent = next((c.attribute for c in declared.values() if c.attribute not in names), None)
    if absent is not None:
        return f"the site file's mode asks for the attribute {absent!r}, but the log's attributes are {', '.join(names) or 'none'}"
    has: Flags = {flag: ibis.literal(False) for flag in MODE_FLAGS}  # noqa: FBT003
    for flag, condition in declared.items():
        has[flag] = prepared.cases[f"a{names.index(condition.attribute)}"].isin(condition.values).fill_null(ibis.literal(False))  # noqa: FBT003
    return ibis.cases(*_rules(has), else_="CURE")


def operating_modes(prepared: Prepared, luck: Luck) -> Iterator[Measure | Missing]:
    """How many patients each mode has, and how mixed the modes are in each unit (entropy, nats)."""
    found = mode(prepared)
    if isinstance(found, str):
        yield from (Missing(name=name, why=found) for name in ("mode.cases", "mode_mix_entropy"))
        return
    counted = cells(prepared, found)
    unnamed = [flag for flag in MODE_FLAGS if flag not in prepared.site.mode]
    note = f"flags not declared count as no: {', '.join(unnamed)}" if unnamed else ""
    for name, n in zip(counted.groups, counted.group_counts, strict=True):
        estimate = Estimate(value=float(n), n=int(n), unit="cases")
        yield Measure(name="mode.cases", estimate=estimate, group={"mode": name}, note=note)
    yield from _mixed(prepared, counted, luck)


def _mixed(prepared: Prepared, counted: Cells, luck: Luck) -> Iterator[Measure | Missing]:
    units = prepared.site.units
    known = sorted({units[name] for name in prepared.step_names if name in units})
    if not known:
        why = "no units are declared; say which step belongs to which unit under units in the site file"
        yield Missing(name="mode_mix_entropy", why=why)
    paths = sequences(prepared)
    for unit in known:
        steps = np.array([units.get(name) == unit for name in prepared.step_names])
        yield Measure(name="mode_mix_entropy", estimate=_mix(paths, counted, steps, luck), group={"unit": unit})


def _mix(paths: Sequences, counted: Cells, steps: np.ndarray[tuple[int], np.dtype[np.bool_]], luck: Luck) -> Estimate:
    owner, step = paths.members
    touched = np.zeros(paths.n.size, dtype=np.bool_)
    touched[owner[steps[step]]] = True
    here = touched[counted.v]
    sizes = np.bincount(counted.g[here], weights=counted.n[here]).astype(np.int64)
    method = "entropy of the modes of cases with a step in the unit" + ("; large-sample interval" if luck.draws else "")
    return around(entropy(sizes), entropy_error(sizes) if luck.draws else None, int(sizes.sum()), "nats", method, least=0)
