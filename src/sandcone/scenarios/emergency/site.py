"""What the emergency department says about itself: units, promises, who needs what, and who is urgent."""

from __future__ import annotations

from sandcone.core.site import Site

UNITS = {
    "Admission unit": ("Stay in the unit", "Round in the unit", "Leaving the unit"),
    "Imaging and laboratory": ("Blood test", "Blood result", "X-ray", "CT", "CT result"),
    "Emergency department": (
        *("Triage", "Ambulance handover", "Into a cubicle", "Into a cubicle at once", "Into resuscitation", "Nurse's assessment"),
        *("Resuscitation", "Assessment", "Assessment, minor", "Treatment", "Treatment, minor", "Specialist's opinion"),
        *("Decision", "Decision, minor", "Leaving", "Into the unit"),
    ),
}
PROMISES = (
    {"name": "seen by a doctor within an hour of triage", "from": "Triage", "to": "Assessment", "within_hours": 1.0},
    {"name": "home within 4 hours of triage", "from": "Triage", "to": "Leaving", "within_hours": 4.0},
    {"name": "in the unit within 4 hours of triage", "from": "Triage", "to": "Into the unit", "within_hours": 4.0},
)
NEEDS = (
    {"attribute": "severity", "values": ["life at risk"], "step": "Resuscitation"},
    {"attribute": "severity", "values": ["major"], "step": "Assessment"},
    {"attribute": "severity", "values": ["minor"], "step": "Assessment, minor"},
)


def emergency_department_site() -> Site:
    """The site of ``emergency_department``; pools, hours and what is of value are the model's own."""
    return Site.model_validate(
        {
            "name": "Emergency department",
            "units": {step: unit for unit, steps in UNITS.items() for step in steps},
            "agreed_step": "Decision",
            "senior_steps": ("Assessment, minor", "Decision, minor", "Resuscitation", "Assessment", "Decision"),
            "segment": ("triage",),
            "promises": PROMISES,
            "needs": NEEDS,
            "mode": {
                "urgent": {"attribute": "triage", "values": ["1", "2", "3"]},
                "severe": {"attribute": "severity", "values": ["life at risk"]},
            },
        }
    )
