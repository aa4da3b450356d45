"""Which patients are meant: those whose attribute has one of some values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sandcone.core.arrivals import Listed
from sandcone.core.errors import ModelError
from sandcone.core.model import Model
from sandcone.core.site import Condition
from sandcone.improving.levers.naming import some


def patients_with(model: Model, attribute: str, values: Sequence[str]) -> Condition:
    """The condition that holds for these patients; ``ModelError`` where nobody who comes has such an attribute or such a value."""
    seen = values_of(model, attribute)
    strange = [v for v in values if v not in seen]
    if strange or not values:
        found = f"no patient's {attribute!r} is {strange[0]!r}" if strange else f"no value of {attribute!r} is named"
        raise ModelError("lever", found, f"There are: {some(seen)}.")
    return Condition(attribute=attribute, values=tuple(values))


def values_of(model: Model, attribute: str) -> tuple[str, ...]:
    """The values that an attribute has among those who come; ``ModelError`` where nobody has it."""
    seen = tuple(dict.fromkeys(who[attribute] for who in _who_comes(model) if attribute in who))
    if not seen:
        known = some(dict.fromkeys(name for who in _who_comes(model) for name in who))
        raise ModelError("lever", f"no patient has the attribute {attribute!r}", f"There are: {known}.")
    return seen


def _who_comes(model: Model) -> Iterator[Mapping[str, str]]:
    for stream in model.arrivals:
        yield from ((p.attributes for p in stream.patients) if isinstance(stream, Listed) else (k.attributes for k in stream.kinds))
