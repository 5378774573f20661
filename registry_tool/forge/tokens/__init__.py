"""Tokens of forges and live registries: where they are kept, and which host each is for."""
