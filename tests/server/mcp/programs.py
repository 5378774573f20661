"""Workflows for the tests of tools."""

from __future__ import annotations

from registry_tool.sources.program import Program, program_from_files
from registry_tool.store import paths

_MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: {{ name: {name}, version: "{version}", description: Greets whoever you name }}
spec:
  blocks: [{{ id: who, type: text }}, {{ id: greeting, type: text }}]
  edges: [{{ id: greet, source: who, target: greeting, type: {type}, config: {config} }}]
  interface:
    inputs:
      - {{ name: who, type: string, required: true, description: Whom to greet }}
      - {{ name: loud, type: boolean, default: false }}
    outputs: {outputs}
"""
GREET = "{ modify_type: edit_text, content: 'Hello, {{who}}!' }"


def greeter(
    name: str = "hello",
    version: str = "1.0.0",
    *,
    type: str = "modify",
    config: str = GREET,
    outputs: str = "[{ name: greeting, type: string, required: true }]",
) -> Program:
    """A workflow with one edge, and a README."""
    manifest = _MANIFEST.format(
        name=name, version=version, type=type, config=config, outputs=outputs
    )
    files = {paths.MANIFEST: manifest.encode(), paths.README: b"# Hello\n\nGreets.\n"}
    return program_from_files(files, name)
