"""Fetching from hosts that may be anybody's."""
