"""What an output is made of: a registry's tree, what is shown as its commit, and where the site will be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.catalogue.load import load_line, load_numbers, load_settings
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.commands.maintain.build_mark import Mark, new_mark
from registry_tool.core.errors import NotFoundError
from registry_tool.manifest.digest import content_hash
from registry_tool.security.provenance.claims import unverified_claims
from registry_tool.security.provenance.statement import Provenance
from registry_tool.site.site import DeployedView, Site
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.git.repository import Repository
from registry_tool.store.provenance_branch import bundle_path
from registry_tool.store.tree import RegistryTree

if TYPE_CHECKING:
    from registry_tool.security.tuf.online import OnlineRoles


@dataclass(frozen=True)
class OutputSource:
    """A registry's tree to show. `commit` is named in the output; `origin` is the commit that the tree is of.

    `origin` is empty where the tree is of no commit, such as an edited folder: nothing can be built upon it.
    `checked` says that every version has been judged, `indexes` which index documents show the same; `deployed`
    is what serves where, None where that is not shown; `signer` signs it, None where nothing does;
    `attestations` are the files of the branch `provenance`, None where there is none.
    """

    tree: RegistryTree
    commit: str = ""
    origin: str = ""
    base_url: str = ""
    checked: bool = False
    indexes: str = ""
    deployed: DeployedView | None = None
    signer: OnlineRoles | None = None
    attestations: GitTree | None = None

    @cached_property
    def mark(self) -> Mark:
        """The mark of its output, whose files are not counted yet."""
        settings = self.tree.read(paths.REGISTRY_FILE)
        made = new_mark(self.settings.name, self.commit, self.origin, self.base_url, settings)
        deployed = content_hash(repr(self.deployed).encode()) if self.deployed else ""
        signed = self.signer.identity if self.signer else ""
        return replace(
            made,
            checked=self.checked,
            indexes=self.indexes,
            deployed=deployed,
            signed=signed,
            provenance=self.attestations.tree if self.attestations else "",
        )

    @cached_property
    def settings(self) -> RegistrySettings:
        """The registry's settings."""
        return load_settings(self.tree)

    @cached_property
    def site(self) -> Site:
        """What all pages share."""
        return Site(self.settings, self.base_url.rstrip("/"), deployed=self.deployed)

    @cached_property
    def numbers(self) -> tuple[Mapping[str, int], Mapping[str, float]]:
        """Downloads and ratings by name."""
        return load_numbers(self.tree)

    def line(self, name: str, published: Mapping[str, str]) -> Line | None:
        """A workflow with all its versions; None where it has none."""
        line = load_line(self.tree, name, published)
        return line if line is None or self.attestations is None else self._attested(line)

    def _attested(self, line: Line) -> Line:
        """The workflow with who built which of its versions."""
        attested = {v.number: replace(v, built=self._built(v)) for v in line.versions}
        versions = tuple(attested.values())
        return replace(line, versions=versions, latest=attested[line.latest.number])

    def _built(self, version: PublishedVersion) -> Provenance | None:
        path = bundle_path(version.name, version.number)
        if self.attestations is None or not self.attestations.has(path):
            return None
        return unverified_claims(self.attestations.read(path), path)

    def demand_line(self, name: str, published: Mapping[str, str]) -> Line:
        """A workflow that is there."""
        line = self.line(name, published)
        if line is None:
            raise NotFoundError("has no version", location=paths.workflow_dir(name))
        return line

    def reopened(self) -> OutputSource:
        """A copy for another process, with a reader of git's objects of its own."""
        if not isinstance(self.tree, GitTree):
            return self
        repository = Repository(Path(self.tree.repository.location))
        kept = self.attestations and GitTree(repository, self.attestations.tree)
        return replace(self, tree=GitTree(repository, self.tree.tree), attestations=kept)
