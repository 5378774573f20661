"""A posted version's files in the registry: new, the same again, or refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from registry_tool.commands.live.changes.posted import posted_version
from registry_tool.commands.live.changes.publishing import PublishedAlreadyError, publish_posted
from registry_tool.package.build import package_bytes
from tests.commands.live.changes.test_governing import ADA, Files, gate
from tests.conftest import RegistryFolder

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.lay("hello", "1.0.0")
    made.commit("Publish")
    return made


def test_the_same_again_is_nothing_and_other_files_are_refused(registry: RegistryFolder) -> None:
    folder = registry.root / "registry/workflows/hello/1.0.0"
    names = ("manifest.yaml", "docs/README.md")
    there = {name: (folder / name).read_bytes() for name in names}
    manifest, files = there["manifest.yaml"], Files(registry)
    publish_posted(gate(files), ADA, posted_version(manifest, package_bytes(there), NOW))
    assert files.files == {}
    for other in ({**there, "docs/README.md": b"# Other\n"}, {"manifest.yaml": manifest}):
        with pytest.raises(PublishedAlreadyError):
            publish_posted(gate(files), ADA, posted_version(manifest, package_bytes(other), NOW))


def test_a_new_workflow_is_its_publishers(registry: RegistryFolder) -> None:
    path = registry.root / "registry/workflows/hello/1.0.0/manifest.yaml"
    text = path.read_bytes()
    files = Files(registry)
    new = text.replace(b"name: hello", b"name: brand-new", 1)
    publish_posted(gate(files), ADA, posted_version(new, None, NOW))
    owners = files.files["registry/workflows/brand-new/owners.yaml"]
    assert owners is not None and b"id: 1" in owners
    next_version = text.replace(b'version: "1.0.0"', b'version: "1.1.0"')
    publish_posted(gate(files), ADA, posted_version(next_version, None, NOW))
    assert sorted(files.files) == [
        f"registry/workflows/hello/1.1.0/{name}" for name in ("manifest.yaml", "workflow.json")
    ]
