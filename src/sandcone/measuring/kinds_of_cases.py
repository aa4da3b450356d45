"""Each case by itself: its segment and the operating mode that its demand calls for, as the site file has them (FIELD §5)."""

from __future__ import annotations

from functools import reduce
from operator import and_

import ibis
import ibis.expr.types as ir
import pyarrow as pa

from sandcone.measuring.operating_modes import mode
from sandcone.measuring.paths import segment
from sandcone.measuring.prepare import Prepared


def kinds_of_cases(prepared: Prepared) -> tuple[pa.Table, dict[str, str]]:
    """``case``, ``segment``, ``mode``, by the case's name; null throughout where the site file does not say it, and then why, by column.

    A case has no mode here if nothing is recorded of what the modes ask for; counts of modes take that as no throughout.
    """
    found = {"segment": segment(prepared), "mode": mode(prepared)}
    why = {name: said for name, said in found.items() if isinstance(said, str)}
    nothing = ibis.null("string")
    columns = {name: nothing if isinstance(said, str) else said for name, said in found.items()}
    if "mode" not in why:
        columns["mode"] = ibis.ifelse(_unrecorded(prepared), nothing, columns["mode"])
    names = prepared.log.table.select("case").distinct().mutate(c=ibis.row_number().over(order_by="case").cast("int64"))
    cases = prepared.cases.select("c", **columns)
    return names.inner_join(cases, "c").order_by("c").select("case", *columns).to_pyarrow(), why


def _unrecorded(prepared: Prepared) -> ir.BooleanValue:
    """Whether none of the attributes that the modes ask for is known of a case."""
    names = prepared.log.attributes
    asked = sorted({c.attribute for c in prepared.site.mode.values()})
    return reduce(and_, (prepared.cases[f"a{names.index(a)}"].isnull() for a in asked))
