"""The design document's Python example, against a clone, a built folder and an HTTP address."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from puppyai.workflows import WorkflowBuilder, WorkflowClient
from registry_tool.api.documents import ROOT
from registry_tool.commands.maintain.build import build
from registry_tool.commands.maintain.serve import server
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import FindingsError


@pytest.fixture
def clone(make_registry: Callable[..., object]) -> Path:
    registry = make_registry(git=True)
    registry.add("hello", "1.0.0")  # type: ignore[attr-defined]
    registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    registry.add("caller", "1.0.0", hello="^1.0.0")  # type: ignore[attr-defined]
    registry.commit("Publish")  # type: ignore[attr-defined]
    return registry.root  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def site(clone: Path, tmp_path: Path) -> Path:
    build(clone, tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def address(site: Path) -> Iterator[str]:
    with server(site, "127.0.0.1", 0) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


@pytest.mark.parametrize("where", ["clone", "site", "address"])
def test_get_and_execute(where: str, request: pytest.FixtureRequest) -> None:
    client = WorkflowClient(registry_url=str(request.getfixturevalue(where)), auth_token="unused")
    workflow = client.get_workflow("hello", version="1.0.0")
    result = workflow.execute(inputs={"who": "World"}, environment="production")
    assert (workflow.name, workflow.version) == ("hello", "1.0.0")
    assert (result.greeting, result.status) == ("Hello, World!", "success")
    assert client.get_workflow("hello").version == "1.1.0"
    assert client.get_workflow("hello", "~1.0").version == "1.0.0"
    assert [found["name"] for found in client.search("greets")] == ["caller", "hello"]
    assert len(client.list_workflows(tag="greeting")) == 2
    assert workflow.inputs[0]["name"] == "who"
    assert workflow.digest.startswith("sha256:")


def test_what_is_not_there_is_told(address: str) -> None:
    client = WorkflowClient(address)
    with pytest.raises(NotFoundError, match="no workflow helo") as caught:
        client.get_workflow("helo")
    assert "hello" in caught.value.hint
    with pytest.raises(NotFoundError, match=r"no version of hello is 9\.0\.0"):
        client.get_workflow("hello", "9.0.0")
    with pytest.raises(AttributeError, match="there are greeting"):
        _ = client.get_workflow("hello").execute({"who": "x"}).nothing
    with pytest.raises(UsageError, match="'who' is required"):
        client.get_workflow("hello").execute({})


@pytest.mark.parametrize("path", ["packages/hello/hello-1.0.0.wfpkg", "sparse/he/hello"])
def test_a_flipped_byte_is_refused(site: Path, address: str, path: str) -> None:
    file = site / ROOT / path
    data = bytearray(file.read_bytes())
    data[len(data) // 3] ^= 1
    file.write_bytes(bytes(data))
    with pytest.raises(RegistryError):
        WorkflowClient(address).get_workflow("hello", "1.0.0")


def test_a_truncated_package_is_refused(site: Path) -> None:
    file = site / ROOT / "packages/hello/hello-1.0.0.wfpkg"
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(RegistryError, match="not a package"):
        WorkflowClient(str(site)).get_workflow("hello", "1.0.0")


def test_no_server_is_told() -> None:
    with pytest.raises(RegistryError, match="download failed"):
        WorkflowClient("http://127.0.0.1:9").get_workflow("hello")


def test_a_built_workflow_is_proposed_on_a_branch(clone: Path) -> None:
    builder = WorkflowBuilder(name="built", version="0.1.0", metadata={"license": "MIT"})
    builder.add_block("input", type="text").add_block("copy", type="text")
    builder.add_edge("input", "copy")
    builder.add_input("input", required=True).add_output("copy")
    client = WorkflowClient(str(clone))
    assert client.publish(builder.build()) == "publish/built-0.1.0"
    assert client.publish(builder.build()) == "publish/built-0.1.0"  # and goes on from there
    assert not (clone / "registry/workflows/built").exists()


def test_a_workflow_with_findings_is_not_proposed(clone: Path) -> None:
    builder = WorkflowBuilder(name="built", version="0.1.0", metadata={"license": "Nonsense"})
    builder.add_block("input", type="text").add_block("copy", type="text")
    builder.add_edge("input", "copy")
    with pytest.raises(FindingsError, match="SPDX"):
        WorkflowClient(str(clone)).publish(builder.build())


def test_a_site_is_nothing_to_publish_to(site: Path) -> None:
    builder = WorkflowBuilder().add_block("only")
    with pytest.raises(UsageError, match="pull request"):
        WorkflowClient(str(site)).publish(builder.build())
