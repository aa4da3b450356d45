"""A problem → a plan: who, when, where and with whom, scored by rules that read like a policy."""

from sandcone.planning.score import Score, score

__all__ = ["Score", "score"]
