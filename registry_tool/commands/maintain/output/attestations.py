"""Attestations of packages in an output: the files of the branch `provenance`, below `api/v1/provenance/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from registry_tool.api.layout import PROVENANCE, ROOT
from registry_tool.catalogue.publication import VersionKey
from registry_tool.commands.maintain.build_mark import Mark
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.store import paths
from registry_tool.store.branch import Branch
from registry_tool.store.changes import changes_between
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.provenance_branch import SUFFIX


def attestations_of(root: Path, remote: str = "") -> GitTree | None:
    """The branch's files as they are now; None where there is no such branch."""
    repository = Repository(root)
    tip = Branch(repository, paths.PROVENANCE_BRANCH, remote).tip()
    return GitTree(repository, tip) if tip else None


def all_attestations(source: OutputSource) -> Mapping[str, bytes]:
    """Every attestation, by its path from the output's root."""
    found = _since(source.attestations, "") if source.attestations else {}
    return {path: data for path, data in found.items() if data is not None}


def new_attestations(source: OutputSource, old: Mark) -> Mapping[str, bytes | None]:
    """What differs since an output; None for what goes."""
    now = source.attestations
    if now is None or now.tree == old.provenance:
        return {}
    return _since(now, old.provenance if now.repository.find(old.provenance) else "")


def attested_versions(changed: Iterable[str]) -> frozenset[VersionKey]:
    """The versions (name, number) whose attestations are at these paths of an output."""
    parts = (path.removesuffix(SUFFIX).split("/")[-2:] for path in changed)
    return frozenset((name, file.removeprefix(f"{name}-")) for name, file in parts)


def _since(now: GitTree, before: str) -> dict[str, bytes | None]:
    return {
        f"{ROOT}/{PROVENANCE}/{change.path}": (
            None if change.kind == "deleted" else now.read(change.path)
        )
        for change in changes_between(now.repository, before, now.tree)
        if change.path.endswith(SUFFIX) and change.path.count("/") == 1
    }
