"""Small workflows for tests of what flows where."""

from __future__ import annotations

from typing import Any

from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.model import Workflow

HOOK = "https://hooks.example.com/in"
HOSTS: dict[str, Any] = {
    "dependencies": {
        "external_apis": [
            {"name": "hooks", "hosts": ["hooks.example.com"], "secrets": ["HOOK_TOKEN"]},
            {"name": "crm", "hosts": ["crm.example.com"], "secrets": ["CRM_TOKEN"]},
            {"name": "news", "hosts": ["news.example.com"]},
        ]
    }
}
CRM = {"url": "https://crm.example.com/me", "auth": {"secret": "CRM_TOKEN"}}


def edge(name: str, type_: str, source: Any, target: Any, /, **config: Any) -> dict[str, Any]:
    return {"id": name, "type": type_, "source": source, "target": target, "config": config}


def text_input(name: str, /, **more: Any) -> dict[str, Any]:
    return {"name": name, "type": "string", "block": name, **more}


def ends(value: dict[str, Any], key: str) -> list[str]:
    return value[key] if isinstance(value[key], list) else [value[key]]


def workflow(
    *edges: dict[str, Any],
    inputs: tuple[dict[str, Any], ...] = (),
    outputs: tuple[dict[str, Any], ...] = (),
    schemas: dict[str, dict[str, Any]] | None = None,
    recipients: tuple[str, ...] = (),
    name: str = "mine",
    **spec: Any,
) -> Workflow:
    """A workflow of these edges; its blocks are their ends, in order."""
    schemas = schemas or {}
    names = dict.fromkeys(
        [*(port["block"] for port in inputs if "block" in port)]
        + [end for one in edges for key in ("source", "target") for end in ends(one, key)]
    )
    blocks: list[Any] = [
        {
            "id": block,
            "type": "structured" if block in schemas else "text",
            **({"schema": schemas[block]} if block in schemas else {}),
        }
        for block in names
    ]
    return workflow_from(
        {
            "apiVersion": "puppyai.com/v1",
            "kind": "Workflow",
            "metadata": {"name": name, "version": "1.0.0"},
            "spec": {
                "blocks": blocks,
                "edges": list(edges),
                "interface": {"inputs": list(inputs), "outputs": list(outputs)},
                "runtime": HOSTS,
                **spec,
            },
            "security": {"data_privacy": {"recipients": list(recipients)}},
        },
        "x",
    )
