"""Files without a clone, where GitHub misbehaves."""

from __future__ import annotations

import base64

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from tests.forge.fault_server import FaultServer, Reply

SHA = {"sha": "a" * 40}
MADE = [Reply(201, {"sha": "b" * 40}), Reply(201, {"sha": "c" * 40}), Reply(201, SHA)]


def test_a_file(server: FaultServer, github: GitHub) -> None:
    content = base64.encodebytes(b"\x00" * 100).decode()
    server.replies = [Reply(200, {"encoding": "base64", "content": content})]
    assert github.contents.read("deployments", "environments/a/b.json") == b"\x00" * 100
    path = "/repos/ada/registry/contents/environments%2Fa%2Fb.json?ref=deployments"
    assert server.asked[0].path == path


def test_no_file(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(404)]
    assert github.contents.read("deployments", "x") is None


@pytest.mark.parametrize(
    "expected",
    [
        {},
        {"encoding": "none", "content": ""},
        {"encoding": "base64"},
        {"encoding": "base64", "content": "?"},
    ],
)
def test_what_is_no_file(server: FaultServer, github: GitHub, expected: object) -> None:
    server.replies = [Reply(200, expected)]
    with pytest.raises(RegistryError, match="content"):
        github.contents.read("deployments", "x")


def test_a_branch_is_made_from_its_leaves(server: FaultServer, github: GitHub) -> None:
    server.replies = [*MADE, Reply(201, {})]
    github.contents.add_branch("requests/abc", {"x.json": b"\xff{}"}, "A request")
    blob, tree, commit, ref = server.asked
    assert blob.body == {"content": "/3t9", "encoding": "base64"}
    assert tree.body == {
        "tree": [{"path": "x.json", "mode": "100644", "type": "blob", "sha": "b" * 40}]
    }
    assert commit.body == {"message": "A request", "tree": "c" * 40, "parents": []}
    assert ref.body == {"ref": "refs/heads/requests/abc", "sha": "a" * 40}


def test_an_answer_that_was_lost(server: FaultServer, github: GitHub) -> None:
    """The branch was made the first time; that it exists at the second is not a failure."""
    server.replies = [
        *MADE,
        Reply(502),
        Reply(422, {"message": "Reference already exists"}),
        Reply(200, {"object": SHA}),
    ]
    github.contents.add_branch("requests/abc", {"x.json": b"{}"}, "A request")


def test_somebody_elses_branch(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        *MADE,
        Reply(422, {"message": "Reference already exists"}),
        Reply(200, {"object": {"sha": "d" * 40}}),
    ]
    with pytest.raises(RegistryError, match="already exists"):
        github.contents.add_branch("requests/abc", {"x.json": b"{}"}, "A request")


def test_an_object_without_a_name(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(201, {})]
    with pytest.raises(RegistryError, match="names no object"):
        github.contents.add_branch("requests/abc", {"x.json": b"{}"}, "A request")
