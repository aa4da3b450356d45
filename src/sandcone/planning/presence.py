"""Who is in which room on which day, for the rules to read; the nouns live in ``core.presence``."""

from sandcone.core.presence import Person, Presence, Stay

__all__ = ["Person", "Presence", "Stay"]
