"""What a search for better ways leaves in its folder."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from sandcone.core.arrangement import Arrangement
from sandcone.core.improved import Improved
from sandcone.core.model import Model
from sandcone.core.model_file import save_model
from sandcone.core.place import beside
from sandcone.core.plan import Plan
from sandcone.core.verdict import finite
from sandcone.reporting.improve_page import write_improve

NUMBERS, PAGE, BEST, PLAN = "improve.json", "improve.html", "best.json", "best_plan.json"


def put(found: Improved, best: Arrangement | None, today: Arrangement, folder: Path) -> None:
    """The numbers, the page, and the hospital with the best set of levers: ``best.json``, and ``best_plan.json`` where its plan is another.

    ``best`` is None where no set was judged; then files of an earlier one go, for they would be of another search.
    """
    with beside(folder / NUMBERS) as part:
        part.write_text(json.dumps(plain(found.as_json()), indent=1, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    write_improve(found, folder / PAGE)
    kept: dict[str, Model | Plan] = {}
    if best is not None:
        kept = {BEST: best.model, **({PLAN: best.plan} if best.plan != today.plan else {})}
    for name, noun in kept.items():
        save_model(noun, folder / name)
    for name in {BEST, PLAN} - kept.keys():
        (folder / name).unlink(missing_ok=True)


def plain(x: Any) -> Any:
    """Plain values with null where there is no number."""
    if isinstance(x, dict):
        return {k: plain(v) for k, v in x.items()}
    if isinstance(x, list | tuple):
        return [plain(v) for v in x]
    return finite(x) if isinstance(x, float) else x
