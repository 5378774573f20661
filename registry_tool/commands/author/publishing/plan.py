"""What a branch has to hold so that merging it publishes a version; nothing is written or sent here.

The same for a clone's branch and for one on a forge: what is there already is found, what the author has changed
since is put on top of it, and the dates that the author left out are filled in once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from registry_tool.commands.author.candidate import UnpublishedVersion, owners_bytes
from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.manifest.dating import moment
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Metadata
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.resolver.bump import predecessor
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree, blob_id

NEW, SAME, UPDATED = "new", "same", "updated"

Judge = Callable[[UnpublishedVersion], tuple[Finding, ...]]
"""Every finding on a version."""


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """What is to be done to a branch: it is NEW, holds the SAME already, or is UPDATED by a further commit.

    `wanted` are the files to write by their paths, None for one to remove. `filled` names the dates that are
    written into the branch's manifest, `kept` those that the author wrote; `held` says for what a maintainer has
    to let it through, `note` what is left to do.
    """

    state: str
    wanted: Mapping[str, bytes | None] = field(default_factory=dict)
    filled: tuple[str, ...] = ()
    kept: Mapping[str, str] = field(default_factory=dict)
    held: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class BranchSides:
    """What a plan starts from: the registry as it is published, and the version's branch where there is one."""

    published: RegistryTree
    branch: RegistryTree | None = None


def branch_plan(
    sides: BranchSides,
    candidate: UnpublishedVersion,
    owner: OwnerAccount | None,
    now: datetime,
    judge: Judge,
) -> BranchPlan:
    """The plan for a version that `owner` publishes; `FindingsError` where a rule refuses it.

    `RegistryError` where the version is published already.
    """
    demand_unpublished(sides.published, candidate)
    name = candidate.name
    owners = paths.owners_file(name)
    there = sides.branch or sides.published
    is_new = not sides.published.has(paths.workflow_dir(name))
    brings = is_new and owner is not None and not there.has(owners)
    note = "" if there.has(owners) or brings else _note(name)
    dated = _dated(sides, candidate, now)
    if sides.branch and not brings and _holds(sides.branch, dated):
        return BranchPlan(SAME, note=note)
    if sides.branch:
        dated = _dated(sides, candidate, now, again=True)
    held = _held(judge(dated))
    wanted: dict[str, bytes | None] = dict.fromkeys(f.path for f in there.files(dated.location))
    wanted |= {f"{dated.location}/{path}": data for path, data in dated.plain().items()}
    if brings and owner:
        wanted[owners] = owners_bytes(owner)
    filled = dated.dated.filled if dated.dated else ()
    kept = {key: value for key, value in _written(candidate).items() if key not in filled}
    return BranchPlan(UPDATED if sides.branch else NEW, wanted, filled, kept, held, note)


def demand_unpublished(published: RegistryTree, candidate: UnpublishedVersion) -> None:
    """`RegistryError` where the version is published already."""
    if any(published.files(candidate.location)):
        raise RegistryError(
            f"{candidate.name}:{candidate.version} is published and never changes",
            location=candidate.location,
            hint="raise the version",
        )


def branch_of(name: str, version: str) -> str:
    """`publish/<name>-<version>`."""
    return f"publish/{name}-{version}"


def _note(name: str) -> str:
    return (
        f"{name} is new: add {paths.owners_file(name)} to the branch, with owners: "
        "[{ login: you, id: your numeric id }], or publish again with --owner and --owner-id"
    )


def _written(candidate: UnpublishedVersion) -> dict[str, str]:
    """The dates that the author wrote."""
    manifest = candidate.files[paths.MANIFEST].content
    about = load(manifest, candidate.manifest or paths.MANIFEST).workflow.metadata
    both = {"created": about.created, "updated": about.updated}
    return {key: value for key, value in both.items() if value}


def _dated(
    sides: BranchSides, candidate: UnpublishedVersion, now: datetime, *, again: bool = False
) -> UnpublishedVersion:
    """The candidate with the dates of the branch where it has any; `again`: it is changed now."""
    there = sides.branch or sides.published
    known = _metadata(there, candidate.location) or Metadata("", "")
    created = known.created or _line_created(sides.published, candidate) or moment(now)
    updated = "" if again else known.updated
    return candidate.with_dates(created, updated or moment(now))


def _line_created(published: RegistryTree, candidate: UnpublishedVersion) -> str:
    """When the workflow was made, as the release below this one says."""
    name, version = candidate.name, candidate.version
    numbers = published.folders(paths.workflow_dir(name))
    known = [number for number in numbers if not bad_version(number)]
    below = "" if bad_version(version) else predecessor(version, known)
    found = _metadata(published, paths.version_dir(name, below)) if below else None
    return found.created if found else ""


def _held(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Why the pull request will wait for a maintainer; `FindingsError` where it will be refused."""
    if errors := [f for f in findings if f.severity is Severity.ERROR]:
        raise FindingsError(errors)
    return tuple(f.message for f in findings if f.severity is Severity.HOLD)


def _holds(tree: RegistryTree, version: UnpublishedVersion) -> bool:
    """Whether a branch holds just these files of a version."""
    wanted = {f"{version.location}/{path}": data for path, data in version.plain().items()}
    there = [file.path for file in tree.files(version.location)]
    return sorted(there) == sorted(wanted) and all(
        tree.object_id(path) == blob_id(data) or tree.read(path) == data
        for path, data in wanted.items()
    )


def _metadata(tree: RegistryTree, folder: str) -> Metadata | None:
    """What a version's manifest says of itself; None where it is missing or broken."""
    path = f"{folder}/{paths.MANIFEST}"
    try:
        return load(tree.read(path), path).workflow.metadata
    except RegistryError:
        return None
