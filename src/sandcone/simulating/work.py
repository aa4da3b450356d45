"""How work begins, pauses and ends in the plain engine: who starts next, what is taken and given back, and what happens at closing."""

from __future__ import annotations

import math
from heapq import heappush
from typing import Any, NamedTuple

from sandcone.core.model import Need
from sandcone.simulating.house import NOBODY_YET, House, Place, Use
from sandcone.simulating.luck import AFTER, MINUTES, PICK, drawn, uniform
from sandcone.simulating.queues import OVERDUE, limit_of, minute_of, queue_of, rank_of
from sandcone.simulating.setting import Setting
from sandcone.simulating.timetable import Openings, Timetable
from sandcone.simulating.tokens import KeptPlace, Patient, Token

ENDS, CHANGES, DELAYS, ARRIVALS, PATIENCES = range(5)


class Row(NamedTuple):
    """One row of the log: a step of a patient; minutes, NaN where there is none."""

    patient: int
    step: str
    ready: float
    planned: float
    start: float
    end: float
    resources: tuple[str, ...]


class Work:
    """A hospital at work: its places, its lines, and the events foreseen."""

    def __init__(self, setting: Setting) -> None:
        self.setting, self.model, self.now = setting, setting.model, setting.first
        self.house = House(setting.model)
        self.openings = Openings(setting.model, setting.first)
        self.timetable = Timetable(setting.model)
        self.booked = setting.booked()
        self.rows: list[Row] = []
        self.events: list[tuple[float, int, int, Any, tuple[Any, ...]]] = []
        self.lines: dict[tuple[str, tuple[bool, ...]], list[Token]] = {}
        self.to_hand_over: list[Use] = []
        self.patients: dict[int, Patient] = {}
        self.serial = 0
        self.yet_to_come = len(setting.here) + len(setting.coming)

    def at(self, minute: float, kind: int, happen: Any, *of: Any) -> None:
        """Foresee an event."""
        self.serial += 1
        heappush(self.events, (minute, kind, self.serial, happen, of))

    def _luck(self, token: Token, purpose: int) -> float:
        return uniform(token.key, 8 * token.visit + purpose)

    def _if_still(self, token: Token, stamp: int, happen: Any) -> None:
        if token.stamp == stamp:
            happen(token)

    def _into_line(self, token: Token) -> None:
        token.line = (token.step_name, self._fulfilled(token))
        self.lines.setdefault(token.line, []).append(token)

    def _fulfilled(self, token: Token) -> tuple[bool, ...]:
        return tuple(kept is not None for kept in token.keeps(self.house.within))

    def _open_needs(self, token: Token) -> list[Need]:
        return [need for need, kept in zip(token.step.needs, token.keeps(self.house.within), strict=True) if kept is None]

    def _out_of_line(self, token: Token) -> None:
        if token.line is not None:
            self.lines[token.line].remove(token)
            token.line = None

    def _kept_changed(self, patient: Patient) -> None:
        """Whoever keeps more or fewer places than before may stand in another line."""
        for token in patient.tokens:
            if token.line is not None and token.line[1] != self._fulfilled(token):
                self._out_of_line(token)
                self._into_line(token)

    # ── who starts ──────────────────────────────────────────────────────────────────────────────────────────────────

    def serve(self) -> None:
        """Whoever can start, starts: work handed over first, then the best key of all lines, until nobody can."""
        while True:
            self._hand_over()
            best = min((min(map(self._key, line)) for line in self.lines.values() if line and self._can(line[0])), default=None)
            if best is None:
                return
            self.start(best[-1])

    def _can(self, token: Token) -> bool:
        return self.house.allot(self._open_needs(token), self.now, None) is not None

    def _key(self, token: Token) -> tuple[float, float, float, int, Token]:
        queue = queue_of(token.step_name, self.model, self.setting.plan)
        limit, patient = limit_of(queue), token.patient
        if limit is not None and self.now - token.ready > limit:
            return (OVERDUE, token.ready, token.ready, token.serial, token)
        minute = minute_of(queue, token.step, patient.who, patient.arrived, token.ready)
        return (rank_of(queue, token.step_name, patient.who), minute, token.ready, token.serial, token)

    def start(self, token: Token) -> None:
        """Take what the step needs, give back what was blocked, and foresee the end."""
        self._out_of_line(token)
        needs, keeps = self._open_needs(token), token.keeps(self.house.within)
        taken = self.house.allot(needs, self.now, self._luck(token, PICK)) or self.house.allot(needs, self.now, None) or []
        setup = max((self._setup(place, token) for of in taken for _, place in of), default=0.0)
        of_each = iter(taken)
        for need, kept_for in zip(token.step.needs, keeps, strict=True):
            self._use_kept(token, need, kept_for or [])
            for pool, place in next(of_each) if kept_for is None else ():
                self._take(token, need, pool, place)
        law = token.step.minutes.law(token.patient.who, token.resources[0] if token.resources else None)
        self._under_way(token, self.now, self.now + (setup + drawn(law, self._luck(token, MINUTES))))
        for kept in [k for k in token.patient.kept if k.blocked_by is token]:
            token.patient.kept.remove(kept)
            self._give_back(kept.place)
        self._kept_changed(token.patient)

    def _under_way(self, token: Token, start: float, end: float) -> None:
        token.state, token.start, token.ends, token.stamp = "under way", start, end, token.stamp + 1
        self.at(end, ENDS, self._if_still, token, token.stamp, self.end)

    def _setup(self, place: Place, token: Token) -> float:
        noun = place.noun
        differs = noun.setup_by is not None and place.last is not NOBODY_YET and place.last != token.patient.who.get(noun.setup_by)
        return noun.setup_minutes if differs else 0.0

    def _take(self, token: Token, need: Need, pool: str, place: Place) -> None:
        self._occupy(place, token)
        token.resources.append(place.name)
        if need.until is not None:
            token.patient.kept.append(KeptPlace(place, need.until))
        else:
            self._in_use(Use(token, need, pool, place), place)

    def _occupy(self, place: Place, token: Token) -> None:
        place.free -= 1
        if place.noun.setup_by is not None:
            place.last = token.patient.who.get(place.noun.setup_by)

    def _in_use(self, use: Use, place: Place) -> None:
        use.token.uses.append(use)
        place.uses.append(use)

    def _use_kept(self, token: Token, need: Need, keeps: list[KeptPlace]) -> None:
        for kept in keeps:
            token.resources.append(kept.place.name)
            if need.until is not None:
                kept.until, kept.blocked_by = need.until, None
            elif kept.blocked_by is token:
                token.patient.kept.remove(kept)
                pool = next(p for p in need.pools if kept.place.name in self.model.pools[p].members)
                self._in_use(Use(token, need, pool, kept.place), kept.place)

    # ── ends ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def end(self, token: Token) -> None:
        """The step is done: log it, give back its places or block them, and go on."""
        self._log(token, self.now)
        patient, then = token.patient, token.then
        for use in self._off(token):
            if use.need.blocks:
                patient.kept.append(KeptPlace(use.place, None, token))
            else:
                self._give_back(use.place)
        for kept in [k for k in patient.kept if k.until == token.step_name]:
            patient.kept.remove(kept)
            self._give_back(kept.place)
        self._kept_changed(patient)
        after = drawn(token.step.after, self._luck(token, AFTER)) if token.step.after else 0.0
        token.state, token.stamp = "goes on", token.stamp + 1
        if after > 0:
            self.at(self.now + after, DELAYS, self._if_still, token, token.stamp, lambda t: self.go(t, then))
        else:
            self.go(token, then)

    def _off(self, token: Token) -> list[Any]:
        """Take a step's uses off their places; those that wait to be handed over hold none."""
        uses, token.uses = token.uses, []
        for use in uses:
            if use.place is None:
                self.to_hand_over.remove(use)
            else:
                use.place.uses.remove(use)
        return [use for use in uses if use.place is not None]

    def _log(self, token: Token, end: float) -> None:
        if token.state in ("waits", "under way"):
            start = token.start if token.state == "under way" else math.nan
            resources = tuple(token.resources) if token.state == "under way" else ()
            self.rows.append(Row(token.patient.number, token.step_name, token.ready, token.planned, start, end, resources))

    def _give_back(self, place: Place) -> None:
        if place.noun.turnover_minutes > 0:
            self.at(self.now + place.noun.turnover_minutes, ENDS, self._freed, place)
        else:
            self._freed(place)

    def _freed(self, place: Place) -> None:
        place.free += 1
        place.freed_at = self.now

    # ── opening hours ───────────────────────────────────────────────────────────────────────────────────────────────

    def change(self, calendar: str, opens: bool) -> None:
        """A calendar opens or closes."""
        self._set_open(calendar, opens)
        if opens:
            for use in [u for p in self._of(calendar) if p.noun.at_close == "go home" for u in p.uses]:
                self._resume(use.token)
        else:
            self._closed(calendar)

    def _of(self, calendar: str) -> list[Place]:
        return [p for p in self.house.places.values() if p.noun.calendar == calendar]

    def _set_open(self, calendar: str, opens: bool) -> None:
        upcoming = self.openings.next(calendar)
        self.at(upcoming, CHANGES, self.change, calendar, not opens)
        for place in self._of(calendar):
            place.is_open, place.closes = opens, upcoming

    def _closed(self, calendar: str) -> None:
        """Work under way where it closes goes on (finish), pauses (go home), or goes to someone else (hand over)."""
        for place in self._of(calendar):
            for use in list(place.uses):
                if place.noun.at_close == "go home":
                    self._pause(use.token)
                elif place.noun.at_close == "hand over":
                    self._pause(use.token)
                    place.uses.remove(use)
                    use.place = None
                    self._freed(place)
                    self.to_hand_over.append(use)

    def _pause(self, token: Token) -> None:
        token.pauses += 1
        if token.pauses == 1:
            token.left, token.stamp = token.ends - self.now, token.stamp + 1

    def _resume(self, token: Token) -> None:
        token.pauses -= 1
        if token.pauses == 0:
            self._under_way(token, token.start, self.now + token.left)

    def _hand_over(self) -> None:
        for use in list(self.to_hand_over):
            place = self.house.instead(use.pool)
            if place is not None:
                self.to_hand_over.remove(use)
                self._occupy(place, use.token)
                use.place = place
                place.uses.append(use)
                self._resume(use.token)

    def go(self, token: Token, node: str) -> None:
        """Go on to a node: ``plain.Engine`` says how."""
        raise NotImplementedError
