"""What is odd about who did what in a log. Each check is one function; it yields nothing where all is well."""

from __future__ import annotations

from collections.abc import Iterator

from sandcone.core.log import Finding
from sandcone.reading.facts import Facts, odd
from sandcone.reading.names import lookalikes
from sandcone.reading.scratch import literal

OVERLAP = "The resource does several things at once, or times are wrong; its busy hours count each patient's time, overlaps twice"
ALIKE = "Each spelling counts as a step of its own: variants and entropy come out too high, waits are split"
NOBODY = "Busy hours and resource efficiency leave them out and are too low; waits for a busy resource are missed"
VANISHED = "Their time in the hospital ends too early: throughput times come out too short"
VOLUME = "Averages over the whole log stand for neither half; look at them by period"
MIX = "What is done has changed: variants, waits and busy hours of the whole log mix two ways of working"


def overlaps(f: Facts) -> Iterator[Finding]:
    """A resource that is in two steps at once."""
    if not f.named or f.log.starts not in ("seen", "partly") or f.log.site.dates_shifted:
        return
    (n,) = f.ask("""
        SELECT count(*) FILTER (start < busy AND "end" > start) FROM (
            SELECT start, "end", max("end") OVER (PARTITION BY resource ORDER BY start, "end", "row"
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS busy
            FROM {log} WHERE resource IS NOT NULL AND NOT estimated AND "end" IS NOT NULL)""")
    if n:
        yield odd("steps that begin while their resource is still in another", n, f.named, OVERLAP)


def alike_names(f: Facts) -> Iterator[Finding]:
    """Steps that differ only in how they are spelled."""
    rows = f.log.table.group_by("step").aggregate(n=f.log.table.count()).order_by("step").limit(1001).to_pyarrow().to_pydict()
    if len(rows["step"]) > 1000:
        return
    groups = lookalikes(dict(zip(rows["step"], rows["n"], strict=True)))
    if groups:
        n = sum(count for group in groups for count in sorted(group.values())[:-1])
        example = "; ".join(" / ".join(sorted(group)) for group in groups[:5])
        yield odd("steps whose names differ only in spelling", n, f.steps, ALIKE, example)


def no_resource(f: Facts) -> Iterator[Finding]:
    """Steps that name nobody."""
    if f.named and f.steps - f.named > 0.01 * f.steps:
        yield odd("steps without a resource", f.steps - f.named, f.steps, NOBODY)


def vanished_cases(f: Facts) -> Iterator[Finding]:
    """Cases that stop, long before the log does, at a step that is not a usual last one."""
    usual = ", ".join(map(literal, f.log.site.end_steps))
    is_last = f"step IN ({usual})" if usual else "n >= 0.02 * sum(n) OVER ()"
    long_ago = "(SELECT max(epoch_us(t)) - quantile_cont(epoch_us(t) - epoch_us(t0), 0.95) FROM lasts)"
    early = "true" if f.log.site.dates_shifted else f"epoch_us(t) < {long_ago}"
    (n,) = f.ask(f"""
        WITH lasts AS (
            SELECT arg_max(step, (coalesce("end", start), "row")) AS step, max(coalesce("end", start)) AS t,
                min(coalesce(start, "end")) AS t0 FROM {{log}} WHERE coalesce("end", start) IS NOT NULL GROUP BY "case"),
        odd AS (SELECT step FROM (SELECT step, NOT ({is_last}) AS odd FROM (SELECT step, count(*) AS n FROM lasts GROUP BY step)) WHERE odd)
        SELECT count(*) FROM lasts WHERE step IN (SELECT step FROM odd) AND {early}""")
    if n:
        yield odd("cases that vanish (their last step is no usual last one, long before the log ends)", n, f.cases, VANISHED)


def drift(f: Facts) -> Iterator[Finding]:
    """The second half of the log is another world than the first."""
    if f.log.site.dates_shifted or f.cases < 100:
        return
    early, late, mix = f.ask("""
        WITH c AS (SELECT "case", min(coalesce(start, "end", ready)) AS t FROM {log} GROUP BY "case"),
        ends AS (SELECT min(t) + (max(t) - min(t)) / 2 AS middle, median(t) AS half FROM c),
        mixes AS (SELECT step, count(*) FILTER (c.t <= half) / sum(count(*) FILTER (c.t <= half)) OVER () AS p,
            count(*) FILTER (c.t > half) / sum(count(*) FILTER (c.t > half)) OVER () AS q
            FROM {log} AS l JOIN c USING ("case"), ends GROUP BY step)
        SELECT (SELECT count(*) FILTER (t < middle) FROM c, ends), (SELECT count(*) FILTER (t >= middle) FROM c, ends),
            (SELECT coalesce(sum(abs(p - q)) / 2, 0) FROM mixes)""")
    if abs(early - late) > max(0.15 * f.cases, 4 * f.cases**0.5):
        example = f"{early:,} in the first half, {late:,} in the second"
        yield odd("cases more in one half of the log's time than in the other", abs(early - late), f.cases, VOLUME, example)
    if mix > 0.1 and f.steps > 500:
        yield odd("steps by which the mix of steps differs between the first and second half of the cases", mix * f.steps, f.steps, MIX)
