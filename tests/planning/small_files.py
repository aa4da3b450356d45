"""A problem of two patients and a plan for it, as their files say them."""

from __future__ import annotations

PERSON = {"gender": "A", "age_group": "adult", "length_of_stay": 1, "workload_produced": [3, 1], "skill_level_required": [2, 0]}
PROBLEM = {
    "days": 2,
    "shift_types": ["early", "night"],
    "age_groups": ["child", "adult"],
    "weights": {
        "room_mixed_age": 1,
        "room_nurse_skill": 4,
        "continuity_of_care": 5,
        "nurse_eccessive_workload": 7,
        "open_operating_theater": 30,
        "surgeon_transfer": 1,
        "patient_delay": 10,
        "unscheduled_optional": 200,
    },
    "occupants": [],
    "patients": [
        {
            "id": "p0",
            **PERSON,
            "mandatory": True,
            "surgery_release_day": 0,
            "surgery_due_day": 1,
            "surgery_duration": 60,
            "surgeon_id": "s0",
        },
        {"id": "p1", **PERSON, "mandatory": False, "surgery_release_day": 1, "surgery_duration": 90, "surgeon_id": "s0"},
    ],
    "surgeons": [{"id": "s0", "max_surgery_time": [100, 100]}],
    "operating_theaters": [{"id": "t0", "availability": [480, 480]}],
    "rooms": [{"id": "r0", "capacity": 2}],
    "nurses": [
        {
            "id": "n0",
            "skill_level": 1,
            "working_shifts": [{"day": d, "shift": s, "max_load": 2} for d in (0, 1) for s in ("early", "night")],
        }
    ],
}
PLAN = {
    "patients": [{"id": "p0", "admission_day": 1, "room": "r0", "operating_theater": "t0"}],
    "nurses": [{"id": "n0", "assignments": [{"day": 1, "shift": "early", "rooms": ["r0"]}, {"day": 1, "shift": "night", "rooms": ["r0"]}]}],
}
