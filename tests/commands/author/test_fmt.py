"""`puppy-cli fmt`: in place, or only whether; a published version is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.fmt import fmt
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.finding import FindingsError

UGLY = "# mine\nkind:   Workflow\nspec:\n   blocks: [ ]\n"
NICE = "# mine\nkind: Workflow\nspec:\n  blocks: []\n"


def test_a_project_s_manifest_is_laid_out_in_place_and_once(tmp_path: Path) -> None:
    file = tmp_path / "workflow-resource.yaml"
    file.write_text(UGLY)
    checked = fmt(tmp_path, check=True)
    assert (checked.changed, checked.written, file.read_text()) == (True, False, UGLY)
    assert fmt(file).written
    assert file.read_text() == NICE
    again = fmt(tmp_path)
    assert (again.changed, again.written) == (False, False)


def test_a_published_version_is_never_written(tmp_path: Path) -> None:
    folder = tmp_path / "registry/workflows/a/1.0.0"
    folder.mkdir(parents=True)
    (tmp_path / "registry/registry.yaml").write_text("name: x\n")
    for name, text in (("manifest.yaml", UGLY), ("workflow.json", "{}")):
        (folder / name).write_text(text)
    with pytest.raises(UsageError, match="never changes"):
        fmt(folder)
    assert fmt(folder, check=True).changed
    assert (folder / "manifest.yaml").read_text() == UGLY


def test_what_is_not_there_or_not_yaml_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no workflow-resource"):
        fmt(tmp_path)
    file = tmp_path / "workflow-resource.yaml"
    file.write_bytes(b"a: \xff\n")
    with pytest.raises(FindingsError):
        fmt(file)
    assert file.read_bytes() == b"a: \xff\n"
