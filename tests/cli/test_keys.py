"""Keys, payloads, erasure, retention and the audit log as an operator types them: real commands, real git."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests import forked
from tests.conftest import RegistryFolder

PRIVACY = "security: { data_privacy: { encryption: aes-256, data_retention: 30d } }\n"
LETTER = "Ada, who has a cough"

pytestmark = pytest.mark.e2e


class Desk:
    """A registry with one version that requires encryption, a bare remote for its state, and an operator."""

    def __init__(self, folder: Path, key: str = "") -> None:
        self.folder, self.key = folder, key
        self.root, self.bare = folder / "registry", folder / "remote.git"

    def build(self) -> None:
        registry = RegistryFolder(self.root, git=True)
        manifest = registry.add("hello", "1.0.0") / "manifest.yaml"
        manifest.write_text(manifest.read_text() + PRIVACY)
        registry.compile()
        registry.commit("Publish")
        subprocess.run(["git", "init", "-q", "--bare", "-b", "main", self.bare], check=True)
        registry.git("remote", "add", "origin", "../remote.git")
        registry.git("push", "-q", "origin", "main")

    def copied(self, folder: Path) -> Desk:
        shutil.copytree(self.root, folder / "registry")
        shutil.copytree(self.bare, folder / "remote.git")
        return Desk(folder, self.key)

    def run(self, *words: str | Path, **more: str) -> forked.Ended:
        known = {"PUPPY_CACHE": str(self.folder / "cache"), "PUPPY_ENVIRONMENT_KEY": self.key}
        return forked.run(words, cwd=self.root, env={**os.environ, **known, **more})

    def tool(self, *words: str | Path, **more: str) -> str:
        done = self.run("registry-tool", *words, "--remote", "origin", **more)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def refused(self, *words: str | Path, **more: str) -> str:
        done = self.run("registry-tool", *words, "--remote", "origin", **more)
        assert done.returncode in {1, 2}, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stderr + done.stdout

    def in_production(self, *words: str | Path, **more: str) -> str:
        return self.tool(*words, "--env", "production", **more)

    def executed(self, name: str, subject: str, actor: str = "7") -> Path:
        """A dispatched run with sealed inputs; the file of its payload."""
        sealed = self.run(
            "puppy-cli", "seal", "hello", "--env", "production", "--remote", "origin",
            "--input", f"who={LETTER}",
        )  # fmt: skip
        assert sealed.returncode == 0, sealed.stderr
        assert LETTER not in sealed.stdout
        request = {**json.loads(sealed.stdout), "subject": subject}
        payload = self.folder / f"{name}.bin"
        self.in_production(
            "execute", "--request", json.dumps(request), "--execution-id", name,
            "--payload", payload, "--actor-id", actor,
        )  # fmt: skip
        return payload


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One to copy."""
    made = Desk(tmp_path_factory.mktemp("built"))
    made.build()
    return made


@pytest.fixture(scope="module")
def deployed(built: Desk, tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """One to copy with a key for production, where hello serves."""
    made = built.copied(tmp_path_factory.mktemp("deployed"))
    made.key = made.in_production("keys", "new").strip()
    made.in_production("deploy", "--request", '{"workflow": "hello:1.0.0"}')
    return made


@pytest.fixture
def context(built: Desk, tmp_path: Path) -> Desk:
    return built.copied(tmp_path)


@pytest.fixture
def serving(deployed: Desk, tmp_path: Path) -> Desk:
    return deployed.copied(tmp_path)


def test_from_a_key_to_a_certificate(serving: Desk) -> None:
    context = serving
    first, second = (
        context.executed("exec-1", "customer-1"),
        context.executed("exec-2", "customer-2"),
    )
    for payload in (first, second):
        assert LETTER.encode() not in payload.read_bytes()
    for file in context.folder.rglob("*"):
        assert not file.is_file() or LETTER.encode() not in file.read_bytes(), file
    opened = context.in_production("payload", "open", first, "--execution-id", "exec-1")
    assert json.loads(opened)["inputs"] == {"who": LETTER}
    out = context.folder / "opened.json"
    context.in_production("payload", "open", first, "--execution-id", "exec-1", "--out", out)
    assert out.stat().st_mode & 0o077 == 0

    plan = context.in_production("erase", "--subject", "customer-1", "--dry-run")
    assert plan.startswith("1 run: 1 key, ")
    assert "would be erased" in plan
    kept = context.folder / "erased.json"
    kept.write_text("an earlier certificate")
    said = context.in_production("erase", "--subject", "customer-1", "--certificate", kept)
    assert "not reached: results that somebody was given or downloaded" in said
    assert (context.folder / ".erased.json.before").read_text() == "an earlier certificate"
    certificate = json.loads(kept.read_text())
    assert certificate["executions"] == ["exec-1"]
    assert certificate["erased"]["wrapped_keys"] == 1
    assert certificate["signature"]
    assert "customer-1" not in kept.read_text()

    gone = context.refused(
        "payload", "open", first, "--execution-id", "exec-1", "--env", "production"
    )
    assert "it was erased" in gone
    assert LETTER in context.in_production("payload", "open", second, "--execution-id", "exec-2")

    listed = json.loads(context.in_production("audit", "list", "--format", "json"))["entries"]
    assert [entry["action"] for entry in listed] == [
        "key-new",
        "deploy",
        "payload-open",
        "payload-open",
        "erase",
        "payload-open",
    ]
    assert "Whole" in context.in_production("audit", "verify")


def test_erasing_by_actor_and_a_new_key(serving: Desk) -> None:
    context = serving
    first = context.executed("exec-1", "", actor="7")
    old = context.key
    context.key = context.in_production("keys", "new").strip()
    assert context.key.startswith("v2:")
    assert context.in_production("keys", "rotate").startswith("1 rewrapped")
    assert context.in_production("keys", "rotate").startswith("0 rewrapped")
    second = context.executed("exec-2", "", actor="8")
    rows = json.loads(context.in_production("keys", "list", "--format", "json"))["keys"]
    assert [(row["newest"], row["held"]) for row in rows] == [(True, True), (False, True)]

    words = ("payload", "open", first, "--execution-id", "exec-1")
    newest, dropped = context.key.split(",")[0], old
    assert LETTER in context.in_production(*words, PUPPY_ENVIRONMENT_KEY=newest)
    said = context.refused(*words, "--env", "production", PUPPY_ENVIRONMENT_KEY=dropped)
    assert "is locked with the key" in said

    done = json.loads(context.in_production("erase", "--actor", "7", "--format", "json"))
    assert done["executions"] == ["exec-1"], "found by the pseudonym of the old key"
    assert LETTER in context.in_production("payload", "open", second, "--execution-id", "exec-2")
    assert "Whole" in context.in_production("audit", "verify")


def test_pruning_by_retention(serving: Desk) -> None:
    context = serving
    payload = context.executed("exec-1", "customer-1")
    now = json.loads(context.in_production("prune", "--format", "json"))
    assert (now["wrapped_keys"], now["months"]) == ({}, [])
    later = ("prune", "--format", "json", "--now", "2100-01-01T00:00:00Z")
    plan = json.loads(context.in_production(*later, "--dry-run"))
    done = json.loads(context.in_production(*later))
    assert {**done, "dry_run": True} == plan
    assert done["wrapped_keys"] == {"production": 1}
    assert len(done["months"]) == 1
    assert done["log_lines"]["production"] > 0
    names = subprocess.run(
        ["git", "branch", "--list"], cwd=context.bare, check=True, capture_output=True, text=True
    ).stdout
    assert "runs-" not in names
    gone = context.refused(
        "payload", "open", payload, "--execution-id", "exec-1", "--env", "production"
    )
    assert "retention has passed" in gone
    assert "Whole" in context.in_production("audit", "verify")


def test_plain_inputs_of_a_dispatch_are_refused(serving: Desk) -> None:
    context = serving
    request = json.dumps({"workflow": "hello", "inputs": {"who": LETTER}})
    words = ("execute", "--request", request, "--env", "production", "--actor-id", "7")
    said = context.refused(*words)
    assert "requires encryption" in said
    assert "puppy-cli seal hello --env production" in said
    assert LETTER not in said


def test_a_log_that_was_cut_is_shown_by_a_kept_checkpoint(serving: Desk) -> None:
    context = serving
    kept = context.folder / "kept.json"
    kept.write_text(context.in_production("audit", "checkpoint"))
    whole = context.in_production("audit", "verify", "--checkpoint", kept)
    assert "production: 2 entries, checked by the key at hand" in whole
    tip = subprocess.run(
        ["git", "rev-parse", "audit~1"],
        cwd=context.bare,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    subprocess.run(["git", "update-ref", "refs/heads/audit", tip], cwd=context.bare, check=True)
    said = context.refused("audit", "verify", "--checkpoint", kept, "--env", "production")
    assert "1 entries are left of the 2 that the checkpoint counts" in said
    assert "this change of what serves has no entry in the audit log" in said


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("hunter2hunter2hu", "bytes; it must be 32 random bytes"),
        ("not!base64", "isn't base64"),
        ("v1:,v2:", "has 0 bytes"),
    ],
)
def test_a_wrong_key_is_refused_and_not_repeated(context: Desk, key: str, why: str) -> None:
    said = context.refused("keys", "rotate", "--env", "production", PUPPY_ENVIRONMENT_KEY=key)
    assert why in said
    assert "registry-tool keys new --env production" in said
    assert key not in said


def test_no_key_is_made_or_missed_in_a_job(context: Desk) -> None:
    said = context.refused("keys", "new", "--env", "production", GITHUB_ACTIONS="true")
    assert "a job's log would show the secret" in said
    said = context.refused("keys", "rotate", "--env", "production", GITHUB_ACTIONS="true")
    assert "PUPPY_ENVIRONMENT_KEY isn't set in the environment production" in said


def test_words_that_are_off(context: Desk) -> None:
    assert "exactly one" in context.refused("erase", "--env", "production")
    assert "no environment 'prod'" in context.refused("erase", "--env", "prod", "--subject", "x")
    assert "2026-03-01" in context.refused("prune", "--env", "production", "--now", "soon")
    odd = context.folder / "odd.json"
    odd.write_text("{}")
    said = context.refused("audit", "verify", "--checkpoint", odd)
    assert "not a valid checkpoint of the audit log" in said
