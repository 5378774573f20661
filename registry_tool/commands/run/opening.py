"""What serves, opened once a command: choosing inputs, admission and the run itself each need it."""

from __future__ import annotations

from collections.abc import Callable

from registry_tool.deploy.model import Serving
from registry_tool.sources.reference import OpenedProgram
from registry_tool.state.target import Target, open_serving

OpenServing = Callable[[Target, str, Serving], OpenedProgram]
"""Opens the program of a workflow's serving entry, as `open_serving` does."""


def opened_once() -> OpenServing:
    """`open_serving` that reads the same version with the same lock once; for one command, not for longer."""
    known: dict[tuple[str, str, str, str], OpenedProgram] = {}

    def opened(target: Target, name: str, serving: Serving) -> OpenedProgram:
        key = name, serving.version, serving.digest, serving.lock.digest
        if key not in known:
            known[key] = open_serving(target, name, serving)
        return known[key]

    return opened
