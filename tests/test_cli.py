"""The command line: what it says, what it writes, and how it refuses; exit 0 done, 1 stopped or our fault, 2 refused."""

from __future__ import annotations

import gzip
import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from sandcone.cli import main
from sandcone.scenarios import small_hospital

SANDCONE = (sys.executable, "-m", "sandcone")
MAP = "case=no,step=act,start=t,end=u,resource=who"
SECRET = "Zq7731marker"  # a case that no message, page or file of numbers may name
HEAD = "no,act,t,u,who\n"
GOOD = HEAD + "A,Scan,2024-01-13 08:00,2024-01-13 08:30,Ann\nA,Visit,2024-01-13 09:00,2024-01-13 09:20,Bo\n"
OURS = ("report.html", "measures.json", "measures.parquet", "model.json", "truth.json", "library.toml", "left_out.parquet")
IMPROVED = ("improve.html", "improve.json", "levers.toml", "tried.jsonl", "best.json", "best_plan.json")  # in the folder improve
PLANNED = ("plan.html", "plan.json", "admissions.csv", "care.csv", "score.json")  # in the folder plan


class Ran:
    """What a command gave: its exit code and what it wrote where."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def refusal(self) -> str:
        """The last line on stderr; the lines before it are progress."""
        assert "Traceback" not in self.err + self.out
        return self.err.splitlines()[-1]


Sandcone = Callable[..., Ran]


@pytest.fixture
def sandcone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sandcone:
    """The command line, called in this process."""

    def called(*words: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["sandcone", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            main()
        out, err = capsys.readouterr()
        return Ran(int(end.value.code or 0), out, err)

    return called


def left(folder: Path) -> list[str]:
    """All that is in a folder, hidden files too."""
    return sorted(p.name for p in folder.rglob("*")) if folder.exists() else []


def same(one: Ran, two: Ran) -> bool:
    """Whether two answers in JSON agree, up to the last digits, which depend on the order in which threads add up."""

    def rounded(x: object) -> object:
        if isinstance(x, dict):
            return {k: rounded(v) for k, v in x.items()}
        return [rounded(v) for v in x] if isinstance(x, list) else float(f"{x:.9g}") if isinstance(x, float) else x

    return rounded(json.loads(one.out)) == rounded(json.loads(two.out))


def test_without_a_word_it_says_how_it_is_used(sandcone: Sandcone) -> None:
    done = sandcone()
    assert (done.code, done.err) == (0, "")
    assert all(verb in done.out for verb in ("read", "measure", "run", "demo"))


@pytest.mark.parametrize("verb", ["read", "measure", "run", "demo"])
def test_every_verb_says_what_it_does_and_takes(sandcone: Sandcone, verb: str) -> None:
    done = sandcone(verb, "--help")
    assert (done.code, done.err) == (0, "")
    assert "Usage: sandcone" in re.sub(r"\x1b\[[0-9;]*m", "", done.out)


def test_read_keeps_the_log_and_says_what_was_odd(sandcone: Sandcone, tmp_path: Path) -> None:
    example = small_hospital()
    done = sandcone("read", example.log, "--columns", example.columns, "-o", tmp_path / "log.parquet")
    assert done.code == 0
    assert "rows, " in done.out
    assert left(tmp_path) == ["log.parquet"] or left(tmp_path) == ["left_out.parquet", "log.parquet"]
    again = sandcone("measure", tmp_path / "log.parquet", "--draws", "0", "--json")
    first = sandcone("measure", example.log, "--columns", example.columns, "--draws", "0", "--json")
    assert same(again, first)


def test_measure_gives_every_number_with_its_unit_its_spread_and_its_count(sandcone: Sandcone) -> None:
    example = small_hospital()
    done = sandcone("measure", example.log, "--columns", example.columns, "--json", "--draws", "20", "--seed", "3")
    said = json.loads(done.out)
    assert done.code == 0
    assert {"cases", "throughput_time.median", "flow_efficiency.from_need", "resource_efficiency.overall"} <= set(said["measures"])
    for number in said["measures"].values():
        assert {"value", "low", "high", "n", "unit", "method"} <= set(number)
        assert number["unit"]
        assert number["method"]
        assert number["n"] >= 0
    fe = said["measures"]["flow_efficiency.from_need"]
    assert 0 < fe["low"] < fe["value"] < fe["high"] < 1
    assert all({"group", "value", "unit"} <= set(x) for found in said["grouped"].values() for x in found)


def test_measure_without_json_is_a_few_plain_lines(sandcone: Sandcone, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    done = sandcone("measure", tmp_path / "log.csv", "--columns", MAP, "--draws", "0")
    assert done.code == 0
    assert "Throughput time, median" in done.out
    assert 5 < len(done.out.splitlines()) < 25


def test_the_demo_writes_the_page_and_says_where_it_is_once(sandcone: Sandcone, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandcone.flow.chain.TRIED", 1)
    monkeypatch.setattr("sandcone.flow.better_ways.MADE_UP", 20)
    done = sandcone("demo", "--size", "ward", "--days", "90", "-o", tmp_path / "demo")
    assert done.code == 0
    assert done.out.count("report.html") == 1
    assert set(left(tmp_path / "demo")) <= {*OURS, "hospital.parquet", "hospital.json", "plan", *PLANNED, "improve", *IMPROVED}
    assert set(left(tmp_path / "demo" / "plan")) == set(PLANNED)
    assert {"report.html", "measures.json", "measures.parquet"} <= set(left(tmp_path / "demo"))
    assert "Booked beside one size for all" in (tmp_path / "demo" / "report.html").read_text(encoding="utf-8")


def test_the_same_seed_gives_the_same_numbers(sandcone: Sandcone, tmp_path: Path) -> None:
    example = small_hospital()
    words = ("measure", example.log, "--columns", example.columns, "--json", "--draws", "20")
    one, two, other = (sandcone(*words, "--seed", seed) for seed in ("5", "5", "6"))
    assert same(one, two)
    assert not same(one, other)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--nope"], "No such option"),
        (["meazure"], "No such command"),
        (["run"], "Missing argument"),
        (["run", "a.csv"], "Missing option"),
        (["measure", "a.csv", "--draws", "-1"], "--draws"),
        (["measure", "a.csv", "--seed", "red"], "--seed"),
        (["read", "a.csv", "-o"], "requires an argument"),
    ],
)
def test_a_wrong_word_is_refused_in_one_line(sandcone: Sandcone, words: list[str], says: str) -> None:
    done = sandcone(*words)
    assert (done.code, done.out) == (2, "")
    assert len(done.err.splitlines()) == 1
    assert says in done.err
    assert done.err.endswith(". Try sandcone --help.\n")


def row(case: str, times: str = "2024-01-13 08:00,2024-01-13 08:30") -> str:
    return f"{case},Scan,{times},Ann\n"


BAD = {
    "nothing in it": ("a.csv", b"", MAP, "the file is empty"),
    "a header alone": ("a.csv", HEAD.encode(), MAP, "no row under it"),
    "binary": ("a.csv", bytes(range(256)) * 40, MAP, "a binary file"),
    "Parquet by another name": ("a.csv", b"PAR1" + bytes(200), MAP, "a Parquet file"),
    "cut off": (
        "a.csv.gz",
        gzip.compress((HEAD + "".join(row(f"{SECRET}{i}") for i in range(9000))).encode(), mtime=0)[:-900],
        MAP,
        "cut off",
    ),
    "no such column": ("a.csv", GOOD.encode(), MAP.replace("=no", "=nr"), "no column 'nr' for the role 'case'; the file has no, act"),
    "no such key": ("a.csv", GOOD.encode(), MAP + ",stp=act", "stp"),
    "clashing zones": ("a.csv", (HEAD + row(SECRET, "2024-01-13T08:00:00+01:00,2024-01-13T08:30:00")).encode(), MAP, "clashing time zones"),
    "ambiguous days": ("a.csv", (HEAD + row(SECRET, "03/04/2024 08:00,03/04/2024 09:00")).encode(), MAP, "ambiguous"),
    "both orders": (
        "a.csv",
        (HEAD + row("A", "13/04/2024 08:00,13/04/2024 09:00") + row(SECRET, "04/14/2024 08:00,04/14/2024 09:00")).encode(),
        MAP,
        "day first",
    ),
    "no header": ("a.csv", (row(SECRET) * 3).encode(), MAP, "a row and no header"),
    "only rubbish": ("a.csv", (HEAD + row(SECRET, "soon,later") * 3).encode(), MAP, "does not hold dates"),
    "all ends before starts": ("a.csv", (HEAD + row(SECRET, "2024-01-13 09:00,2024-01-13 08:00")).encode(), MAP, "end before start: 1"),
    "too few columns": ("a.csv", (HEAD + f"{SECRET},Scan\n" * 3).encode(), MAP, "columns of the header"),
    "no format": ("a.docx", b"words", MAP, "no format"),
    "XES in name only": ("a.xes", b"<log><trace>", MAP, "cannot be read as XES"),
}


@pytest.mark.parametrize("what", BAD)
@pytest.mark.parametrize("verb", ["run", "read"])
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(sandcone: Sandcone, tmp_path: Path, verb: str, what: str) -> None:
    name, content, columns, says = BAD[what]
    (tmp_path / name).write_bytes(content)
    out = tmp_path / "out"
    done = sandcone(verb, tmp_path / name, "--columns", columns, "-o", out / "log.parquet" if verb == "read" else out)
    assert (done.code, done.out) == (2, "")
    assert done.refusal.startswith("sandcone: ")
    assert says in done.refusal
    assert SECRET not in done.err
    assert left(out) == []


def test_a_file_or_map_or_site_that_is_not_there_is_refused(sandcone: Sandcone, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    for words, says in (
        ([tmp_path / "none.csv"], "no such file"),
        ([tmp_path / "log.csv", "--columns", tmp_path / "none.toml"], "none.toml"),
        ([tmp_path / "log.csv", "--columns", MAP, "--site", tmp_path / "none.toml"], "none.toml"),
        ([tmp_path / "log.csv", "--columns", MAP, "--patients", tmp_path / "none.csv"], "no such file"),
    ):
        done = sandcone("run", *words, "-o", tmp_path / "out")
        assert done.code == 2
        assert says in done.refusal
        assert left(tmp_path / "out") == []


@pytest.mark.parametrize(
    ("site", "says"), [("end_stps = ['x']", "end_stps"), ("[pools.A]\nresources = 3", "pools.A.resources"), ("a = = b", "cannot be read")]
)
def test_a_site_that_says_what_cannot_be_is_refused_where_it_is_wrong(sandcone: Sandcone, tmp_path: Path, site: str, says: str) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    (tmp_path / "site.toml").write_text(site)
    done = sandcone("measure", tmp_path / "log.csv", "--columns", MAP, "--site", tmp_path / "site.toml")
    assert (done.code, done.out) == (2, "")
    assert says in done.refusal
    assert "site.toml" in done.refusal


def test_a_folder_that_cannot_be_written_to_is_refused_before_the_work(sandcone: Sandcone, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    (tmp_path / "taken").write_text("a file")
    for verb, out in (("run", "taken"), ("run", "taken/below"), ("read", "taken/log.parquet")):
        done = sandcone(verb, tmp_path / "log.csv", "--columns", MAP, "-o", tmp_path / out)
        assert done.code == 2
        assert "cannot be written" in done.refusal
    assert left(tmp_path) == ["log.csv", "taken"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_of_somebody_else_is_refused(sandcone: Sandcone, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    (tmp_path / "locked").mkdir(mode=0o500)
    done = sandcone("run", tmp_path / "log.csv", "--columns", MAP, "-o", tmp_path / "locked")
    assert done.code == 2
    assert "cannot be written" in done.refusal


def test_a_log_of_one_event_becomes_a_page(sandcone: Sandcone, tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text("no,act,t\nA,Scan,2024-01-13 08:00\n")
    done = sandcone("run", tmp_path / "log.csv", "--columns", "case=no,step=act,time=t", "-o", tmp_path / "out")
    assert done.code == 0, done.err
    assert "1 journey, 1 step" in done.out
    assert "Scan" in (tmp_path / "out" / "report.html").read_text()
    assert json.loads((tmp_path / "out" / "measures.json").read_text())["measures"]["cases"]["value"] == 1


def test_rubbish_among_the_rows_is_counted_and_kept_aside(sandcone: Sandcone, tmp_path: Path) -> None:
    good = [
        f"C{i % 60},S{i % 3},2024-01-{1 + i // 24:02} {i % 24:02}:00,2024-01-{1 + i // 24:02} {i % 24:02}:40,R{i % 4}\n" for i in range(540)
    ]
    rubbish = [f"{SECRET},S1,never,2024-01-02 08:00,R1\n", ",S1,2024-01-02 08:00,2024-01-02 08:10,R1\n", f"{SECRET};;;\n"]
    rubbish += [f"{SECRET},S2,2024-01-02 08:00,2024-01-01 08:00,R2\n", f"{SECRET},,2024-01-02 08:00,2024-01-02 09:00,R2\n"]
    lines = [x for i, line in enumerate(good) for x in ([line] + ([rubbish[i // 9 % 5]] if i % 9 == 0 else []))]
    (tmp_path / "log.csv").write_text(HEAD + "".join(lines))
    done = sandcone("run", tmp_path / "log.csv", "--columns", MAP, "-o", tmp_path / "out", "--draws", "20")
    assert done.code == 0, done.err
    assert "540 of 600 rows used, 60 left out" in done.out
    page, numbers = ((tmp_path / "out" / name).read_text() for name in ("report.html", "measures.json"))
    assert json.loads(numbers)["measures"]["steps"]["value"] == 540
    assert "left out" in page
    assert SECRET not in done.out + done.err + page + numbers
    assert set(left(tmp_path / "out")) == set(OURS) - {"model.json", "truth.json"}  # too few journeys end in time to try a twin


def test_no_case_is_ever_named(sandcone: Sandcone, tmp_path: Path) -> None:
    """One patient with every oddity there is a word for."""
    rows = [
        f"{SECRET},Scan,2024-01-13 08:00,2024-01-13 08:30,Ann",
        f"{SECRET},Scan,2024-01-13 08:00,2024-01-13 08:30,Ann",
        f"{SECRET},scan,2024-01-13 08:10,2024-01-13 08:30,Ann",
        f"{SECRET},Visit,2024-01-13 09:00,2024-01-13 08:59,Bo",
        f"{SECRET},Visit,2024-01-13 09:00,,Bo",
        f"{SECRET},Visit,1024-01-13 09:00,1024-01-13 09:05,Bo",
        f"{SECRET},Visit,2934-01-13 00:00,2934-01-13 00:00,Bo",
        f'{SECRET},"Vis"it,2024-01-13 09:00',
        f"{SECRET},Op,,2024-01-13 10:00,Bo",
    ]
    (tmp_path / "log.csv").write_text(HEAD + "".join(r + "\n" for r in rows) + row("B") + row("C"))
    columns = tmp_path / "map.toml"
    columns.write_text('case = "no"\nstep = "act"\nstart = "t"\nend = "u"\nresource = "who"\nattributes = ["who"]\n')
    ran = sandcone("run", tmp_path / "log.csv", "--columns", columns, "-o", tmp_path / "out", "--draws", "20")
    read = sandcone("read", tmp_path / "log.csv", "--columns", columns, "-o", tmp_path / "kept" / "log.parquet")
    guessed = sandcone("read", tmp_path / "log.csv", "-o", tmp_path / "kept" / "log.parquet")
    assert (ran.code, read.code, guessed.code) == (0, 0, 2), ran.err + read.err  # t and u could be any time: that too is said
    written = [(tmp_path / "out" / name).read_text() for name in ("report.html", "measures.json")]
    assert SECRET not in "".join((ran.out, ran.err, read.out, read.err, guessed.out, guessed.err, *written))


def limited(*words: str | Path, seconds: int = 60) -> tuple[subprocess.CompletedProcess[str], int]:
    """The command in a process of its own, and the most memory it held, in bytes."""
    watch = (
        "import resource, subprocess, sys; done = subprocess.run(sys.argv[1:]); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss); sys.exit(done.returncode)"
    )
    command = [sys.executable, "-c", watch, *SANDCONE, *map(str, words)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds, check=False)
    return done, int(done.stdout.splitlines()[-1]) * (1 if sys.platform == "darwin" else 1024)


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
def test_a_line_of_a_gigabyte_is_refused_in_seconds_and_little_memory(tmp_path: Path, packed: bool) -> None:
    path = tmp_path / ("log.csv.gz" if packed else "log.csv")
    if packed:
        with gzip.open(path, "wb", compresslevel=1) as out:
            out.write(HEAD.encode())
            for _ in range(1000):
                out.write(b"x" * 1_000_000)
    else:
        with path.open("wb") as plain:
            plain.write(HEAD.encode() + b"x" * 20_000_000)
            plain.truncate(1_000_000_000)  # a file with a hole: it takes no room on the disk
    done, memory = limited("run", path, "--columns", MAP, "-o", tmp_path / "out", seconds=30)
    assert done.returncode == 2, done.stderr
    assert "a line is longer than" in done.stderr
    assert "Traceback" not in done.stderr
    assert memory < 500_000_000
    assert left(tmp_path / "out") == []


def big(path: Path) -> Path:
    lines = (
        f"P{i // 6},S{i % 7},2024-01-{1 + i % 28:02} {i % 20:02}:00,2024-01-{1 + i % 28:02} {i % 20 + 1:02}:{i % 60:02},R{i % 30}\n"
        for i in range(60_000)
    )
    path.write_text(HEAD + "".join(lines))
    return path


@pytest.mark.parametrize("doing", ["reading", "putting steps", "waits", "control charts", "writing"])
def test_when_stopped_it_says_so_in_one_line_and_leaves_no_half_file(tmp_path: Path, doing: str) -> None:
    log, out = big(tmp_path / "log.csv"), tmp_path / "out"
    command = [*SANDCONE, "run", str(log), "--columns", MAP, "-o", str(out), "--draws", "3000"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        assert any(doing in line for line in iter(running.stderr.readline, ""))
        running.send_signal(signal.SIGINT)
        said, rest = running.communicate(timeout=60)
    assert (running.returncode, said) == (1, "")
    assert rest.splitlines()[-1] == "sandcone: stopped"
    assert "Traceback" not in rest
    assert set(left(out)) <= {*OURS, "improve", *IMPROVED}  # each whole, or not there


def test_progress_is_plain_lines_where_nobody_watches(tmp_path: Path) -> None:
    (tmp_path / "log.csv").write_text(GOOD)
    command = [*SANDCONE, "run", str(tmp_path / "log.csv"), "--columns", MAP, "-o", str(tmp_path / "out"), "--draws", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    lines = done.stderr.splitlines()
    assert lines[0] == "reading log.csv"
    assert lines[-1] == "writing the page"
    assert "\x1b" not in done.stderr + done.stdout
    assert done.stdout.splitlines()[-1] == f"The report is in {tmp_path / 'out' / 'report.html'}"


def test_progress_is_one_line_that_changes_on_a_terminal(tmp_path: Path) -> None:
    (tmp_path / "log [1].csv").write_text(GOOD)
    ours, theirs = pty.openpty()
    command = [*SANDCONE, "run", str(tmp_path / "log [1].csv"), "--columns", MAP, "-o", str(tmp_path / "out"), "--draws", "0"]
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "CI")} | {"TERM": "xterm"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=env) as running:
        os.close(theirs)
        seen = _all(ours)
        assert running.wait(60) == 0
    os.close(ours)
    assert "\x1b[2K" in seen  # the line is wiped and written again
    assert "throughput time" in seen or "reading" in seen or "control charts" in seen
    assert seen.count("\n") < 5
    assert seen.rindex("\x1b[?25h") > seen.rindex("\x1b[?25l")  # the cursor is shown again


def _all(terminal: int) -> str:
    seen = b""
    while select.select([terminal], [], [], 60)[0]:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # how Linux says that the other side has hung up
            break
        if not more:
            break
        seen += more
    return seen.decode()


def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    example = small_hospital()
    words = [*SANDCONE, "measure", str(example.log), "--columns", str(example.columns), "--draws", "0", "--json"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        said = running.stderr.read().decode()
        assert running.wait(60) == 1
    assert "Traceback" not in said
    assert "fault" not in said
