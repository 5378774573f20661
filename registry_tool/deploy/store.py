"""Reading and changing deployments on their branch; rivals never overwrite each other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from registry_tool.core.clock import Clock, instant
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.records import Record, field
from registry_tool.deploy.approval import approval_path, approves
from registry_tool.deploy.broken import BrokenPointer
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import (
    EVENTS,
    DeployEvent,
    events_folder,
    new_events,
    read_event,
)
from registry_tool.deploy.history import History, read_history
from registry_tool.deploy.model import Deployment, Rollout, StageEvent
from registry_tool.deploy.state import (
    ENVIRONMENTS,
    REPAIR,
    deployment_bytes,
    read_deployment,
    state_path,
)
from registry_tool.manifest.names import bad_name
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.person import bot_identity

FOREIGN = "find out who put it there, and take it out of the branch"


class View(Record, frozen=True):
    """The branch as it is at one commit, seen from one environment and workflow."""

    tree: GitTree
    environment: str
    name: str

    @property
    def deployment(self) -> Deployment | None:
        """What serves; None where nothing was ever deployed, `RegistryError` where the pointer is broken."""
        path = state_path(self.environment, self.name)
        try:
            found = read_deployment(self.tree.read(path), f"{paths.DEPLOYMENTS_BRANCH}:{path}")
        except NotFoundError:
            self._demand_none()
            return None
        except RegistryError as error:
            error.hint = error.hint or REPAIR
            raise
        if (found.environment, found.workflow) != (self.environment, self.name):
            raise self._broken(f"it is that of {found.workflow} in {found.environment}")
        return found

    def _demand_none(self) -> None:
        """A pointer that is missing, though the events say that something serves, was taken out."""
        if pointer_problem(Deployment(self.name, self.environment), self.read_events()):
            raise self._broken("it is missing, and its events say that something serves")

    def _broken(self, reason: str) -> RegistryError:
        path = state_path(self.environment, self.name)
        return BrokenPointer(self.environment, self.name, path, reason).error

    def events(self) -> list[tuple[str, bytes]]:
        """(path, bytes) of every event, oldest first."""
        files = self.tree.files(events_folder(self.environment, self.name))
        return [(file.path, self.tree.read(file.path)) for file in files]

    def read_events(self) -> Iterator[DeployEvent]:
        """Every event, oldest first, each read when its turn comes; `RegistryError` at one that is malformed."""
        return (read_event(data, path) for path, data in self.events())

    def history(self) -> History:
        """What the events say."""
        return read_history(self.read_events())

    def approved(self, deployment: Deployment, rollout: Rollout) -> bool:
        """Whether people let a rollout through."""
        path = approval_path(deployment, rollout)
        return self.tree.has(path) and approves(self.tree.read(path), path, deployment, rollout)


class StateUpdate(Record, frozen=True):
    """What shall be written in one commit. Without a `deployment`, the pointer stays."""

    events: tuple[StageEvent, ...] = ()
    deployment: Deployment | None = None


Decide = Callable[[View], StateUpdate | None]
"""From the branch as it is to what shall change, None for nothing; called again where a rival was faster."""


class DeploymentStore(Record, frozen=True):
    """The branch, whose clock stamps it, and files that every write brings up to date (CODEOWNERS).

    `who` commits (None: the tool itself). `say` hears of pointers that can't be read, where others can.
    """

    branch: Branch
    clock: Clock
    kept: Mapping[str, bytes] = field(default_factory=dict)
    say: Callable[[str], None] = lambda _: None
    who: Callable[[], Identity] | None = None

    def view(self, environment: str, name: str) -> View:
        """The branch now."""
        return View(self.branch.files(), environment, name)

    def find(self, environment: str, name: str) -> Deployment | None:
        """What an environment serves of a workflow, None where nothing was ever deployed."""
        return self.view(environment, name).deployment

    def all(self, environment: str = "") -> list[Deployment]:
        """Every deployment (of an environment), by path; `say` hears of each that can't be read."""
        found, broken = self.scan(environment)
        for one in broken:
            self.say(str(one.error))
        return found

    def scan(self, environment: str = "") -> tuple[list[Deployment], list[BrokenPointer]]:
        """Every deployment (of an environment), by path, and every pointer that can't be read or is missing."""
        tree = self.branch.files()
        found: list[Deployment] = []
        broken: list[BrokenPointer] = []
        for path in pointer_paths(tree, environment):
            env, _, name = (
                path.removeprefix(f"{ENVIRONMENTS}/").removesuffix(".json").partition("/")
            )
            try:
                if bad_name(name) or not path.endswith(".json"):
                    raise RegistryError("it belongs to no workflow", hint=FOREIGN)
                deployment = View(tree, env, name).deployment
                found += [deployment] if deployment else []
            except RegistryError as error:
                broken.append(BrokenPointer(env, name, path, error.reason, error.hint or REPAIR))
        return found, broken

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

        who = self.who() if self.who else bot_identity(self.clock.now())
        self.branch.write(write, f"{message}\n", who, trusting=trusting)
        return after[0]

    def _files(
        self, view: View, change: StateUpdate, wanted: Deployment | None
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


def pointer_paths(tree: GitTree, environment: str) -> list[str]:
    """Paths of all pointers (of an environment) that are there, or should be since there are events."""
    folder = f"{ENVIRONMENTS}/{environment}" if environment else ENVIRONMENTS
    expected = {
        state_path(env, name)
        for env in ([environment] if environment else tree.folders(EVENTS))
        for name in tree.folders(f"{EVENTS}/{env}")
    }
    return sorted({file.path for file in tree.files(folder)} | expected)


def _stamped(wanted: Deployment | None, before: Deployment | None, now: str) -> Deployment | None:
    if wanted is None:
        return None
    return replace(wanted, revision=(before.revision if before else 0) + 1, updated=now)
