"""A small hospital that does not exist: twenty weeks, 1,200 patients, every kind of wait."""
