"""A registry in a repository of its own."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import RegistryFolder


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """Settings alone, committed on `main`."""
    return make_registry(git=True)
