"""Shorter pauses between looks at a job, which takes a second here. The pauses themselves: test_following.py."""

from __future__ import annotations

from registry_tool.commands.jobs import follow as following
from registry_tool.forge.github import rate_limits as github_limits


def often() -> None:
    """Look ten times a second."""
    following._FIRST = following._LONGEST = github_limits._FIRST = 0.1
