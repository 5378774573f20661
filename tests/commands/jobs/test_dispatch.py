"""Which transport, repository and token; and what is sent. `tests/cli/test_dispatch.py` runs the commands."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
import yaml

from registry_tool.commands.jobs.dispatch import Via, forge_of, send_deploy, send_execute
from registry_tool.commands.requests.request import Action, DeployRequest, ExecuteRequest
from registry_tool.core.errors import UsageError
from registry_tool.forge.base import Forge
from registry_tool.forge.model import ActionRun, Dispatch
from tests.conftest import RegistryFolder
from tests.expressions import filled

TOKEN = {"GITHUB_TOKEN": "t"}
GITHUB = "https://github.com/ada/registry.git"
ENTERPRISE = "git@ghe.example:ada/registry.git"
API = "https://ghe.example/api/v3"


@dataclass
class Post:
    """Keeps what is sent; in order, since a branch must be there before its job."""

    sent: list[Any] = field(default_factory=list)

    def dispatch(self, request: Dispatch) -> ActionRun:
        self.sent.append(request)
        return ActionRun(7, "https://github.com/r/7")

    def add_branch(self, branch: str, files: Mapping[str, bytes], message: str) -> None:
        self.sent.append((branch, files))


def forge(post: Post) -> Forge:
    return cast(Forge, SimpleNamespace(dispatches=post, contents=post))


@pytest.fixture
def clone(make_registry: Callable[..., RegistryFolder]) -> Callable[[str], Path]:
    def make(address: str) -> Path:
        registry = make_registry(git=True)
        if address:
            registry.git("remote", "add", "origin", address)
        return registry.root

    return make


@pytest.mark.parametrize(
    ("address", "environ", "api"),
    [
        (GITHUB, TOKEN, "https://api.github.com"),
        (GITHUB, {"GH_TOKEN": "t"}, "https://api.github.com"),
        (GITHUB, {**TOKEN, "GITHUB_API_URL": "http://127.0.0.1:1"}, "http://127.0.0.1:1"),
        (ENTERPRISE, {**TOKEN, "GITHUB_API_URL": API}, API),
        (ENTERPRISE, {**TOKEN, "GITHUB_API_URL": "https://api.x.example",
                      "GITHUB_SERVER_URL": "https://ghe.example"}, "https://api.x.example"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("via", [Via.AUTO, Via.GITHUB])
def test_a_remote_on_github(
    clone: Callable[[str], Path], address: str, environ: dict[str, str], api: str, via: Via
) -> None:
    chosen = forge_of(via, clone(address), "", environ)
    assert chosen is not None
    assert (chosen.repository, chosen.http.api) == ("ada/registry", api)


@pytest.mark.parametrize(
    ("address", "environ"),
    [
        ("", TOKEN),
        ("/srv/registry.git", TOKEN),
        (ENTERPRISE, TOKEN),
        (ENTERPRISE, {**TOKEN, "GITHUB_API_URL": "https://other.example/api/v3"}),
        ("", {**TOKEN, "GITHUB_REPOSITORY": "ada/registry"}),
    ],
)
def test_auto_stays_here(
    clone: Callable[[str], Path], address: str, environ: dict[str, str]
) -> None:
    """Also where a remote's host was named by nobody: the token is not sent there."""
    assert forge_of(Via.AUTO, clone(address), "", environ) is None


def test_no_clone_at_all(tmp_path: Path) -> None:
    assert forge_of(Via.AUTO, tmp_path, "", TOKEN) is None
    chosen = forge_of(Via.GITHUB, tmp_path, "", {**TOKEN, "GITHUB_REPOSITORY": "ada/registry"})
    assert chosen is not None
    assert chosen.repository == "ada/registry"


def test_local_is_local(clone: Callable[[str], Path]) -> None:
    assert forge_of(Via.LOCAL, clone(GITHUB), "", TOKEN) is None


@pytest.mark.parametrize(
    ("address", "environ", "said"),
    [
        (GITHUB, {}, "no token"),
        ("", TOKEN, "repository on GitHub is not known"),
        ("/srv/x.git", TOKEN, "repository on GitHub is not known"),
        (ENTERPRISE, TOKEN, "ghe.example is not github.com"),
        ("", {**TOKEN, "GITHUB_REPOSITORY": "../x"}, "is not a repository"),
        (GITHUB, {**TOKEN, "GITHUB_API_URL": "http://ghe.example"}, "not an address"),
    ],
)
def test_what_github_needs(
    clone: Callable[[str], Path], address: str, environ: dict[str, str], said: str
) -> None:
    with pytest.raises(UsageError, match=said) as caught:
        forge_of(Via.GITHUB, clone(address), "", environ)
    assert caught.value.hint


def test_another_remote(clone: Callable[[str], Path]) -> None:
    root = clone("/srv/x.git")
    RegistryFolder.git(SimpleNamespace(root=root), "remote", "add", "upstream", GITHUB)  # type: ignore[arg-type]
    assert forge_of(Via.AUTO, root, "", TOKEN) is None
    assert forge_of(Via.AUTO, root, "upstream", TOKEN) is not None


def test_a_deployment_is_sent() -> None:
    post = Post()
    sent = send_deploy(
        forge(post), DeployRequest("greet", Action.ROLLBACK, to="1.0.0"), "staging", "abc"
    )
    assert post.sent == [
        Dispatch(
            "deploy.yml",
            "rollback greet to staging (abc)",
            {
                "request": '{"action":"rollback","to":"1.0.0","workflow":"greet"}',
                "environment": "staging",
                "correlation_id": "abc",
            },
        )
    ]
    assert sent.to_value() == {
        "run": 7,
        "url": "https://github.com/r/7",
        "environment": "staging",
        "correlation_id": "abc",
    }


@pytest.mark.parametrize("kind", ["deploy", "execute"])
def test_the_action_files_expect_what_is_sent(kind: str) -> None:
    """Their `run-name` is what a run is found by, and their inputs are those that are sent."""
    post = Post()
    if kind == "deploy":
        send_deploy(forge(post), DeployRequest("greet"), "staging", "abc")
    else:
        send_execute(forge(post), ExecuteRequest("greet"), "staging", "abc")
    (request,) = post.sent
    text = (Path(__file__).parents[3] / ".github/workflows" / request.workflow_file).read_text()
    file = yaml.load(text, yaml.BaseLoader)  # noqa: S506 - texts only; "on" stays a word
    name = filled(file["run-name"], inputs=request.inputs)
    assert name == request.run_name
    inputs = file["on"]["workflow_dispatch"]["inputs"]
    assert inputs.keys() == request.inputs.keys()


def test_a_large_request_goes_before_its_job() -> None:
    post = Post()
    request = ExecuteRequest("greet", {"who": "é" * 60_000})
    send_execute(forge(post), request, "staging", "abc")
    (branch, files), sent = post.sent
    ((name, data),) = files.items()
    digest = hashlib.sha256(data).hexdigest()
    assert (branch, name) == ("requests/abc", f"{digest}.json")
    assert json.loads(sent.inputs["request"]) == {"blob": f"sha256:{digest}"}
    assert json.loads(data)["inputs"] == request.inputs


@pytest.mark.parametrize("length", [59_900, 59_990, 60_100])
def test_all_inputs_together_fit(length: int) -> None:
    """GitHub counts characters of all inputs; 65,535 are allowed."""
    post = Post()
    send_execute(forge(post), ExecuteRequest("greet", {"who": "x" * length}), "e" * 64, "c" * 64)
    assert sum(map(len, post.sent[-1].inputs.values())) <= 65_535


def test_ids_differ() -> None:
    post = Post()
    for _ in range(20):
        send_execute(forge(post), ExecuteRequest("greet"), "staging")
    assert len({request.run_name for request in post.sent}) == 20


@pytest.mark.parametrize(
    ("request_", "environment", "correlation_id"),
    [
        (DeployRequest("./project"), "staging", ""),
        (DeployRequest("greet", Action.ABORT, to="1.0.0"), "staging", ""),
        (DeployRequest("greet"), 'x"; id; #', ""),
        (DeployRequest("greet"), "${{ github.token }}", ""),
        (DeployRequest("greet"), "staging", "../x"),
        (DeployRequest("greet"), "staging\n", ""),
    ],
)
def test_what_a_job_would_refuse_is_not_sent(
    request_: DeployRequest, environment: str, correlation_id: str
) -> None:
    post = Post()
    with pytest.raises(UsageError):
        send_deploy(forge(post), request_, environment, correlation_id)
    assert post.sent == []
