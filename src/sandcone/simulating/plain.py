"""The engine in plain Python: the specification. The fast engine gives the same rows; read this one to know what happens when.

A token is a patient, or one branch of a patient whose parts go on side by side. Events happen in order of time; at one moment first
ends of work (0), then openings and closings (1), then delays that are over (2), then arrivals (3), then patience that is at an end
(4); within these in the order in which they were foreseen. After each event, whoever can start does, the best key first.
"""

from __future__ import annotations

import math
from heapq import heappop

from sandcone.core.present import SideBySide, UnderWay
from sandcone.core.route import END, Choose, Do, Split
from sandcone.simulating.luck import BEFORE, CHOOSE, LAG, PATIENCE, branch_key, drawn, uniform
from sandcone.simulating.setting import Here, Setting
from sandcone.simulating.tokens import KeptPlace, Patient, Token
from sandcone.simulating.work import ARRIVALS, CHANGES, DELAYS, PATIENCES, Row, Work

__all__ = ["Engine", "Row", "run"]

GIVE_UP = 400 * 1440.0  # minutes with nothing but openings and closings, after which nobody will ever start


def run(setting: Setting) -> list[Row]:
    """Every row of one run, in order of the ends; rows not ended by the horizon come last."""
    return Engine(setting).run()


class Engine(Work):
    """One run under way: patients' ways through the hospital."""

    def run(self) -> list[Row]:
        """Go from event to event until the horizon, or until everybody has left."""
        self._before_the_first_minute()
        moved = self.now
        while self.events and (self.yet_to_come or self.patients):
            time, kind, _, happen, of = heappop(self.events)
            if time >= self.setting.horizon or (kind == CHANGES and not self.yet_to_come and time - moved > GIVE_UP):
                break
            self.now, moved = time, (moved if kind == CHANGES else time)
            happen(*of)
            self.serve()
        ended, steps = len(self.rows), list(self.model.steps)
        for patient in self.patients.values():
            for token in patient.tokens:
                self._log(token, math.nan)
        unended = sorted(self.rows[ended:], key=lambda r: (r.patient, r.ready, steps.index(r.step), *map(_or_before, (r.planned, r.start))))
        return self.rows[:ended] + unended

    def _before_the_first_minute(self) -> None:
        for name in self.model.calendars:
            self._set_open(name, self.openings.open_at_first[name])
        for number, here in enumerate(self.setting.here):
            self._present(number, here)
        for name in self.model.calendars:
            if not self.openings.open_at_first[name]:
                self._closed(name)
        self.serve()
        for i, minute in enumerate(self.setting.coming.minute):
            self.at(float(minute), ARRIVALS, self.arrive, i)

    def arrive(self, i: int) -> None:
        """A patient comes in."""
        come = self.setting.coming
        token = self._patient(len(self.setting.here) + i, self.now, int(come.key[i]))
        self.go(token, come.firsts[come.first[i]])

    def _patient(self, number: int, arrived: float, key: int) -> Token:
        self.yet_to_come -= 1
        patient = Patient(number, self.setting.who(number), arrived)
        self.patients[number] = patient
        return patient.token(key)

    def go(self, token: Token, node: str) -> None:
        """Go on to a node, and on from there, until a step or its delay is in the way."""
        while node != END:
            match self.model.route.nodes[node]:
                case Choose() as choice:
                    node = self._way(token, choice)
                case Split() as split:
                    return self._split(token, split)
                case Do() as do:
                    return self._do(token, do)
        return self._finish(token)

    def _way(self, token: Token, choice: Choose) -> str:
        u, passed = uniform(token.key, 8 * token.visits + CHOOSE), 0.0
        token.visits += 1
        ways = choice.ways(token.patient.who)
        for way in ways:
            passed += way.share
            if u < passed:
                return way.to
        return next(way.to for way in reversed(ways) if way.share > 0)

    def _split(self, token: Token, split: Split) -> None:
        visits, token.visits = token.visits, token.visits + 1
        token.rejoins, token.branches = split.then, len(split.branches)
        children = [token.patient.token(branch_key(token.key, visits, b), token) for b in range(len(split.branches))]
        for kept in token.patient.kept:
            if kept.blocked_by is token:
                kept.blocked_by = children[0]
        for child, node in zip(children, split.branches, strict=True):
            self.go(child, node)

    def _do(self, token: Token, do: Do) -> None:
        step = self.model.steps[do.step]
        token.begin(do, step)
        lag = drawn(do.lag, self._luck(token, LAG)) if do.lag else 0.0
        over = self.timetable.over(do.pace, self.now, lag)
        over += drawn(step.before, self._luck(token, BEFORE)) if step.before else 0.0
        if over > self.now:
            self.at(over, DELAYS, self._if_still, token, token.stamp, self.needed)
        else:
            self.needed(token)

    def needed(self, token: Token) -> None:
        """The step is needed and possible: the clock of its wait starts."""
        token.state, token.ready = "waits", self.now
        booked = self.booked.get((token.patient.number, token.step_name))
        if booked is not None:
            token.planned = booked
            self._comes_at(token, booked)
        elif token.step.booking is not None:
            self._book(token)
        else:
            self.join(token)

    def _book(self, token: Token) -> None:
        slot = self.timetable.book(token, self.now)
        token.planned = slot.minute
        if slot.kept:
            self._comes_at(token, slot.comes)
        else:
            self.at(slot.minute, DELAYS, self._if_still, token, token.stamp, self._missed)

    def _missed(self, token: Token) -> None:
        assert token.step.booking is not None
        if token.step.booking.again:
            token.bookings += 1
            self._book(token)
        else:
            self.leave(token)

    def _comes_at(self, token: Token, minute: float) -> None:
        if minute > self.now:
            self.at(minute, DELAYS, self._if_still, token, token.stamp, self.join)
        else:
            self.join(token)

    def join(self, token: Token) -> None:
        """Join the line of the step."""
        self.serial += 1
        token.serial = self.serial
        self._into_line(token)
        if token.step.patience:
            self.at(
                self.now + drawn(token.step.patience, self._luck(token, PATIENCE)),
                PATIENCES,
                self._if_still,
                token,
                token.stamp,
                self.leave,
            )

    def _finish(self, token: Token) -> None:
        """A branch, or the journey, is at its end."""
        patient, parent = token.patient, token.parent
        patient.tokens.remove(token)
        for kept in [k for k in patient.kept if parent is None or k.blocked_by is token]:
            patient.kept.remove(kept)
            self._give_back(kept.place)
        if parent is None:
            del self.patients[patient.number]
            return
        parent.branches -= 1
        if parent.branches == 0:
            self.go(parent, parent.rejoins)

    def leave(self, token: Token) -> None:
        """The patient goes home for good: every part of the journey ends here, and everything is given back."""
        patient = token.patient
        for each in list(patient.tokens):
            self._log(each, self.now if each.state == "under way" else math.nan)
            self._out_of_line(each)
            each.stamp += 1
            for use in self._off(each):
                self._give_back(use.place)
        for kept in patient.kept:
            self._give_back(kept.place)
        patient.tokens.clear()
        del self.patients[patient.number]

    def _present(self, number: int, here: Here) -> None:
        noun = here.noun
        token = self._patient(number, here.since if noun.arrived is None else noun.arrived + self.now, here.key)
        for keeps in noun.keeps:
            self._occupy(self.house.places[keeps.resource], token)
            token.patient.kept.append(KeptPlace(self.house.places[keeps.resource], keeps.until))
        self._stands(token, here)

    def _stands(self, token: Token, here: Here) -> None:
        noun = here.noun
        if isinstance(noun, SideBySide):
            token.visits, token.rejoins, token.branches = 1, noun.then, len(here.parts)
            for part in here.parts:
                self._stands(token.patient.token(part.key, token), part)
            return
        do = self.model.route.nodes[noun.node]
        assert isinstance(do, Do)
        token.begin(do, self.model.steps[do.step])
        if isinstance(noun, UnderWay) and here.ends is not None:
            for name, (j, pool) in zip(noun.resources, here.seats, strict=True):
                self._take(token, token.step.needs[j], pool, self.house.places[name])
            token.ready = here.since if noun.ready is None else noun.ready + self.now
            self._under_way(token, here.since, max(self.now, here.ends))
        elif here.ready is not None:
            self.at(here.ready, DELAYS, self._if_still, token, token.stamp, self.needed)
        else:
            token.state, token.ready, token.planned = "waits", here.since, here.booked
            self._comes_at(token, here.booked)


def _or_before(minute: float) -> float:
    return -math.inf if math.isnan(minute) else minute
