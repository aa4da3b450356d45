"""The ways patients go: clinic or hub, catheter, operation, beds, home; or the emergency door."""

from __future__ import annotations

from sandcone.core.law import Lognormal, Seen
from sandcone.core.route import END, Choose, Do, Route, WaysWhen
from sandcone.core.site import Condition
from sandcone.scenarios.nh.parameters import Parameters
from sandcone.scenarios.nh.stays import going_home
from sandcone.scenarios.pieces import DAY, Nodes, all_to, minutes, some_to, when

Leaving = list[tuple[tuple[Condition, ...], tuple[float, ...]]]
"""For whom, the share of those still there who go home after each day."""


def route(p: Parameters) -> Route:
    """All ways through one hospital. Streams begin at "registration", "tele-consultation" or "triage"."""
    nodes = _clinic(p) | _catheter() | _before_operation(p) | _emergency()
    for age in ("adult", "child"):
        nodes |= _operation(p, age)
    medical: Leaving = [((), going_home(minutes(p.times.medical_days).mean, p.times.medical_days[1]))]
    nodes |= _days("stay", _surgical_days(p), p.times.laboratory_a_day, then="discharge")
    nodes |= _days("medical", medical, p.times.laboratory_a_day, then="go home")
    return Route(first="registration", nodes=nodes | _home(p))


def _clinic(p: Parameters) -> Nodes:
    asked = (WaysWhen(when=when("procedure", "none"), ways=some_to("travel", p.people.asked_to_come, END)),)
    needs_more = (
        WaysWhen(when=when("procedure", "none"), ways=all_to(END)),
        WaysWhen(when=when("procedure", "medical"), ways=all_to("medical admission")),
        WaysWhen(when=when("angiogram", "here"), ways=all_to("catheterisation")),
    )
    return {
        "tele-consultation": Do(step="Tele-consultation", then="asked to come?"),
        "asked to come?": Choose(otherwise=all_to("travel"), cases=asked),
        "travel": Do(step="Registration", then="echo", lag=Seen(minutes=tuple(d * DAY for d in p.people.travel_days))),
        "registration": Do(step="Registration", then="echo"),
        "echo": Do(step="ECG and echo", then="screening"),
        "screening": Do(step="Screening", then="anything to treat?"),
        "anything to treat?": Choose(otherwise=all_to("consultation"), cases=(WaysWhen(when=when("procedure", "none"), ways=all_to(END)),)),
        "consultation": Do(step="Consultation", then="what next?"),
        "what next?": Choose(otherwise=all_to("comes back?"), cases=needs_more),
    }


def _catheter() -> Nodes:
    leads_on = (WaysWhen(when=when("procedure", "catheter only"), ways=all_to(END)),)
    return {
        "catheterisation": Do(step="Catheterisation", then="recovery"),
        "urgent catheterisation": Do(step="Urgent catheterisation", then="recovery"),
        "recovery": Do(step="Recovery after catheterisation", then="leads to surgery?"),
        "leads to surgery?": Choose(otherwise=all_to("comes back?"), cases=leads_on),
    }


def _before_operation(p: Parameters) -> Nodes:
    children = (WaysWhen(when=when("age", "child"), ways=some_to("booked, child", 1 - p.people.declines, END)),)
    nodes: Nodes = {"comes back?": Choose(otherwise=some_to("booked, adult", 1 - p.people.declines, END), cases=children)}
    for age in ("adult", "child"):
        private = (WaysWhen(when=when("tier", "private"), ways=all_to(f"private room, {age}")),)
        nodes |= {
            f"booked, {age}": Do(step=f"Booked admission, {age}", then=f"which bed, {age}?"),
            f"which bed, {age}?": Choose(otherwise=all_to(f"bed, {age}"), cases=private),
            f"private room, {age}": Do(step="Private room", then=f"preparation, {age}"),
            f"bed, {age}": Do(step=f"Bed before operation, {age}", then=f"preparation, {age}"),
            f"preparation, {age}": Do(step="Preparation", then=f"opening, {age}"),
        }
    return nodes


def _emergency() -> Nodes:
    kinds = (
        WaysWhen(when=when("procedure", "none"), ways=all_to(END)),
        WaysWhen(when=when("procedure", "medical"), ways=all_to("medical admission")),
        WaysWhen(when=when("procedure", "catheter only"), ways=all_to("urgent catheterisation")),
        WaysWhen(when=when("age", "child"), ways=all_to("urgent opening, child")),
    )
    return {
        "triage": Do(step="Triage", then="assessment"),
        "assessment": Do(step="Emergency assessment", then="how urgent?"),
        "how urgent?": Choose(otherwise=all_to("urgent opening, adult"), cases=kinds),
        "medical admission": Do(step="Medical admission", then="medical day 1"),
    }


def _operation(p: Parameters, age: str) -> Nodes:
    return {
        f"opening, {age}": Do(step=f"Opening, {age}", then=f"core, {age}"),
        f"urgent opening, {age}": Do(step=f"Urgent opening, {age}", then=f"core, {age}"),
        f"core, {age}": Do(step=f"Core operation, {age}", then=f"closing, {age}"),
        f"closing, {age}": Do(step=f"Closing, {age}", then=f"into intensive care, {age}"),
        f"into intensive care, {age}": Do(step=f"Into intensive care, {age}", then=f"intensive care, {age}"),
        f"intensive care, {age}": Do(step=f"Intensive care, {age}", then=f"survives, {age}?"),
        f"survives, {age}?": Choose(otherwise=all_to(f"into step-down, {age}"), cases=_deaths(p, age)),
        f"into step-down, {age}": Do(step="Into step-down", then=f"step-down, {age}"),
        f"step-down, {age}": Do(step="Step-down stay", then=f"into ward, {age}"),
        f"into ward, {age}": Do(step=f"Into ward, {age}", then="stay day 1"),
    }


def _deaths(p: Parameters, age: str) -> tuple[WaysWhen, ...]:
    """Deaths by procedure and risk; over both risks the share is that of the procedure."""
    low = 1 / (1 + p.people.high_risk * (p.people.high_risk_times - 1))
    times = {"low": low, "high": low * p.people.high_risk_times}
    return tuple(
        WaysWhen(
            when=(*when("procedure", name), *when("risk", risk)), ways=some_to("died", it.death * times[risk], f"into step-down, {age}")
        )
        for name, it in p.procedures.items()
        if it.age == age
        for risk in times
    )


def ward_days(p: Parameters, procedure: str) -> float:
    """Mean days on the ward after step-down: what intensive care and step-down leave of the days after the operation."""
    it, down = p.procedures[procedure], minutes(p.times.step_down_days)
    return minutes(it.postop_days).mean - minutes(it.icu_days).mean - down.mean


def _surgical_days(p: Parameters) -> Leaving:
    return [(when("procedure", n), going_home(ward_days(p, n), it.postop_days[1])) for n, it in p.procedures.items()]


def _days(name: str, leaving: Leaving, samples: float, then: str) -> Nodes:
    """One day on the ward after the other, until the doctor's round sends the patient home."""
    nodes: Nodes = {}
    longest = len(leaving[0][1])
    for day in range(1, longest + 1):
        here = f"{name} day {day}"
        ways = [(w, some_to(then, home[day - 1], f"{name} day {day + 1}") if day < longest else all_to(then)) for w, home in leaving]
        nodes |= {
            here: Do(step="Ward day", then=f"{here}, nursing"),
            f"{here}, nursing": Do(step="Nursing", then=f"{here}, laboratory?"),
            f"{here}, laboratory?": Choose(otherwise=some_to(f"{here}, laboratory", samples, f"{here}, round")),
            f"{here}, laboratory": Do(step="Laboratory", then=f"{here}, round"),
            f"{here}, round": Do(step="Doctor's round", then=f"{here}, home?"),
            f"{here}, home?": Choose(otherwise=ways[0][1], cases=tuple(WaysWhen(when=w, ways=s) for w, s in ways if w)),
        }
    return nodes


def _home(p: Parameters) -> Nodes:
    back: Lognormal = minutes(p.people.return_days, DAY)
    return {
        "discharge": Do(step="Discharge", then="comes again?"),
        "comes again?": Choose(otherwise=some_to("return", p.people.returns, END)),
        "return": Do(step="Triage", then="return, assessment", lag=back),
        "return, assessment": Do(step="Emergency assessment", then="medical admission"),
        "go home": Do(step="Discharge"),
        "died": Do(step="Died"),
    }
