"""Whether a hospital's site names only steps and attributes that its model has."""

from __future__ import annotations

from sandcone.core.arrivals import Listed
from sandcone.core.model import Model
from sandcone.core.route import Do
from sandcone.core.site import Site


def names_what_there_is(site: Site, model: Model) -> None:
    """Fail at what is not there."""
    kinds = [k for s in model.arrivals if not isinstance(s, Listed) for k in s.kinds]
    attributes = {pair for k in kinds for pair in k.attributes.items()}
    steps = {n.step for n in model.route.nodes.values() if isinstance(n, Do)}
    assert {p.start for p in site.promises} | {p.end for p in site.promises} | {n.step for n in site.needs} <= steps
    assert {(n.attribute, v) for n in site.needs for v in n.values} <= attributes
    assert {(c.attribute, v) for c in site.mode.values() for v in c.values} <= attributes
    assert set(site.segment) <= {name for name, _ in attributes}
