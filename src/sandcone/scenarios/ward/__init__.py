"""A small cardiac ward as a hospital's own tables; what lies in examples/ward."""
