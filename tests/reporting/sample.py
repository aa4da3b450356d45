"""A made-up hospital for the tests of the page: the numbers mean nothing, but every name is there."""

import math
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from sandcone.core.estimate import Estimate, Measure, Measures, Missing

STEPS = (
    "Referral",
    "Clinic visit",
    "Blood test",
    "X-ray",
    "Anaesthetic assessment",
    "Booking of the operation",
    "Admission",
    "Operation",
    "Recovery",
    "Ward stay",
    "Physiotherapy",
    "Discharge",
    "Follow-up",
    "Intensive care",
)
FLOW = (
    ("(start)", "Referral", 1010),
    ("(start)", "Admission", 194),
    ("Referral", "Clinic visit", 980),
    ("Clinic visit", "Blood test", 620),
    ("Clinic visit", "X-ray", 310),
    ("Clinic visit", "Anaesthetic assessment", 120),
    ("Blood test", "X-ray", 240),
    ("Blood test", "Anaesthetic assessment", 350),
    ("X-ray", "Anaesthetic assessment", 420),
    ("X-ray", "Clinic visit", 95),
    ("Anaesthetic assessment", "Booking of the operation", 850),
    ("Booking of the operation", "Admission", 780),
    ("Booking of the operation", "Booking of the operation", 60),
    ("Admission", "Operation", 910),
    ("Operation", "Recovery", 880),
    ("Operation", "Intensive care", 44),
    ("Recovery", "Ward stay", 840),
    ("Intensive care", "Ward stay", 41),
    ("Ward stay", "Physiotherapy", 510),
    ("Physiotherapy", "Ward stay", 130),
    ("Ward stay", "Discharge", 620),
    ("Physiotherapy", "Discharge", 370),
    ("Discharge", "Follow-up", 640),
    ("Discharge", "(end)", 330),
    ("Follow-up", "(end)", 600),
    ("Ward stay", "Operation", 25),
    ("Recovery", "Intensive care", 12),
    ("Referral", "(end)", 30),
    ("Follow-up", "Clinic visit", 22),
)
POOLS = ("Theatres", "Surgeons", "Anaesthetists", "Wards", "Clinic rooms", "X-ray machines", "Physiotherapists", "Laboratory")
UNITS = ("Theatre block", "Ward north", "Ward south", "Orthopaedic clinic", "Diagnostics", "Intensive care")
CAUSES = ("busy", "priority", "off shift", "batching", "other")
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
PERIODS = ("2025-03", "2025-04", "2025-05", "2025-06", "2025-07")


def sample_measures() -> Measures:
    """Numbers under every name of the contract between measuring and reporting, and two that are missing."""
    items = (*_whole(), *_steps(), *_resources(), *_hours(), *_matrix(), *_map(), *_variety(), *_weeks())
    missing = (
        Missing(name="choice_navigation.abandonment", why="The site file names no step at which the plan is agreed."),
        Missing(name="choice_navigation.revisions", why="The site file names no step at which the plan is agreed."),
        Missing(name="fit.mean", why="The site file declares no needs."),
    )
    return Measures(items=items, missing=missing)


def number(
    name: str,
    value: float,
    scale: str,
    half: float | None = None,
    /,
    *,
    n: int = 1204,
    method: str = "",
    by: Mapping[str, str] | None = None,
    **group: str,
) -> Measure:
    """A made-up measure with an interval of this half width."""
    low, high = (None, None) if half is None else (value - half, value + half)
    how = method or ("count" if half is None else "bootstrap over journeys, 200 draws, seed 1")
    return Measure(
        name=name, estimate=Estimate(value=value, n=n, unit=scale, low=low, high=high, method=how), group={**group, **(by or {})}
    )


def _whole() -> Iterator[Measure]:
    for name, value, unit, half in (
        ("cases", 1204, "cases", None),
        ("steps", 8029, "steps", None),
        ("step_kinds", 14, "steps", None),
        ("resource_kinds", 43, "ratio", None),
        ("cases_unfinished", 87, "cases", None),
        ("days_covered", 140, "days", None),
        ("arrivals_per_day", 8.6, "cases/day", 0.4),
        ("throughput_time.mean", 612, "h", 22),
        ("throughput_time.median", 412.3, "h", 14),
        ("throughput_time.p90", 1422, "h", 60),
        ("throughput_time.km_median", 440, "h", 16),
        ("throughput_time.naive_median", 412.3, "h", 14),
        ("throughput_time.censoring_gap", 27.7, "h", 4),
        ("value_adding_time.mean", 61.2, "h", 2.4),
        ("necessary_time.mean", 12.1, "h", 0.6),
        ("waiting_time.mean", 538.7, "h", 20),
        ("flow_efficiency.from_start", 0.118, "share", 0.006),
        ("flow_efficiency.from_need", 0.1004, "share", 0.005),
        ("flow_efficiency_mean.from_start", 0.162, "share", 0.008),
        ("flow_efficiency_median.from_start", 0.131, "share", 0.007),
        ("wip.mean", 214.3, "cases", 6.1),
        ("wip.littles_law", 219.0, "cases", 8),
        ("wip.little_gap", 0.022, "share", None),
        ("wait.total", 648_594, "h", 24_000),
        ("timeliness.within_promise", 0.64, "share", 0.03),
        ("lateness.median", 0.31, "h", 0.05),
        ("lateness.mean", -0.12, "h", 0.09),
        ("first_start.within_5_min", 0.34, "share", 0.04),
        ("cancellation.share", 0.061, "share", 0.013),
        ("resource_efficiency.overall", 0.684, "share", 0.012),
        ("resource_efficiency.unweighted", 0.61, "share", 0.01),
        ("resource_efficiency.bottleneck", 0.91, "share", 0.008),
        ("turnover.median", 0.52, "h", 0.03),
        ("turnover.mean", 0.71, "h", 0.05),
        ("matrix.cut_re", 0.66, "share", None),
        ("matrix.cut_fe", 0.16, "share", None),
        ("v_star", 4.14, "ratio", 0.3),
    ):
        yield number(name, value, unit, half)
    for day in range(140):
        name = (date(2025, 3, 3) + timedelta(days=day)).isoformat()
        yield number("wip.daily", round(214 * (1 - math.exp(-(day + 2) / 12)) + 14 * math.sin(day / 4)), "cases", day=name)
    yield number("promise.median", 1.53, "h", 0.1, promise="antibiotics within one hour of triage")
    yield number("promise.within", 0.416, "share", 0.03, promise="antibiotics within one hour of triage")


def _steps() -> Iterator[Measure]:
    luck = random.Random(1)
    shares = [0.01, 0.09, 0.03, 0.06, 0.12, 0.02, 0.04, 0.31, 0.005, 0.07, 0.08, 0.05, 0.11, 0.004]
    for step, part in zip(STEPS, shares, strict=True):
        total, typical = 648_594 * part, 600 * part * luck.uniform(0.5, 1)
        yield number("wait_before.total", total, "h", total / 20, step=step)
        yield number("wait_before.share", part, "share", part / 20, step=step)
        yield number("wait_before.median", typical, "h", typical / 12, n=880, step=step)
        yield number("wait_before.mean", typical * 1.4, "h", typical / 10, n=880, step=step)
        yield number("wait_before.p90", typical * 3.1, "h", typical / 4, n=880, step=step)
        yield number("step_share", luck.uniform(0.3, 1), "share", 0.02, step=step)
        yield number("repeat_share", luck.uniform(0, 0.2), "share", 0.01, step=step)
        yield number("service_time.median", luck.uniform(0.2, 4), "h", 0.1, step=step)
        weights = [luck.uniform(0.2, 3) for _ in CAUSES]
        for cause, weight in zip(CAUSES, weights, strict=True):
            yield number("wait_cause.hours", total * weight / sum(weights), "h", step=step, cause=cause)
    for cause, part in zip(CAUSES, (0.38, 0.07, 0.29, 0.08, 0.18), strict=True):
        yield number("wait_cause.share", part, "share", 0.02, cause=cause)
        yield number("wait_cause.hours", 648_594 * part, "h", 900, cause=cause)


def _resources() -> Iterator[Measure]:
    luck = random.Random(2)
    for pool in POOLS:
        yield from _resource(luck, pool=pool)
        yield number("calendar.inference_error", luck.uniform(0.01, 0.08), "share", pool=pool)
        for k in range(1, 5):
            yield from _resource(luck, resource=f"{pool[:-1] if pool.endswith('s') else pool} {k}")


def _resource(luck: random.Random, **group: str) -> Iterator[Measure]:
    re, hours = luck.uniform(0.3, 0.92), luck.uniform(300, 2000)
    yield number("resource_efficiency", re, "share", 0.02, n=100, method="bootstrap over days, 200 draws, seed 1", by=group)
    yield number("busy_hours", re * hours, "h", None, by=group)
    yield number("available_hours", hours, "h", None, by=group)
    if "resource" in group:
        yield number("resource_efficiency.calendar_24h", re / 3, "share", 0.01, by=group)
        yield number("productive_share", re * 0.8, "share", 0.02, by=group)
        yield number("overtime_share", luck.uniform(0, 0.1), "share", 0.01, by=group)
        yield number("turnover.median", luck.uniform(0.2, 0.9), "h", 0.05, by=group)


def _hours() -> Iterator[Measure]:
    for k, pool in enumerate(POOLS):
        for d, day in enumerate(DAYS):
            for hour in range(24):
                always = pool == "Wards"
                opened = always or (d < 5 and 8 <= hour < 16 + k % 3)
                shape = math.sin(math.pi * (hour - 7.5) / 9.5) if 8 <= hour < 17 + k % 3 and d < 5 else 0.0
                level = 14 - 3 * (d >= 5) + 2 * math.sin(hour / 4) if always else max(shape, 0.0) * (2 + k % 4) * (1.1 - 0.08 * d)
                yield number("busy_by_hour", level, "ratio", pool=pool, hour=f"{day} {hour:02d}")
                yield number("open_by_hour", float(opened), "share", pool=pool, hour=f"{day} {hour:02d}")


def _matrix() -> Iterator[Measure]:
    spots = {
        "unit": dict(zip(UNITS, ((0.82, 0.09), (0.88, 0.31), (0.71, 0.28), (0.55, 0.07), (0.49, 0.21), (0.63, 0.36)), strict=True)),
        "segment": {"elective, hip": (0.7, 0.11), "elective, knee": (0.68, 0.14), "urgent": (0.72, 0.24), "emergency": (0.62, 0.33)},
        "mode": {"ELECTIVE": (0.7, 0.12), "EMERGENCY": (0.62, 0.33), "CURE": (0.66, 0.2)},
        "period": dict(zip(PERIODS, ((0.61, 0.14), (0.64, 0.13), (0.69, 0.11), (0.67, 0.1), (0.7, 0.12)), strict=True)),
    }
    for key, groups in spots.items():
        for k, (name, (re, fe)) in enumerate(groups.items()):
            yield number("matrix.re", re, "share", 0.02 + k * 0.004, n=900 - 90 * k, by={key: name})
            yield number("matrix.fe", fe, "share", 0.012 + k * 0.004, n=900 - 90 * k, by={key: name})
    for k, (unit, (re, fe)) in enumerate(spots["unit"].items()):
        yield number("v_star", (1 - fe) / fe * (1 - re) / re, "ratio", 0.2, unit=unit)
        yield number("mode_mix_entropy", 0.2 * k, "nats", unit=unit)
        for p, period in enumerate(PERIODS):
            for name, value in (("matrix.re", re + (p - 2) * 0.012 * (k - 2)), ("matrix.fe", fe + (p - 2) * 0.009 * (3 - k))):
                yield number(name, value, "share", 0.02, n=180, unit=unit, period=period)


def _map() -> Iterator[Measure]:
    luck = random.Random(3)
    for a, b, cases in FLOW:
        group = {"from": a, "to": b}
        yield number("edge.cases", cases, "cases", by=group)
        yield number("edge.count", round(cases * 1.07), "cases", by=group)
        if not a.startswith("(") and not b.startswith("("):
            wait = luck.choice((0.3, 0.7, 2, 5, 22, 49, 170))
            yield number("edge.wait_median", wait, "h", wait / 9, n=cases, by=group)


def _variety() -> Iterator[Measure]:
    for name, value, unit, half in (
        ("variants", 231, "ratio", None),
        ("variants_for_80", 38, "ratio", None),
        ("entropy.plain", 3.61, "nats", 0.05),
        ("entropy.corrected", 3.71, "nats", 0.05),
        ("effective_variants", 40.8, "ratio", 2.1),
        ("entropy_normalised", 0.68, "share", 0.01),
        ("simpson", 0.94, "share", 0.004),
        ("rarefied_variants", 61.2, "ratio", 3),
        ("complexity.steps", 6.7, "steps", 0.1),
        ("complexity.handovers", 4.1, "ratio", 0.1),
        ("personalization.u", 0.41, "share", 0.02),
        ("personalization.u_adj", 0.27, "share", 0.025),
        ("personalization.u_out_of_sample", 0.22, "share", 0.03),
        ("commonality.dci", 6.2, "ratio", None),
        ("commonality.tcci", 0.71, "ratio", None),
        ("modularity.q", 0.44, "ratio", 0.02),
    ):
        yield number(name, value, unit, half)
    way = " > ".join(STEPS[:9])
    for k, part in enumerate((0.143, 0.098, 0.071, 0.055, 0.042, 0.031, 0.022, 0.019, 0.011, 0.008)):
        yield number("variant.share", part, "share", 0.012 / (k + 1), variant=f"{way} > {' > '.join(STEPS[9 : 14 - k % 4])} > {STEPS[k]}")
    for attribute, u, adjusted in (
        ("urgency", 0.22, 0.21),
        ("diagnosis", 0.19, 0.15),
        ("age band", 0.06, 0.01),
        ("insurance", 0.02, -0.002),
    ):
        yield number("personalization.u", u, "share", 0.02, attribute=attribute)
        yield number("personalization.u_adj", adjusted, "share", 0.02, attribute=attribute)
        yield number("attribute_entropy", 1.1, "nats", 0.02, attribute=attribute)
    for k, (segment, cases) in enumerate({"elective, hip": 420, "elective, knee": 388, "urgent": 202, "emergency": 194}.items()):
        yield number("segment.cases", cases, "cases", segment=segment)
        yield number("segment.entropy_normalised", 0.2 + 0.2 * k, "share", 0.03, segment=segment)
        yield number("segment.u", 0.5 - 0.1 * k, "share", 0.04, segment=segment)
        yield number("process_type", (0, 0, 1, 2)[k], "ratio", segment=segment)
    for mode, cases in (("ELECTIVE", 808), ("EMERGENCY", 194), ("CURE", 202)):
        yield number("mode.cases", cases, "cases", mode=mode)


def _weeks() -> Iterator[Measure]:
    luck = random.Random(4)
    shapes = {"arrivals": (60, 9, "cases"), "throughput": (420, 60, "h"), "flow_efficiency": (0.11, 0.012, "share"), "wait": (16, 4, "h")}
    for name, (middle, swing, unit) in shapes.items():
        for w in range(20):
            week = (date(2025, 3, 3) + timedelta(weeks=w)).isoformat()
            value = middle + luck.gauss(0, swing / 2) + (swing * 2.2 if (name, w) == ("wait", 13) else 0)
            limits = Estimate(value=value, n=60, unit=unit, low=middle - 1.5 * swing, high=middle + 1.5 * swing, method="XmR")
            yield Measure(name=f"xmr.{name}", estimate=limits, group={"week": week})
            if (name, w) == ("wait", 13):
                yield number("xmr_signal.wait", 1, "ratio", week=week, rule="outside limits")
            if name == "throughput" and w >= 12:
                yield number("xmr_signal.throughput", 1, "ratio", week=week, rule="shift of 7")
