"""Paths of a registry are taken apart as they are put together."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry_tool.store import paths

NAMES = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
INSIDE = st.lists(st.text("abc.-", min_size=1, max_size=4), min_size=1, max_size=3).map("/".join)


@given(NAMES, st.sampled_from(["1.0.0", "2.0.0-rc.1"]), INSIDE)
def test_a_path_inside_a_version_is_distinguished(name: str, version: str, inside: str) -> None:
    path = f"{paths.version_dir(name, version)}/{inside}"
    assert paths.version_of(path) == (name, version, inside)
    assert paths.workflow_of(path) == name


@pytest.mark.parametrize(
    ("path", "workflow"),
    [
        (paths.owners_file("hello"), "hello"),
        (paths.workflow_dir("hello"), ""),
        (paths.dependents_file("hello"), ""),
        (paths.REGISTRY_FILE, ""),
        ("registry/Workflows/hello/1.0.0/a", ""),
        ("x/registry/workflows/hello/1.0.0/a", ""),
        ("", ""),
    ],
)
def test_other_paths_lie_in_no_version(path: str, workflow: str) -> None:
    assert paths.version_of(path) is None
    assert paths.workflow_of(path) == workflow
