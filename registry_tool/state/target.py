"""What serves in which environment, and the program behind it; what deploying and running both ask."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from registry_tool.catalogue.environments import EnvironmentSettings, demand_environment
from registry_tool.catalogue.load import load_settings
from registry_tool.catalogue.model import RegistrySettings
from registry_tool.core.clock import Clock, SystemClock
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.deploy.broken import BrokenPointer
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.deploy.store import DeploymentStore
from registry_tool.sources.reference import OpenedProgram, open_reference
from registry_tool.state.branches import state_branch, writer
from registry_tool.store import paths
from registry_tool.store.registry_tree import registry_tree
from registry_tool.store.state.notes import StateNotes
from registry_tool.store.tree import RegistryTree


def _environ() -> Mapping[str, str]:
    return os.environ


@dataclass(frozen=True, slots=True)
class Target:
    """A registry's clone, and the remote that is named for its state (empty: the state's home, `.`: the clone).

    `environ` is the job's environment: its secrets by name. `notes` says what could not be read now. `tree` gives
    the registry's files where they are another commit's than the folder's own (a server's).
    """

    root: Path
    remote: str = ""
    clock: Clock = SystemClock()  # noqa: RUF009 - it holds nothing
    environ: Mapping[str, str] = field(default_factory=_environ, repr=False)
    notes: StateNotes = field(default_factory=StateNotes, repr=False, compare=False)
    tree: Callable[[], RegistryTree] | None = field(default=None, repr=False, compare=False)

    def store(self, kept: Mapping[str, bytes] | None = None) -> DeploymentStore:
        """The deployments of this registry; `kept` are files that every write brings up to date."""
        branch = state_branch(self, paths.DEPLOYMENTS_BRANCH)
        who = partial(writer, self, self.environ)
        return DeploymentStore(branch, self.clock, kept or {}, self.notes.warn, who)

    def settings(self) -> RegistrySettings:
        """The registry's settings."""
        return load_settings(self.files())

    def files(self) -> RegistryTree:
        """The registry's files."""
        return self.tree() if self.tree else registry_tree(self.root)


def deployed(target: Target, name: str, environment: str) -> Deployment:
    """What serves; `NotFoundError` where nothing does."""
    demand_environment(environment, target.settings().environments)
    found = target.store().find(environment, name)
    if found is None or not found.serves:
        raise NotFoundError(
            f"{name} is not deployed to {environment}",
            hint=f"run `puppy-cli deploy {name} --env {environment}`",
        )
    return found


def deployments(
    target: Target, environment: str = "", name: str = ""
) -> tuple[list[Deployment], list[BrokenPointer]]:
    """All that is deployed (in an environment, of a workflow), and what of it can't be read."""
    found, broken = target.store().scan(environment)
    return (
        [state for state in found if not name or state.workflow == name],
        [one for one in broken if not name or one.workflow == name],
    )


def open_serving(target: Target, name: str, serving: Serving) -> OpenedProgram:
    """The program of a serving entry, with exactly its locked dependencies."""
    opened = open_reference(f"{name}:{serving.version}", str(target.root))
    if opened.program.digest != serving.digest:
        raise RegistryError(
            f"{name}:{serving.version} has the digest {opened.program.digest}, "
            f"but {serving.digest} was deployed",
            hint="a published version never changes: find out who changed it",
        )
    if opened.lock.digest != serving.lock.digest:
        opened = open_reference(f"{name}:{serving.version}", str(target.root), lock=serving.lock)
    return replace(opened, lock=serving.lock)


def demand_there(target: Target, name: str, serving: Serving) -> None:
    """Refuse the way back to what the registry at hand no longer holds as it was deployed."""
    try:
        open_serving(target, name, serving)
    except RegistryError as error:
        raise RegistryError(
            f"{name}:{serving.version} can't serve again, nothing was switched: {error.reason}",
            location=error.location,
            hint="update this clone (`git pull`), go back to another version with --to, or deploy one",
        ) from None


def open_deployed(target: Target, deployment: Deployment) -> OpenedProgram:
    """The program of the version that serves most."""
    return open_serving(target, deployment.workflow, deployment.main)


def settings_of(target: Target, environment: str) -> EnvironmentSettings:
    """An environment's settings; `UsageError` for one that the registry does not have."""
    known = target.settings().environments
    demand_environment(environment, known)
    return known.get(environment) or EnvironmentSettings(_safe(environment))


def _safe(environment: str) -> str:
    """A name that may stand in a path; a registry without environments accepts any such."""
    from registry_tool.manifest.names import bad_name

    if reason := bad_name(environment):
        raise UsageError(f"{environment[:64]!r} is not an environment: {reason}")
    return environment
