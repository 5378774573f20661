"""The steps of the `execute` job through the real console script, with answers that try to command the job."""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.commands.requests.blob import blob_file, packed
from registry_tool.state.target import Target
from registry_tool.store.branch import Branch
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.repository import Repository
from tests import forked
from tests.bounded import PATIENCE
from tests.conftest import RegistryFolder

BIN = Path(sys.executable).parent
HOSTILE = (
    "a\n::error::pwned\n::add-mask::x\r::stop-commands::t\n##[group]g\n ::set-output name=a::b\n"
)

pytestmark = pytest.mark.e2e


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """hello 1.0.0 serves; its output must be short, so that long ones are quoted in the error."""
    made = make_registry(git=True)
    manifest = made.add("hello", "1.0.0") / "manifest.yaml"
    output = "{ name: greeting, type: string"
    text = manifest.read_text()
    manifest.write_text(text.replace(output, f"{output}, schema: {{ maxLength: 30 }}"))
    made.compile()
    made.commit("Publish")
    deploy(Target(made.root), "hello", "development")
    return made


def run(registry: RegistryFolder, program: str, *words: str, **environment: str) -> forked.Ended:
    fields = {**os.environ, "ENVIRONMENT": "development", **environment}
    return forked.run([program, *words], cwd=registry.root, env=fields)


def request(who: str) -> str:
    return json.dumps({"workflow": "hello", "inputs": {"who": who}})


def assert_inert(text: str) -> None:
    for line in text.replace("\r", "\n").splitlines():
        assert not line.lstrip().startswith("::"), line
        assert "##[" not in line


def test_a_job_in_three_steps(registry: RegistryFolder, tmp_path: Path) -> None:
    asked = {"REQUEST": request("Ada"), "ACTOR_ID": "8", "EXECUTION_ID": "exec-1"}
    outputs, summary = tmp_path / "outputs", tmp_path / "summary"
    admission, outcome = str(tmp_path / "a.json"), str(tmp_path / "o.json")
    for words in (
        ["admit", "--admission", admission, "--outputs", str(outputs)],
        ["execute", "--admission", admission, "--outcome", outcome, "--summary", str(summary)],
        ["record", "--admission", admission, "--outcome", outcome],
    ):
        done = run(registry, "registry-tool", *words, **asked)
        assert done.returncode == 0, done.stderr
    assert "retention_days<<" in outputs.read_text()
    assert r"exec\-1" in summary.read_text()
    assert "Ada" not in summary.read_text()
    document = json.loads(run(registry, "puppy-cli", "runs", "--format", "json", "--verify").stdout)
    assert [(r["execution_id"], r["status"]) for r in document["runs"]] == [("exec-1", "success")]


def test_hostile_answers_command_nothing(registry: RegistryFolder, tmp_path: Path) -> None:
    log, summary, outputs = (tmp_path / name for name in ("log", "summary", "outputs"))
    done = run(
        registry,
        "registry-tool",
        "execute",
        *("--log", str(log), "--summary", str(summary), "--outputs", str(outputs)),
        REQUEST=request(HOSTILE),
    )
    assert done.returncode == 1, done.stderr
    assert "execution_failed" in done.stdout
    for text in (done.stdout, done.stderr, log.read_text(), summary.read_text()):
        assert_inert(text)
    assert "pwned" not in summary.read_text() + outputs.read_text()
    for words in (["logs", "hello"], ["run", "hello", "--input", f"who={HOSTILE}", "--log"]):
        done = run(registry, "puppy-cli", *words, "--env", "development")
        assert_inert(done.stdout)
        assert_inert(done.stderr)


@pytest.mark.parametrize(
    "words",
    [
        ["execute", "--request", json.dumps({"workflow": HOSTILE})],
        ["execute", "--request", HOSTILE],
        ["execute", "--request", json.dumps({"workflow": "hello", HOSTILE: 1})],
        ["execute", "--request", request("Ada"), "--execution-id", HOSTILE],
        ["execute", "--request", request("Ada"), "--env", HOSTILE],
        ["admit", "--request", request("Ada"), f"--{HOSTILE}"],
        ["record", "--admission", HOSTILE, "--outcome", "x"],
        [HOSTILE],
    ],
)
def test_hostile_words_command_nothing(registry: RegistryFolder, words: list[str]) -> None:
    done = run(registry, "registry-tool", *words)
    assert done.returncode in {1, 2}, done.stderr
    assert "Traceback" not in done.stderr
    assert_inert(done.stdout)
    assert_inert(done.stderr)


def test_a_dry_run_counts_nothing(registry: RegistryFolder) -> None:
    done = run(registry, "registry-tool", "admit", "--dry-run", REQUEST=request("Ada"))
    assert json.loads(done.stdout)["version"] == "1.0.0"
    done = run(
        registry,
        *("puppy-cli", "run", "hello", "--env", "development", "--input", "who=Ada", "--dry-run"),
    )
    assert "would run  hello:1.0.0 in development" in done.stdout
    assert run(registry, "puppy-cli", "runs").stdout == "No run is recorded.\n"


def test_a_dry_run_leaves_a_request_by_digest_to_the_run(registry: RegistryFolder) -> None:
    large = {"workflow": "hello", "inputs": {"who": "x" * 70_000}}
    text, data = packed(large)  # type: ignore[arg-type]
    branch = Branch(Repository(registry.root), "requests/abc")
    who = Identity("Ada", "ada@example.com", "2026-01-01T00:00:00Z")
    branch.write(lambda _: {blob_file(data): data}, "Ask", who)
    words = ("registry-tool", "admit", "--correlation-id", "abc")
    for more in (["--dry-run"], ["--dry-run"], []):
        done = run(registry, *words, *more, REQUEST=text)
        assert done.returncode == 0, done.stderr
    assert not branch.tip()


def test_a_run_here_says_whose_data_it_is_and_where_it_is_recorded(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    bare = tmp_path / "remote.git"
    registry.git("init", "--quiet", "--bare", str(bare))
    registry.git("remote", "add", "origin", "../remote.git")
    for branch in ("deployments", "audit"):  # the state gets its one home at the remote
        registry.git("update-ref", "-d", f"refs/heads/{branch}")
    key = {"PUPPY_ENVIRONMENT_KEY": base64.b64encode(bytes(range(32))).decode()}
    words = ("puppy-cli", "run", "hello", "--env", "production", "--input", "who=Ada")
    refused = run(
        registry, *[*words[:2], "hello:1.0.0", *words[3:]], "--subject", "customer-7", **key
    )
    assert refused.returncode == 2
    assert "--subject is for runs that are recorded" in refused.stderr
    where = ("--env", "production", "--remote", "origin")
    done = run(registry, "puppy-cli", "deploy", "hello:1.0.0", *where, "--via", "local", **key)
    assert done.returncode == 0, done.stderr
    done = run(registry, *words, "--remote", "origin", "--subject", "customer-7", **key)
    assert (done.returncode, done.stdout) == (0, "greeting: Hello, Ada!\n"), done.stderr
    erase = ("registry-tool", "erase", *where, "--subject", "customer-7", "--dry-run")
    found = run(registry, *erase, "--format", "json", **key)
    assert found.stdout.count("exec-") >= 1, found.stdout + found.stderr
    refused = run(registry, *words, "--remote", "origin", "--subject", "a\x1bb", **key)
    assert refused.returncode == 2
    assert "printable" in refused.stderr


def test_a_job_that_does_not_say_who_asked_is_refused(registry: RegistryFolder) -> None:
    done = run(
        registry,
        *("registry-tool", "admit"),
        REQUEST=request("Ada"),
        GITHUB_ACTIONS="true",
        ACTOR_ID="",
        GITHUB_ACTOR_ID="",
        PUPPY_ENVIRONMENT_KEY="AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    )
    assert done.returncode == 2
    assert "ACTOR_ID" in done.stderr


def test_a_followed_log_ends_cleanly_with_ctrl_c(registry: RegistryFolder) -> None:
    run(registry, "registry-tool", "execute", REQUEST=request("Ada"))
    follow = subprocess.Popen(
        [BIN / "puppy-cli", "logs", "hello", "--env", "development", "--follow", "--last", "4"],
        cwd=registry.root,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert follow.stdout is not None
    first = [follow.stdout.readline() for _ in range(4)]
    assert "execution_started" in first[0]
    run(registry, "registry-tool", "execute", REQUEST=request("Bob"))
    more = [follow.stdout.readline() for _ in range(4)]
    assert "execution_finished" in more[3]
    time.sleep(0.05)
    follow.send_signal(signal.SIGINT)
    out, err = follow.communicate(timeout=PATIENCE)
    assert (follow.returncode, out, err) == (0, "", "")
