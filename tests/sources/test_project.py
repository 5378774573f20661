"""Which files belong to what a path leads to."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.sources import project as module
from registry_tool.sources.project import project_files


def test_a_project_s_files_are_those_that_it_is_made_of(tmp_path: Path) -> None:
    for name in ("a.yaml", "docs/README.md", ".git/config", "dist/x", "sub/__pycache__/y", ".env"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name)
    (tmp_path / "link").symlink_to("a.yaml")
    assert project_files(tmp_path) == {"a.yaml": b"a.yaml", "docs/README.md": b"docs/README.md"}


@pytest.mark.parametrize(
    ("bound", "expected"), [("MAX_BYTES", "bytes"), ("_MOST_FILES", "more than 1")]
)
def test_a_folder_that_is_no_project_is_not_read_to_its_end(
    bound: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).write_text("xx")
    monkeypatch.setattr(module, bound, 1)
    with pytest.raises(UsageError, match=expected):
        project_files(tmp_path)
