"""The SDKs against `registry-tool serve` itself."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest

from puppyai.workflows import (
    AsyncWorkflowClient,
    AuthenticationError,
    InvalidRequestError,
    NotFoundError,
    NotSupportedError,
    WorkflowClient,
)
from registry_tool.api.layout import ROOT
from registry_tool.api.openapi.document import BELOW_ROOT, openapi
from registry_tool.core.values import Object
from registry_tool.security.tokens.principal import RUN
from tests.conftest import RegistryFolder
from tests.forge.prism import prism
from tests.sdk.javascript_sdk import compiled, node
from tests.server.addresses import at_address
from tests.server.signing_in import Served, served

# No package, since Prism passes everything on as text, and no `hello.json`, which it takes for a workflow's name.
DOCUMENTS = (
    "index.json",
    "openapi.json",
    "workflows.json",
    "workflows?per_page=1&tag=demo",
    "workflows/hello?version=^1",
    "workflows/hello/versions",
    "sparse/he/hello",
)
CALLER = """\
    - { id: greet, source: who, target: greeting, type: workflow, config: { name: hello } }
"""


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A registry in which `caller` calls `hello`."""
    root = tmp_path_factory.mktemp("served") / "registry"
    found = served(RegistryFolder(root, git=True))
    manifest = found.registry.add("caller", "0.1.0", hello="^1.0.0") / "manifest.yaml"
    head, _, rest = manifest.read_text().partition("  edges:\n")
    _, _, tail = rest.partition("  runtime:\n")
    manifest.write_text(f"{head}  edges:\n{CALLER}  runtime:\n{tail}")
    found.registry.compile()
    found.registry.commit("Publish")
    return found


@pytest.fixture(scope="module")
def address(shown: Served) -> Iterator[str]:
    """Where it is."""
    with at_address(shown.context) as found:
        yield found


@pytest.fixture(scope="module")
def token(shown: Served) -> str:
    """Eve's."""
    return shown.key("eve", RUN).secret


def test_python_runs_a_reference_and_hears_all_of_it(address: str, token: str) -> None:
    client = WorkflowClient(address, token)
    with client.start("caller", {"who": "you"}) as run:
        result = list(run)
    assert result[-1].execution_id == run.id
    assert any(event.execution_id == f"{run.id}.hello" for event in result)
    assert client.run(run.id).result().greeting == "Hello, you!"
    assert client.execute("hello@^1", {"who": "Ada"}).greeting == "Hello, Ada!"
    there = client.get_workflow("hello").execute({"who": "Eve"}, via="registry")
    assert there.outputs == {"greeting": "Hello, Eve!"}
    assert {one.name for one in client.list_workflows()} == {"caller", "hello"}


def test_what_python_asks_and_hears_is_as_described(
    address: str, token: str, tmp_path: Path
) -> None:
    """Prism stands between: what its description doesn't have becomes an error."""
    with prism(at_root(openapi(address)), tmp_path, address) as between:
        client = WorkflowClient(between, token)
        assert {one.name for one in client.list_workflows()} == {"caller", "hello"}
        for document in DOCUMENTS:
            found = httpx.get(f"{between}/{ROOT}/{document}")
            assert found.status_code == 200, (document, found.text)
        assert client.execute("hello@^1", {"who": "Ada"}).greeting == "Hello, Ada!"
        with client.start("caller", {"who": "you"}) as run:
            told = list(run)
        assert told[-1].execution_id == run.id
        assert client.run(run.id).result().greeting == "Hello, you!"
        with pytest.raises(NotFoundError, match="helo"):
            client.execute("helo")
        with pytest.raises(InvalidRequestError, match="whom"):
            client.execute("hello", {"whom": "Ada"})


def at_root(document: Object) -> dict[str, Any]:
    """The description with whole addresses: Prism knows paths alone."""
    paths = cast(dict[str, Object], document["paths"])
    operations: dict[str, Any] = {
        path if path in BELOW_ROOT else f"/{ROOT}{path}": {
            method: {**cast(Object, told), "servers": []} for method, told in item.items()
        }
        for path, item in paths.items()
    }
    return {**document, "servers": [], "paths": operations}


def test_python_awaits_several(address: str, token: str) -> None:
    async def both() -> list[object]:
        client = AsyncWorkflowClient(address, token)
        found = await asyncio.gather(*(client.execute("hello", {"who": who}) for who in "ab"))
        return [one.outputs["greeting"] for one in found]

    assert asyncio.run(both()) == ["Hello, a!", "Hello, b!"]


def test_python_is_reported_what_is_wrong(address: str, token: str, shown: Served) -> None:
    client = WorkflowClient(address, token)
    with pytest.raises(NotFoundError, match="helo"):
        client.execute("helo")
    with pytest.raises(InvalidRequestError, match="whom"):
        client.execute("hello", {"whom": "Ada"})
    with pytest.raises(InvalidRequestError, match="not a reference"):
        client.start("hello ^1")
    with pytest.raises(AuthenticationError):
        WorkflowClient(address).execute("hello", {"who": "Ada"})
    with pytest.raises(NotSupportedError, match="folder"):
        WorkflowClient(str(shown.registry.root)).execute("hello", {"who": "Ada"})


def test_javascript_does_the_same(address: str, token: str) -> None:
    script = Path(__file__).parent / "javascript/served.mjs"
    done = node(str(script), (compiled() / "dist").as_uri(), address, token, cwd=compiled())
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["greeting"] == "Hello, Ada!"
    assert document["events"][-1] == ["execution_finished", True]
    assert ["execution_finished", False] in document["events"]
    assert [name for name, _ in document["failed"]] == [
        "NotFoundError",
        "NotFoundError",
        "InvalidRequestError",
    ]
    assert "hello" in document["failed"][0][1]
    assert sorted(document["names"]) == ["caller", "hello"]
