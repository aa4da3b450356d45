"""Find sets of levers that lift resource and flow efficiency together, and hold the best against today on luck the search never saw."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from sandcone.core.arrangement import Arrangement
from sandcone.core.care import Library, Person
from sandcone.core.errors import InputError, ModelError
from sandcone.core.improved import Improved
from sandcone.core.lever import Levers, LeverSet
from sandcone.core.model import Model
from sandcone.core.model_file import read_model
from sandcone.core.place import beside
from sandcone.core.registered import DEFAULTS, Registered
from sandcone.core.site import Site
from sandcone.flow.after_search import After
from sandcone.flow.bench import Bench
from sandcone.flow.glancing import too_full
from sandcone.flow.hands import Hired, in_processes
from sandcone.flow.improve_files import put
from sandcone.flow.improve_people import Cared, People, cared_for, that_can_be
from sandcone.flow.purse import Purse
from sandcone.flow.summing_up import tried
from sandcone.flow.tried import Memory, inputs_key
from sandcone.flow.trying import Trying
from sandcone.improving.levers.reading import levers_of, read_levers
from sandcone.improving.levers.suggest import suggested
from sandcone.improving.search.budget import Budget, budget_of
from sandcone.improving.search.search import search
from sandcone.improving.search.searched import Searched
from sandcone.reporting import writable
from sandcone.simulating.load import load

Told = Callable[[str], None]
LEVERS, TRIED = "levers.toml", "tried.jsonl"
STOPPED = "it was stopped"


def improve(
    model: Model | Arrangement | str | Path,
    levers: Levers | str | Path | None = None,
    *,
    site: Site | None = None,
    registered: Registered = DEFAULTS,
    budget: str | Budget = "600s",
    seed: int,
    out: str | Path | None = None,
    library: Library | str | Path | None = None,
    people: Sequence[Person] | People | str | Path | None = None,
    keep: Sequence[str] = (),
    like: Sequence[str] = (),
    cores: int | None = None,
    machines: Hired | None = None,
    told: Told | None = None,
) -> Improved:
    """Find sets of levers that lift resource and flow efficiency together, by trying them on the twin, and say how sure that is.

    ``levers`` is a file of what may be changed (docs/levers.md); without one, levers that fit the model are suggested. ``site`` says what
    counts as value, who needs what, and by which attributes groups are told apart (``segment``). ``budget`` is such as "600s", "10min" or
    "2000 runs"; 60 % of it goes to the search, the rest to making the best sets short and to judging them on new luck. ``registered`` is
    what was agreed beforehand. ``cores`` is how many processes try sets (None: as many as the machine has; a script that asks for several
    does so under ``if __name__ == "__main__"``), ``machines=on_ray`` spreads them over a cluster; the answer does not depend on either.

    With a ``library`` of modules and known ``people`` (a table, or a function from the number of a run to who comes in it), whose paths
    people get is a lever too, and fit is to what they truly need. ``keep`` are streams of the model that come as before, ``like`` the facts
    of an illness (docs/personal.md).

    ``out`` is a folder for the page and the numbers, and for all that was tried: the same call goes on where it was stopped. Ctrl-C ends
    the search, and what is there is judged briefly. Raises ``SandconeError`` for a hospital that cannot keep up with its work today, a
    lever that cannot be, a budget that is none, and a folder in which something else was tried.
    """
    say: Told = told or (lambda _words: None)
    purse = Purse(budget_of(budget))
    today = _today(model)
    folder = None if out is None else writable(Path(out))
    cared = _cared(today, library, people, keep, like, site)
    read, text = _levers(levers, today, folder)
    bench = Bench(today, that_can_be(read, cared), site, seed, cared)
    _keeps_up(bench)
    memory = Memory(None if folder is None else folder / TRIED, inputs_key(today, bench.levers, site, seed, cared))
    with memory, (machines or in_processes(cores))(bench) as hands:
        if folder is not None and text is not None:
            with beside(folder / LEVERS) as part:
                part.write_text(text, encoding="utf-8")
        found, best = _found(Trying(bench, hands, memory), registered, purse, seed, say)
    if folder is not None:
        say("writing the page")
        put(found, None if best is None else bench.arranged(best), today, folder)
    return found


def _today(model: Model | Arrangement | str | Path) -> Arrangement:
    if isinstance(model, Arrangement):
        return model
    return Arrangement(model=model if isinstance(model, Model) else read_model(model))


def _cared(
    today: Arrangement,
    library: Library | str | Path | None,
    people: Sequence[Person] | People | str | Path | None,
    keep: Sequence[str],
    like: Sequence[str],
    site: Site | None,
) -> Cared | None:
    if library is None and people is None:
        return None
    if library is None or people is None:
        raise InputError("improve", f"no {'library' if library is None else 'people'}", "Give both people and a library, or neither.")
    return cared_for(today.model, library, people, keep=keep, like=like, segment=() if site is None else site.segment)


def _levers(levers: Levers | str | Path | None, today: Arrangement, folder: Path | None) -> tuple[Levers, str | None]:
    """The levers as they are read, and the text to be left in the folder, which is to say what was tried (None: none, or it is there)."""
    if isinstance(levers, Levers):
        return levers, None
    there = None if folder is None else folder / LEVERS
    if levers is not None:
        mine = there is not None and there.resolve() == Path(levers).resolve()
        return read_levers(levers, today), None if mine else Path(levers).read_text(encoding="utf-8")
    text = suggested(today.model, dict(load(today.model)))
    if there is not None and there.exists() and there.read_text(encoding="utf-8") != text:
        do = f"To try it, say so: --levers {there}. Else name another folder."
        raise InputError(str(there), "it is there already, and is not what would be suggested", do)
    return levers_of(tomllib.loads(text), "suggested levers", today), text


def _keeps_up(bench: Bench) -> None:
    """Refuse a hospital that gets more work than it can do: nothing in it is steady, and any lever would look good."""
    why = too_full(bench.today.model, bench)
    if why:
        do = "Mend the model until it can keep up; then search for what is better."
        raise ModelError(bench.today.model.name, f"as it is run today it is {why}, so waits grow without end", do)


def _found(trying: Trying, registered: Registered, purse: Purse, seed: int, say: Told) -> tuple[Improved, LeverSet | None]:
    """Search, judge, and work out what is owed to which lever; with the set that the curves are drawn of, if there is one."""
    import_module("sandcone.improving.search.front_kernel")  # whole, before Ctrl-C is caught: Numba half imported is no Numba
    bench = trying.bench
    searched = search(bench.levers, trying.look, budget=purse.for_the_search(), seed=seed, told=say)
    purse.searched(searched, bench.levers.course)
    after = After(trying, searched, registered, purse, say)
    if not after.stopped:
        after.shorten()
    after.judge()
    if not after.stopped:
        after.look_closer()
    return _improved(bench, after.searched, after, purse), after.best


def _improved(bench: Bench, searched: Searched, after: After, purse: Purse) -> Improved:
    today = tried(bench.levers, searched.today, searched.today)
    return Improved(
        name=bench.today.model.name,
        today=today,
        tried=(today, *(tried(bench.levers, f, searched.today) for f in searched.found[1:] if f.outcomes)),
        not_tried=searched.not_tried,
        effects=searched.effects,
        together=searched.together,
        judged=after.judged,
        lines=after.lines,
        not_here=bench.levers.not_here,
        sets=searched.sets,
        runs=searched.runs,
        short_runs=searched.short_runs,
        seconds=purse.seconds,
        seed=bench.seed,
        ended=STOPPED if after.stopped else searched.ended,
        notes=(*searched.notes, *after.notes),
    )
