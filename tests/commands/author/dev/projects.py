"""A project whose tests take two ways: a change on one of them concerns only the test that goes there."""

from __future__ import annotations

from pathlib import Path

TWO_WAYS = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: two-ways, version: "1.0.0", license: MIT, description: Greets or bids farewell }
spec:
  blocks:
    - { id: said, type: text }
    - { id: coming, type: text }
    - { id: going, type: text }
    - { id: welcome, type: text }
    - { id: farewell, type: text }
  edges:
    - id: choose
      source: said
      target: [coming, going]
      type: branch
      config:
        cases:
          hello:
            conditions: [{ block: said, condition: contain, parameters: { value: hello }, operation: / }]
            thens: [{ from: said, to: coming }]
        else: [{ from: said, to: going }]
    - id: greet
      source: coming
      target: welcome
      type: modify
      config: { modify_type: edit_text, content: "Welcome!" }
    - id: part
      source: going
      target: farewell
      type: modify
      config: { modify_type: edit_text, content: "Farewell!" }
  interface:
    inputs: [{ name: said, type: string, required: true }]
    outputs:
      - { name: welcome, type: string, block: welcome }
      - { name: farewell, type: string, block: farewell }
  tests:
    - { name: comes, inputs: { said: hello }, expected: { welcome: Welcome! } }
    - { name: goes, inputs: { said: bye }, expected: { farewell: Farewell! } }
"""


def two_ways(folder: Path) -> Path:
    """The project in a folder."""
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/README.md").write_text("# Two ways\n")
    (folder / "workflow-resource.yaml").write_text(TWO_WAYS)
    return folder


def change(project: Path, old: str, new: str) -> None:
    """Save the manifest with another text in it."""
    manifest = project / "workflow-resource.yaml"
    text = manifest.read_text()
    assert old in text
    manifest.write_text(text.replace(old, new))
