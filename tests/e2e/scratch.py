"""A scratch repository with a bare remote on which act runs the Action files for real."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "actions"
BIN = Path(sys.executable).parent

OWNER = (1003, "puppyai-text")


class Scratch:
    """A clone with registry and Action files, its bare remote, and act."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self.artifacts = folder / "artifacts"
        self.runs = 0
        self.work.mkdir()
        for name in ("registry", "indexes", ".github"):
            shutil.copytree(ROOT / name, self.work / name)
        for file in (self.work / ".github/workflows").iterdir():
            # act's schema is older than `queue` (May 2026), and it runs one job at a time anyway.
            file.write_text(re.sub(r"^  queue: max.*\n", "", file.read_text(), flags=re.MULTILINE))
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("Start the registry")
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", self.remote], check=True
        )
        self.git("remote", "add", "origin", str(self.remote))
        self.git("push", "--quiet", "origin", "main")

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
        done = subprocess.run(command, cwd=self.work, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def act(self, event: str, workflow: str, *words: str) -> subprocess.CompletedProcess[str]:
        stand_ins = [
            f"--local-repository={used}={STAND_INS / used.split('@')[0].split('/')[1]}"
            for used in outside_actions(ROOT / ".github/workflows" / workflow)
        ]
        environment = {
            **os.environ,
            "PATH": f"{BIN}:{os.environ['PATH']}",
            "SCRATCH_REMOTE": str(self.remote),
            "SCRATCH_ARTIFACTS": str(self.artifacts),
        }
        command = [BIN / "act", event, "-W", f".github/workflows/{workflow}"]
        command += ["-P", "ubuntu-latest=-self-hosted", "--var", "REGISTRY_TOOL=preinstalled"]
        self.runs += 1
        command += ["--env", f"GITHUB_RUN_ID={self.runs}"]  # act's own is always 1
        command += [*stand_ins, *words]
        return subprocess.run(
            command, cwd=self.work, env=environment, capture_output=True, text=True, check=False
        )

    def remote_file(self, branch: str, path: str) -> str:
        return subprocess.run(
            ["git", "-C", self.remote, "show", f"{branch}:{path}"],
            check=True,
            capture_output=True,
            text=True,
        ).stdout


def outside_actions(workflow: Path) -> set[str]:
    """`owner/name@ref` of every action that a workflow file uses from outside."""
    jobs = yaml.safe_load(workflow.read_text())["jobs"].values()
    used = {step["uses"] for job in jobs for step in job["steps"] if "uses" in step}
    return {name for name in used if not name.startswith("./")}


def new_version(scratch: Scratch) -> None:
    """keyword-extractor 1.1.0 on a branch of its own: a copy of 1.0.1 that gives ten words."""
    scratch.git("checkout", "--quiet", "-b", "keyword-extractor-1.1.0")
    line = scratch.work / "registry/workflows/keyword-extractor"
    shutil.copytree(line / "1.0.1", line / "1.1.0")
    manifest = line / "1.1.0/manifest.yaml"
    text = manifest.read_text().replace('"1.0.1"', '"1.1.0"').replace("default: 5", "default: 10")
    manifest.write_text(text)
    subprocess.run(
        [BIN / "registry-tool", "check", "--fix"],
        cwd=scratch.work,
        check=False,
        capture_output=True,
    )
    scratch.commit("Publish keyword-extractor 1.1.0")
    scratch.git("push", "--quiet", "origin", "keyword-extractor-1.1.0")


def pull_request(scratch: Scratch, folder: Path, actor: tuple[int, str] = OWNER) -> str:
    """The event file of a pull request from the present branch into main."""
    event = folder / "event.json"
    base, head = scratch.git("rev-parse", "origin/main"), scratch.git("rev-parse", "HEAD")
    request = {
        "number": 1,
        "base": {"sha": base, "ref": "main"},
        "head": {"sha": head, "ref": "x"},
        "user": {"id": actor[0], "login": actor[1]},
        "labels": [{"name": "a label; $(touch pwned)"}],
    }
    event.write_text(json.dumps({"pull_request": request, "number": 1}))
    return f"--eventpath={event}"


def dispatch(
    folder: Path, request: object, environment: str, actor: tuple[int, str] = OWNER, **inputs: str
) -> str:
    """The event file of somebody who asks for a job."""
    event = folder / "dispatch.json"
    words = request if isinstance(request, str) else json.dumps(request)
    asked: dict[str, Any] = {"request": words, "environment": environment, **inputs}
    sender = {"id": actor[0], "login": actor[1]}
    event.write_text(json.dumps({"inputs": asked, "sender": sender}))
    return f"--eventpath={event}"


def passed(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    return run.stdout
