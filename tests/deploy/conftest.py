"""Fixtures of tests of deployments."""

from tests.deploy.scratch import board

__all__ = ["board"]
