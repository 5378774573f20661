"""Reading and changing deployments on their branch; rivals never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.deploy.chain import events_folder, new_events
from registry_tool.deploy.model import Deployment, StageEvent
from registry_tool.deploy.state import ENVIRONMENTS, deployment_bytes, read_deployment, state_path
from registry_tool.store.branch import Branch
from registry_tool.store.git import Identity
from registry_tool.store.git_tree import GitTree

Decide = Callable[[Deployment | None], Deployment | None]
"""From what serves now to what shall serve; None leaves it as it is."""


@dataclass(frozen=True, slots=True)
class DeploymentStore:
    """The branch and who writes to it."""

    branch: Branch
    who: Identity

    def find(self, environment: str, name: str) -> Deployment | None:
        """What an environment serves of a workflow, None where nothing."""
        return _read(self.branch.files(), environment, name)

    def all(self, environment: str = "") -> list[Deployment]:
        """Every deployment (of an environment), by path."""
        tree = self.branch.files()
        folder = f"{ENVIRONMENTS}/{environment}" if environment else ENVIRONMENTS
        return [read_deployment(tree.read(file.path), file.path) for file in tree.files(folder)]

    def events(self, environment: str, name: str) -> list[tuple[str, bytes]]:
        """(path, bytes) of every event, oldest first."""
        tree = self.branch.files()
        folder = events_folder(environment, name)
        return [(file.path, tree.read(file.path)) for file in tree.files(folder)]

    def record(
        self,
        environment: str,
        name: str,
        events: Iterable[StageEvent],
        message: str,
        decide: Decide = lambda _: None,
    ) -> str:
        """Append events and, where `decide` wants it, change what serves, in one commit; its id."""
        told = tuple(events)

        def write(tree: GitTree) -> Mapping[str, bytes | None]:
            existing = list(tree.files(events_folder(environment, name)))
            last = tree.read(existing[-1].path) if existing else b""
            changes: dict[str, bytes | None] = dict(
                new_events(environment, name, told, last, len(existing))
            )
            wanted = decide(_read(tree, environment, name))
            if wanted is not None:
                changes[state_path(environment, name)] = deployment_bytes(wanted)
            return changes

        return self.branch.write(write, message, self.who)


def _read(tree: GitTree, environment: str, name: str) -> Deployment | None:
    path = state_path(environment, name)
    try:
        return read_deployment(tree.read(path), path)
    except NotFoundError:
        return None


def switches(events: Iterable[Object]) -> Iterator[Object]:
    """The `detail` of every successful switch, in the order of the events."""
    for event in events:
        detail = event.get("detail")
        switched = event.get("stage") == "switch" and event.get("status") == "ok"
        if switched and isinstance(detail, dict):
            yield detail
