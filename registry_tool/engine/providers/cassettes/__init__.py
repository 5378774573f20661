"""Recorded answers: what is kept, compared and replayed."""
