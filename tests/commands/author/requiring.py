"""A project that requires workflows, beside a registry with several versions of two."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import RegistryFolder

MANIFEST = """\
# mine
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: caller, version: "1.0.0" }
spec:
  blocks: [{ id: a, type: text }]
  edges: []
  runtime:
    dependencies:
      workflows:
        - { name: hello, version: "^1.0.0" }  # greets
"""


class Scene:
    """The project's folder and the registry's."""

    def __init__(self, project: Path, registry: str) -> None:
        self.project, self.registry = project, registry
        self.manifest, self.lock = project / "workflow-resource.yaml", project / "workflow.lock"


@pytest.fixture(name="scene")
def requiring_scene(make_registry: Callable[..., RegistryFolder], tmp_path: Path) -> Scene:
    """`hello` up to 2.0.0, `bye` 1.0.0, which requires `hello` 1."""
    made = make_registry()
    for version in ("1.0.0", "1.1.0", "2.0.0"):
        made.lay("hello", version)
    made.lay("bye", "1.0.0", hello="^1.0.0")
    made.compile()
    project = tmp_path / "project"
    project.mkdir()
    (project / "workflow-resource.yaml").write_text(MANIFEST)
    return Scene(project, str(made.root))
