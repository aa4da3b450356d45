"""The same as ``jobs.py shared``, with pm4py: run by a Python of its own, for its licence (AGPL) keeps it out of ours."""

from __future__ import annotations

import sys

import pandas as pd
import pm4py  # type: ignore[import-not-found]

COLUMNS = {
    "case": "case:concept:name",
    "step": "concept:name",
    "start": "start_timestamp",
    "end": "time:timestamp",
    "resource": "org:resource",
}


def main(log: str) -> None:
    """Directly-follows graph with counts and times, and each resource's busy hours."""
    frame = pd.read_parquet(log, columns=list(COLUMNS)).dropna(subset=["end"]).rename(columns=COLUMNS)
    frame = pm4py.format_dataframe(
        frame,
        case_id="case:concept:name",
        activity_key="concept:name",
        timestamp_key="time:timestamp",
        start_timestamp_key="start_timestamp",
    )
    pairs, _first, _last = pm4py.discover_dfg(frame)
    times, _first, _last = pm4py.discover_performance_dfg(frame)
    hours = (frame["time:timestamp"] - frame["start_timestamp"]).dt.total_seconds() / 3600
    busy = hours.groupby(frame["org:resource"]).sum()
    print(f"{len(pairs)} pairs, {len(times)} with times, {len(busy)} resources")


if __name__ == "__main__":
    main(sys.argv[1])
