"""A package file is verified without a registry."""

from __future__ import annotations

from pathlib import Path

import pytest

from puppyai.workflows import IntegrityError, NotFoundError, WorkflowClient, verify_package


def test_a_saved_package_is_what_the_registry_has(site: Path, tmp_path: Path) -> None:
    workflow = WorkflowClient(str(site)).get_workflow("hello", "1.0.0")
    path = workflow.save_package(tmp_path)
    assert path.name == "hello-1.0.0.wfpkg"
    published = site / "api/v1/packages/hello/hello-1.0.0.wfpkg"
    assert path.read_bytes() == published.read_bytes()
    found = verify_package(path, workflow.digest)
    assert (found.name, found.version, found.digest) == ("hello", "1.0.0", workflow.digest)
    assert verify_package(path.read_bytes()).files == workflow.files
    assert "b'" not in repr(found)


def test_what_is_wrong_with_it_is_reported(site: Path, tmp_path: Path) -> None:
    data = (site / "api/v1/packages/hello/hello-1.0.0.wfpkg").read_bytes()
    with pytest.raises(IntegrityError, match="its digest is"):
        verify_package(data, "sha256:" + "0" * 64)
    with pytest.raises(IntegrityError, match="not a package"):
        verify_package(b"PK nonsense")
    with pytest.raises(NotFoundError):
        verify_package(tmp_path / "nothing.wfpkg")
    from registry_tool.package.build import package_bytes

    with pytest.raises(IntegrityError, match=r"no workflow\.json"):
        verify_package(package_bytes({"manifest.yaml": b"x"}))
