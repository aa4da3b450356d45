"""An emergency department with an admission unit behind it, made up from public figures and guesses."""

from sandcone.scenarios.emergency.department import emergency_department
from sandcone.scenarios.emergency.figures import emergency_figures
from sandcone.scenarios.emergency.site import emergency_department_site

__all__ = ["emergency_department", "emergency_department_site", "emergency_figures"]
