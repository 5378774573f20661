"""Find, read and run the workflows of a registry.

The registry is a built site (its folder or http address) or a clone. Runs happen here, in this process: with the
embedded model (`provider="local"`), with recorded answers (`"replay"`) or with an OpenAI-compatible server
(`"openai"`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from puppyai.workflows.builder import BuiltWorkflow

if TYPE_CHECKING:
    from registry_tool.sources.reference import Opened

Json = dict[str, Any]
"""A JSON object."""


@dataclass(frozen=True)
class Result:
    """What a run gave. Each output is also an attribute: `result.sentiment`.

    `usage` holds input_tokens, output_tokens and calls; `seconds` is wall time.
    """

    outputs: Json
    status: str
    execution_id: str
    usage: dict[str, int]
    seconds: float

    def __getattr__(self, name: str) -> Any:
        """An output; `AttributeError` names those that there are."""
        outputs = self.__dict__.get("outputs", {})
        if name in outputs:
            return outputs[name]
        raise AttributeError(f"there is no output {name!r}; there are {', '.join(outputs)}")


@dataclass(frozen=True)
class Workflow:
    """One version of a workflow, with its dependencies resolved and verified."""

    _opened: Opened = field(repr=False)

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self._opened.program.workflow.name

    @property
    def version(self) -> str:
        """The version, SemVer."""
        return self._opened.program.workflow.version

    @property
    def digest(self) -> str:
        """`sha256:<hex>` over the version's files."""
        return self._opened.program.digest

    @property
    def manifest(self) -> Json:
        """The compiled workflow as a JSON object."""
        from registry_tool.manifest.compile import compile_value

        return dict(compile_value(self._opened.program.workflow))

    @property
    def inputs(self) -> list[Json]:
        """The interface's inputs: name, type, required, default …"""
        return list(self.manifest["spec"].get("interface", {}).get("inputs", []))

    @property
    def outputs(self) -> list[Json]:
        """The interface's outputs."""
        return list(self.manifest["spec"].get("interface", {}).get("outputs", []))

    def execute(
        self,
        inputs: Mapping[str, Any] | None = None,
        environment: str = "",
        *,
        provider: str = "",
    ) -> Result:
        """Run it here and wait; `registry_tool.core.errors.RegistryError` where it fails."""
        from registry_tool.core.errors import RegistryError
        from registry_tool.runtime.run_program import RunOptions, run_program

        how = RunOptions(environment=environment, provider=provider)
        result = run_program(self._opened.program, dict(inputs or {}), how)
        if result.error:
            raise RegistryError(result.error)
        usage = result.usage
        return Result(
            dict(result.outputs),
            result.status,
            result.execution_id,
            {
                "input_tokens": usage.input_tokens,
                "output_tokens": usage.output_tokens,
                "calls": usage.calls,
            },
            result.seconds,
        )


class WorkflowClient:
    """Reads a registry.

    `registry_url` is an http(s) address or folder of a built site, or a clone. `auth_token` is for registries that
    ask for one; static registries don't.
    """

    def __init__(self, registry_url: str, auth_token: str | None = None) -> None:
        self.registry_url = registry_url
        self._auth_token = auth_token

    def get_workflow(self, name: str, version: str | None = None) -> Workflow:
        """A workflow; without a version the latest release. `version` may be a range such as `^1.2`."""
        from registry_tool.manifest.names import bad_version
        from registry_tool.sources.reference import open_reference

        if version is None:
            reference = name
        else:
            reference = f"{name}:{version}" if bad_version(version) is None else f"{name}@{version}"
        return Workflow(open_reference(reference, self.registry_url))

    def list_workflows(self, *, category: str = "", author: str = "", tag: str = "") -> list[Json]:
        """Summaries of all workflows, or of those of a category, author or tag."""
        from registry_tool.commands.consume.read import list_workflows

        return [dict(s) for s in list_workflows(self.registry_url, category, author, tag)]

    def search(self, query: str) -> list[Json]:
        """Summaries of workflows that hold every word of the query."""
        from registry_tool.commands.consume.read import search_workflows

        return [dict(summary) for summary in search_workflows(self.registry_url, query)]

    def publish(self, workflow: BuiltWorkflow) -> str:
        """Put a built workflow on a branch `publish/<name>-<version>` of the registry's clone; gives the branch.

        Open a pull request from it: that is what publishes. `RegistryError` where `registry_url` is no clone,
        where the version is published already, or where the workflow has findings.
        """
        from registry_tool.commands.author.publish import propose_manifest

        return propose_manifest(Path(self.registry_url), workflow.manifest).branch
