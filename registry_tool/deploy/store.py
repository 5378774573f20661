"""Reading and changing deployments on their branch; rivals never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import cast

from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import NotFoundError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.deploy.approval import approval_path, approves
from registry_tool.deploy.chain import events_folder, new_events
from registry_tool.deploy.history import History, read_history
from registry_tool.deploy.model import Deployment, Rollout, StageEvent
from registry_tool.deploy.state import ENVIRONMENTS, deployment_bytes, read_deployment, state_path
from registry_tool.store.branch import Branch
from registry_tool.store.git import Identity
from registry_tool.store.git_tree import GitTree

BOT = ("registry-tool", "registry-tool@localhost")


@dataclass(frozen=True, slots=True)
class View:
    """The branch as it is at one commit, seen from one environment and workflow."""

    tree: GitTree
    environment: str
    name: str

    @property
    def deployment(self) -> Deployment | None:
        """What serves; None where nothing was ever deployed."""
        path = state_path(self.environment, self.name)
        try:
            return read_deployment(self.tree.read(path), path)
        except NotFoundError:
            return None

    def events(self) -> list[tuple[str, bytes]]:
        """(path, bytes) of every event, oldest first."""
        files = self.tree.files(events_folder(self.environment, self.name))
        return [(file.path, self.tree.read(file.path)) for file in files]

    def history(self) -> History:
        """What the events say."""
        return read_history(
            cast(Object, parse_json(data, place=path)) for path, data in self.events()
        )

    def approved(self, deployment: Deployment, rollout: Rollout) -> bool:
        """Whether people let a rollout through."""
        path = approval_path(deployment, rollout)
        return self.tree.has(path) and approves(self.tree.read(path), path, deployment, rollout)


@dataclass(frozen=True, slots=True)
class Change:
    """What shall be written in one commit. Without a `deployment`, the pointer stays."""

    events: tuple[StageEvent, ...] = ()
    deployment: Deployment | None = None


Decide = Callable[[View], Change | None]
"""From the branch as it is to what shall change, None for nothing; called again where a rival was faster."""


@dataclass(frozen=True, slots=True)
class DeploymentStore:
    """The branch, whose clock stamps it, and files that every write brings up to date (CODEOWNERS)."""

    branch: Branch
    clock: Clock
    kept: Mapping[str, bytes] = field(default_factory=dict)

    def view(self, environment: str, name: str) -> View:
        """The branch now."""
        return View(self.branch.files(), environment, name)

    def find(self, environment: str, name: str) -> Deployment | None:
        """What an environment serves of a workflow, None where nothing was ever deployed."""
        return self.view(environment, name).deployment

    def all(self, environment: str = "") -> list[Deployment]:
        """Every deployment (of an environment), by path."""
        tree = self.branch.files()
        folder = f"{ENVIRONMENTS}/{environment}" if environment else ENVIRONMENTS
        return [read_deployment(tree.read(file.path), file.path) for file in tree.files(folder)]

    def events(self, environment: str, name: str) -> list[tuple[str, bytes]]:
        """(path, bytes) of every event, oldest first."""
        return self.view(environment, name).events()

    def change(
        self,
        environment: str,
        name: str,
        message: str,
        decide: Decide,
        *,
        trusting: bool = False,
    ) -> Deployment | None:
        """Write what `decide` wants on top of whatever the branch holds by then; what is there afterwards.

        `trusting` is for a writer that goes on from its own last write (`Branch.write`).
        """
        after: list[Deployment | None] = []

        def write(tree: GitTree) -> Mapping[str, bytes | None]:
            view = View(tree, environment, name)
            before, change = view.deployment, decide(view)
            after[:] = [before]
            if change is None:
                return {}
            wanted = _stamped(change.deployment, before, instant(self.clock.now()))
            after[:] = [wanted or before]
            return self._files(view, change, wanted)

        who = Identity(*BOT, instant(self.clock.now()))
        self.branch.write(write, f"{message}\n", who, trusting=trusting)
        return after[0]

    def _files(
        self, view: View, change: Change, wanted: Deployment | None
    ) -> Mapping[str, bytes | None]:
        existing = list(view.tree.files(events_folder(view.environment, view.name)))
        last = view.tree.read(existing[-1].path) if existing else b""
        files: dict[str, bytes | None] = dict(
            new_events(view.environment, view.name, change.events, last, len(existing))
        )
        if wanted is not None:
            files[state_path(view.environment, view.name)] = deployment_bytes(wanted)
        for path, data in self.kept.items():
            if not view.tree.has(path) or view.tree.read(path) != data:
                files[path] = data
        return files


def _stamped(wanted: Deployment | None, before: Deployment | None, now: str) -> Deployment | None:
    if wanted is None:
        return None
    return replace(wanted, revision=(before.revision if before else 0) + 1, updated=now)
