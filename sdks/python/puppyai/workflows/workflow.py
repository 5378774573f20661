"""One version of a workflow: what it is, its verified files, and runs of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from puppyai.workflows.errors import InvalidRequestError
from puppyai.workflows.models import Dependency, Port, VersionInfo
from puppyai.workflows.registry import Registry, version_info
from puppyai.workflows.result import Result
from puppyai.workflows.run import Run, RunDriver
from puppyai.workflows.translate import translated
from puppyai.workflows.values import JsonInput, JsonObject, plain_object

if TYPE_CHECKING:
    from registry_tool.manifest.model import Port as ToolPort
    from registry_tool.manifest.model import Workflow as Compiled
    from registry_tool.resolver.candidates import Candidate
    from registry_tool.sources.program import Program
    from registry_tool.sources.reference import OpenedProgram

Via = Literal["local", "github", "registry"]
"""Who runs it: this process, a job of the registry's repository on GitHub, or a live registry."""

WAYS: tuple[Via, ...] = ("local", "github", "registry")


class Workflow:
    """One version of a workflow, its package verified against the registry's digest."""

    def __init__(
        self, registry: Registry, candidate: Candidate, files: Mapping[str, bytes]
    ) -> None:
        self._registry, self._candidate = registry, candidate
        self.files = files

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self._candidate.name

    @property
    def version(self) -> str:
        """The version, SemVer."""
        return self._candidate.version

    @property
    def reference(self) -> str:
        """`name:version`."""
        return f"{self.name}:{self.version}"

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the version's files."""
        return self._candidate.digest

    @property
    def info(self) -> VersionInfo:
        """What the registry says of the version: yanked, a notice."""
        return version_info(self._candidate)

    @property
    def description(self) -> str:
        """What it does, in its author's words."""
        return self._compiled.metadata.description

    @cached_property
    def manifest(self) -> JsonObject:
        """The compiled workflow (`workflow.json`) as a JSON object."""
        from registry_tool.manifest.compile import compile_value

        return dict(compile_value(self._compiled))

    @property
    def inputs(self) -> list[Port]:
        """The interface's inputs."""
        return [_port(port) for port in self._compiled.interface.inputs]

    @property
    def outputs(self) -> list[Port]:
        """The interface's outputs."""
        return [_port(port) for port in self._compiled.interface.outputs]

    @property
    def environments(self) -> list[str]:
        """The environments that its manifest configures, sorted."""
        return sorted(self._compiled.environment_by_name)

    @property
    def dependencies(self) -> list[Dependency]:
        """The workflows that it calls, by range; `lock()` says which versions these are now."""
        return [
            Dependency(need.name, need.range, need.registry) for need in self._compiled.requires
        ]

    def lock(self) -> dict[str, VersionInfo]:
        """Every workflow that it calls, also through others, as resolved now, by name; digests verified."""
        with translated():
            locked = self._opened.lock.workflows
        return {name: VersionInfo(name, kept.version, kept.digest) for name, kept in locked.items()}

    def save_package(self, folder: str | Path = ".") -> Path:
        """Write `NAME-VERSION.wfpkg` into a folder, the registry's own bytes; gives its path."""
        from registry_tool.core.files import write_atomic
        from registry_tool.package.build import package_bytes
        from registry_tool.store.paths import package_file

        path = Path(folder) / package_file(self.name, self.version)
        with translated():
            write_atomic(path, package_bytes(self.files))
        return path

    def execute(
        self,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        via: Via = "local",
        provider: str = "",
        timeout: float | None = None,
    ) -> Result:
        """Run it and wait for its result.

        Args:
            inputs: a value for each input of the interface, by name.
            environment: whose configuration counts, such as `production`; empty: none.
            via: who runs it, which nothing chooses for you. `local`: this process, with the verified package.
                `github`: a job of the registry's repository runs what the environment serves. `registry`: a live
                registry runs it.
            provider: `local` (the embedded model), `openai` (a server like it) or `replay` (recorded answers)
                instead of the configured one; not on a live registry.
            timeout: seconds that it may take here; elsewhere, how long to wait for it.

        Raises:
            InvalidRequestError: wrong inputs, environment or `via`.
            RunFailedError: it ended badly; the error's `result` holds what there is.
            MissingExtraError: a part that it needs is not installed.
        """
        with self.start(inputs, environment, via=via, provider=provider, timeout=timeout) as run:
            return run.result(None if via == "local" else timeout)

    def start(
        self,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        via: Via = "local",
        provider: str = "",
        timeout: float | None = None,
    ) -> Run:
        """Begin a run, with the arguments of `execute`; iterate over it for its events."""
        given = plain_object(inputs or {}, "inputs")
        with translated():
            return Run(self._work(given, environment, via, provider, timeout))

    def _work(
        self, given: JsonObject, environment: str, via: Via, provider: str, timeout: float | None
    ) -> RunDriver:
        if via == "local":
            return self._here(given, environment, provider, timeout)
        if via == "registry":
            from puppyai.workflows.run_live import begin

            if provider:
                raise InvalidRequestError(
                    "a live registry's own configuration says which provider answers",
                    hint='leave provider out, or run it here (via="local")',
                )
            return begin(self._registry.live(), self.name, self.version, environment, given)
        if via == "github":
            from puppyai.workflows.run_job import dispatch

            return dispatch(self._registry, self.name, self.version, environment, given, provider)
        raise InvalidRequestError(f"via is {via!r}", hint=f"use one of {', '.join(WAYS)}")

    def _here(
        self, given: JsonObject, environment: str, provider: str, timeout: float | None
    ) -> RunDriver:
        from puppyai.workflows.run_here import RunHere
        from registry_tool.runtime.run_program import new_execution_id

        program = self._opened.program
        return RunHere(program, given, environment, provider, timeout, new_execution_id())

    @cached_property
    def _compiled(self) -> Compiled:
        from registry_tool.sources.compiled import compiled_workflow

        with translated(integrity=True):
            return compiled_workflow(self.files, self._candidate, self._registry.location)

    @cached_property
    def _opened(self) -> OpenedProgram:
        from registry_tool.resolver.lock import Lock
        from registry_tool.sources.program import published_program
        from registry_tool.sources.reference import complete

        program: Program = published_program(self.files, self._candidate)
        return complete(program, self._registry.reader, Lock(), self._candidate)

    def __repr__(self) -> str:
        return f"<Workflow {self.reference} {self.digest[:19]}… of {self._registry.location}>"


def _port(port: ToolPort) -> Port:
    return Port(
        port.name,
        port.type,
        port.required,
        port.default,
        port.has_default,
        port.enum,
        port.description,
        dict(port.schema),
    )
