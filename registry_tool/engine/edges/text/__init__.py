"""Texts taken apart and put together."""
