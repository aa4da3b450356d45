"""A medical ward with a small assessment unit before it, made up from public figures and guesses."""

from sandcone.scenarios.medical_ward.figures import medical_ward_figures
from sandcone.scenarios.medical_ward.site import medical_ward_site
from sandcone.scenarios.medical_ward.ward import medical_ward

__all__ = ["medical_ward", "medical_ward_figures", "medical_ward_site"]
