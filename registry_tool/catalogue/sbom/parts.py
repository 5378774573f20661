"""What one workflow brings along: models, services, imports of code, required workflows and files. Pure."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence

from registry_tool.catalogue.model import VersionFile
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.manifest.destinations import destinations, parts
from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.model import ExternalApi, Workflow
from registry_tool.manifest.python_code import CodeProblem, parse_code
from registry_tool.manifest.services import SERVICES

PROPERTY = "puppyai:"
"""What properties of our own begin with."""
CHOSEN = "model:chosen-by-the-environment"


class SbomSubject(Record, frozen=True):
    """A version to describe: its files with their digest, and who answered what was recorded."""

    workflow: Workflow
    digest: str
    files: Sequence[VersionFile] = ()
    recorded: tuple[tuple[str, str], ...] = ()
    released: str = ""

    @property
    def ref(self) -> str:
        """What the document calls it."""
        return reference(self.workflow.name, self.workflow.version)


class SbomParts(Record, frozen=True):
    """Components and services by what the document calls them."""

    components: dict[str, Object]
    services: dict[str, Object]


def reference(name: str, version: str) -> str:
    """What a document calls a version of a workflow."""
    return f"workflow:{name}@{version}"


def parts_of(subject: SbomSubject) -> SbomParts:
    """Everything that a version brings along but the workflows that it requires."""
    workflow = subject.workflow
    components = {**_models(subject), **_imports(workflow)}
    return SbomParts(components, {**_asked(workflow), **_declared(workflow)})


def file_component(subject: SbomSubject, file: VersionFile) -> Object:
    """One file of a version."""
    return {
        "type": "file",
        "bom-ref": f"{subject.ref}/{file.path}",
        "name": file.path,
        "hashes": [{"alg": "SHA-256", "content": file.sha256}],
    }


def properties(pairs: Sequence[tuple[str, str]]) -> list[Value]:
    """Properties of our own."""
    return [{"name": f"{PROPERTY}{name}", "value": value} for name, value in pairs]


def _models(subject: SbomSubject) -> dict[str, Object]:
    edges_by_model: dict[str, list[str]] = {}
    for edge in subject.workflow.edges:
        for words in destinations(subject.workflow, edge):
            if words.startswith("the model "):
                edges_by_model.setdefault(words.removeprefix("the model "), []).append(edge.id)
            elif words == "the environment's model":
                edges_by_model.setdefault("", []).append(edge.id)
    answered: dict[str, set[str]] = {}
    for model, by in subject.recorded:
        answered.setdefault(model if model in edges_by_model else "", set()).add(by)
    found = [
        _model(name, edges_by_model[name], answered.get(name, set()))
        for name in sorted(edges_by_model)
    ]
    return {str(item["bom-ref"]): item for item in found}


def _model(name: str, edges: Sequence[str], answered: Iterable[str]) -> Object:
    ref = f"model:{name}" if name else CHOSEN
    if name and f"model:{name.lstrip('=')}" == CHOSEN:  # a model's own name is its author's choice
        ref = f"model:={name}"
    return {
        "type": "machine-learning-model",
        "bom-ref": ref,
        "name": name or "the environment's model",
        "properties": properties(
            [
                *(("asked-by-edge", edge) for edge in sorted(set(edges))),
                *(("recorded-answers-by", by) for by in sorted(answered)),
            ]
        ),
    }


def _imports(workflow: Workflow) -> dict[str, Object]:
    found: dict[str, list[str]] = {}
    for edge in workflow.edges:
        for kind, config in parts(edge):
            code = config.get("code")
            if kind == "code" and isinstance(code, str):
                for name in imported(code):
                    found.setdefault(name, []).append(edge.id)
    return {
        f"python:{name}": {
            "type": "library",
            "bom-ref": f"python:{name}",
            "name": name,
            "properties": properties([("imported-by-edge", edge) for edge in sorted(set(edges))]),
        }
        for name, edges in sorted(found.items())
    }


def imported(code: str) -> frozenset[str]:
    """The top-level modules that Python code imports; of code that can't be read, none."""
    try:
        tree = parse_code(code)
    except CodeProblem:
        return frozenset()
    return frozenset(_modules(tree))


def _modules(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _asked(workflow: Workflow) -> dict[str, Object]:
    """Hosts and services that edges ask, with the inputs that reach them."""
    flows = sorted(egress(workflow))
    found = sorted({words for edge in workflow.edges for words in destinations(workflow, edge)})
    services: dict[str, Object] = {}
    for words in found:
        kind, _, name = words.removeprefix("the ").partition(" ")
        if kind in {"host", "service"}:
            services[f"{kind}:{name}"] = _service(
                kind, name, [f for f in flows if f.destination == words]
            )
    return services


def _service(kind: str, name: str, flows: Sequence[Flow]) -> Object:
    hosts = [name] if kind == "host" else [s.host for s in SERVICES.values() if s.title == name]
    endpoints: list[Value] = [f"https://{host}" for host in hosts if host]
    personal = any(flow.personal for flow in flows)
    data: Object = {"flow": "outbound", "classification": "personal" if personal else "inputs"}
    return {
        "bom-ref": f"{kind}:{name}",
        "name": name,
        "x-trust-boundary": True,
        **({"endpoints": endpoints} if endpoints else {}),
        **({"data": [data]} if flows else {}),
        "properties": properties([("receives-input", flow.input) for flow in flows]),
    }


def _declared(workflow: Workflow) -> dict[str, Object]:
    return {f"api:{api.name}": _external(api) for api in workflow.external_apis}


def _external(api: ExternalApi) -> Object:
    endpoints: list[Value] = [f"https://{host}" for host in api.hosts]
    return {
        "bom-ref": f"api:{api.name}",
        "name": api.name,
        "version": api.version,
        "x-trust-boundary": True,
        **({"endpoints": endpoints} if endpoints else {}),
        "properties": properties(
            [
                ("required", "true" if api.required else "false"),
                *(("secret", name) for name in api.secrets),
            ]
        ),
    }
