"""`save` edges write into the workspace, and nowhere else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.engine.edges.base import EdgeError, Services
from tests.engine.edges.called import call


def test_save_writes_into_the_workspace_and_nowhere_else(tmp_path: Path) -> None:
    services = Services(workspace=tmp_path)
    assert call("save", {"path": "out/{{a}}.json", "content": [1]}, services, a="x") == {
        "path": "out/x.json",
        "size": len("[\n  1\n]\n"),
    }
    assert json.loads((tmp_path / "out/x.json").read_text()) == [1]
    assert call("save", {"file_name": "note", "file_type": "txt"}, services, a="é") == {
        "path": "note.txt",
        "size": 2,
    }
    with pytest.raises(EdgeError, match="no workspace"):
        call("save", {"path": "a"}, a="x")
    with pytest.raises(Exception, match="outside"):
        call("save", {"path": "../a"}, services, a="x")
