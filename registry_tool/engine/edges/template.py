"""`template`: a text from a Jinja template, rendered in the sandbox.

Config: `template`, `values` ({name: template of ours}; default: every source under its label or id), `timeout`
(default 10s, at most 60s) and `memory` in MiB (default 256), as `code` has them. Jinja itself runs in the sandbox:
a template that a stranger wrote can take time and memory, and nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Final, cast

from registry_tool.core.values import Frozen, Object, Value
from registry_tool.engine.edges.base import EdgeCall, MissingServiceError, Services
from registry_tool.engine.edges.code import limits_of
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.manifest.template import expand

_NOT_SENT: Final = frozenset({"bccache", "ext", "loaders", "nativetypes"})
"""Modules of Jinja's that rendering one text needs not; reading them takes the sandbox long."""


@dataclass(frozen=True, kw_only=True)
class TemplateConfig(EdgeConfig):
    """The template, what it knows (None: every source) and its bounds; `memory` in MiB."""

    template: str
    values: Frozen | None = None
    timeout: str = "10s"
    memory: int = 256


class TemplateEdge:
    """Write a text from a template."""

    type = "template"
    config = TemplateConfig

    async def run(
        self, call: EdgeCall, config: TemplateConfig, services: Services
    ) -> dict[str, Value]:
        """The text for every target."""
        if services.sandbox is None:
            raise MissingServiceError(
                "there is no sandbox, so the template was not rendered",
                hint="pip install 'puppyai-workflow-registry[sandbox]'",
            )
        arguments: Object = {
            "sources": cast(Object, jinja_sources()),
            "template": config.template,
            "values": _values(call, config),
        }
        limits = limits_of(config.timeout, config.memory)
        return call.to_all(await services.sandbox.call(_guest(), arguments, limits))


def _values(call: EdgeCall, config: TemplateConfig) -> Value:
    if config.values is not None:
        return expand(cast(Value, dict(config.values)), call.scope)
    return {block.label or block.id: call.inputs[block.id] for block in call.sources}


@cache
def _guest() -> str:
    return (resources.files("registry_tool.engine.edges.text") / "jinja_guest.py").read_text(
        "utf-8"
    )


@cache
def jinja_sources() -> dict[str, str]:
    """The text of Jinja's modules by their names; its package alone is empty, since it imports all of them."""
    found = {}
    for package in ("jinja2", "markupsafe"):
        for file in resources.files(package).iterdir():
            stem = file.name.removesuffix(".py")
            if file.name.endswith(".py") and stem not in _NOT_SENT:
                name = package if stem == "__init__" else f"{package}.{stem}"
                found[name] = file.read_text("utf-8")
    return found | {"jinja2": ""}
