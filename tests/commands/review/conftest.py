"""A registry that requests are judged against."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def registry(make_registry: Callable[..., object]) -> object:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    return made
