"""An output that was brought along by what differs equals one that was built from nothing, byte for byte."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry_tool.commands.maintain.build import output_files
from registry_tool.commands.maintain.build_mark import read_mark
from registry_tool.commands.maintain.output import lists, state
from registry_tool.commands.maintain.output.increment import Patch, patch_between
from registry_tool.commands.maintain.output.source import Source
from registry_tool.core.output_folder import MARK
from registry_tool.store.git.commit_tree import GitTree
from tests.commands.maintain.histories import History, history


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("histories") / "bare.git"
    subprocess.run(["git", "init", "--quiet", "--bare", folder], check=True)
    return folder


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Pages and lists so small that a few workflows fill them."""
    for module in (state, lists):
        monkeypatch.setattr(module, "PAGE", 2)
    monkeypatch.setattr(lists, "LATEST", dict.fromkeys(lists.LATEST, 3))
    yield


def source(made: History, base_url: str = "https://example.com/r") -> Source:
    return Source(GitTree(made.repository, made.commit), made.commit, made.commit, base_url)


def patch(made: History, old: dict[str, bytes]) -> Patch | None:
    wanted = source(made)
    mark = read_mark(old[MARK])
    assert mark is not None
    return patch_between(wanted, old.get, mark, wanted.mark)


def applied(found: Patch, old: dict[str, bytes]) -> dict[str, bytes]:
    assert not found.created & old.keys()
    assert found.removes <= old.keys()
    kept = {path: data for path, data in old.items() if path not in found.removes}
    return {**kept, **found.writes}


@settings(max_examples=6, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**9), steps=st.integers(2, 9))
def test_an_increment_equals_a_build_from_nothing(repository: Path, seed: int, steps: int) -> None:
    made = history(repository, seed)
    output = dict(output_files(source(made)))
    done = Counter[str]()
    for _ in range(steps):
        name = made.step()
        found = patch(made, output)
        wanted = dict(output_files(source(made)))
        if found is not None:
            done[name] += 1
            new = applied(found, output)
            assert new.keys() == wanted.keys(), name
            assert {path for path in new if new[path] != wanted[path]} == set(), name
        output = wanted
