"""Routine releases that are merged by policy: what is routine, how long it waits, what stops it."""
