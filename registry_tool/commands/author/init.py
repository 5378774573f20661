"""`puppy-cli init`: a project that validates, tests and builds at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from registry_tool.core.errors import UsageError
from registry_tool.core.files import write_atomic
from registry_tool.core.output_folder import demand_new_files
from registry_tool.manifest.names import bad_name
from registry_tool.store import paths

_HEAD = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: {name}
  version: "1.0.0"
  author: you@example.com
  description: {description}
  tags: [example]
  license: MIT

spec:
"""

_TEXT = (
    _HEAD
    + """\
  blocks:
    - { id: text, type: text, metadata: { label: Your text } }
    - { id: greeting, type: text, metadata: { label: Greeting } }

  edges:
    - id: greet
      source: text
      target: greeting
      type: modify
      config:
        modify_type: edit_text
        content: "Hello, {{text}}!"

  interface:
    inputs:
      - { name: text, type: string, required: true, description: Whom to greet }
    outputs:
      - { name: greeting, type: string }

  tests:
    - name: greets
      inputs: { text: world }
      expected: { greeting: "Hello, world!" }
"""
)

_CODE = (
    _HEAD
    + """\
  blocks:
    - { id: numbers, type: structured, metadata: { label: Numbers } }
    - { id: sum, type: structured, metadata: { label: Sum } }

  edges:
    - id: add
      source: numbers
      target: sum
      type: code
      config:
        code: |
          def main(numbers):
              return sum(numbers)

  interface:
    inputs:
      - { name: numbers, type: array, required: true, description: What to add }
    outputs:
      - { name: sum, type: number }

  tests:
    - name: adds
      inputs: { numbers: [1, 2, 3.5] }
      expected: { sum: 6.5 }
"""
)

_README = """\
# {name}

{description}.

```
puppy-cli validate
puppy-cli test
puppy-cli run . --input …
puppy-cli build
```
"""

TEMPLATES: dict[str, tuple[str, str]] = {
    "text": (_TEXT, "Greets whoever you name"),
    "code": (_CODE, "Adds numbers in the sandbox"),
}


@dataclass(frozen=True, slots=True)
class CreatedProject:
    """A new project and its files."""

    folder: Path
    files: tuple[Path, ...]


def init(name: str, template: str, folder: Path) -> CreatedProject:
    """Write a project; refuses a bad name, an unknown template and a folder that has one already."""
    if reason := bad_name(name):
        raise UsageError(f"the name {name!r} {reason}", hint="such as my-workflow")
    if template not in TEMPLATES:
        raise UsageError(
            f"there is no template {template!r}", hint=f"use one of {', '.join(TEMPLATES)}"
        )
    if (folder / paths.PROJECT_MANIFEST).exists():
        raise UsageError(
            "there is a project already", location=str(folder / paths.PROJECT_MANIFEST)
        )
    manifest, readme = project_texts(name, template)
    contents = {paths.PROJECT_MANIFEST: manifest, paths.README: readme}
    demand_new_files(folder, contents)
    for path, text in contents.items():
        write_atomic(folder / path, text)
    return CreatedProject(folder, tuple(folder / path for path in contents))


def project_texts(name: str, template: str) -> tuple[str, str]:
    """A project's manifest and its README."""
    manifest, description = TEMPLATES[template]
    return _filled(manifest, name, description), _filled(_README, name, description)


def _filled(text: str, name: str, description: str) -> str:
    return text.replace("{name}", name).replace("{description}", description)
