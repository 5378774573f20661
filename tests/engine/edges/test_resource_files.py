from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError, Services
from registry_tool.engine.edges.resource_files import paths_in, resource_file


@pytest.mark.parametrize(
    ("content", "paths"),
    [
        ("a.txt", ["a.txt"]),
        ({"path": "a.txt", "name": "b"}, ["a.txt"]),
        (["a.txt", [{"file_path": "b.txt"}], "", None, 5, {"other": "c"}], ["a.txt", "b.txt"]),
        (None, []),
    ],
)
def test_the_paths_that_a_value_names(content: Value, paths: list[str]) -> None:
    assert list(paths_in(content)) == paths


def test_a_file_below_resources_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "resources").mkdir()
    (tmp_path / "resources/a.txt").write_text("x")
    (tmp_path / "secret").write_text("x")
    services = Services(resources=tmp_path / "resources")
    assert resource_file(services, "resources/a.txt").read_text() == "x"
    for path in ("../secret", "/etc/passwd", "b.txt", "x" * 5000):
        with pytest.raises(EdgeError):
            resource_file(services, path)
    with pytest.raises(EdgeError, match="no resources"):
        resource_file(Services(), "a.txt")
