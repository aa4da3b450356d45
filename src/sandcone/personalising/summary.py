"""Personal paths in short."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from sandcone.core.care import Library, Path, Person
from sandcone.core.personal import Clash, Summary
from sandcone.personalising.counted import mean


def summary(library: Library, people: Sequence[Person], paths: Sequence[Path]) -> Summary:
    """What the paths of these people come to; people and paths in the same order."""
    fits = sorted(p.fit for p in paths if p.fit is not None)
    used = Counter(m for p in paths for m in p.modules)
    return Summary(
        people=len(people),
        without=sum(not p.modules for p in paths),
        packages=len({p.modules for p in paths if p.modules}),
        offered=len(library.modules),
        used={m.name: used[m.name] for m in library.modules if used[m.name]},
        fit=mean(fits),
        worst_tenth=mean(fits[: math.ceil(len(fits) / 10)]),
        basis=Counter(p.basis for p in paths),
        conflicts=dict(Counter(k for p in paths for k in {c.kind for c in p.conflicts if not c.done}).most_common()),
        clashes=_clashes(paths),
        unmet=_unmet(library, people),
    )


def _clashes(paths: Sequence[Path]) -> tuple[Clash, ...]:
    found = Counter((c.kind, c.modules, c.why) for p in paths for c in set(p.conflicts) if not c.done)
    return tuple((kind, modules, why, n) for (kind, modules, why), n in found.most_common())


def _unmet(library: Library, people: Sequence[Person]) -> dict[str, int]:
    met = {k for m in library.modules for k in m.meets}
    found = Counter(k for p in people for k, amount in p.needs.items() if amount > 0 and k not in met)
    return dict(found.most_common())
