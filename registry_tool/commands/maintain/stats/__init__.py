"""Keeps a registry's numbers current: what the forge counts."""
