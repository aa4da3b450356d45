"""The verbs about plans, for inpatients; ``flow.verbs`` chooses between these and those for whole paths."""

from sandcone.flow.plan_page import report
from sandcone.flow.plans import check, compare, plan
from sandcone.flow.reasons import explain, left_out
from sandcone.flow.replans import replan

__all__ = ["check", "compare", "explain", "left_out", "plan", "replan", "report"]
