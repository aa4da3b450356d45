"""The same distances by the package they come from, in an environment of its own.

``PYTHON package_job.py TEST.csv SIMULATED.csv [NAME ...]`` needs log-distance-measures 2.2.0 there and prints JSON. Both files have the
columns of the splits; names choose distances (all without).
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from datetime import timedelta


def main(test_file: str, simulated_file: str, *names: str) -> dict[str, float]:
    import log_distance_measures.absolute_event_distribution as aedd
    import log_distance_measures.case_arrival_distribution as cadd
    import log_distance_measures.circadian_event_distribution as cedd
    import log_distance_measures.circadian_workforce_distribution as cwd
    import log_distance_measures.cycle_time_distribution as ctdd
    import log_distance_measures.n_gram_distribution as ngd
    import log_distance_measures.relative_event_distribution as redd
    import log_distance_measures.work_in_progress as wip
    import pandas as pd
    from log_distance_measures.config import AbsoluteTimestampType, EventLogIDs, discretize_to_hour

    ids = EventLogIDs(case="case_id", activity="activity", start_time="start_time", end_time="end_time", resource="resource")

    def log(path: str) -> pd.DataFrame:
        frame = pd.read_csv(path, dtype={"case_id": str, "resource": str})
        for column in ("start_time", "end_time"):
            frame[column] = pd.to_datetime(frame[column], utc=True, format="ISO8601")
        return frame

    a, b = log(test_file), log(simulated_file)
    both, pair = AbsoluteTimestampType.BOTH, (a, ids, b, ids)
    with contextlib.redirect_stdout(io.StringIO()):  # it warns on standard output
        every = {
            "NGD": lambda: ngd.n_gram_distribution_distance(*pair, n=3),
            "AEDD": lambda: aedd.absolute_event_distribution_distance(*pair, both, discretize_to_hour),
            "CEDD": lambda: cedd.circadian_event_distribution_distance(*pair, both),
            "REDD": lambda: redd.relative_event_distribution_distance(*pair, both, discretize_to_hour),
            "CTDD": lambda: ctdd.cycle_time_distribution_distance(*pair, bin_size=timedelta(hours=1)),
            "CADD": lambda: cadd.case_arrival_distribution_distance(*pair, discretize_event=discretize_to_hour),
            "CWD": lambda: cwd.circadian_workforce_distribution_distance(*pair),
            "WIP": lambda: wip.work_in_progress_distance(*pair),
        }
        return {name: float(every[name]()) for name in names or every}


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
