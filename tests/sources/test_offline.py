"""Offline as a user has it: what was fetched once, what is locked, and what is lacking."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.sources.base import NotFetchedError
from tests.cli.invoked import invoke
from tests.conftest import RegistryFolder
from tests.etag_server import EtagServer, etag_server
from tests.sources.test_reader import built


@pytest.fixture
def server(
    make_registry: Callable[..., RegistryFolder], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[EtagServer]:
    """A registry on a server, a project that knows of it, and a cache of its own."""
    made = make_registry()
    made.lay("base", "1.0.0")
    made.lay("user", "1.0.0", base="^1")
    made.compile()
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    monkeypatch.setenv("PUPPY_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("PUPPY_CACHE_SIZE", "1MiB")
    with etag_server(built(made, tmp_path / "site")) as found:
        (project / "puppy.toml").write_text(f'registry = "{found.address}"\n')
        yield found


def run(*words: str) -> tuple[int, str, str]:
    """Exit code, what was said on standard output, and on standard error."""
    done = invoke(*words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def test_what_was_read_once_is_read_again_offline(server: EtagServer) -> None:
    said = run("info", "user")[1]
    assert run("info", "user")[1] == said
    assert {status for _, status in server.asked[-2:]} == {304}
    assert [p for p, _ in server.asked if p.endswith(".wfpkg")] == [
        "/api/v1/packages/user/user-1.0.0.wfpkg",
        "/api/v1/packages/base/base-1.0.0.wfpkg",
    ]
    asked = len(server.asked)
    code, out, err = run("info", "user", "--offline")
    assert (code, out) == (0, said)
    assert f"warning: offline: {server.address} as of 20" in err
    assert len(server.asked) == asked


def test_what_was_never_fetched_is_reported(server: EtagServer) -> None:
    with pytest.raises(NotFetchedError) as caught:
        run("list", "--offline")
    assert caught.value.location == f"{server.address}/api/v1/workflows.json"
    assert "without --offline" in caught.value.hint
    assert server.asked == []


def test_what_is_installed_is_read_where_the_cache_has_nothing(
    server: EtagServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("install", "user")
    shutil.rmtree(tmp_path / "cache")
    monkeypatch.setenv("PUPPY_OFFLINE", "1")
    asked = len(server.asked)
    code, out, err = run("run", "user", "--input", "who=Ada")
    assert (code, "Hello, Ada!" in out) == (0, True)
    assert "warning: offline: user as it is locked in ." in err
    with pytest.raises(NotFetchedError):
        run("run", "other", "--input", "who=Ada")
    assert len(server.asked) == asked


def test_a_server_that_is_gone_is_an_error_and_not_a_reason_to_go_on(server: EtagServer) -> None:
    run("info", "user")
    server.answer = lambda path, given: (503, "", b"")  # type: ignore[method-assign]
    with pytest.raises(RegistryError, match="answered 503"):
        run("info", "user")
    assert run("info", "user", "--offline")[0] == 0


def test_a_damaged_cache_is_fetched_again(server: EtagServer, tmp_path: Path) -> None:
    said = run("info", "user")[1]
    for file in (tmp_path / "cache/http").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-9] + b"\0" * 9)
    assert run("info", "user")[1] == said
    assert run("info", "user", "--offline")[1] == said
