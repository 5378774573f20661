"""What state branches hold is tried on the registries that the use cases' tests have."""

from tests.commands.conftest import clock, clones, served, served_once

__all__ = ["clock", "clones", "served", "served_once"]
