"""Runs of some people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.privacy.kept_runs import Fixture


@pytest.fixture
def fixture(tmp_path: Path) -> Fixture:
    return Fixture(tmp_path)
