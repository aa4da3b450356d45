"""From an event log to numbers: one file a measure."""

from sandcone.measuring.measure import measure

__all__ = ["measure"]
