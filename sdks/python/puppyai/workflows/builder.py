"""Build a workflow in code: the same manifest that an author would write, checked when it is built."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from puppyai.workflows.built_workflow import BuiltWorkflow
from puppyai.workflows.errors import InvalidRequestError
from puppyai.workflows.manifest_parts import (
    UNSET,
    Unset,
    given_parts,
    given_texts,
    json_object,
    manifest_port,
    one_or_all,
)
from puppyai.workflows.values import JsonInput, JsonObject, JsonValue, plain, plain_object


@dataclass
class WorkflowBuilder:
    """Collects a workflow's parts; each `add_…` gives the builder again, `build()` the workflow.

    `metadata` holds what the named ones don't: `author`, `description`, `category`, `tags`, `license`, `homepage`.
    """

    name: str = "my-workflow"
    version: str = "0.1.0"
    metadata: Mapping[str, JsonInput] = field(default_factory=dict)
    _blocks: list[JsonObject] = field(default_factory=list, repr=False)
    _edges: list[JsonObject] = field(default_factory=list, repr=False)
    _interface: dict[str, list[JsonValue]] = field(default_factory=dict, repr=False)
    _tests: list[JsonValue] = field(default_factory=list, repr=False)
    _runtime: JsonObject = field(default_factory=dict, repr=False)
    _dependencies: dict[str, list[JsonValue]] = field(default_factory=dict, repr=False)
    _environments: JsonObject = field(default_factory=dict, repr=False)
    _security: JsonObject = field(default_factory=dict, repr=False)

    def add_block(  # noqa: PLR0913 - a block has that many keys
        self,
        id: str,
        type: str = "text",
        *,
        label: str = "",
        description: str = "",
        config: Mapping[str, JsonInput] | None = None,
        schema: Mapping[str, JsonInput] | None = None,
        value: JsonInput | Unset = UNSET,
        looped: bool = False,
        metadata: Mapping[str, JsonInput] | None = None,
    ) -> Self:
        """Add a block: a value in the graph. `value` makes it a constant; `looped` maps edges over its value.

        Raises:
            InvalidRequestError: the id is taken.
        """
        place = f"block {id}"
        if any(block["id"] == id for block in self._blocks):
            raise InvalidRequestError(f"the block id {id!r} is taken", hint="choose another id")
        about = {
            **given_texts(label=label, description=description),
            **json_object(metadata, place),
        }
        block: JsonObject = {"id": id, "type": type}
        block |= given_parts(
            metadata=about, config=json_object(config, place), schema=json_object(schema, place)
        )
        if not isinstance(value, Unset):
            block["value"] = plain(value, f"{place}.value")
        if looped:
            block["looped"] = True
        self._blocks.append(block)
        return self

    def add_edge(  # noqa: PLR0913 - an edge has that many keys
        self,
        source: str | Sequence[str],
        target: str | Sequence[str],
        type: str = "",
        *,
        id: str = "",
        config: Mapping[str, JsonInput] | None = None,
        when: str | Sequence[str] = (),
        on_error: str | Mapping[str, JsonInput] | None = None,
    ) -> Self:
        """Add an edge: it computes its targets from its sources.

        Without a type, an edge into an `llm` block asks the model with the source as its prompt, and any other
        copies its source. With `when` it runs where at least one of these blocks was taken. `on_error` says what
        its failure does instead of ending the run: `"skip"`, or `{"value": …}` for its targets.

        Raises:
            InvalidRequestError: an end is not a block.
        """
        sources = [source] if isinstance(source, str) else list(source)
        targets = [target] if isinstance(target, str) else list(target)
        conditions = [when] if isinstance(when, str) else list(when)
        kinds = self._kinds([*sources, *targets, *conditions])
        to_model = any(kinds[end] == "llm" for end in targets)
        prompt = "\n".join(f"{{{{{end}}}}}" for end in sources)
        usual: JsonObject = (
            {"prompt": prompt} if to_model else {"modify_type": "copy", "content": prompt}
        )
        name = id or f"edge-{len(self._edges) + 1}"
        edge: JsonObject = {
            "id": name,
            "source": one_or_all(sources),
            "target": one_or_all(targets),
            "type": type or ("llm" if to_model else "modify"),
            "config": json_object(config, f"edge {name}")
            if config is not None
            else ({} if type else usual),
        }
        if conditions:
            edge["when"] = one_or_all(conditions)
        if on_error is not None:
            edge["on_error"] = plain(on_error, f"edge {name}.on_error")
        self._edges.append(edge)
        return self

    def add_input(  # noqa: PLR0913 - a port has that many keys
        self,
        name: str,
        type: str = "string",
        *,
        required: bool = False,
        default: JsonInput | Unset = UNSET,
        enum: Sequence[JsonInput] = (),
        description: str = "",
        schema: Mapping[str, JsonInput] | None = None,
        block: str = "",
        pii: bool = False,
    ) -> Self:
        """Add an input of the interface; without `block` it is written to the block of its name."""
        port = manifest_port(name, type, enum, description, schema, block)
        if required:
            port["required"] = True
        if not isinstance(default, Unset):
            port["default"] = plain(default, f"input {name}.default")
        if pii:
            port["pii"] = True
        self._interface.setdefault("inputs", []).append(port)
        return self

    def add_output(  # noqa: PLR0913 - a port has that many keys
        self,
        name: str,
        type: str = "string",
        *,
        enum: Sequence[JsonInput] = (),
        description: str = "",
        schema: Mapping[str, JsonInput] | None = None,
        block: str = "",
    ) -> Self:
        """Add an output of the interface; without `block` it is read from the block of its name."""
        port = manifest_port(name, type, enum, description, schema, block)
        self._interface.setdefault("outputs", []).append(port)
        return self

    def add_test(  # noqa: PLR0913 - a test has that many keys
        self,
        name: str,
        inputs: Mapping[str, JsonInput] | None = None,
        expected: Mapping[str, JsonInput] | None = None,
        *,
        asserts: Sequence[Mapping[str, JsonInput]] = (),
        environment: str = "",
        runs: int = 1,
        pass_rate: float = 1.0,
        tolerance: float | None = None,
        answers: Mapping[str, JsonInput] | None = None,
    ) -> Self:
        """Add a test: `expected` outputs are matched in part; `asserts` are promptfoo's, such as
        `{"type": "icontains", "output": "summary", "value": "total"}`. `answers` are written by hand, by edge id,
        instead of recorded.
        """
        place = f"test {name}"
        case: JsonObject = {"name": name, "inputs": json_object(inputs, place)}
        case |= given_parts(
            expected=json_object(expected, place), **given_texts(environment=environment)
        )
        if asserts:
            case["assert"] = [json_object(item, place) for item in asserts]
        if runs != 1:
            case["runs"] = runs
        if pass_rate != 1.0:
            case["pass_rate"] = pass_rate
        if tolerance is not None:
            case["tolerance"] = tolerance
        if answers:
            case["answers"] = json_object(answers, place)
        self._tests.append(case)
        return self

    def add_environment(
        self,
        name: str,
        settings: Mapping[str, JsonInput] | None = None,
        *,
        variables: Mapping[str, JsonInput] | None = None,
    ) -> Self:
        """Add an environment: overrides such as `llm_model` or `max_tokens`, and variables for templates."""
        found = json_object(settings, f"environment {name}")
        if variables:
            found["variables"] = json_object(variables, f"environment {name}.variables")
        self._environments[name] = found
        return self

    def add_dependency(self, name: str, range: str, *, registry: str = "public") -> Self:
        """Add a workflow that `workflow` edges call, by an npm-style range such as `^1.2.0`."""
        need: JsonObject = {"name": name, "version": range, "registry": registry}
        self._dependencies.setdefault("workflows", []).append(need)
        return self

    def add_external_api(
        self,
        name: str,
        version: str = "*",
        *,
        required: bool = True,
        hosts: Sequence[str] = (),
        secrets: Sequence[str] = (),
    ) -> Self:
        """Add a service outside the registry that a run talks to, its hosts and the names of its secrets."""
        api: JsonObject = {"name": name, "version": version, "required": required}
        if hosts:
            api["hosts"] = list[JsonValue](hosts)
        if secrets:
            api["secrets"] = list[JsonValue](secrets)
        self._dependencies.setdefault("external_apis", []).append(api)
        return self

    def set_requirements(
        self, *, compute: str = "", memory: str = "", storage: str = "", timeout: str = ""
    ) -> Self:
        """Say what a run needs: Kubernetes quantities (`2Gi`) and durations (`5m`)."""
        self._runtime["requirements"] = given_texts(
            compute=compute, memory=memory, storage=storage, timeout=timeout
        )
        return self

    def set_security(self, security: Mapping[str, JsonInput]) -> Self:
        """Say who may, and what is owed to the data: `access_control` and `data_privacy` as in a manifest."""
        self._security = plain_object(security, "security")
        return self

    def build(self) -> BuiltWorkflow:
        """The workflow, checked as a manifest is when it is read.

        Raises:
            InvalidRequestError: nothing was added, or name or version are invalid.
            FindingsError: the format refuses it; the error's `findings` say where.
        """
        if not self._blocks:
            raise InvalidRequestError("a workflow needs at least one block", hint="add_block(…)")
        self._check_reference()
        built = BuiltWorkflow(copy.deepcopy(self._manifest()))
        built.compiled()
        return built

    def to_yaml(self) -> str:
        """The built workflow's manifest as YAML."""
        return self.build().to_yaml()

    def _check_reference(self) -> None:
        from registry_tool.manifest.names import bad_name, bad_version

        for key, text, wrong in (
            ("name", self.name, bad_name(self.name)),
            ("version", self.version, bad_version(self.version)),
        ):
            if wrong:
                raise InvalidRequestError(f"the {key} {text!r} {wrong}", location=f"metadata.{key}")

    def _manifest(self) -> JsonObject:
        spec: JsonObject = {
            "blocks": list[JsonValue](self._blocks),
            "edges": list[JsonValue](self._edges),
        }
        dependencies: JsonObject = dict(self._dependencies)
        runtime = given_parts(
            **self._runtime, dependencies=dependencies, environments=self._environments
        )
        interface: JsonObject = dict(self._interface)
        spec |= given_parts(
            runtime=runtime, interface=interface, tests=list[JsonValue](self._tests)
        )
        about: JsonObject = {"name": self.name, "version": self.version}
        about |= plain_object(self.metadata, "metadata")
        manifest: JsonObject = {
            "apiVersion": "puppyai.com/v1",
            "kind": "Workflow",
            "metadata": about,
            "spec": spec,
        }
        return manifest | given_parts(security=self._security)

    def _kinds(self, ends: Sequence[str]) -> dict[str, JsonValue]:
        kinds = {str(block["id"]): block["type"] for block in self._blocks}
        for end in ends:
            if end not in kinds:
                raise InvalidRequestError(
                    f"there is no block {end!r}; add it first",
                    hint=f"there are {', '.join(kinds)}" if kinds else "add_block(…)",
                )
        return kinds
