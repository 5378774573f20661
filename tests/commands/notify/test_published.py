"""A publish tells its versions through the real command, and is never held up by it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from registry_tool.cli.registry import cli
from registry_tool.commands.maintain.output.existing import BuildResult
from registry_tool.commands.maintain.publish import PublishResult
from registry_tool.commands.notify.published import newly_published, send_published
from registry_tool.store.git.repository import Repository
from tests.commands.notify.receiver import ReceiverServer, quick, receiver
from tests.conftest import RegistryFolder

SETTINGS = "registry/registry.yaml"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """A registry with one version and a receiver."""
    made = make_registry(git=True)
    with (made.root / SETTINGS).open("a") as file:
        file.write("\nnotifications: [{ form: generic }]\n")
    made.add("hello", "1.0.0")
    made.commit("Publish hello")
    return made


def run(
    registry: RegistryFolder, out: Path, hook: ReceiverServer, monkeypatch: pytest.MonkeyPatch
) -> Result:
    for name, value in hook.environ.items():
        monkeypatch.setenv(name, value)
    words = ["publish-site", "--registry", str(registry.root), "--out", str(out)]
    return CliRunner().invoke(cli, [*words, "--base-url", "https://x.example"])


def test_a_version_that_was_not_shown_before_is_reported_and_nobody_holds_it_up(
    registry: RegistryFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    with receiver() as hook:
        assert run(registry, out, hook, monkeypatch).exit_code == 0
        assert hook.posts == []  # the first output: nothing is new in it
        registry.git("reset", "--quiet", "--hard", "main")
        registry.add("hello", "1.1.0")
        registry.commit("Publish hello 1.1.0")
        hook.answers = [(404, {}, b"")]
        done = run(registry, out, hook, monkeypatch)
        (post,) = hook.posts
    value = json.loads(post.body)
    assert value["type"] == "version.published"
    about = value["data"]
    assert (about["name"], about["version"], about["bump"]) == ("hello", "1.1.0", "minor")
    assert about["url"] == "https://x.example/workflows/hello/1.1.0/"
    assert done.exit_code == 0
    assert (
        "warning: the receiver generic (generic) was not notified of version.published"
        in done.stderr
    )
    assert hook.address not in done.output + done.stderr
    assert (out / "workflows/hello/1.1.0/index.html").is_file()


def test_many_versions_share_a_message(registry: RegistryFolder) -> None:
    before = Repository(registry.root).object_name("main")
    for number in range(1, 8):
        registry.add("hello", f"1.{number}.0")
    result = PublishResult(registry.commit("Publish many"), (), BuildResult(0, 0, 0), since=before)
    with receiver() as hook:
        (one,) = send_published(registry.root, result, "", hook.environ, quick())
        assert (one.type, one.reason) == ("versions.published", "")
        versions = json.loads(hook.posts[0].body)["data"]["versions"]
    assert [version["version"] for version in versions] == [f"1.{n}.0" for n in range(1, 8)]
    assert [version["url"] for version in versions] == [""] * 7


def test_what_is_new_between_commits(registry: RegistryFolder) -> None:
    repository = Repository(registry.root)
    before = repository.object_name("main")
    registry.add("other", "2.0.0")
    after = registry.commit("Publish other")
    assert newly_published(repository, before, after) == [("other", "2.0.0")]
    assert newly_published(repository, after, before) == []
    assert newly_published(repository, "0" * 40, after) == []
