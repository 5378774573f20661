"""Weights of the embedded models: found, trusted by their hash, or named as missing."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import MissingToolError
from registry_tool.engine.providers.models import weights
from registry_tool.engine.providers.models.weights import EMBEDDING


def test_what_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights, "find_spec", lambda _: None)
    with pytest.raises(MissingToolError, match="puppy-cli models install"):
        EMBEDDING.trusted()
