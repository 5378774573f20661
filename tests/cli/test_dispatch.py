"""`--via github` through the real commands, with real jobs; only GitHub itself is a stand-in (fake_github.py)."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests import started
from tests.conftest import RegistryFolder
from tests.forge.fake_github import KEY, TOKEN, FakeGitHub, fake_github

BIN = Path(sys.executable).parent

pytestmark = pytest.mark.e2e


class Desk:
    """An operator's clone whose remote is on GitHub, and the GitHub."""

    def __init__(self, registry: RegistryFolder, github: FakeGitHub) -> None:
        self.registry, self.github = registry, github

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "GITHUB_TOKEN": TOKEN, "GITHUB_API_URL": self.github.address}

    def cli(self, *words: str) -> subprocess.CompletedProcess[str]:
        """The real command, which looks often at its job."""
        return started.run(
            ["puppy-cli", *words],
            cwd=self.registry.root,
            env=self.environment,
            before=("tests.cli.looking:often",),
        )

    def fine(self, *words: str) -> str:
        done = self.cli(*words)
        said = "".join(run.said for run in self.github.runs)
        assert done.returncode == 0, done.stdout + done.stderr + said
        return done.stdout

    def branches(self) -> str:
        return self.github.git("for-each-ref", "--format=%(refname)").decode()


@pytest.fixture
def context(make_registry: Callable[..., RegistryFolder], tmp_path: Path) -> Iterator[Desk]:
    registry = make_registry(git=True)
    settings = registry.root / "registry/registry.yaml"
    settings.write_text(
        settings.read_text().replace("production: {", "production: { after: development,")
    )
    for version in ("1.0.0", "1.1.0"):
        registry.add("greet", version)
    registry.commit("Publish")
    bare = tmp_path / "remote.git"
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", bare], check=True)
    registry.git("push", "--quiet", str(bare), "main")
    registry.git("remote", "add", "origin", "https://github.com/ada/registry.git")
    with fake_github(bare, tmp_path) as github:
        yield Desk(registry, github)


def test_deploy_run_and_roll_back(context: Desk) -> None:
    done = context.cli("deploy", "greet:1.0.0", "--env", "development", "--wait")
    assert done.stdout == "greet:1.0.0 serves in development.\n", done.stderr
    assert "The job: https://github.example/ada/registry/actions/runs/1\n" in done.stderr
    assert "Job / Do it \\u001b[31m" in done.stderr
    assert "\n::error" not in done.stderr
    assert "\x1b" not in done.stderr
    assert json.loads(context.github.runs[0].inputs["request"]) == {
        "action": "deploy",
        "workflow": "greet:1.0.0",
    }

    shown = context.fine(
        "deploy", "greet:1.1.0", "--env", "development", "--wait", "--format", "json"
    )
    assert json.loads(shown)["serving"][0]["version"] == "1.1.0"

    said = context.fine("promote", "greet", "--env", "production", "--wait")
    assert said == "greet:1.1.0 serves in production.\n"
    assert json.loads(context.github.runs[-1].inputs["request"])["action"] == "promote"

    by_job = ["run", "greet", "--env", "development", "--via", "github", "--format", "json"]
    document = json.loads(context.fine(*by_job, "--input", "who=Ada"))
    here = json.loads(context.fine("run", "greet:1.1.0", "--input", "who=Ada", "--format", "json"))
    assert document["outputs"] == here["outputs"] == {"greeting": "Hello, Ada!"}
    assert document.keys() == here.keys()

    long = json.dumps({"who": "x" * 70_000})
    (context.registry.root / "long.json").write_text(long)
    document = json.loads(context.fine(*by_job, "--inputs", "long.json"))
    assert len(document["outputs"]["greeting"]) > 70_000
    assert "blob" in json.loads(context.github.runs[-1].inputs["request"])
    assert "requests/" not in context.branches()

    said = context.fine("rollback", "greet", "--env", "development", "--via", "github", "--wait")
    assert said == "greet:1.0.0 serves in development.\n"


def test_what_must_stay_secret_travels_sealed(context: Desk) -> None:
    manifest = context.registry.add("secret", "1.0.0") / "manifest.yaml"
    privacy = "security: { data_privacy: { encryption: aes-256 } }\n"
    manifest.write_text(manifest.read_text() + privacy)
    context.registry.compile()
    context.registry.commit("Publish secret")
    context.registry.git("push", "--quiet", str(context.github.remote), "main")
    context.fine("deploy", "secret", "--env", "development", "--wait")
    by_job = ["run", "secret", "--env", "development", "--via", "github"]
    said = context.fine(*by_job, "--input", "who=Ada Lovelace")
    assert "Its result is encrypted" in said
    run = context.github.runs[-1]
    assert json.loads(run.inputs["request"]).keys() == {"workflow", "sealed"}
    assert "Lovelace" not in str(run.inputs) + run.said + said
    kept = {path.name for path in (run.folder / "build/run").iterdir()}
    assert "payload.bin" in kept
    assert "result.json" not in kept

    name = f"exec-{run.id}"
    context.registry.git("remote", "add", "state", str(context.github.remote))
    words = ["erase", "--env", "development", "--remote", "state", "--execution-id", name]
    erased = subprocess.run(
        [BIN / "registry-tool", *words, "--via", "github", "--format", "json"],
        cwd=context.registry.root,
        env={
            **context.environment,
            "PUPPY_ENVIRONMENT_KEY": KEY,
            "GITHUB_REPOSITORY": "ada/registry",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert erased.returncode == 0, erased.stderr
    certificate = json.loads(erased.stdout)
    assert certificate["erased"]["artifacts"] == [f"run-{name}"]
    assert certificate["erased"]["wrapped_keys"] == 1
    assert not (run.folder / "build/run").exists()


def test_a_server_that_names_no_run_and_a_job_that_fails(context: Desk) -> None:
    context.github.habits.names_runs = False
    done = context.cli("deploy", "greet:9.9.9", "--env", "development", "--wait")
    assert done.returncode == 1
    assert "failed in its step" in done.stderr
    assert "actions/runs/1" in done.stderr
    assert "no version of greet is 9.9.9" in context.github.runs[0].said


def test_without_waiting(context: Desk) -> None:
    said = context.fine("deploy", "greet:1.0.0", "--env", "development", "--format", "json")
    document = json.loads(said)
    assert (document["run"], document["environment"]) == (1, "development")
    assert document["correlation_id"] == context.github.runs[0].inputs["correlation_id"]


def test_a_cancelled_job(context: Desk) -> None:
    context.github.habits.starts, context.github.habits.conclusion = False, "cancelled"
    done = context.cli("deploy", "greet:1.0.0", "--env", "development", "--wait")
    assert done.returncode == 1
    assert "the job was cancelled" in done.stderr


def test_ctrl_c_leaves_the_job_alone(context: Desk) -> None:
    context.github.habits.starts = False
    with subprocess.Popen(
        [BIN / "puppy-cli", "deploy", "greet:1.0.0", "--env", "development", "--wait"],
        cwd=context.registry.root,
        env=context.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stderr is not None
        assert "The job:" in child.stderr.readline()
        child.send_signal(signal.SIGINT)
        _, rest = child.communicate()
    assert child.returncode == 130
    assert "the job goes on: look at https://github.example/ada/registry/actions/runs/1" in rest
    assert not any("cancel" in path for _, path, _ in context.github.habits.asked)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", ".", "--env", "development", "--via", "github"), "serves under a name"),
        (("run", "greet", "--via", "github"), "serves under a name"),
        (("run", "greet", "--env", "x", "--via", "github", "--stream"), "say how to run it here"),
        (("run", "greet", "--env", "x", "--via", "github", "--dry-run"), "say how to run it here"),
        (("deploy", "./x", "--env", "development"), "is not a reference"),
        (("deploy", "greet", "--env", "a b"), "names no environment"),
    ],
)
def test_what_no_job_can_do(context: Desk, words: tuple[str, ...], said: str) -> None:
    done = context.cli(*words)
    assert done.returncode == 2
    assert said in done.stderr
    assert context.github.runs == []


def test_a_token_that_is_refused(context: Desk) -> None:
    context.registry.git("remote", "set-url", "origin", "git@github.com:ada/registry.git")
    done = subprocess.run(
        [BIN / "puppy-cli", "deploy", "greet", "--env", "development"],
        cwd=context.registry.root,
        env={**context.environment, "GITHUB_TOKEN": "wrong"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "401: Bad credentials" in done.stderr
    assert "wrong" not in done.stderr + done.stdout
