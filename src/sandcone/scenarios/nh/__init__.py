"""A cardiac network in the manner of Narayana Hrudayalaya, from public figures. It is not that hospital."""

from sandcone.scenarios.nh.hospital import nh_hospital
from sandcone.scenarios.nh.site import nh_site

__all__ = ["nh_hospital", "nh_site"]
