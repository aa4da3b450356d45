"""A cardiac network in the manner of Narayana Hrudayalaya, from public figures. It is not that hospital."""

from sandcone.scenarios.nh.care import nh_library
from sandcone.scenarios.nh.fortnight import nh_fortnight
from sandcone.scenarios.nh.hospital import nh_hospital
from sandcone.scenarios.nh.persons import nh_people
from sandcone.scenarios.nh.site import nh_site

__all__ = ["nh_fortnight", "nh_hospital", "nh_library", "nh_people", "nh_site"]
