"""Keys of items: what makes no result changes none."""

from __future__ import annotations

import json

from registry_tool.engine.batch.keys import Code, Keys
from registry_tool.manifest.load import load
from registry_tool.manifest.model import Workflow

MANIFEST = """
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: t, version: "1.0.0" }
spec:
  blocks: [{ id: text, type: text }, { id: out, type: text }]
  edges: [{ id: e, source: text, target: out, type: modify, config: { modify_type: copy } }]
  interface:
    inputs: [{ name: text, type: string, required: true }, { name: size, type: integer, default: 1 }]
    outputs: [{ name: out }]
"""


def workflow(text: str = MANIFEST) -> Workflow:
    return load(text.encode(), "t.yaml").workflow


def test_what_makes_no_result_changes_no_key_and_what_does_changes_it() -> None:
    flow = workflow()
    key = Keys(Code(flow), {}).of({"text": "a"})

    def other(text: str, **code: object) -> str:
        return Keys(Code(workflow(text), **code), {}).of({"text": "a"})  # type: ignore[arg-type]

    tests = '  tests: [{ name: x, inputs: { text: "a" }, expected: { out: "a" } }]\n'
    assert other(MANIFEST.replace("1.0.0", "1.0.1") + tests) == key
    assert other(MANIFEST, resources={}, callees={}) == key
    changed = {
        other(MANIFEST.replace("id: e,", "id: f,")),
        other(MANIFEST, resources={"resources/a.txt": b"a"}),
        other(MANIFEST, callees={"t": Code(flow)}),
        other(MANIFEST, callees={"t": Code(workflow(MANIFEST.replace("id: e,", "id: f,")))}),
        Keys(Code(flow), {"provider": "openai"}).of({"text": "a"}),
        Keys(Code(flow), {}).of({"text": "b"}),
    }
    assert len(changed | {key}) == 7
    assert all(len(name) == 64 and json.dumps(name).isascii() for name in changed)
