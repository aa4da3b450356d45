"""Who is there at minute 0, written into the compiled engine's memory: places taken, work under way, and who will join a line first."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from sandcone.core.present import UnderWay
from sandcone.simulating import kernel as k
from sandcone.simulating.columns import places_of
from sandcone.simulating.kinds import Kinds
from sandcone.simulating.setting import Here, Setting
from sandcone.simulating.tables import node_numbers


@dataclass(frozen=True, slots=True, eq=False)
class Settled:
    """A house that is being filled before the first minute."""

    made: Setting
    net: k.Net
    state: k.State
    kinds: Kinds

    def fill(self) -> None:
        """Everybody takes their place: work under way first goes on after those who wait stand in line."""
        tokens = [self._token(number, here) for number, here in enumerate(self.made.here)]
        for t, here in zip(tokens, self.made.here, strict=True):
            if here.ends is None:
                self._foresee(0.0, k.E_QUIET, t)
        if tokens:
            self._foresee(0.0, k.E_GO, 0, remember=False)  # nobody's event: after it, whoever can start does
        for t, here in zip(tokens, self.made.here, strict=True):
            if here.ends is not None:
                self.state.minute[t, k.END] = max(0.0, here.ends)
                self._foresee(max(0.0, here.ends), k.E_END, t)
        self._where_it_is_closed()

    def _foresee(self, minute: float, what: np.int64, t: int, *, remember: bool = True) -> None:
        s = self.state
        serial = k.foresee(s.register, s.event_minute, s.event_order, s.event_of, float(minute), k.ENDS, what, t)
        if remember:
            s.token[t, k.EVENT] = serial

    def _token(self, number: int, here: Here) -> int:
        s, noun = self.state, here.noun
        node = node_numbers(self.made.model)[noun.node]
        t = int(k.new_token(s.register, s.token, s.key, k.NONE, k.NONE, np.uint64(here.key), self.kinds.of(noun.attributes)))
        s.register[k.ALIVE] += 1
        s.token[t, [k.NUMBER, k.NODE, k.STEP, k.VISIT, k.VISITS]] = number, node, self.net.node[node, k.N_STEP], 0, 1
        s.token[t, [k.STATE, k.BOOKINGS, k.SLOT, k.PATIENCE]] = k.WAITS if here.ends is None else k.WORKS, 0, -1, -1
        s.minute[t, k.ARRIVED] = noun.since if noun.arrived is None else noun.arrived
        s.minute[t, [k.READY, k.PLANNED, k.START]] = noun.since, math.nan, noun.since
        steps, resources = places_of(self.made.model.steps), places_of(self.made.model.resources)
        for kept in noun.keeps:
            until = k.TO_THE_END if kept.until is None else np.int64(steps[kept.until])
            self._keep(t, resources[kept.resource], until)
        if isinstance(noun, UnderWay):
            s.minute[t, k.READY] = noun.since if noun.ready is None else noun.ready
            self._take(t, here, noun, resources)
        return t

    def _take(self, t: int, here: Here, noun: UnderWay, resources: Mapping[str, int]) -> None:
        s, pools = self.state, places_of(self.made.model.pools)
        for j, (name, (need, pool)) in enumerate(zip(noun.resources, here.seats, strict=True)):
            u, r = t * int(self.net.size[k.MOST]) + j, resources[name]
            at = int(self.net.step[s.token[t, k.STEP], k.S_NEED_A]) + need
            s.use[u, [k.U_LOG, k.U_NEED, k.U_STATE]] = r, at, k.NOT_USED
            if self.net.need[at, k.D_UNTIL] >= 0:
                self._keep(t, r, np.int64(self.net.need[at, k.D_UNTIL]))
            else:
                k.occupy(s.place, s.available, self.net.attribute, r, int(s.token[t, k.KIND]))
                k.in_use(s.use, s.place, u, r, pools[pool])
        s.token[t, k.USES] = len(noun.resources)

    def _keep(self, t: int, r: int, until: np.int64) -> None:
        s = self.state
        k.occupy(s.place, s.available, self.net.attribute, r, int(s.token[t, k.KIND]))
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
                        k.stop_using(s.register, s.use, s.place, u)
                        s.place[r, k.R_FREE] += 1
                        s.timing[r, k.R_FREED_AT] = 0.0
                        k.hand_on(s.register, s.use, u)
                    u = following
