"""What the cardiac hospital says about itself: what counts as value, who works when, what was promised, who needs what."""

from __future__ import annotations

from sandcone.core.model import Model
from sandcone.core.site import Site
from sandcone.scenarios.nh.parameters import parameters

ALWAYS = {"shifts": [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], "from": "00:00", "to": "24:00"}]}
UNITS = {
    "Theatres": ("Opening", "Urgent opening", "Core operation", "Closing"),
    "Clinic": ("Registration", "ECG and echo", "Screening", "Consultation", "Tele-consultation"),
    "Intensive care": ("Into intensive", "Intensive"),
    "Wards": ("Ward day", "Nursing", "Laboratory", "Doctor's round", "Discharge", "Into ward", "Medical admission"),
}


def nh_site(model: Model) -> Site:
    """The site of a hospital made by ``nh_hospital`` (not of the network, whose names carry the hospital)."""
    return Site.model_validate(
        {
            "name": model.name,
            "steps": {name: step.value for name, step in model.steps.items()},
            "units": _units(model),
            "pools": {name: _pool(model, name) for name in model.pools},
            "calendars": {"always": ALWAYS, **{n: c.model_dump(by_alias=True) for n, c in model.calendars.items()}},
            "capacity": {name: r.capacity for name, r in model.resources.items()},
            "agreed_step": "Consultation",
            "senior_steps": SENIOR_MAY,
            "segment": ("procedure", "urgency"),
            "promises": PROMISES,
            "needs": _needs(),
            "mode": {"urgent": {"attribute": "urgency", "values": ["urgent"]}, "severe": {"attribute": "risk", "values": ["high"]}},
        }
    )


SENIOR_MAY = (
    *(f"{part}, {age}" for age in ("adult", "child") for part in ("Opening", "Urgent opening", "Core operation", "Closing")),
    "Screening",
    "Consultation",
)
"""A senior may do these; juniors open, close and screen."""

PROMISES = (
    {"name": "screened within 4 hours of registration", "from": "Registration", "to": "Screening", "within_hours": 4.0},
    {"name": "urgent catheter within 2 hours of triage", "from": "Triage", "to": "Urgent catheterisation", "within_hours": 2.0},
    {"name": "urgent operation within 12 hours of triage, adult", "from": "Triage", "to": "Urgent opening, adult", "within_hours": 12.0},
    {"name": "urgent operation within 12 hours of triage, child", "from": "Triage", "to": "Urgent opening, child", "within_hours": 12.0},
    {"name": "operation within 4 weeks of consultation, adult", "from": "Consultation", "to": "Opening, adult", "within_hours": 672.0},
    {"name": "operation within 4 weeks of consultation, child", "from": "Consultation", "to": "Opening, child", "within_hours": 672.0},
)


def _pool(model: Model, name: str) -> dict[str, object]:
    members = model.pools[name].members
    first = model.resources[members[0]]
    hours = "cath labs" if name == "Cath labs" else first.calendar or "always"  # labs are measured in the hours of their day teams
    said = {"calendar": hours, "cost_per_hour": first.cost_per_hour, "grade": first.grade}
    return {"resources": members, **{k: v for k, v in said.items() if v is not None}}


def _needs() -> list[dict[str, object]]:
    needs: list[dict[str, object]] = [
        {"attribute": "procedure", "values": [name], "step": f"Core operation, {it.age}"} for name, it in parameters().procedures.items()
    ]
    needs.append({"attribute": "angiogram", "values": ["here"], "step": "Catheterisation"})
    needs.append({"attribute": "procedure", "values": ["medical"], "step": "Medical admission"})
    return needs


def _units(model: Model) -> dict[str, str]:
    return {step: unit for step in model.steps for unit, heads in UNITS.items() if step.startswith(heads)}
