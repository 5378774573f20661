"""The typed workflow → `workflow.json`: one normal form, canonical bytes (RFC 8785).

The normal form is itself a manifest: `to_workflow(compile_value(w)) == w` for every workflow.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import cast

from registry_tool.core.files import canonical_json
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Block, Edge, Fallback, Port, Security, TestCase, Workflow

API_VERSION = "puppyai.com/v1"
KIND = "Workflow"


def compile_bytes(workflow: Workflow) -> bytes:
    """The bytes of `workflow.json`."""
    return canonical_json(compile_value(workflow))


def compile_value(workflow: Workflow) -> Object:
    """The normal form as a JSON object; empty parts are left out."""
    spec = _without_empty(
        {
            "edges": [_edge(edge, workflow) for edge in workflow.edges],
            "interface": interface_value(workflow),
            "runtime": _runtime(workflow),
            "tests": [_test(test) for test in workflow.tests],
        }
    )
    spec.update(_extension(workflow, "spec"))
    spec["blocks"] = [_block(block, workflow) for block in workflow.blocks]
    return {
        "apiVersion": API_VERSION,
        "kind": KIND,
        "metadata": metadata_value(workflow),
        "spec": spec,
        "security": security_value(workflow.security),
        **_extension(workflow, ""),
    }


def metadata_value(workflow: Workflow) -> Object:
    """The `metadata` object; `category` is always there."""
    about = workflow.metadata
    plain = {field.name: _plain(getattr(about, field.name)) for field in fields(about)}
    return {**_without_empty(plain), **_extension(workflow, "metadata")}


def interface_value(workflow: Workflow) -> Object:
    """The `interface` object."""
    return _without_empty(
        {
            "inputs": [_port(port) for port in workflow.interface.inputs],
            "outputs": [_port(port) for port in workflow.interface.outputs],
        }
    )


def security_value(security: Security) -> Object:
    """The `security` object, defaults written out."""
    privacy = {
        "pii_handling": security.pii_handling,
        "data_retention": security.data_retention,
        "encryption": security.encryption,
        "recipients": list(security.recipients),
    }
    return {
        "access_control": {
            "read": list(security.read),
            "execute": list(security.execute),
            "modify": list(security.modify),
        },
        "data_privacy": _without_empty(cast(Object, privacy)),
    }


def _plain(value: object) -> Value:
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    return cast(Value, value)


def _without_empty(item: Mapping[str, Value]) -> Object:
    return {key: value for key, value in item.items() if value not in ("", [], {}, None, False)}


def _extension(workflow: Workflow, location: str) -> Object:
    return dict(cast(Object, workflow.extensions.get(location, {})))


def _block(block: Block, workflow: Workflow) -> Object:
    about = {"label": block.label, "description": block.description, **block.metadata}
    item: Object = {
        "id": block.id,
        "type": block.type,
        **_without_empty(
            {
                "metadata": {key: value for key, value in about.items() if value != ""},
                "schema": dict(block.schema),
                "config": dict(block.config),
                "looped": block.looped,
            }
        ),
        **_extension(workflow, f"blocks.{block.id}"),
    }
    if block.has_value:
        item["value"] = block.value
    return item


def _fallback(fallback: Fallback) -> Value:
    return {"value": fallback.value} if fallback.has_value else "skip"


def _edge(edge: Edge, workflow: Workflow) -> Object:
    return {
        "id": edge.id,
        "type": edge.type,
        "source": list(edge.sources),
        "target": list(edge.targets),
        **_without_empty({"when": list[Value](edge.when)}),
        **({"on_error": _fallback(edge.on_error)} if edge.on_error else {}),
        **_without_empty({"config": dict(edge.config), "metadata": dict(edge.metadata)}),
        **_extension(workflow, f"edges.{edge.id}"),
    }


def _port(port: Port) -> Object:
    item: Object = {
        "name": port.name,
        "type": port.type,
        **_without_empty(
            {
                "required": port.required,
                "enum": list(port.enum),
                "description": port.description,
                "schema": dict(port.schema),
                "block": port.block,
                "pii": port.pii,
            }
        ),
    }
    if port.has_default:
        item["default"] = port.default
    return item


def _objects(items: Sequence[Object]) -> Value:
    return list(items)


def _runtime(workflow: Workflow) -> Object:
    needs = workflow.requirements
    dependencies: Object = {
        "external_apis": _objects(
            [
                {
                    "name": api.name,
                    "version": api.version,
                    "required": api.required,
                    **_without_empty({"hosts": list(api.hosts), "secrets": list(api.secrets)}),
                }
                for api in workflow.external_apis
            ]
        ),
        "workflows": _objects(
            [
                {"name": need.name, "version": need.range, "registry": need.registry}
                for need in workflow.requires
            ]
        ),
    }
    environments: Object = {
        environment.name: {
            **environment.overrides,
            **_without_empty(
                {"variables": dict(environment.variables), "limits": dict(environment.limits)}
            ),
        }
        for environment in workflow.environments
    }
    return _without_empty(
        {
            "requirements": _without_empty(
                {field.name: getattr(needs, field.name) for field in fields(needs)}
            ),
            "dependencies": _without_empty(dependencies),
            "environments": environments,
        }
    )


def _test(test: TestCase) -> Object:
    item: Object = {
        "name": test.name,
        **_without_empty(
            {
                "inputs": dict(test.inputs),
                "expected": dict(test.expected),
                "assert": [dict(assertion) for assertion in test.assertions],
                "environment": test.environment,
            }
        ),
    }
    if test.runs != 1:
        item["runs"] = test.runs
    if test.pass_rate != 1.0:
        item["pass_rate"] = test.pass_rate
    if test.tolerance is not None:
        item["tolerance"] = test.tolerance
    if test.threshold is not None:
        item["threshold"] = test.threshold
    if test.answers:
        item["answers"] = dict(test.answers)
    return item
