"""What the medical ward says about itself: units, promises, and who needs what."""

from __future__ import annotations

from sandcone.core.site import Site

UNITS = {
    "Assessment unit": ("Nurse's admission", "Doctor's admission", "First treatment", "Post-take round", "Into the ward"),
    "Ward": (
        *("Settling in", "First night", "Scan", "Booked admission", "Doctor's admission, planned"),
        *("Treatment day", "Nursing", "Ward round", "Discharge letter", "Medicines to take home", "Physiotherapy"),
        *("Care arranged", "Leaving the ward"),
    ),
    "Transport": ("Transport is there", "Ride home"),
}
PROMISES = (
    {"name": "in a ward bed within 4 hours of the first treatment", "from": "First treatment", "to": "Into the ward", "within_hours": 4.0},
    {"name": "seen by a senior within 14 hours", "from": "Nurse's admission", "to": "Post-take round", "within_hours": 14.0},
    {"name": "gone within 6 hours of the letter", "from": "Discharge letter", "to": "Leaving the ward", "within_hours": 6.0},
)
NEEDS = (
    {"attribute": "admission", "values": ["emergency"], "step": "Post-take round"},
    {"attribute": "admission", "values": ["planned"], "step": "Booked admission"},
    {"attribute": "kind", "values": ["frail", "steady"], "step": "Medicines to take home"},
)


def medical_ward_site() -> Site:
    """The site of ``medical_ward``; pools, hours and what is of value are the model's own."""
    return Site.model_validate(
        {
            "name": "Medical ward",
            "units": {step: unit for unit, steps in UNITS.items() for step in steps},
            "agreed_step": "Ward round",
            "senior_steps": ("Post-take round", "Ward round", "Doctor's admission", "Doctor's admission, planned"),
            "segment": ("kind", "admission"),
            "promises": PROMISES,
            "needs": NEEDS,
            "mode": {"urgent": {"attribute": "admission", "values": ["emergency"]}},
        }
    )
