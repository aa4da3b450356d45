"""Who is there when the run begins, written into the compiled engine's memory: places taken, work under way, who joins a line first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sandcone.core.present import SideBySide, UnderWay
from sandcone.simulating import kernel as k
from sandcone.simulating.columns import places_of
from sandcone.simulating.kinds import Kinds
from sandcone.simulating.setting import Here, Setting
from sandcone.simulating.tables import node_numbers


def tokens_of(here: Sequence[Here]) -> int:
    """How many parts of journeys there are at once."""
    return sum(1 + tokens_of(h.parts) for h in here)


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A house that is being filled before the first minute."""

    made: Setting
    net: k.Net
    state: k.State
    kinds: Kinds

    def fill(self) -> None:
        """Everybody takes their place: work under way first goes on after those who wait stand in line."""
        now = self.made.first
        tokens = [at for number, here in enumerate(self.made.here) for at in self._patient(number, here)]
        for t, here in tokens:
            if here.ends is None and here.ready is None and not here.booked > now:
                self._foresee(now, k.E_QUIET, t)
        if tokens:
            self._foresee(now, k.E_GO, 0, remember=False)  # nobody's event: after it, whoever can start does
        for t, here in tokens:
            if here.ends is not None:
                self.state.minute[t, k.END] = max(now, here.ends)
                self._foresee(max(now, here.ends), k.E_END, t)
            elif here.ready is not None:
                self._foresee(here.ready, k.E_NEEDED, t, kind=k.DELAYS)
            elif here.booked > now:
                self._foresee(here.booked, k.E_COMES, t, kind=k.DELAYS)
        self._where_it_is_closed()

    def _foresee(self, minute: float, what: np.int64, t: int, *, kind: np.int64 = k.ENDS, remember: bool = True) -> None:
        s = self.state
        serial = k.settle_event(s.register, s.event_minute, s.event_order, s.event_of, float(minute), kind, what, t)
        if remember:
            s.token[t, k.EVENT] = serial

    def _patient(self, number: int, here: Here) -> Iterator[tuple[int, Here]]:
        s, noun = self.state, here.noun
        t = int(k.settle_token(s.register, s.token, s.key, k.NONE, k.NONE, np.uint64(here.key), self.kinds.of(noun.attributes)))
        s.register[k.ALIVE] += 1
        s.token[t, [k.NUMBER, k.PATIENCE]] = number, -1
        s.minute[t, k.ARRIVED] = here.since if noun.arrived is None else noun.arrived + self.made.first
        steps, resources = places_of(self.made.model.steps), places_of(self.made.model.resources)
        for kept in noun.keeps:
            until = k.TO_THE_END if kept.until is None else np.int64(steps[kept.until])
            self._keep(t, resources[kept.resource], until)
        return self._stands(t, here)

    def _stands(self, t: int, here: Here) -> Iterator[tuple[int, Here]]:
        """Put a part of a journey where it stands; gives the tokens of steps."""
        s, noun, nodes = self.state, here.noun, node_numbers(self.made.model)
        if isinstance(noun, SideBySide):
            s.token[t, [k.VISITS, k.BRANCHES, k.REJOINS, k.PATIENCE]] = 1, len(here.parts), nodes[noun.then], -1
            root, kind = int(s.token[t, k.ROOT]), int(s.token[t, k.KIND])
            for part in here.parts:
                yield from self._stands(int(k.settle_token(s.register, s.token, s.key, root, t, np.uint64(part.key), kind)), part)
            return
        node = nodes[noun.node]
        state = k.WORKS if here.ends is not None else k.GOES_ON if here.ready is not None else k.WAITS
        s.token[t, [k.NODE, k.STEP, k.VISIT, k.VISITS]] = node, self.net.node[node, k.N_STEP], 0, 1
        s.token[t, [k.STATE, k.BOOKINGS, k.SLOT, k.PATIENCE]] = state, 0, -1, -1
        s.minute[t, [k.READY, k.PLANNED, k.START]] = here.since, here.booked, here.since
        if isinstance(noun, UnderWay):
            s.minute[t, k.READY] = here.since if noun.ready is None else noun.ready + self.made.first
            self._take(t, here, noun, places_of(self.made.model.resources))
        yield t, here

    def _take(self, t: int, here: Here, noun: UnderWay, resources: Mapping[str, int]) -> None:
        s, pools = self.state, places_of(self.made.model.pools)
        for j, (name, (need, pool)) in enumerate(zip(noun.resources, here.seats, strict=True)):
            u, r = t * int(self.net.size[k.MOST]) + j, resources[name]
            at = int(self.net.step[s.token[t, k.STEP], k.S_NEED_A]) + need
            s.use[u, [k.U_LOG, k.U_NEED, k.U_STATE]] = r, at, k.NOT_USED
            if self.net.need[at, k.D_UNTIL] >= 0:
                self._keep(int(s.token[t, k.ROOT]), r, np.int64(self.net.need[at, k.D_UNTIL]))
            else:
                k.settle_place(s.place, s.available, self.net.attribute, r, int(s.token[t, k.KIND]))
                k.settle_use(s.use, s.place, u, r, pools[pool])
        s.token[t, k.USES] = len(noun.resources)

    def _keep(self, t: int, r: int, until: np.int64) -> None:
        s = self.state
        k.settle_place(s.place, s.available, self.net.attribute, r, int(s.token[t, k.KIND]))
        k.keep(s.register, s.token, s.kept, t, r, until, t)

    def _where_it_is_closed(self) -> None:
        s, most = self.state, int(self.net.size[k.MOST])
        for c in np.flatnonzero(s.calendar[:, k.H_OPEN] == 0):
            for r in self.net.calendar_place[s.calendar[c, k.H_PLACE_A] : s.calendar[c, k.H_PLACE_Z]]:
                u = int(s.place[r, k.R_USERS])
                while u >= 0:
                    following, t = int(s.use[u, k.U_AFTER]), u // most
                    s.token[t, k.PAUSES] += 1
                    if s.token[t, k.PAUSES] == 1:
                        s.minute[t, k.LEFT], s.token[t, k.EVENT] = s.minute[t, k.END], -1
                    if s.place[r, k.R_AT_CLOSE] == k.HAND_OVER:
                        k.settle_hand_on(s.register, s.use, s.place, u)
                        s.place[r, k.R_FREE] += 1
                        s.timing[r, k.R_FREED_AT] = self.made.first
                    u = following
