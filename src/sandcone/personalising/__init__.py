"""A path for each person."""
