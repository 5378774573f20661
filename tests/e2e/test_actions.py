"""The Action files, run for real by act on a scratch repository with a bare remote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
STAND_INS = Path(__file__).parent / "actions"
BIN = Path(sys.executable).parent

OWNER = (1003, "puppyai-text")

pytestmark = [pytest.mark.e2e, pytest.mark.model]


class Scratch:
    """A clone with registry and Action files, its bare remote, and act."""

    def __init__(self, folder: Path) -> None:
        self.work = folder / "work"
        self.remote = folder / "remote.git"
        self.artifacts = folder / "artifacts"
        self.work.mkdir()
        for name in ("registry", "indexes", ".github"):
            shutil.copytree(ROOT / name, self.work / name)
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


def dispatch(request: object, environment: str) -> list[str]:
    return [f"--input=request={json.dumps(request)}", f"--input=environment={environment}"]


def passed(run: subprocess.CompletedProcess[str]) -> str:
    assert run.returncode == 0, run.stdout[-6000:] + run.stderr[-2000:]
    return run.stdout


def test_from_a_branch_to_a_run(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    new_version(scratch)
    passed(scratch.act("pull_request", "validate-pr.yml", pull_request(scratch, tmp_path)))

    scratch.git("checkout", "--quiet", "main")
    scratch.git("merge", "--quiet", "--no-ff", "-m", "Merge #1", "keyword-extractor-1.1.0")
    scratch.git("push", "--quiet", "origin", "main")
    passed(scratch.act("push", "publish.yml"))
    index = json.loads(scratch.remote_file("main", "indexes/by-tags.json"))
    assert [w["version"] for w in index["keywords"]] == ["1.1.0"]
    assert (scratch.artifacts / "site/workflows/keyword-extractor/1.1.0/index.html").is_file()
    versions = scratch.artifacts / "site/api/v1/workflows/keyword-extractor/versions.json"
    assert [v["version"] for v in json.loads(versions.read_text())] == ["1.1.0", "1.0.1", "1.0.0"]

    asked = {"workflow": "sentiment-analysis:1.2.0"}
    passed(scratch.act("workflow_dispatch", "deploy.yml", *dispatch(asked, "development")))
    state = json.loads(
        scratch.remote_file("deployments", "environments/development/sentiment-analysis.json")
    )
    assert [s["version"] for s in state["serving"]] == ["1.2.0"]

    question = {"workflow": "sentiment-analysis", "inputs": {"text": "What a lovely day"}}
    told = passed(
        scratch.act("workflow_dispatch", "execute.yml", *dispatch(question, "development"))
    )
    result = json.loads((scratch.artifacts / "run/result.json").read_text())
    assert result["status"] == "success"
    assert result["outputs"]["sentiment"]["label"] in {"positive", "negative", "neutral"}
    log = [json.loads(x) for x in (scratch.artifacts / "run/log.jsonl").read_text().splitlines()]
    assert [log[0]["event"], log[-1]["event"]] == ["execution_started", "execution_finished"]
    assert log[0]["metadata"]["inputs"]["text"] == "[REDACTED]"
    assert "lovely" not in "".join(line for line in told.splitlines() if "execution_" in line)
    metrics = (scratch.artifacts / "run/metrics.txt").read_text()
    assert 'status="success",version="1.2.0",workflow_name="sentiment-analysis"} 1.0' in metrics


@pytest.fixture(scope="module")
def shared_scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    """One scratch repository for the cases below, each on a branch of its own."""
    return Scratch(tmp_path_factory.mktemp("scratch"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def broken_licence(line: Path) -> None:
    edit(line / "1.1.0/manifest.yaml", "license: Apache-2.0", "license: Nonsense")


def edited_version(line: Path) -> None:
    shutil.rmtree(line / "1.1.0")
    (line / "1.0.1/extra.txt").write_text("added to a published version")


def wrong_bump(line: Path) -> None:
    edit(
        line / "1.1.0/manifest.yaml",
        "name: text, type: string",
        "name: text, type: integer",
    )


def secret(line: Path) -> None:
    (line / "1.1.0/docs/README.md").write_text("key: " + "AKIA" + "IOSFODNN7EXAMPLE\n")


def nothing(line: Path) -> None:
    pass


def the_tool_and_a_version(line: Path) -> None:
    tool = line.parents[2] / "registry_tool/rules/secrets.py"
    tool.parent.mkdir(parents=True)
    tool.write_text("RULE = None\n")


def the_tool(line: Path) -> None:
    shutil.rmtree(line / "1.1.0")
    the_tool_and_a_version(line)


@pytest.mark.parametrize(
    ("change", "actor", "said"),
    [
        (broken_licence, OWNER, "title=license"),
        (edited_version, OWNER, "title=immutable"),
        (wrong_bump, OWNER, "title=bump"),
        (nothing, (4711, "stranger"), "title=ownership"),
        (nothing, (4711, "puppyai-text"), "is known with another id (1003)"),
        (secret, OWNER, "title=secrets"),
        (the_tool_and_a_version, OWNER, "title=one-concern"),
        (the_tool, OWNER, "title=tooling"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_what_validate_pr_refuses(
    shared_scratch: Scratch,
    tmp_path: Path,
    change: Callable[[Path], None],
    actor: tuple[int, str],
    said: str,
) -> None:
    scratch = shared_scratch
    scratch.git("checkout", "--quiet", "--force", "-B", "case", "main")
    scratch.git("clean", "-fdq")
    line = scratch.work / "registry/workflows/keyword-extractor"
    shutil.copytree(line / "1.0.1", line / "1.1.0")
    edit(line / "1.1.0/manifest.yaml", '"1.0.1"', '"1.1.0"')
    change(line)
    subprocess.run(
        [BIN / "registry-tool", "check", "--fix"],
        cwd=scratch.work,
        check=False,
        capture_output=True,
    )
    scratch.commit("A case")
    scratch.git("push", "--quiet", "--force", "origin", "case")
    run = scratch.act("pull_request", "validate-pr.yml", pull_request(scratch, tmp_path, actor))
    assert run.returncode != 0
    assert said in run.stdout, run.stdout[-3000:]
    assert "AKIA" + "IOSFODNN7EXAMPLE" not in run.stdout
    code = "4" if said == "title=tooling" else "1"
    assert f"exit status {code}" in run.stdout or f"exitcode '{code}'" in run.stdout, run.stdout[
        -2000:
    ]
    assert not list(scratch.work.rglob("pwned"))


def test_a_merge_queue_is_judged_without_an_author(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    new_version(scratch)
    base, head = scratch.git("rev-parse", "origin/main"), scratch.git("rev-parse", "HEAD")
    event = tmp_path / "event.json"
    event.write_text(json.dumps({"merge_group": {"base_sha": base, "head_sha": head}}))
    told = passed(scratch.act("merge_group", "validate-pr.yml", f"--eventpath={event}"))
    assert "::error" not in told


def test_a_hostile_request_is_only_text(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    hostile = {"workflow": 'x"; touch pwned; # ${{ github.token }}\n::set-output name=a::b'}
    run = scratch.act("workflow_dispatch", "deploy.yml", *dispatch(hostile, "development"))
    assert run.returncode != 0
    assert "is no reference" in run.stdout
    assert not list(tmp_path.rglob("pwned"))


@pytest.mark.parametrize("schema", ["github-workflows", "github-actions"])
def test_the_files_are_valid(schema: str) -> None:
    pattern = "workflows/*.yml" if schema == "github-workflows" else "actions/*/action.yml"
    files = sorted((ROOT / ".github").glob(pattern))
    assert files
    command = [BIN / "check-jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_files_hold_nothing_risky() -> None:
    command = [BIN / "zizmor", "--offline", "--persona=pedantic", "--quiet", ROOT / ".github"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
