"""Personal paths in an NH-like hospital: how many packages from how many modules, how fast, and what they do beside one size for all.

python -m benchmarks.personal trial --size hospital --runs 10 --seed 1
python -m benchmarks.personal booked --size hospital --days 28 --runs 10 --seed 1
python -m benchmarks.personal groups --size hospital --seed 1
python -m benchmarks.personal speed --year 2008 --seed 1
python -m benchmarks.personal files --size ward --days 30 --seed 1 --out FOLDER     (to try things on)
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

from sandcone.core.care_file import save_library
from sandcone.core.model_file import save_model
from sandcone.core.trial import Trial
from sandcone.flow.booking_trial import BookingTrial, booking_trial
from sandcone.flow.personal import composer
from sandcone.flow.personal_trial import nh_groups, nh_trial
from sandcone.personalising.summary import summary
from sandcone.personalising.usual import compose
from sandcone.reading.people_file import save_people
from sandcone.scenarios import nh_hospital, nh_library, nh_people


def main() -> None:
    """Read the options and print what was measured."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", choices=("trial", "booked", "groups", "speed", "files"))
    asked.add_argument("--size", choices=("ward", "hospital"), default="hospital")
    asked.add_argument("--year", type=int, default=2004)
    asked.add_argument("--days", type=int, help="365 if nothing is said, 28 for booked")
    asked.add_argument("--runs", type=int, default=10)
    asked.add_argument("--seed", type=int, default=1)
    asked.add_argument("--moves", type=int, default=0, help="booked: try too a search of so many moves that knows everybody")
    asked.add_argument("--json", type=Path, help="keep the figures here too")
    asked.add_argument("--out", type=Path, default=Path("personal"), help="the folder for files")
    said = asked.parse_args()
    said.days = said.days or (28 if said.what == "booked" else 365)
    {"trial": trial, "booked": booked, "groups": groups, "speed": speed, "files": write}[said.what](said)


def trial(said: argparse.Namespace) -> None:
    told(said, nh_trial(said.size, days=said.days, runs=said.runs, seed=said.seed, year=said.year, told=progress))


def booked(said: argparse.Namespace) -> None:
    how = {"days": said.days, "runs": said.runs, "seed": said.seed, "year": said.year, "moves": said.moves}
    told(said, booking_trial(said.size, **how, told=progress))


def progress(words: str) -> None:
    print(words, file=sys.stderr)


def told(said: argparse.Namespace, found: Trial | BookingTrial) -> None:
    if said.json:
        said.json.write_text(json.dumps(found.as_json(), indent=1) + "\n", encoding="utf-8")
    print(found)


def groups(said: argparse.Namespace) -> None:
    for name, found in zip(("personal", "one size"), nh_groups(said.size, days=said.days, seed=said.seed, year=said.year), strict=True):
        print(f"── {name}", found, sep="\n")


def write(said: argparse.Namespace) -> None:
    hospital = nh_hospital(said.size, said.year, personal=True)
    save_model(hospital, said.out / "hospital.json")
    save_people(nh_people(hospital, days=said.days, seed=said.seed).known, said.out / "people.csv")
    save_library(nh_library(), said.out / "library.toml")
    print(f"hospital.json, people.csv and library.toml are in {said.out}")


def speed(said: argparse.Namespace) -> None:
    hospital, library = nh_hospital(said.size, said.year, personal=True), nh_library()
    people = nh_people(hospital, days=said.days, seed=said.seed).known
    begun = time.process_time()
    paths = compose(composer(hospital, library), people, ("age", "procedure"))
    took = time.process_time() - begun
    print(f"{len(people):,} people in {took:.1f} s of CPU, {1000 * took / len(people):.2f} ms each")
    print(summary(library, people, paths))


if __name__ == "__main__":
    main()
