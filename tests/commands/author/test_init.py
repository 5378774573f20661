"""A project that validates at once, over nobody's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.commands.author.init import init
from registry_tool.core.errors import UsageError
from registry_tool.manifest.load import load_file


@pytest.mark.parametrize("template", ["text", "code"])
def test_a_project_holds_a_manifest_of_its_name(tmp_path: Path, template: str) -> None:
    made = init("mine", template, tmp_path / "mine")
    workflow = load_file(made.folder / "workflow-resource.yaml").workflow
    assert workflow.name == "mine"
    assert workflow.tests
    assert all(Path(path).is_file() for path in made.files)


def test_another_template_or_name_is_refused_and_nothing_written(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        init("mine", "txt", tmp_path / "mine")
    with pytest.raises(UsageError):
        init("Not A Name", "text", tmp_path / "mine")
    assert list(tmp_path.iterdir()) == []
