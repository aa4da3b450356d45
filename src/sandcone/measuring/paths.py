"""Who took which path: variants spelled out, and patients grouped by what was known of them beforehand.

Shared by every measure of variety; each part is counted once for a log and kept for as long as the log is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import TypeVar
from weakref import WeakKeyDictionary

import ibis
import ibis.expr.types as ir
import numpy as np
import pyarrow as pa
from ibis import _
from numpy.typing import NDArray

from sandcone.core.estimate import Missing
from sandcone.measuring.counting import Counts
from sandcone.measuring.prepare import Prepared, row

FEW = 12  # numbers with more levels than this are cut into fifths
MOST = 50  # words with more levels than this say who a patient is, not what kind
MOST_READ = 200_000  # numbers with more distinct values than this are not cut
UNKNOWN = "(unknown)"

T = TypeVar("T")
Ints = NDArray[np.int64]


def once(count: Callable[[Prepared], T]) -> Callable[[Prepared], T]:
    """Count a thing the first time it is asked of a log, then remember it until the log is gone."""
    known: WeakKeyDictionary[Prepared, T] = WeakKeyDictionary()

    @wraps(count)
    def remembered(prepared: Prepared) -> T:
        if prepared not in known:
            known[prepared] = count(prepared)
        return known[prepared]

    return remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """Something known of a patient beforehand: its name, and the level a patient has, as an expression on ``cases``."""

    name: str
    level: ir.Value
    levels: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How many cases share a variant and a group: ``v`` variant (place in ``Sequences``), ``g`` group (place in ``groups``), ``n``."""

    v: Ints
    g: Ints
    n: Ints
    groups: tuple[str, ...]

    @property
    def variant_counts(self) -> Counts:
        """Cases of each variant."""
        return _totals(self.v, self.n)

    @property
    def group_counts(self) -> Counts:
        """Cases of each group."""
        return _totals(self.g, self.n, len(self.groups))


@dataclass(frozen=True, kw_only=True, eq=False)
class Sequences:
    """Every variant spelled out: ``variant`` number in ``cases``, rising; ``n`` cases; its steps ``flat[starts[v]:starts[v + 1]]``."""

    variant: Ints
    n: Ints
    flat: Ints
    starts: Ints
    kinds: int  # step kinds in the log

    @cached_property
    def owner(self) -> Ints:
        """The variant each entry of ``flat`` belongs to."""
        return np.repeat(np.arange(self.n.size), np.diff(self.starts))

    def steps(self, v: int) -> list[int]:
        """The steps of one variant, in order."""
        return [int(s) for s in self.flat[self.starts[v] : self.starts[v + 1]]]

    @cached_property
    def members(self) -> tuple[Ints, Ints]:
        """(variant, step) once for each step kind that a variant has, in that order."""
        pairs = np.unique(self.owner * self.kinds + self.flat)
        return pairs // self.kinds, pairs % self.kinds

    @cached_property
    def package(self) -> Ints:
        """The package (set of steps) of each variant, numbered from 0; two variants share it if they have the same steps."""
        owner, step = self.members
        prints = np.random.default_rng(20_120_229).integers(0, 2**63, self.kinds, dtype=np.uint64)
        sums = np.zeros(self.n.size, dtype=np.uint64)
        np.add.at(sums, owner, prints[step])
        return np.unique(sums, return_inverse=True)[1]

    @cached_property
    def moves(self) -> tuple[Ints, Ints, Ints]:
        """(variant, from step, to step) for each two neighbouring steps of a variant."""
        inside = self.owner[1:] == self.owner[:-1]
        return self.owner[1:][inside], self.flat[:-1][inside], self.flat[1:][inside]

    @cached_property
    def example(self) -> Ints:
        """One variant of each package."""
        return np.unique(self.package, return_index=True)[1]

    def members_of(self, variants: Ints) -> tuple[Ints, Ints]:
        """(place in ``variants``, step) once for each step kind that each of these variants has."""
        owner, step = self.members
        first, after = np.searchsorted(owner, variants), np.searchsorted(owner, variants, side="right")
        sizes = after - first
        return np.repeat(np.arange(variants.size), sizes), step[np.arange(sizes.sum()) + np.repeat(after - np.cumsum(sizes), sizes)]

    def has(self, variants: Ints) -> NDArray[np.bool_]:
        """Which of these variants has which step: variants × step kinds."""
        found = np.zeros((variants.size, self.kinds), dtype=np.bool_)
        found[self.members_of(variants)] = True
        return found

    def place(self, variants: Ints) -> Ints:
        """Where these variant numbers stand in this list."""
        return np.searchsorted(self.variant, variants)


@once
def sequences(prepared: Prepared) -> Sequences:
    """All variants of a log, spelled out from one case each."""
    met = prepared.cases.group_by("variant").aggregate(n=_.count(), c=_.c.min())
    spelled = prepared.steps.select("c", "s", "k").inner_join(met, "c").select("variant", "n", "s", "k").to_pyarrow()
    variant, n, s, k = (spelled[name].to_numpy() for name in ("variant", "n", "s", "k"))
    order = np.lexsort((k, variant))
    kinds, starts = np.unique(variant[order], return_index=True)
    return Sequences(
        variant=kinds,
        n=n[order][starts].astype(np.int64),
        flat=s[order].astype(np.int64),
        starts=np.append(starts, order.size),
        kinds=len(prepared.step_names),
    )


def cells(prepared: Prepared, group: ir.Value, among: ir.Table | None = None) -> Cells:
    """Cases counted by variant and by a group of patients (an expression on ``cases``); ``among``: only cases whose ``c`` is there."""
    cases = prepared.cases.select("c", "variant", g=group.fill_null(UNKNOWN))
    chosen = cases if among is None else cases.semi_join(among, "c")
    counted = chosen.group_by("variant", "g").aggregate(n=_.count())
    table = counted.to_pyarrow().combine_chunks()
    coded = table["g"].combine_chunks().dictionary_encode()
    names = np.array(coded.dictionary.to_pylist(), dtype=str)
    groups, place = np.unique(names, return_inverse=True)
    variant = table["variant"].to_numpy()
    v = np.unique(variant, return_inverse=True)[1] if among is None else sequences(prepared).place(variant)
    g = place[coded.indices.to_numpy()]
    order = np.lexsort((g, v))  # so that draws do not depend on the order of the rows
    return Cells(v=v[order], g=g[order], n=table["n"].to_numpy()[order], groups=tuple(map(str, groups)))


@once
def variant_sizes(prepared: Prepared) -> Counts:
    """How many cases follow each variant, biggest first; cheap, for no variant is spelled out."""
    sizes = prepared.cases.group_by("variant").aggregate(n=_.count()).group_by("n").aggregate(many=_.count()).order_by(_.n.desc())
    fetched = sizes.to_pyarrow()
    return np.repeat(fetched["n"].to_numpy(), fetched["many"].to_numpy())


@once
def attributes(prepared: Prepared) -> tuple[tuple[Attribute, ...], tuple[Missing, ...]]:
    """The attributes that sort patients into 2 to 50 kinds, numbers in fifths; and why each other one does not."""
    names = prepared.log.attributes
    if not names:
        return (), (Missing(name="attribute_entropy", why="the log has no patient attributes"),)
    distinct = row(prepared.cases.aggregate(**{f"a{i}": _[f"a{i}"].nunique() for i in range(len(names))}))
    found = [_attribute(prepared, i, int(distinct[f"a{i}"])) for i in range(len(names))]
    usable = tuple(a for a in found if isinstance(a, Attribute))
    return usable, tuple(m for m in found if isinstance(m, Missing))


def _attribute(prepared: Prepared, i: int, distinct: int) -> Attribute | Missing:
    name, column = prepared.log.attributes[i], prepared.cases[f"a{i}"]
    cuts = _cuts(prepared, f"a{i}") if FEW < distinct <= MOST_READ else None
    if cuts is not None:
        return Attribute(name=name, level=_banded(column, cuts), levels=len(cuts) + 1)
    if distinct < 2:
        return Missing(name="attribute_entropy", why=f"attribute {name!r} is the same for every patient of whom it is known")
    if distinct > MOST:
        why = f"attribute {name!r} has {distinct:,} different values, more than {MOST}, and is not cut into fifths like a number"
        return Missing(name="attribute_entropy", why=why)
    return Attribute(name=name, level=column, levels=distinct)


def _cuts(prepared: Prepared, column: str) -> list[float] | None:
    """Where a column of numbers is cut into fifths; None if it holds something that is no number."""
    levels = prepared.cases.filter(_[column].notnull()).group_by(column).aggregate(n=_.count()).to_pyarrow()
    try:
        values = levels[column].cast(pa.float64()).to_numpy()
    except pa.ArrowInvalid:
        return None
    if not np.isfinite(values).all():
        return None
    order = np.argsort(values)
    upto = np.cumsum(levels["n"].to_numpy()[order])
    cuts = np.unique(values[order][np.searchsorted(upto, upto[-1] * np.array([0.2, 0.4, 0.6, 0.8]))])
    return [float(c) for c in cuts if c < values.max()] or None


def _banded(column: ir.Value, cuts: list[float]) -> ir.Value:
    number, label = column.cast("float64"), ibis.literal(f"over {cuts[-1]:g}")
    for low, cut in reversed(list(zip([None, *cuts], cuts, strict=False))):
        label = ibis.ifelse(number <= cut, f"up to {cut:g}" if low is None else f"over {low:g} to {cut:g}", label)
    return ibis.ifelse(column.isnull(), ibis.null("string"), label)


def segment(prepared: Prepared) -> ir.Value | str:
    """The segment of each case, from the attributes the site declares, joined by " / "; or why there is none."""
    declared, names = prepared.site.segment, prepared.log.attributes
    if not declared:
        return "no segment is declared; name the attributes that make one under segment in the site file"
    absent = [d for d in declared if d not in names]
    if absent:
        return f"the site file makes a segment of {absent[0]!r}, but the log's attributes are {', '.join(names) or 'none'}"
    banded = {a.name: a.level for a in attributes(prepared)[0]}
    parts = [banded.get(d, prepared.cases[f"a{names.index(d)}"]).fill_null(UNKNOWN) for d in declared]
    label: ir.Value = parts[0]
    for part in parts[1:]:
        label = label + " / " + part
    return label


def segment_or_all(prepared: Prepared) -> tuple[ir.Value, str]:
    """The segment of each case, or one segment of all, and the sentence that says so."""
    found = segment(prepared)
    return (ibis.literal("all"), "no segment declared: all patients taken as one") if isinstance(found, str) else (found, "")


def _totals(place: Ints, n: Ints, size: int = 0) -> Counts:
    return np.bincount(place, weights=n, minlength=size).astype(np.int64)
