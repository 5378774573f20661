"""A workflow that is ready to run: its files, and every workflow that it may call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import inside, write_atomic
from registry_tool.core.records import Record, field
from registry_tool.manifest.digest import digest
from registry_tool.manifest.edge_config import refuse_bad_configs
from registry_tool.manifest.load import Manifest, load
from registry_tool.manifest.model import Security, Workflow
from registry_tool.manifest.strictest import strictest
from registry_tool.resolver.candidates import Candidate
from registry_tool.sources.compiled import compiled_workflow
from registry_tool.store import paths

if TYPE_CHECKING:
    from registry_tool.engine.providers.cassettes.cassette import Cassette


class Program(Record, frozen=True):
    """One workflow and its dependencies.

    `files` are by path inside the version or project; `callees` hold all dependencies, also those of
    dependencies, by name; `location` is where it came from, for messages.
    """

    workflow: Workflow
    files: Mapping[str, bytes]
    location: str = ""
    callees: Mapping[str, Program] = field(default_factory=dict)

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the files."""
        return digest(self.files)

    @property
    def privacy(self) -> Security:
        """What a run of it owes its data: the strictest of its own promises and those of all that it may call."""
        return strictest(self.workflow, (callee.workflow for callee in self.callees.values()))

    def cassette(self) -> Cassette:
        """The recorded answers that come with it; empty where there are none."""
        from registry_tool.engine.providers.cassettes.cassette import Cassette, read_cassette

        data = self.files.get(paths.CASSETTES)
        return read_cassette(data, f"{self.location}/{paths.CASSETTES}") if data else Cassette()

    def unpack_resources(self, folder: Path) -> Path | None:
        """Its `resources/` written below `folder`, None where it has none."""
        found = {p: c for p, c in self.files.items() if p.startswith(f"{paths.RESOURCES}/")}
        for path, content in found.items():
            write_atomic(inside(folder, path), content)
        return folder / paths.RESOURCES if found else None


def program_from_files(files: Mapping[str, bytes], location: str) -> Program:
    """The program in the manifest of a version or a package, without its dependencies."""
    return Program(_manifest(files, location).workflow, files, location)


def published_program(files: Mapping[str, bytes], candidate: Candidate) -> Program:
    """The program in the files of a published version, without its dependencies.

    From its manifest: models are asked with schemas in the order of the author's keys, and recorded answers belong
    to those words, while `workflow.json` has its keys sorted. Only a version without a manifest comes from that.
    """
    location = f"{candidate.name}/{candidate.version}"
    compiled = compiled_workflow(files, candidate, location)
    if paths.MANIFEST not in files:
        return Program(compiled, files, location)
    workflow = _authored(files[paths.MANIFEST], f"{location}/{paths.MANIFEST}")
    if workflow.reference != compiled.reference:
        raise RegistryError(
            f"it holds {workflow.reference}, not {compiled.reference}",
            location=f"{location}/{paths.MANIFEST}",
            hint="tell the registry's maintainers: a published version never changes",
        )
    return Program(workflow, files, location)


@lru_cache(maxsize=32)
def _authored(manifest: bytes, location: str) -> Workflow:
    return load(manifest, location).workflow


def authored_program(files: Mapping[str, bytes], location: str) -> Program:
    """The program in a folder that no rule has judged: `FindingsError` where an edge is not what it says."""
    manifest = _manifest(files, location)
    refuse_bad_configs(manifest.workflow, manifest.document)
    _refuse_silent(manifest)
    return Program(manifest.workflow, files, location)


def _refuse_silent(manifest: Manifest) -> None:
    from registry_tool.resolver.candidates import FixedSource
    from registry_tool.rules.base import RuleContext, Subject
    from registry_tool.rules.silent import refuse_silent

    refuse_silent(Subject(manifest, {}, RuleContext(FixedSource())))


def _manifest(files: Mapping[str, bytes], location: str) -> Manifest:
    for name in (paths.MANIFEST, paths.PROJECT_MANIFEST):
        if name in files:
            return load(files[name], f"{location}/{name}" if location else name)
    raise NotFoundError(
        f"there is no {paths.PROJECT_MANIFEST} and no {paths.MANIFEST}",
        location=location,
        hint="run it in a workflow's folder, or start one with `puppy-cli init NAME`",
    )
