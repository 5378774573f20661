"""Who would take up a new version by their ranges, and how their recorded tests go with it.

The reverse index `registry/metadata/dependents/<name>.json` is read from the base, so this costs what a workflow
has dependents, not what the registry has versions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.core.values import Object
from registry_tool.manifest.model import Workflow
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.rules.base import Dependent, Replayed
from registry_tool.runtime.replay import Replayer
from registry_tool.sources.commit import TreeSource
from registry_tool.sources.commit_program import program_from_tree
from registry_tool.sources.program import Program
from registry_tool.store import paths

MOST_REPLAYED = 20


@dataclass(frozen=True)
class PendingDependent:
    """A dependent and, where it is to be replayed, its program as it would be with the new version."""

    name: str
    version: str
    range: str
    program: Program | None = None

    @property
    def reference(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"

    @property
    def label(self) -> str:
        """Names its replay with the new version."""
        return f"with the new version: {self.reference}"


def dependents_of(base: TreeSource, merged: TreeSource, new: Workflow) -> list[PendingDependent]:
    """Dependents whose range admits the new version; the first MOST_REPLAYED choosing it with programs."""
    found = [
        w for w in _listed(base, new.name) if is_valid(w.range) and admits(w.range, new.version)
    ]
    replayed = 0
    for position, waiting in enumerate(found):
        if replayed == MOST_REPLAYED:
            break
        program = _program(merged, waiting)
        if program is not None and program.callees[new.name].workflow.version == new.version:
            found[position] = replace(waiting, program=program)
            replayed += 1
    return found


def _listed(base: TreeSource, name: str) -> list[PendingDependent]:
    path = paths.dependents_file(name)
    try:
        value = cast(Object, parse_json(base.tree.read(path), location=path))
        items = cast(list[dict[str, str]], value["dependents"])
        return [PendingDependent(item["name"], item["version"], item["range"]) for item in items]
    except NotFoundError:
        return []


def _program(source: TreeSource, waiting: PendingDependent) -> Program | None:
    try:
        return program_from_tree(source, waiting.name, waiting.version)
    except RegistryError:
        return None  # it is broken, or something else holds it back: no fault of the new version


def replayed_dependents(
    base: TreeSource, waiting: Sequence[PendingDependent], went: Mapping[str, Replayed]
) -> tuple[Dependent, ...]:
    """How each went; those that fail are replayed as they are on the base, to tell old breakage from new."""
    failing = [w for w in waiting if w.label in went and not went[w.label].fine]
    before = _as_before(base, failing) if failing else {}
    return tuple(
        Dependent(w.reference, w.range, before.get(w.reference), went.get(w.label)) for w in waiting
    )


def _as_before(base: TreeSource, failing: Sequence[PendingDependent]) -> Mapping[str, Replayed]:
    programs = [(w.reference, program) for w in failing if (program := _program(base, w))]
    replayer = Replayer()
    try:
        return replayer.replay(programs)
    finally:
        replayer.close()
