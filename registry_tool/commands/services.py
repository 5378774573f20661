"""What the edges of a run may use: built here, in one place, from a program, an environment and this machine."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.program import Program
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.base import ModelProvider
from registry_tool.engine.sandbox.all_sandboxes import make_sandbox
from registry_tool.manifest.model import Environment


def services_for(
    program: Program,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    workspace: Path | None,
) -> Services:
    """The services of a program's run; its resources are unpacked below `folder`."""
    return Services(
        model=model,
        sandbox=make_sandbox(),
        overrides=environment.overrides,
        resources=program.unpack_resources(folder / "self"),
        workspace=workspace,
    )
