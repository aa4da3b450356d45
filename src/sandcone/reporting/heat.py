"""Section 6: how busy each resource is over the week."""

from __future__ import annotations

from sandcone.core.clock import WEEKDAYS
from sandcone.core.estimate import Estimate, Measures
from sandcone.core.log import EventLog
from sandcone.reporting import words
from sandcone.reporting.glossary import term
from sandcone.reporting.headline import first
from sandcone.reporting.markup import Html, join, tag
from sandcone.reporting.tables import absences, cell, estimated, folded, not_shown, note, over_full, starts_sentence, table, why
from sandcone.reporting.week_picture import HOURS, Week, busiest_hour, days, scale, strip

SHOWN, ROWS = 16, 30


def heat(log: EventLog, measures: Measures) -> Html:
    """The week as a strip of hours for each pool, then the resources one by one."""
    sentence = note(starts_sentence(log)) if starts_sentence(log) else None
    over = over_full(measures, "resource_efficiency", "resource_efficiency.bottleneck")
    pools = _pools(measures, _known(log, measures))
    return join([_whole(log, measures), _map(log, measures), pools, over, _resources(measures), _gone(measures), sentence])


def _gone(measures: Measures) -> Html:
    overall = ("resource_efficiency.overall", "resource_efficiency")
    unknown = {} if first(measures, overall[0]) else {"Resource efficiency": why(measures, *overall)}
    unseen = {} if measures.by("busy_by_hour", "pool", "hour") else {"The week of each resource": why(measures, "busy_by_hour", *overall)}
    return absences(unknown | unseen)


def _whole(log: EventLog, measures: Measures) -> Html | None:
    overall = first(measures, "resource_efficiency.overall")
    if overall is None:
        return None
    sure = f" ({words.interval(overall)})" if words.interval(overall) else ""
    said = ("Over the whole log, ", term("resource_efficiency"), " is ", tag("b", words.say(overall)), f"{sure}. ")
    return tag("p", *said, _bottleneck(measures), " " if estimated(log) else None, estimated(log))


def _bottleneck(measures: Measures) -> Html | None:
    e = measures.get("resource_efficiency.bottleneck")
    if e is None or not e.known:
        return None
    return join(["The busiest of all was in use ", tag("b", words.say(e)), " of its time."])


def _weeks(measures: Measures, name: str) -> dict[str, Week]:
    at = {h: i for i, h in enumerate(HOURS)}
    weeks: dict[str, Week] = {}
    for m in measures.by(name, "pool", "hour"):
        if m.group["hour"] in at and m.estimate.known:
            weeks.setdefault(m.group["pool"], [0.0] * len(HOURS))[at[m.group["hour"]]] = m.estimate.value
    return weeks


def _map(log: EventLog, measures: Measures) -> Html | None:
    busy, opened = _weeks(measures, "busy_by_hour"), _weeks(measures, "open_by_hour")
    if not busy:
        return None
    pools = sorted(busy, key=lambda p: (-sum(busy[p]), p))
    strips = tag("div", days(), *(strip(p, busy[p], opened.get(p)) for p in pools[:SHOWN]), class_="week")
    caption = tag("figcaption", "The week, hour by hour", estimated(log))
    inside = [caption, _reading(bool(opened)), strips, scale(), not_shown(SHOWN, len(pools), "pools"), _table(busy, pools)]
    return tag("figure", *inside, class_="wide")


def _reading(opened: bool) -> Html:
    frame = " A frame marks the hours in which the pool is open." if opened else ""
    shade = "The darker an hour, the more of that pool is in use; the darkest is its own busiest hour."
    return note(f"Each strip runs from Monday to Sunday. {shade}{frame}")


def _table(busy: dict[str, Week], pools: list[str]) -> Html:
    rows = [[p, *_daily(busy[p]), busiest_hour(busy[p])] for p in pools[: 3 * SHOWN]]
    head = ["Pool", *WEEKDAYS, "Busiest hour"]
    return folded("As a table, a mean for each day", table("Mean number in use on each day of the week", head, rows, texts=(8,)))


def _daily(week: Week) -> list[str]:
    return [words.number(round(sum(week[24 * d : 24 * d + 24]) / 24, 2)) for d in range(7)]


def _pools(measures: Measures, known: dict[str, list[str]]) -> Html | None:
    ranked = _ranked(measures, "pool")
    if not ranked:
        return None
    rows = [[p, *_pool(measures, p), _calendar(measures, p, known.get(p, []))] for p in ranked[:ROWS]]
    head = ["Pool", "Resource efficiency", "In use", "Available", "How its hours are known"]
    return join([table("How busy each pool is", head, rows, texts=(4,)), not_shown(ROWS, len(ranked), "pools")])


def _pool(measures: Measures, pool: str) -> list[str]:
    busy, available = measures.get("busy_hours", pool=pool), measures.get("available_hours", pool=pool)
    return [cell(measures.get("resource_efficiency", pool=pool)), _hours(busy), _hours(available)]


def _known(log: EventLog, measures: Measures) -> dict[str, list[str]]:
    """How the hours of each pool are known, from the remarks on its resources."""
    remarks: dict[str, list[str]] = {}
    for m in measures.by("resource_efficiency", "resource"):
        found = remarks.setdefault(log.site.pool_of(m.group["resource"]), [])
        if m.note and m.note not in found:
            found.append(m.note)
    return remarks


def _calendar(measures: Measures, pool: str, remarks: list[str]) -> Html:
    error = measures.get("calendar.inference_error", pool=pool)
    wrong = tag("small", f"{words.say(error)} of its work fell outside them") if error and error.known else None
    return join(["; ".join(remarks) or "–", wrong])


def _hours(e: Estimate | None) -> str:
    """Working hours add up over people and rooms, so they stay hours."""
    return cell(None) if e is None or not e.known else words.count(e.value, "hour")


def _resources(measures: Measures) -> Html | None:
    ranked = _ranked(measures, "resource")
    if not ranked:
        return None
    names = ("resource_efficiency", "resource_efficiency.calendar_24h", "productive_share", "overtime_share", "turnover.median")
    rows = [[r, *(cell(measures.get(n, resource=r)) for n in names)] for r in ranked[:ROWS]]
    head = ["Resource", "Resource efficiency", "Of 24 hours", "Spent on helping steps", "Overtime", "Typical turnover"]
    inside = folded(
        f"Each resource by itself ({len(ranked):,})", table("Each resource", head, rows), not_shown(ROWS, len(ranked), "resources")
    )
    return join([inside, _turnover(measures)])


def _turnover(measures: Measures) -> Html | None:
    e = measures.get("turnover.median")
    if e is None or not e.known:
        return None
    return tag(
        "p", "From one patient leaving to the next one entering (", term("turnover"), ") it typically takes ", tag("b", words.say(e)), "."
    )


def _ranked(measures: Measures, key: str) -> list[str]:
    hours = {m.group[key]: m.estimate.value for m in measures.by("busy_hours", key)}
    return sorted((m.group[key] for m in measures.by("resource_efficiency", key)), key=lambda r: (-hours.get(r, 0.0), r))
