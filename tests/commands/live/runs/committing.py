"""Commits what a test wrote into a registry's folder."""

from __future__ import annotations

import subprocess

from registry_tool.state.target import Target


def commit(target: Target) -> None:
    """Commit everything."""
    who = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    for words in (["add", "--all"], [*who, "commit", "--quiet", "-m", "Publish"]):
        subprocess.run(["git", *words], cwd=target.root, check=True)
