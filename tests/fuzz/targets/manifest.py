"""A whole manifest: refused at its places, or compiled to a `workflow.json` that is compiled to itself."""

from __future__ import annotations

import json

from registry_tool.core.finding import FindingsError
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load, workflow_from
from tests.fuzz import mutations, seeds
from tests.fuzz.target import Target
from tests.fuzz.targets.yaml_loader import refused_well


def check(data: bytes) -> None:
    """Refused with place, reason and fix; or what is compiled says the same as the manifest."""
    try:
        workflow = load(data, "a.yaml").workflow
    except FindingsError as error:
        refused_well(error, data)
        return
    compiled = compile_bytes(workflow)
    again = compile_bytes(workflow_from(json.loads(compiled), "workflow.json"))
    assert again == compiled, "the compiled workflow compiles to another one"


def _seeds() -> dict[str, bytes]:
    found = seeds.small(seeds.files(".yaml"), TARGET.largest)
    return {name: data for name, data in found.items() if b"kind: Workflow" in data}


_WORDS = (
    *("blocks:", "edges:", "interface:", "runtime:", "security:", "tests:", "environments:", "x-own: 1"),
    *("type: ", "llm", "code", "modify", "map", "loop", "workflow", "http", "schema: { type: object }"),
    *("{ id: a, type: text }", "source: [a, b]", "config: {}", "looped: true", "- {}", "null", "[]", "{}", '""'),
)  # fmt: skip

TARGET = Target(
    "manifest", "registry_tool/manifest/load.py", check, _seeds, _WORDS, mutations.lines
)
