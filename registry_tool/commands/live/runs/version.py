"""Which version a request means, of those that an environment serves or of all that are published."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import replace
from threading import Lock
from typing import Final, TypeVar

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.commands.live.runs.settings import LIVE, LiveRunSettings
from registry_tool.commands.live.snapshot import Snapshot
from registry_tool.commands.live.view import chosen
from registry_tool.commands.run.candidate_run import FindDeployment
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Object
from registry_tool.deploy.model import Deployment, Serving
from registry_tool.resolver.candidates import Candidate
from registry_tool.resolver.lock import Lock as Dependencies
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.runtime.substitutes import LOCAL, SUBSTITUTE
from registry_tool.sources.program import published_program
from registry_tool.sources.reference import OpenedProgram, complete
from registry_tool.sources.tree_reader import TreeReader
from registry_tool.state.target import Target, deployed
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository

K = TypeVar("K")
MOST_PROGRAMS: Final = 64
"""So many programs are kept read; the one that nobody ran for longest goes first."""


class Programs:
    """Opens versions as a commit of the registry has them; those that were opened stay, as published ones do."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._known: OrderedDict[tuple[str, str, str, str], OpenedProgram] = OrderedDict()
        self._resolved: OrderedDict[tuple[str, str, str], OpenedProgram] = OrderedDict()

    def resolved(
        self, snapshot: Snapshot, target: Target, name: str, version: str
    ) -> OpenedProgram:
        """A version with what its dependencies resolve to at a commit."""
        key = snapshot.commit, name, version
        with self._lock:
            if key in self._resolved:
                self._resolved.move_to_end(key)
                return self._resolved[key]
        opened = open_version(snapshot, target, name, version, Dependencies())
        with self._lock:
            _keep(self._resolved, key, opened)
        return opened

    def at(self, snapshot: Snapshot, target: Target, name: str, serving: Serving) -> OpenedProgram:
        """The program of what serves, with exactly its locked dependencies."""
        key = name, serving.version, serving.digest, serving.lock.digest
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        opened = replace(
            open_version(snapshot, target, name, serving.version, serving.lock), lock=serving.lock
        )
        if opened.program.digest != serving.digest:
            raise RegistryError(
                f"{name}:{serving.version} has the digest {opened.program.digest}, "
                f"but {serving.digest} was deployed",
                hint="a published version never changes: find out who changed it",
            )
        with self._lock:
            _keep(self._known, key, opened)
        return opened


def _keep(known: OrderedDict[K, OpenedProgram], key: K, opened: OpenedProgram) -> None:
    known[key] = opened
    if len(known) > MOST_PROGRAMS:
        known.popitem(last=False)


def open_version(
    snapshot: Snapshot, target: Target, name: str, version: str, lock: Dependencies
) -> OpenedProgram:
    """A version of a commit, its dependencies resolved as in a lock."""
    reader = TreeReader(GitTree(Repository(target.root), snapshot.commit), snapshot.settings.name)
    found = next((one for one in reader.versions(name) if one.version == version), None)
    candidate = reader.with_digest(found or Candidate(name, version))
    return complete(published_program(reader.files(candidate), candidate), reader, lock, candidate)


def finder(
    snapshot: Snapshot, programs: Programs, settings: LiveRunSettings, wanted: str
) -> FindDeployment:
    """Finds what runs: in an environment what it serves, in `live` any version; `wanted` is a version or range."""

    def find(target: Target, name: str, environment: str) -> Deployment:
        if environment == LIVE and LIVE not in snapshot.settings.environments:
            version = chosen(snapshot.line(name), wanted)
            opened = programs.resolved(snapshot, target, name, version.number)
            return _published(settings, name, version, opened)
        snapshot.line(name)  # says what is near, where there is none
        return _fitting(deployed(target, name, environment), wanted)

    return find


def _fitting(deployment: Deployment, wanted: str) -> Deployment:
    """Of what serves, what a request allows."""
    if wanted in _ANY:
        return deployment
    fitting = tuple(one for one in deployment.serving if fits(wanted, one.version))
    if not fitting:
        serving = ", ".join(one.version for one in deployment.serving)
        raise NotFoundError(
            f"{deployment.environment} serves {deployment.workflow} {serving}, not {wanted[:64]}",
            hint=f"deploy it there, or leave out the version or the environment {deployment.environment}",
        )
    return replace(deployment, serving=fitting)


_ANY: Final = frozenset({"", "latest"})


def fits(wanted: str, version: str) -> bool:
    """Whether a number, a range or no wish at all allows a version."""
    if wanted in _ANY or wanted == version:
        return True
    return is_valid(wanted) and admits(wanted, version)


def _published(
    settings: LiveRunSettings, name: str, version: PublishedVersion, opened: OpenedProgram
) -> Deployment:
    config: Object = {"provider": settings.provider} if settings.provider else {}
    if settings.provider == LOCAL:  # whoever serves chose it
        config[SUBSTITUTE] = LOCAL
    serving = Serving(version.number, version.digest, config=config, lock=opened.lock)
    return Deployment(name, LIVE, (serving,))
