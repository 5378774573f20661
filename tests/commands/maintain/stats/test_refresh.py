from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.maintain.stats.refresh import refresh_stats
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.rate_limits import Pace
from tests.conftest import RegistryFolder
from tests.forge.fault_server import Reply, running
from tests.forge.github.test_discussions import discussion, page
from tests.forge.github.test_releases import release

MONDAY = datetime(2026, 11, 23, 4, tzinfo=UTC)
METADATA = "registry/metadata"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    for name in ("greet", "hello"):
        made.add(name, "1.0.0")
    made.commit("Publish both")
    return made


def refresh(
    registry: RegistryFolder, releases: Any, discussions: Any, day: int = 0, remote: str = ""
) -> tuple[str, ...]:
    with running() as server:
        server.replies = [Reply(200, releases), Reply(200, {"data": discussions})]
        github = GitHub("ada/registry", "secret-token", server.address, pace=Pace(sleep=_never))
        clock = FixedClock(MONDAY.replace(day=MONDAY.day + day))
        done = refresh_stats(registry.root, remote=remote, environ={}, forge=github, clock=clock)
    return done.written


def _never(_: float) -> None:
    raise AssertionError


def read(registry: RegistryFolder, path: str) -> Any:
    return json.loads(registry.git("show", f"main:{METADATA}/{path}"))


def test_what_the_forge_counts_is_committed(registry: RegistryFolder) -> None:
    releases = [
        release(("greet-1.0.0.wfpkg", 4), ("gone-1.0.0.wfpkg", 9), ("hello-1.0.0.wfpkg", 0))
    ]
    said = page(
        discussion("greet", THUMBS_UP=2, THUMBS_DOWN=1),
        discussion("greet", THUMBS_UP=90),
        discussion("hello", "general", THUMBS_UP=90),
        discussion("gone", THUMBS_UP=90),
    )
    assert refresh(registry, releases, said) == (
        f"{METADATA}/downloads.json",
        f"{METADATA}/downloads/greet.json",
        f"{METADATA}/ratings.json",
    )
    assert read(registry, "downloads.json") == {"greet": 4}
    assert read(registry, "ratings.json") == {"greet": 3.7}
    assert read(registry, "downloads/greet.json") == {"weeks": {"2026-11-23": 4}}


def test_nothing_is_committed_where_nothing_differs(registry: RegistryFolder) -> None:
    releases = [release(("greet-1.0.0.wfpkg", 4))]
    refresh(registry, releases, page())
    before = registry.git("rev-parse", "main")
    assert refresh(registry, releases, page(), day=7) == ()
    assert registry.git("rev-parse", "main") == before


def test_counts_grow_by_week_and_never_fall(registry: RegistryFolder) -> None:
    refresh(registry, [release(("greet-1.0.0.wfpkg", 4))], page())
    more = [release(("greet-1.0.0.wfpkg", 6), ("hello-1.0.0.wfpkg", 1))]
    refresh(registry, more, page(), day=2)
    refresh(registry, [release(("greet-1.0.0.wfpkg", 9))], page(), day=7)
    assert read(registry, "downloads/greet.json") == {"weeks": {"2026-11-23": 6, "2026-11-30": 9}}
    # looked for in the week before, and there was none
    assert read(registry, "downloads/hello.json") == {"weeks": {"2026-11-16": 0, "2026-11-23": 1}}
    assert read(registry, "downloads.json") == {"greet": 9, "hello": 1}


def test_a_branch_that_takes_no_push_says_what_to_do(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    remote = tmp_path / "remote.git"
    registry.git("clone", "--quiet", "--bare", ".", str(remote))
    registry.git("remote", "add", "origin", str(remote))
    hook = remote / "hooks/update"
    hook.write_text("#!/bin/sh\necho 'GH013: Repository rule violations found' >&2\nexit 1\n")
    hook.chmod(0o755)
    with pytest.raises(RegistryError, match="takes no push") as refused:
        refresh(registry, [release(("greet-1.0.0.wfpkg", 4))], page(), remote="origin")
    assert "docs/maintainers.md" in refused.value.hint


def test_without_a_token_nothing_is_asked(registry: RegistryFolder) -> None:
    with pytest.raises(UsageError):
        refresh_stats(registry.root, environ={})


def test_a_broken_history_is_named(registry: RegistryFolder) -> None:
    folder = registry.root / METADATA / "downloads"
    folder.mkdir(parents=True)
    (folder / "greet.json").write_text('{"weeks": {"2026-11-23": "x"}}')
    registry.commit("Break it")
    with pytest.raises(RegistryError, match=r"metadata/downloads/greet\.json"):
        refresh(registry, [release(("greet-1.0.0.wfpkg", 4))], page())
