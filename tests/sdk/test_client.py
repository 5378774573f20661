"""The client against a clone, a built folder, an address and a live registry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from puppyai.workflows import (
    Dependency,
    IntegrityError,
    InvalidRequestError,
    WorkflowBuilder,
    WorkflowClient,
)
from registry_tool.api.documents import ROOT
from registry_tool.core.errors import NotFoundError, RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from tests.sdk.live_registry import LiveRegistry


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


def test_what_is_not_there_is_reported(address: str) -> None:
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


def test_a_root_that_cant_be_held_against_anything_is_refused(clone: Path, site: Path) -> None:
    for pin in ("1", ""):
        with pytest.raises(InvalidRequestError, match="not a pinned root"):
            WorkflowClient(str(site), root=pin)
    root = "1:sha256:" + "0" * 64
    with pytest.raises(InvalidRequestError, match="a clone has no signatures"):
        WorkflowClient(str(clone), root=root)
    with pytest.raises(IntegrityError, match="a root of this registry is pinned"):
        WorkflowClient(str(site), root=root).versions("hello")


def test_a_truncated_package_is_refused(site: Path) -> None:
    file = site / ROOT / "packages/hello/hello-1.0.0.wfpkg"
    file.write_bytes(file.read_bytes()[:-40])
    with pytest.raises(RegistryError, match="not a package"):
        WorkflowClient(str(site)).get_workflow("hello", "1.0.0")


def test_no_server_is_reported() -> None:
    with pytest.raises(RegistryError, match="download failed"):
        WorkflowClient("http://127.0.0.1:9").get_workflow("hello")


def test_a_built_workflow_is_proposed_on_a_branch(clone: Path) -> None:
    builder = WorkflowBuilder(name="built", version="0.1.0", metadata={"license": "MIT"})
    builder.add_block("input", type="text").add_block("copy", type="text")
    builder.add_edge("input", "copy")
    builder.add_input("input", required=True).add_output("copy")
    client = WorkflowClient(str(clone))
    assert client.publish(builder.build()).branch == "publish/built-0.1.0"
    assert client.publish(builder.build()).branch == "publish/built-0.1.0"  # and goes on from there
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


def test_a_list_is_fetched_page_by_page_as_far_as_somebody_looks(live: LiveRegistry) -> None:
    api = live.folder / ROOT
    first = json.loads((api / "workflows.json").read_text())
    entry = first["workflows"][0]
    for number, following in ((1, 2), (2, None)):
        named = [{**entry, "name": f"many-{number}-{n}"} for n in range(100)]
        path = f"workflows/page/{following}.json" if following else None
        fields = {"workflows": named, "pagination": {"next": path}}
        (api / f"workflows/page/{number}.json").write_text(json.dumps(fields))
    first["pagination"]["next"] = "workflows/page/1.json"
    (api / "workflows.json").write_text(json.dumps(first))
    listing = WorkflowClient(live.address).list_workflows()
    assert live.seen == []
    assert next(iter(listing)).name == entry["name"]
    assert live.paths() == ["/api/v1/workflows.json"]
    assert listing[50].name.startswith("many-1-")
    assert len(live.paths()) == 2
    assert len(listing) == len(first["workflows"]) + 200
    assert [one.name for one in listing][-1] == "many-2-99"
    assert len(live.paths()) == 3


def test_a_group_is_one_document(live: LiveRegistry) -> None:
    client = WorkflowClient(live.address)
    found = client.list_workflows(author="ada@example.com", tag="greeting")
    assert [one.name for one in found] == ["caller", "hello"]
    assert found[0].tags == ("greeting",)
    assert live.paths() == ["/api/v1/authors/ada%40example.com.json"]
    assert list(client.list_workflows(category="nothing")) == []


def test_versions_are_newest_first_with_what_they_require(address: str, clone: Path) -> None:
    for where in (address, str(clone)):
        newest, oldest = WorkflowClient(where).versions("hello")
        assert (newest.version, oldest.reference) == ("1.1.0", "hello:1.0.0")
        assert newest.digest.startswith("sha256:")
        assert not newest.yanked
    (only,) = WorkflowClient(address).versions("caller")
    assert only.dependencies == (Dependency("hello", "^1.0.0"),)
    with pytest.raises(NotFoundError, match="no workflow helo"):
        WorkflowClient(address).versions("helo")


def test_a_mistyped_name_costs_one_more_document(live: LiveRegistry) -> None:
    with pytest.raises(NotFoundError) as caught:
        WorkflowClient(live.address).get_workflow("hallo")
    assert caught.value.hint == "did you mean hello?"
    assert live.paths() == ["/api/v1/sparse/ha/hallo", "/api/v1/workflows.json"]


def test_a_workflow_costs_two_documents_and_its_dependencies_come_with_its_run(
    live: LiveRegistry,
) -> None:
    workflow = WorkflowClient(live.address).get_workflow("caller")
    assert workflow.inputs[0].required
    assert live.paths() == [
        "/api/v1/sparse/ca/caller",
        "/api/v1/packages/caller/caller-1.0.0.wfpkg",
    ]
    assert workflow.lock()["hello"].version == "1.1.0"
    assert workflow.execute({"who": "you"}).text("greeting") == "Hello, you!"
    assert len(live.paths()) == 4


@pytest.mark.parametrize(
    ("name", "version", "said"),
    [
        ("Hello", None, "lower-case"),
        ("hello", "1..0", "not a version range"),
        ("hello:1.0", None, "not a SemVer"),
        ("../etc", "1.0.0", "lower-case"),
    ],
)
def test_wrong_words_are_refused_before_anything_is_asked(
    live: LiveRegistry, name: str, version: str | None, said: str
) -> None:
    with pytest.raises(InvalidRequestError, match=said):
        WorkflowClient(live.address).get_workflow(name, version)
    assert live.seen == []


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("https://", "not the address"),
        ("https://me:secret@example.com", "holds a password"),
        ("https://example.com/?q=1", "not the address"),
    ],
)
def test_a_wrong_address_is_refused(url: str, said: str) -> None:
    with pytest.raises(InvalidRequestError, match=said) as caught:
        WorkflowClient(url)
    assert "secret" not in str(caught.value)


def test_a_folder_without_a_registry_is_reported(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="no registry here") as caught:
        WorkflowClient(str(tmp_path)).get_workflow("hello")
    assert caught.value.hint.endswith("OWNER/REPO as registry_url")


def test_the_token_shows_nowhere() -> None:
    client = WorkflowClient("https://example.com", auth_token="tell-nobody")
    assert "tell-nobody" not in repr(client) + repr(vars(client)) + repr(client._registry.transport)


def test_without_an_address_it_is_the_registry_that_commands_use(
    clone: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("PUPPY_REGISTRY", raising=False)
    with pytest.raises(InvalidRequestError, match="none is around"):
        WorkflowClient()
    monkeypatch.setenv("PUPPY_REGISTRY", str(clone))
    assert WorkflowClient().get_workflow("hello").version == "1.1.0"
    assert WorkflowClient().registry_url == str(clone)
