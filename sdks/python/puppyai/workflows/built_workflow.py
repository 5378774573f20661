"""A workflow that was made in code: its manifest, as text, as a file, compiled."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from puppyai.workflows.translate import translated
from puppyai.workflows.values import JsonObject

MANIFEST: Final = "workflow-resource.yaml"


@dataclass(frozen=True, slots=True)
class BuiltWorkflow:
    """A workflow made by a builder. `manifest` is a complete manifest as a JSON object."""

    manifest: JsonObject

    @property
    def name(self) -> str:
        """The workflow's name."""
        return self._about("name")

    @property
    def version(self) -> str:
        """The version, SemVer."""
        return self._about("version")

    def to_yaml(self) -> str:
        """The manifest as people write it, ready for a project's `workflow-resource.yaml`."""
        from registry_tool.importers.manifest_text import manifest_text

        with translated():
            return manifest_text(self.manifest)

    def save(self, folder: str | Path) -> Path:
        """Write `workflow-resource.yaml` into a folder, which is a project then; gives its path."""
        from registry_tool.core.files import write_atomic

        path = Path(folder) / MANIFEST
        with translated():
            write_atomic(path, self.to_yaml())
        return path

    def compiled(self) -> bytes:
        """The bytes of its `workflow.json`."""
        from registry_tool.manifest.compile import compile_bytes
        from registry_tool.manifest.load import workflow_from

        with translated():
            return compile_bytes(workflow_from(self.manifest, MANIFEST))

    def _about(self, key: str) -> str:
        about = self.manifest["metadata"]
        assert isinstance(about, dict)  # noqa: S101 - the builder made it
        return str(about[key])
