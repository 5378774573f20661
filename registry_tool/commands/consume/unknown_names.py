"""Whether nothing was found because there is nothing, or because a name was mistyped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from registry_tool.catalogue.environments import demand_environment
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.manifest.model import Workflow
from registry_tool.sources.configuration.choice import AnyRegistry, as_choice
from registry_tool.store import paths
from registry_tool.store.registry_tree import holds_registry, registry_tree

if TYPE_CHECKING:
    from pathlib import Path

    from registry_tool.state.target import Target


def demand_recorded(target: Target, environment: str) -> None:
    """`UsageError` for an environment that the registry neither has nor ever deployed to."""
    from registry_tool.deploy.event_log import EVENTS
    from registry_tool.state.branches import state_branch
    from registry_tool.state.tokens.registry_key import REGISTRY

    known = target.settings().environments
    if environment and environment not in {*known, REGISTRY}:
        state = state_branch(target, paths.DEPLOYMENTS_BRANCH).files()
        if environment not in state.folders(EVENTS):
            demand_environment(environment, known)


def demand_environment_of(workflow: Workflow, registry: AnyRegistry, environment: str) -> None:
    """`UsageError` for an environment that neither a clone around nor the workflow's manifest has."""
    root = as_choice(registry).folder
    if environment and root and holds_registry(root):
        from registry_tool.catalogue.load import load_settings

        known = load_settings(registry_tree(root)).environments
        if known:
            demand_environment(environment, dict.fromkeys([*known, *workflow.environment_by_name]))
    elif environment and root and not _is_built(root):
        own = workflow.environment_by_name
        if environment not in own:
            raise UsageError(
                f"{workflow.reference} has no environment {environment[:64]!r}, and no registry is around",
                hint=f"it has {', '.join(own) or 'none'}; name a registry with --registry, or leave --env out",
            )


def _is_built(root: Path) -> bool:
    """Whether it is a built site, whose environments can't be seen from here."""
    from registry_tool.sources.api_reader import is_built_api  # what talks HTTP

    return is_built_api(root)


@contextmanager
def known_workflow(target: Target, name: str) -> Iterator[None]:
    """In it, what isn't found is reported as a mistyped name, where the registry has no workflow of that name."""
    try:
        yield
    except NotFoundError:
        demand_known(target, name=name)
        raise


def demand_known(target: Target, environment: str = "", name: str = "") -> None:
    """`UsageError` for an environment and `NotFoundError` for a workflow that the registry doesn't have."""
    if environment:
        from registry_tool.state.target import settings_of

        settings_of(target, environment)
    if name:
        demand_workflow(target.root, name)


def demand_workflow(root: Path, name: str) -> None:
    """`NotFoundError` for a workflow that the registry doesn't have, with the name that was probably meant."""
    from registry_tool.sources.reader import near, open_reader

    reader = open_reader(str(root))
    if not reader.versions(name):
        raise NotFoundError(f"there is no workflow {name}", hint=near(name, reader.names()))
