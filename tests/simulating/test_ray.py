"""Runs spread over a cluster are the runs made at home."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator

import pytest

from sandcone.simulating import on_ray, simulate
from tests.simulating.worlds import mm


@pytest.fixture
def two_machines(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A Ray cluster of two nodes, both on this machine."""
    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    monkeypatch.setenv("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Ray leaves open is not ours
        ray = pytest.importorskip("ray", reason="ray is not installed: nothing to spread runs with")
        from ray.cluster_utils import Cluster

        node = {"num_cpus": 1, "object_store_memory": 80_000_000, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args=node)
        cluster.add_node(num_cpus=1, object_store_memory=80_000_000)
        ray.init(address=cluster.address, log_to_driver=False, runtime_env={"env_vars": {"PYTHONPATH": os.getcwd()}})
        yield
        ray.shutdown()
        cluster.shutdown()


@pytest.mark.usefixtures("two_machines")
def test_two_machines_make_the_runs_that_one_makes() -> None:
    import ray

    assert len([n for n in ray.nodes() if n["Alive"]]) == 2
    alone = simulate(mm(2, 0.8), seed=1, patients=500, replications=5, engine="plain")
    spread = simulate(mm(2, 0.8), seed=1, patients=500, replications=5, engine="plain", machines=on_ray)
    assert [f.replication for f in spread.facts] == list(range(5))
    for a, b in zip(alone.logs, spread.logs, strict=True):
        assert a.table.to_pyarrow().equals(b.table.to_pyarrow())
