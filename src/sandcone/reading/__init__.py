"""Files → nouns: foreign names and formats stop here, and every row that cannot be used is counted and kept."""

from sandcone.reading.read import read
from sandcone.reading.saving import save

__all__ = ["read", "save"]
