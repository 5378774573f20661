"""The version that asks a successor: the one before with the model's name replaced, and answers recorded anew."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.values import Route
from registry_tool.engine.providers.cassettes.cassette import Cassette
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.dating import moment
from registry_tool.manifest.load import load
from registry_tool.monitoring.renamed_models import with_models
from registry_tool.monitoring.successors import ModelMove
from registry_tool.resolver.bump import next_version
from registry_tool.resolver.differences import differences, required_bump
from registry_tool.resolver.version import parse
from registry_tool.sources.program import Program
from registry_tool.store import paths


@dataclass(frozen=True, slots=True)
class Replacement:
    """The version before and the one after it; only the models' names, its number and its date differ."""

    base: Program
    new: Program

    @property
    def changes(self) -> dict[str, bytes | None]:
        """The new version's files by their paths in the registry."""
        workflow = self.new.workflow
        folder = paths.version_dir(workflow.name, workflow.version)
        return {f"{folder}/{path}": data for path, data in self.new.files.items()}

    def recorded(self, cassette: Cassette) -> Replacement:
        """With these answers in place of the others."""
        files = dict(self.new.files)
        files.pop(paths.CASSETTES, None)
        if cassette.keys:
            files[paths.CASSETTES] = cassette.to_bytes()
        return replace(self, new=replace(self.new, files=files))


def replacement(base: Program, move: ModelMove, now: datetime) -> Replacement:
    """The next version of a published release; `RegistryError` where its manifest can't be changed."""
    if parse(move.version).is_prerelease:
        raise RegistryError(
            "it is a pre-release, and a release would come of it",
            location=move.reference,
            hint="its author decides when it is one",
        )
    manifest = base.files.get(paths.MANIFEST)
    place = f"{base.location}/{paths.MANIFEST}"
    if manifest is None:
        raise NotFoundError("the version has no manifest", location=place)
    renamed = load(with_models(manifest, move.models, {}, place), place)
    number = next_version(required_bump(differences(base.workflow, renamed.workflow)), move.version)
    more: dict[Route, str] = {("metadata", "version"): number}
    if renamed.workflow.metadata.updated:
        more["metadata", "updated"] = moment(now)
    return Replacement(base, _program(base, with_models(manifest, move.models, more, place), place))


def _program(base: Program, manifest: bytes, place: str) -> Program:
    workflow = load(manifest, place).workflow
    files: Mapping[str, bytes] = {
        **base.files,
        paths.MANIFEST: manifest,
        paths.COMPILED: compile_bytes(workflow),
    }
    location = paths.version_dir(workflow.name, workflow.version)
    return Program(workflow, files, location, base.callees)
