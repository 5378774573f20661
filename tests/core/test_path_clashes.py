"""No two paths that some system takes for one, no file where a folder has to be."""

from __future__ import annotations

import pytest

from registry_tool.core.path_clashes import path_clash


@pytest.mark.parametrize(
    "paths",
    [
        ("a", "A"),
        ("\u00e4", "a\u0308"),
        ("docs/x", "Docs/y"),
        ("a", "a/b"),
        ("a/b", "a"),
        ("\ufb01", "fi"),
    ],
)
def test_a_clash_is_reported_with_its_path(paths: tuple[str, str]) -> None:
    assert any(path.split("/")[0] in path_clash(paths) for path in paths)


def test_what_every_system_keeps_apart_passes() -> None:
    assert path_clash(("a", "b", "docs/a", "docs/b", "docs/a.b")) == ""
