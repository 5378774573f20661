"""What differs between two commits, and what is more than an addition."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from registry_tool.commands.maintain.output.difference import difference
from tests.commands.maintain.histories import History, history


@pytest.fixture
def made(tmp_path: Path) -> History:
    """A history with at least one version."""
    subprocess.run(["git", "init", "--quiet", "--bare", tmp_path / "bare.git"], check=True)
    found = history(tmp_path / "bare.git", 1)
    while not found.versions():
        found.add()
    found.record()
    return found


def test_a_version_that_comes_back_is_more_than_an_addition(made: History) -> None:
    """It was first published before it was removed; what is added since the last output can't tell."""
    made.tombstone()
    made.record()
    removed = made.commit
    made.restore()
    made.record()
    restored = made.commit
    assert difference(made.repository, removed, restored) is None
    known = set(made.versions())
    while set(made.versions()) == known:
        made.add()
    made.record()
    found = difference(made.repository, restored, made.commit)
    assert found is not None
    assert found.added == set(made.versions()) - known
