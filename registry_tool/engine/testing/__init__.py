"""A workflow's tests: run, repeated, observed."""
