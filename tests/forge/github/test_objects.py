"""Objects and branches: what is sent, and what a refusal means."""

from __future__ import annotations

import base64

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from tests.forge.fault_server import FaultServer, Reply

SHA, OTHER = "a" * 40, "b" * 40


def test_what_is_sent(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(201, {"sha": SHA})]
    objects = github.objects
    assert objects.blob(b"\xff\x00") == SHA
    assert objects.tree({"b": None, "a": OTHER}, SHA) == SHA
    assert objects.commit(SHA, (OTHER,), "Publish\n") == SHA
    blob, tree, commit = [asked.body for asked in server.asked]
    assert base64.b64decode(blob["content"]) == b"\xff\x00"
    assert [(e["path"], e["sha"]) for e in tree["tree"]] == [("a", OTHER), ("b", None)]
    assert (tree["base_tree"], commit["parents"]) == (SHA, [OTHER])


def test_a_branch_that_was_made_by_a_lost_attempt_is_made(
    github: GitHub, server: FaultServer
) -> None:
    exists = Reply(422, {"message": "Reference already exists"})
    server.replies = [exists, Reply(200, {"object": {"sha": SHA}})]
    github.objects.create_branch("publish/x", SHA)
    server.replies = [exists, Reply(200, {"object": {"sha": OTHER}})]
    with pytest.raises(GitHubRefusedError, match="already exists"):
        github.objects.create_branch("publish/x", SHA)


def test_a_branch_never_goes_back(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(422, {"message": "Update is not a fast forward"})]
    with pytest.raises(GitHubRefusedError, match="not a fast forward"):
        github.objects.move_branch("publish/x", SHA)
    assert (server.asked[0].method, server.asked[0].body["force"]) == ("PATCH", False)


def test_what_is_not_there(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(404, {"message": "Not Found"})]
    assert github.objects.tip("publish/x") == ""
    assert github.objects.tree_of(SHA) == ""


@pytest.mark.parametrize("answer", [{}, {"sha": ""}, {"sha": 5}])
def test_an_answer_without_an_object(github: GitHub, server: FaultServer, answer: object) -> None:
    server.replies = [Reply(201, answer)]
    with pytest.raises(RegistryError, match="answer"):
        github.objects.blob(b"")


def test_content_that_is_no_base64(github: GitHub, server: FaultServer) -> None:
    server.replies = [Reply(200, {"encoding": "base64", "content": "%%%"})]
    with pytest.raises(RegistryError, match="not base64"):
        github.objects.read_blob(SHA)
