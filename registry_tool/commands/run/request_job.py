"""The request for a run as a job: inputs as the served version wants them, sealed where they must be."""

from __future__ import annotations

from datetime import datetime

from registry_tool.commands.jobs.results import deployment_on
from registry_tool.commands.requests.request import ExecuteRequest
from registry_tool.commands.requests.seal import must_seal, sealed_inputs
from registry_tool.commands.run.run import ReadInputs
from registry_tool.core.errors import RegistryError
from registry_tool.deploy.model import Serving
from registry_tool.forge.base import Forge
from registry_tool.security.published_keys import PublishedKeys, path_of, read_keys
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.program import Program
from registry_tool.sources.reference import open_reference
from registry_tool.store import paths


def run_request(  # noqa: PLR0913 - a request has that many parts
    forge: Forge,
    environment: str,
    name: str,
    registry: AnyRegistry,
    read: ReadInputs,
    *,
    now: datetime,
) -> ExecuteRequest:
    """A request for what an environment serves under a name; the version's types come from the registry at hand.

    Every reader of a repository sees what is dispatched. Where a version that serves requires encryption, inputs
    are sealed to the environment's key, for the token's owner; `NotFoundError` where no key is published.
    """
    deployment = deployment_on(forge, environment, name)
    workflow = _program(name, deployment.main, registry).workflow
    inputs = dict(read(workflow))
    sealing = any(must_seal(_program(name, one, registry)) for one in deployment.serving)
    if not sealing or not inputs:
        return ExecuteRequest(name, inputs)
    keys = _keys(forge, environment)
    return ExecuteRequest(
        name, sealed=sealed_inputs(keys, workflow, inputs, forge.token_owner(), now)
    )


def _program(name: str, serving: Serving, registry: AnyRegistry) -> Program:
    return open_reference(f"{name}:{serving.version}", registry, serving.lock).program


def _keys(forge: Forge, environment: str) -> PublishedKeys:
    path = path_of(environment)
    data = forge.contents.read(paths.DEPLOYMENTS_BRANCH, path)
    found = (
        PublishedKeys(environment)
        if data is None
        else read_keys(data, f"{paths.DEPLOYMENTS_BRANCH}:{path}")
    )
    if found.environment != environment:
        raise RegistryError(f"the file holds the keys of {found.environment!r}", location=path)
    return found
