"""`registry-tool state repair`: pointers made anew from their events, where they are broken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from registry_tool.commands.deploy.audit import Say, audit_ring
from registry_tool.core.clock import instant
from registry_tool.core.codec import NewerFormatError
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.broken import BrokenPointer
from registry_tool.deploy.consistency import pointer_problem
from registry_tool.deploy.event_log import EVENTS, events_folder, new_events, served_value
from registry_tool.deploy.model import OK, Deployment, StageEvent
from registry_tool.deploy.repair import RebuiltPointer, read_events, rebuilt, unreliable
from registry_tool.deploy.state import (
    ENVIRONMENTS,
    deployment_bytes,
    read_deployment,
    serving_value,
    state_path,
)
from registry_tool.deploy.store import View
from registry_tool.state.audit_log import note
from registry_tool.state.branches import local_person, writer
from registry_tool.state.target import Target
from registry_tool.store.git.commit_tree import GitTree

ACTION = "state-repair"
_MOST_COMMITS = 500
"""So far back a pointer is looked for that stood beside the present events; a rollout writes a few commits."""


@dataclass(frozen=True, slots=True)
class Repair:
    """One broken pointer: what is wrong with it, and what it becomes or why it can't be mended."""

    pointer: BrokenPointer
    rebuilt: RebuiltPointer | None = None
    error: RegistryError | None = None

    @property
    def sentence(self) -> str:
        """For people."""
        where = f"{self.pointer.location}: {self.pointer.reason}"
        if self.rebuilt is None:
            return f"{where}: not repaired: {self.error}"
        return f"{where}: {self._becomes()}, out of {self.rebuilt.source}"

    def _becomes(self) -> str:
        made = self.rebuilt.deployment if self.rebuilt else None
        if made is None:
            return "it is taken out: nothing was ever served"
        if not made.serves:
            return "nothing serves"
        shares = ", ".join(f"{s.version} {s.weight} %" for s in made.serving)
        over = (
            f"; the rollout {self.rebuilt.ends} is over"
            if self.rebuilt and self.rebuilt.ends
            else ""
        )
        return f"{shares} serves{over}"

    def to_value(self) -> Object:
        """As the command prints it."""
        made = self.rebuilt.deployment if self.rebuilt else None
        return {
            "environment": self.pointer.environment,
            "workflow": self.pointer.workflow,
            "place": self.pointer.location,
            "reason": self.pointer.reason,
            "repaired": self.rebuilt is not None,
            "serving": served_value(made.serving) if made else [],
            "told": self.sentence,
        }


def repair(
    target: Target,
    environment: str = "",
    name: str = "",
    *,
    dry_run: bool = False,
    say: Say = lambda _: None,
) -> list[Repair]:
    """Every broken pointer (of an environment, of a workflow) and what became (or would become) of it.

    One commit for each; noted in the audit log where the environment's key is at hand.
    """
    tree = target.store().branch.files()
    done = [_planned(target, tree, one) for one in find_broken(tree, environment, name)]
    for one in done if not dry_run else ():
        if one.rebuilt is not None:
            _write(target, one, one.rebuilt)
            _note(target, one, one.rebuilt, say)
    return done


def find_broken(tree: GitTree, environment: str = "", name: str = "") -> list[BrokenPointer]:
    """Pointers that can't be read, are missing, or say otherwise than their events."""
    names = sorted({*tree.folders(ENVIRONMENTS), *tree.folders(EVENTS)})
    return [
        broken
        for env in ([environment] if environment else names)
        for workflow in _workflows(tree, env)
        if name in {"", workflow} and (broken := _broken(tree, env, workflow))
    ]


def _workflows(tree: GitTree, environment: str) -> list[str]:
    start = f"{ENVIRONMENTS}/{environment}/"
    pointers = (file.path for file in tree.files(start.rstrip("/")))
    there = {p.removeprefix(start).removesuffix(".json") for p in pointers if p.endswith(".json")}
    return sorted(there | set(tree.folders(f"{EVENTS}/{environment}")))


def _broken(tree: GitTree, environment: str, workflow: str) -> BrokenPointer | None:
    view = View(tree, environment, workflow)
    path = state_path(environment, workflow)
    try:
        deployment = view.deployment
        wrong = pointer_problem(deployment, read_events(view.events())) if deployment else ""
    except RegistryError as error:
        return BrokenPointer(environment, workflow, path, error.reason, error.hint)
    return BrokenPointer(environment, workflow, path, wrong) if wrong else None


def _planned(target: Target, tree: GitTree, broken: BrokenPointer) -> Repair:
    view = View(tree, broken.environment, broken.workflow)
    try:
        if tree.has(broken.path):
            _demand_not_newer(tree.read(broken.path), broken)
        events = read_events(view.events())
        if not events:
            _demand_never_any(target, tree, events_folder(broken.environment, broken.workflow))
        earlier = _earlier(target, tree, broken)
        return Repair(broken, rebuilt(broken.environment, broken.workflow, events, earlier))
    except RegistryError as error:
        return Repair(broken, error=error)


def _demand_never_any(target: Target, tree: GitTree, folder: str) -> None:
    """Events that were there once must come back before anything is made of their absence."""
    if target.store().branch.repository.history(tree.tree, folder, 1):
        raise unreliable(folder, "they were taken out")


def _demand_not_newer(data: bytes, broken: BrokenPointer) -> None:
    try:
        read_deployment(data, broken.location)
    except NewerFormatError:
        raise
    except RegistryError:
        return


def _earlier(target: Target, tree: GitTree, broken: BrokenPointer) -> Iterator[tuple[str, bytes]]:
    """Pointers of the branch's history that stood beside the present events, newest first."""
    folder = events_folder(broken.environment, broken.workflow)
    events = tree.object_id(folder)
    repository = target.store().branch.repository
    for commit in repository.history(tree.tree, broken.path, _MOST_COMMITS):
        then = GitTree(repository, commit)
        if events and then.object_id(folder) != events:
            return
        if then.has(broken.path):
            yield commit, then.read(broken.path)


def _write(target: Target, one: Repair, made: RebuiltPointer) -> None:
    """One commit; `RegistryError` where somebody wrote events meanwhile."""
    broken = one.pointer
    folder = events_folder(broken.environment, broken.workflow)
    branch = target.store().branch
    seen: list[str] = []

    def write(tree: GitTree) -> Mapping[str, bytes | None]:
        seen.append(tree.object_id(folder))
        if seen[0] != seen[-1]:
            raise RegistryError(
                "somebody deployed meanwhile", location=broken.location, hint="run it again"
            )
        wanted = made.deployment
        if wanted is None:
            return {broken.path: None} if tree.has(broken.path) else {}
        return {broken.path: deployment_bytes(wanted), **_ending(target, tree, wanted, made.ends)}

    message = f"Repair {broken.workflow} in {broken.environment}\n\n{broken.reason}"
    branch.write(write, f"{message}\n", writer(target))


def _ending(target: Target, tree: GitTree, wanted: Deployment, ends: str) -> Mapping[str, bytes]:
    """The event that says that a rollout is over, of which nothing else is left."""
    if not ends:
        return {}
    files = View(tree, wanted.environment, wanted.workflow).events()
    detail: Object = {
        "serving": served_value(wanted.serving),
        "entry": serving_value(wanted.main),
        "reason": "its pointer was lost",
    }
    event = StageEvent(ends, "rollback", OK, instant(target.clock.now()), 0.0, detail)
    return new_events(wanted.environment, wanted.workflow, [event], files[-1][1], len(files))


def _note(target: Target, one: Repair, made: RebuiltPointer, say: Say) -> None:
    broken = one.pointer
    if audit_ring(target, broken.environment, target.environ) is None:
        say(f"the audit log gets no entry from here: the key of {broken.environment} is not here")
        return
    detail: Object = {
        "workflow": broken.workflow,
        "reason": broken.reason,
        "source": made.source,
        "serving": served_value(made.deployment.serving) if made.deployment else [],
    }
    note(
        target,
        broken.environment,
        local_person(target, target.environ),
        ACTION,
        detail,
        target.environ,
    )
