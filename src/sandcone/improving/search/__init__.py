"""The search for sets of levers that are worth having: which to try, how often, and what may be said of each."""
