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

from tests.warm_commands import warm_commands

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "actions"
BIN = Path(sys.executable).parent

OWNER = (1003, "puppyai-text")
TOO_NEW_FOR_ACT = r"^ +(queue: max|deployment: false)( #.*)?\n"


class Scratch:
    """A clone with registry and Action files, its bare remote, and act."""

    def __init__(self, folder: Path) -> None:
        self.commands = warm_commands()
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self.artifacts = folder / "artifacts"
        self.caches = folder / "caches"
        self.others = folder / "others"
        self.runs = 0
        self.work.mkdir()
        for name in ("registry", "indexes", ".github"):
            shutil.copytree(ROOT / name, self.work / name)
        for file in (self.work / ".github/workflows").iterdir():
            # act's schema is older than these keys of 2026; it runs one job at a time and records no deployment.
            file.write_text(re.sub(TOO_NEW_FOR_ACT, "", file.read_text(), flags=re.MULTILINE))
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("Start the registry")
        subprocess.run(
            ["git", "init", "--quiet", "--bare", "--initial-branch=main", self.remote], check=True
        )
        # GitHub hands out any object by its id, and knows filters.
        self.remote_git("config", "uploadpack.allowAnySHA1InWant", "true")
        self.remote_git("config", "uploadpack.allowFilter", "true")
        self.git("remote", "add", "origin", str(self.remote))
        self.git("push", "--quiet", "origin", "main")

    def git(self, *words: str) -> str:
        command = ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", *words]
        done = subprocess.run(command, cwd=self.work, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    def commit(self, message: str) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "-m", message)

    def act(
        self, event: str, workflow: str, *words: str, again: int = 0
    ) -> subprocess.CompletedProcess[str]:
        """Run an Action file as a run of its own or, with `again`, as that attempt of the last run."""
        used = outside_actions(ROOT / ".github/workflows" / workflow)
        environment = {
            **os.environ,
            "PATH": f"{self.commands.folder}:{BIN}:{os.environ['PATH']}",
            "SCRATCH_REMOTE": str(self.remote),
            "SCRATCH_OTHERS": str(self.others),
            "SCRATCH_ARTIFACTS": str(self.artifacts),
            "SCRATCH_CACHES": str(self.caches),
            "SCRATCH_STAND_INS": str(STAND_INS),
        }
        command = [BIN / "act", event, "-W", f".github/workflows/{workflow}"]
        command += ["-P", "ubuntu-latest=-self-hosted", "--var", "REGISTRY_TOOL=preinstalled"]
        command += ["--secret", "GITHUB_TOKEN=a-token"]
        self.runs += not again
        # act's own are always 1
        command += ["--env", f"GITHUB_RUN_ID={self.runs}"]
        command += ["--env", f"GITHUB_RUN_ATTEMPT={again or 1}"]
        command += [f"--local-repository={name}={folder}" for name, folder in used.items()]
        return subprocess.run(
            [*command, *words],
            cwd=self.work,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def kept(self, pattern: str) -> list[Path]:
        """The artifacts of the last run whose name fits, oldest attempt first."""
        return sorted((self.artifacts / str(self.runs)).glob(f"*/{pattern}"))

    def remote_git(self, *words: str) -> str:
        command = ["git", "-C", self.remote, *words]
        return subprocess.run(
            command, check=True, capture_output=True, text=True, errors="replace"
        ).stdout

    def remote_file(self, branch: str, path: str) -> str:
        return self.remote_git("show", f"{branch}:{path}")


def steps_of(file: Path) -> list[dict[str, Any]]:
    """Every step of a workflow file or of an action."""
    read = yaml.safe_load(file.read_text())
    if "runs" in read:
        return list(read["runs"]["steps"])
    return [step for job in read["jobs"].values() for step in job["steps"]]


def stand_in(used: str) -> Path:
    """The stand-in's folder for `owner/name/path@ref`."""
    return STAND_INS / used.partition("@")[0].partition("/")[2]


def outside_actions(workflow: Path) -> dict[str, Path]:
    """The stand-in's folder of every `owner/name@ref` that a workflow file or our own actions use from outside.

    A step that gives an input which the stand-in doesn't know is refused: it would be dropped without a word.
    """
    found: dict[str, Path] = {}
    for file in (workflow, *sorted((ROOT / ".github/actions").glob("*/action.yml"))):
        for step in steps_of(file):
            used = step.get("uses", "./")
            if not used.startswith("./"):
                known = yaml.safe_load((stand_in(used) / "action.yml").read_text())["inputs"]
                strange = set(step.get("with", {})) - set(known)
                assert not strange, f"{file.name}: {used} knows no {sorted(strange)}"
                owner, name, *_ = used.partition("@")[0].split("/")
                found[f"{owner}/{name}@{used.partition('@')[2]}"] = STAND_INS / name
    return found


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
    sender = {"id": actor[0], "login": actor[1]}
    fields = {"pull_request": request, "number": 1, "action": "synchronize", "sender": sender}
    event.write_text(json.dumps(fields))
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
