"""Publishing: a branch, a pull request on the stand-in of the forge, a post; what is refused leaves nothing."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from puppyai.workflows import (
    AuthenticationError,
    BuiltWorkflow,
    FindingsError,
    NotFoundError,
    NotSupportedError,
    WorkflowBuilder,
    WorkflowClient,
)
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in
from tests.sdk.live_registry import CUT, LiveRegistry

TOKEN = "gho_0123456789abcdefghij"


def built(license: str = "MIT") -> BuiltWorkflow:
    about = {"license": license, "description": "Copies", "author": "ada@example.com"}
    builder = WorkflowBuilder("built", "1.0.0", about)
    builder.add_block("input").add_block("copy").add_edge("input", "copy")
    builder.add_input("input", required=True).add_output("copy")
    return builder.add_test("copies", {"input": "x"}, {"copy": "x"}).build()


def test_to_a_live_registry_it_is_a_post_that_is_safely_repeated(live: LiveRegistry) -> None:
    client = WorkflowClient(live.address, sleep=lambda _: None)
    live.faults.append(CUT)
    done = client.publish(built())
    assert (done.address, str(done)) == ("https://example.org/pull/7",) * 2
    assert (done.published, done.notes) == (False, ("the name is new",))
    client.publish(built())
    keys = [one.headers["idempotency-key"] for one in live.seen if one.method == "POST"]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    with pytest.raises(FindingsError, match=r"manifest.yaml:6:12: error\[license-spdx\]") as caught:
        client.publish(built("Nonsense"))
    assert caught.value.status == 422


def test_a_live_registry_wants_to_know_who_asks(live: LiveRegistry) -> None:
    live.token = "tell-nobody"
    with pytest.raises(AuthenticationError, match="no valid token"):
        WorkflowClient(live.address).publish(built())
    assert WorkflowClient(live.address, "tell-nobody").publish(built()).address


def test_what_takes_nothing_says_what_does(live: LiveRegistry, site: Path, tmp_path: Path) -> None:
    live.is_live = False
    with pytest.raises(NotSupportedError, match="static"):
        WorkflowClient(live.address).publish(built())
    with pytest.raises(NotSupportedError, match="pull request"):
        WorkflowClient(str(site)).publish(built())
    with pytest.raises(NotFoundError, match="no registry here"):
        WorkflowClient(str(tmp_path / "nothing")).publish(built())
    assert live.paths("POST") == []


@pytest.fixture
def forge(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    (tmp_path / "forge").mkdir()
    with stand_in(tmp_path / "forge") as running:
        running.people[TOKEN] = Person("ada", 1)
        for name, value in running.environment().items():
            monkeypatch.setenv(name, value)
        monkeypatch.setenv("HOME", str(tmp_path))
        yield running
    assert running.wrong == []


def test_to_a_repository_it_is_a_pull_request_without_a_clone(
    forge: StandIn, clone: Path, tmp_path: Path
) -> None:
    bare = tmp_path / "bare.git"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(clone), str(bare)], check=True)
    forge.repositories["acme/registry"] = Repository("acme/registry", bare, {"ada"})
    client = WorkflowClient("acme/registry", auth_token=TOKEN)
    done = client.publish(built())
    assert done.address.endswith("/acme/registry/pull/1")
    assert done.branch == "publish/built-1.0.0"
    assert client.publish(built()).address == done.address
    assert len(forge.pulls("acme/registry")) == 1
    with pytest.raises(FindingsError, match="SPDX"):
        client.publish(built("Nonsense"))
    with pytest.raises(AuthenticationError) as caught:
        WorkflowClient("acme/registry", auth_token="gho_nobody").publish(built())
    assert caught.value.status == 401
    assert TOKEN not in str(caught.value) + repr(client)
