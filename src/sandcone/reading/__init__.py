"""Files → nouns: foreign names and formats stop here, and every row that cannot be used is counted and kept."""

from sandcone.reading.inpatients import read_inpatient_plan, read_problem, save_inpatient_plan
from sandcone.reading.read import read
from sandcone.reading.saving import save
from sandcone.reading.ward_saving import save_plan_tables, write_ward
from sandcone.reading.ward_tables import read_ward

__all__ = [
    "read",
    "read_inpatient_plan",
    "read_problem",
    "read_ward",
    "save",
    "save_inpatient_plan",
    "save_plan_tables",
    "write_ward",
]
