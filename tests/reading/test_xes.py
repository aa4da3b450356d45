"""XES, through r4pm or element by element: the same log."""

from __future__ import annotations

import gzip
import importlib.util
import tomllib
from pathlib import Path

import pytest

from sandcone.core.errors import EmptyError, InputError
from sandcone.core.log import EventLog
from sandcone.reading import read, xes
from tests.reading.files import rows, written

LOG = b"""<?xml version="1.0" encoding="UTF-8"?>
<!-- a comment -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <global scope="event"><string key="concept:name" value="DEFAULT"/></global>
  <trace>
    <string key="concept:name" value="NA"/><int key="age" value="71"/>
    <event><string key="concept:name" value="Scan"/><date key="time:timestamp" value="2024-01-13T08:00:00.000+01:00"/>
      <string key="org:resource" value="Ann"/><float key="crp" value="210.0"/><boolean key="urgent" value="true"/></event>
    <event><string key="concept:name" value="Visit"/><date key="time:timestamp" value="2024-01-13T09:30:00.000+01:00"/>
      <float key="crp" value="9.6"/></event>
  </trace>
  <trace>
    <string key="concept:name" value="B"/>
    <event><string key="concept:name" value="Scan"/><date key="time:timestamp" value="2024-07-13T08:00:00.000+02:00"/></event>
  </trace>
</log>
"""
MAP: dict[str, object] = {
    "case": "case:concept:name",
    "step": "concept:name",
    "time": "time:timestamp",
    "attributes": {"age": "case:age", "crp": "crp", "urgent": "urgent"},
    "zone": "Europe/Amsterdam",
}


def both(path: Path, monkeypatch: pytest.MonkeyPatch, columns: dict[str, object]) -> list[EventLog]:
    """The log read in each way there is here."""
    ready = importlib.util.find_spec("polars") is not None
    logs = [read(path, columns=columns)] if ready else []
    monkeypatch.setattr(xes, "_r4pm_ready", lambda: False)
    return [*logs, read(path, columns=columns)]


@pytest.mark.parametrize("name", ["log.xes", "log.xes.gz"])
def test_an_xes_log_is_read_with_trace_and_event_attributes(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, gzip.compress(LOG) if name.endswith("gz") else LOG, name)
    for log in both(path, monkeypatch, MAP):
        assert rows(log, "case", "step", "end", "age", "crp", "urgent") == [
            ("NA", "Scan", "13 07:00", "71", "210", "true"),
            ("NA", "Visit", "13 08:30", "71", "210", "true"),
            ("B", "Scan", "13 06:00", None, None, None),
        ]


def test_an_xes_log_needs_no_map(tmp_path: Path) -> None:
    log = read(written(tmp_path, LOG, "log.xes"))
    assert rows(log, "case", "step", "resource")[0] == ("NA", "Scan", "Ann")


def test_more_events_than_a_chunk_are_all_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xes, "CHUNK", 2)
    monkeypatch.setattr(xes, "_r4pm_ready", lambda: False)
    assert len(rows(read(written(tmp_path, LOG, "log.xes"), columns=MAP), "case")) == 3


@pytest.mark.parametrize("text", [LOG[:-40], b"<log><trace><event></trace></log>", b"no xml"])
def test_broken_xes_is_refused(tmp_path: Path, text: bytes) -> None:
    with pytest.raises(InputError, match="cannot be read as XES"):
        read(written(tmp_path, text, "log.xes"), columns=MAP)


def test_xes_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EmptyError, match="no event"):
        read(written(tmp_path, b"<log><trace/></log>", "log.xes"), columns=MAP)


def test_xes_may_not_reach_for_other_files(tmp_path: Path) -> None:
    secret = written(tmp_path, b"secret", "secret.txt")
    text = f'<!DOCTYPE log [<!ENTITY x SYSTEM "file://{secret}">]>'.encode() + LOG.split(b"\n", 1)[1].replace(
        b'value="Ann"', b'value="Ann"'
    )
    log = read(written(tmp_path, text, "log.xes"), columns=MAP)
    assert len(rows(log, "case")) == 3


def test_the_sepsis_log_is_the_same_in_every_form(shared: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    maps = root / "examples" / "maps"
    csv = read(shared / "data/sepsis/sepsis.csv.gz", columns=maps / "sepsis.toml")
    names = ("case", "step", "ready", "start", "end", "resource", "others", *csv.attributes)
    want = sorted(map(str, csv.table.select(*names).to_pyarrow().to_pylist()))
    for log in both(shared / "data/sepsis/Sepsis.xes.gz", monkeypatch, tomllib.loads((maps / "sepsis_xes.toml").read_text())):
        assert sorted(map(str, log.table.select(*names).to_pyarrow().to_pylist())) == want
