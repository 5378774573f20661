"""Dify's exports (its DSL) → manifests."""
