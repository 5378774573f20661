"""A git repository that holds one published version."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """`hello:1.0.0`, committed on `main`."""
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    return made
