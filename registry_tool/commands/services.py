"""What the edges of a run may use: built here, in one place, from a program, an environment and this machine."""

from __future__ import annotations

from pathlib import Path

from registry_tool.commands.program import Program
from registry_tool.engine.edges.base import Services
from registry_tool.engine.providers.all_services import rerankers, web_searches
from registry_tool.engine.providers.base import ModelProvider
from registry_tool.engine.sandbox.wasm import WasmSandbox
from registry_tool.manifest.model import Environment


def services_for(
    program: Program,
    environment: Environment,
    model: ModelProvider,
    folder: Path,
    workspace: Path | None,
) -> Services:
    """The services of a program's run; its resources are unpacked below `folder`."""
    fetcher = None
    return Services(
        model=model,
        sandbox=WasmSandbox(),
        overrides=environment.overrides,
        resources=program.unpack_resources(folder / "self"),
        workspace=workspace,
        web_search=web_searches(fetcher),
        rerankers=rerankers(fetcher),
    )
