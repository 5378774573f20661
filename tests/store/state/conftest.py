"""What tests of state share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.state.hub import Hub, git


@pytest.fixture
def hub(tmp_path: Path) -> Hub:
    """`main` and a first state."""
    folder = tmp_path / "hub.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(folder))
    made = Hub(folder)
    made.write("x", "main")
    made.write("one")
    return made
