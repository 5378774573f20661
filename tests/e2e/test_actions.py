"""From publish to deploy to execute to rollback: the Action files, run for real by act on a bare remote."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.core.clock import SystemClock
from registry_tool.deploy.event_log import broken_link
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import PullRequest
from tests.e2e.scratch import BIN, OWNER, Scratch, dispatch, new_version, passed, pull_request
from tests.forge.fault_server import Reply, running
from tests.forge.github.test_discussions import page
from tests.forge.github.test_releases import release
from tests.forge.stand_in.repositories import Repository
from tests.forge.stand_in.server import Person, StandIn, stand_in

NAME = "keyword-extractor"
FORGE = "ada/registry"

pytestmark = [pytest.mark.e2e, pytest.mark.model]
IN_ORDER = True
"""One registry's story: what is published is deployed, run, promoted and rolled back."""


class Operated(Scratch):
    """A scratch repository whose operator has made a key for each environment that is used."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.keys: dict[str, str] = {}
        for environment in ("development", "staging"):
            words = ("keys", "new", "--env", environment, "--remote", "origin")
            result = self.tool("registry-tool", *words)
            self.keys[environment] = result.strip().splitlines()[-1].strip()

    def tool(self, *words: str, environment: str = "") -> str:
        """A command in the operator's clone of the remote."""
        # Jobs have a moved clock, too: a seal of another day would be stale to them.
        clock = ("LD_PRELOAD", "FAKETIME", "FAKETIME_DONT_FAKE_MONOTONIC", "TZ")
        known = {name: os.environ[name] for name in clock if name in os.environ}
        known |= {"PATH": os.environ["PATH"], "HOME": str(self.work.parent)}
        if environment:
            known["PUPPY_ENVIRONMENT_KEY"] = self.keys[environment]
        done = subprocess.run(
            [BIN / words[0], *words[1:]],
            cwd=self.work,
            env=known,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def ask(
        self,
        file: str,
        request: object,
        environment: str = "development",
        actor: tuple[int, str] = OWNER,
        again: int = 0,
        words: Sequence[str] = (),
        **inputs: str,
    ) -> subprocess.CompletedProcess[str]:
        """Dispatch a job, or re-run the last one as that attempt."""
        event = dispatch(self.work.parent, request, environment, actor, **inputs)
        secret = f"--secret=PUPPY_ENVIRONMENT_KEY={self.keys[environment]}"
        actor = "--env=GITHUB_ACTOR_ID=1003"  # a runner sets it; act does not
        # act has one set of secrets for all environments, GitHub one for each: so one environment at a time.
        one = ["--matrix", f"environment:{environment}"] if file == "scheduled.yml" else []
        return self.act("workflow_dispatch", file, event, secret, actor, *one, *words, again=again)

    def holding(self, words: str, branch: str) -> list[str]:
        """Files on a branch of the remote in which these words stand, binary ones included."""
        command = ["git", "-C", self.remote, "grep", "--text", "--fixed-strings", "--name-only"]
        done = subprocess.run(
            [*command, "-e", words, branch], capture_output=True, text=True, check=False
        )
        assert done.returncode in {0, 1}, done.stderr
        return done.stdout.splitlines()

    def listed(self, branch: str) -> list[str]:
        """Paths on a branch of the remote."""
        return self.remote_git("ls-tree", "-r", "--name-only", branch).splitlines()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Operated:
    """One repository, in which the tests below happen one after the other, as they do in life."""
    return Operated(tmp_path_factory.mktemp("scratch"))


def state(scratch: Operated, environment: str = "development", name: str = NAME) -> dict[str, int]:
    """Version and weight of what serves."""
    pointer = json.loads(
        scratch.remote_file("deployments", f"environments/{environment}/{name}.json")
    )
    return {entry["version"]: entry["weight"] for entry in pointer["serving"]}


def events(scratch: Operated, environment: str = "development", name: str = NAME) -> list[str]:
    """`stage status` of every event, oldest first; the chain must be whole."""
    folder = f"events/{environment}/{name}/"
    paths = [path for path in scratch.listed("deployments") if path.startswith(folder)]
    files = {path: scratch.remote_file("deployments", path).encode() for path in paths}
    assert broken_link(files) is None
    read = [json.loads(data) for _, data in sorted(files.items())]
    return [f"{event['stage']} {event['status']}" for event in read]


def test_publish(scratch: Operated, tmp_path: Path) -> None:
    new_version(scratch)
    passed(scratch.act("pull_request", "validate-pr.yml", pull_request(scratch, tmp_path)))
    scratch.git("checkout", "--quiet", "main")
    scratch.git("merge", "--quiet", "--no-ff", "-m", "Merge #1", "keyword-extractor-1.1.0")
    scratch.git("push", "--quiet", "origin", "main")
    passed(scratch.act("push", "publish.yml"))
    first = scratch.remote_git("ls-tree", "-r", "site").splitlines()
    assert scratch.remote_git("rev-list", "--count", "site").strip() == "1"
    index = json.loads(scratch.remote_file("main", "indexes/by-tags.json"))
    assert [w["version"] for w in index["keywords"] if w["name"] == "keyword-extractor"] == [
        "1.1.0"
    ]
    (site,) = scratch.kept("github-pages-1")
    assert (site / f"workflows/{NAME}/1.1.0/index.html").is_file()
    versions = site / f"api/v1/workflows/{NAME}/versions.json"
    assert [v["version"] for v in json.loads(versions.read_text())] == ["1.1.0", "1.0.1", "1.0.0"]
    shown = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    assert shown == {line.split("\t")[1] for line in first}, (
        "Pages gets the branch, and nothing else"
    )
    scratch.git("pull", "--quiet", "origin", "main")
    result = passed(scratch.act("push", "publish.yml", again=2))
    assert re.search(r"is published; [0-9]{1,2} files written on the branch site", result)
    assert (
        len(set(scratch.remote_git("ls-tree", "-r", "site").splitlines()) - set(first))
        < len(first) / 10
    )
    assert [path.name for path in scratch.kept("*")] == ["github-pages-1", "github-pages-2"]


def test_deploy(scratch: Operated) -> None:
    passed(scratch.ask("deploy.yml", {"workflow": f"{NAME}:1.0.1"}))
    assert state(scratch) == {"1.0.1": 100}
    stages = "select configure resolve allocate health-check switch watch"
    assert events(scratch) == [f"{stage} ok" for stage in stages.split()]


def test_the_same_job_again_does_no_harm(scratch: Operated) -> None:
    first = {"workflow": f"{NAME}:1.1.0"}
    passed(scratch.ask("deploy.yml", first, correlation_id="one-job"))
    before = events(scratch)
    passed(scratch.ask("deploy.yml", first, correlation_id="one-job"))
    assert state(scratch) == {"1.1.0": 100}
    assert events(scratch) == before


def test_execute(scratch: Operated) -> None:
    request = {"workflow": NAME, "inputs": {"text": "The quick brown fox jumps over the lazy dog"}}
    answer = passed(scratch.ask("execute.yml", request))
    (folder,) = scratch.kept("run-*")
    result = json.loads((folder / "result.json").read_text())
    assert result["status"] == "success"
    assert result["outputs"]["keywords"]
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    assert [log[0]["event"], log[-1]["event"]] == ["execution_started", "execution_finished"]
    assert log[0]["metadata"]["inputs"]["text"] == "[REDACTED]"
    assert log[0]["metadata"]["environment"] == "development"
    assert len(log[0]["metadata"]["user_id"]) == 32
    assert "quick brown" not in "".join(
        line for line in answer.splitlines() if "execution_" in line
    )
    metrics = (folder / "metrics.txt").read_text()
    assert f'status="success",version="1.1.0",workflow_name="{NAME}"}} 1.0' in metrics


def test_the_run_is_on_record_and_nothing_of_its_data(scratch: Operated) -> None:
    listed = json.loads(
        scratch.tool("puppy-cli", "runs", NAME, "--remote", "origin", "--format", "json")
    )
    (run,) = listed["runs"]
    assert (run["status"], run["version"], run["environment"]) == (
        "success",
        "1.1.0",
        "development",
    )
    branches = scratch.remote_git("for-each-ref", "--format=%(refname)", "refs/heads").split()
    assert len(branches) > 3
    assert any(scratch.holding("keyword", branch) for branch in branches)
    for branch in branches:
        assert scratch.holding("quick brown", branch) == []


def test_a_personal_workflow_leaves_only_a_locked_payload(scratch: Operated) -> None:
    wanted = {"workflow": "sentiment-analysis:1.2.0"}
    refused = scratch.ask("deploy.yml", wanted)
    assert refused.returncode != 0
    assert "the person with the id 1003 may not change what serves" in refused.stdout
    passed(scratch.ask("deploy.yml", wanted, actor=(1001, "puppyai-user")))
    plain = {"workflow": "sentiment-analysis", "inputs": {"text": "What a lovely day"}}
    refused = scratch.ask("execute.yml", plain)
    assert refused.returncode != 0
    assert "a dispatch shows plain inputs to every reader" in refused.stdout
    question = scratch.tool(
        *("puppy-cli", "seal", "sentiment-analysis", "--env", "development", "--remote", "origin"),
        *("--input", "text=What a lovely day"),
    )
    passed(scratch.ask("execute.yml", question))
    (folder,) = scratch.kept("run-*")
    assert sorted(path.name for path in folder.iterdir()) == [
        "log.jsonl",
        "metrics.txt",
        "payload.bin",
    ]
    assert b"lovely" not in b"".join(path.read_bytes() for path in folder.iterdir())
    execution = json.loads((folder / "log.jsonl").read_text().splitlines()[0])["workflow"]
    opened = scratch.tool(
        *("registry-tool", "payload", "open", str(folder / "payload.bin"), "--env", "development"),
        *("--execution-id", execution["execution_id"], "--remote", "origin"),
        environment="development",
    )
    assert json.loads(opened)["inputs"]["text"] == "What a lovely day"


def test_promote_and_rollback(scratch: Operated) -> None:
    passed(scratch.ask("deploy.yml", {"action": "promote", "workflow": NAME}, "staging"))
    assert state(scratch, "staging") == {"1.1.0": 100}
    result = passed(scratch.ask("deploy.yml", {"action": "rollback", "workflow": NAME}))
    assert "[deploy/Deploy " in result
    assert "[deploy/Approve" not in result  # the way back asks nobody
    assert state(scratch) == {"1.0.1": 100}
    assert events(scratch)[-1] == "rollback ok"
    request = {"workflow": NAME, "inputs": {"text": "One two three"}}
    result = passed(scratch.ask("execute.yml", request))
    assert '"version": "1.0.1"' in result


def test_a_deployment_that_nobody_was_asked_about_is_refused(scratch: Operated) -> None:
    """GitHub lets a job into an environment without reviewers at once; the job looks, and does not deploy."""
    event = dispatch(scratch.work.parent, {"workflow": f"{NAME}:1.1.0"}, "production")
    with running() as server:
        server.replies = [Reply(200, {"protection_rules": []})]
        job = [f"--env=GITHUB_API_URL={server.address}", "--env=GITHUB_REPOSITORY=ada/registry"]
        run = scratch.act("workflow_dispatch", "deploy.yml", event, *job)
        asked = [ask.path for ask in server.asked]
    assert run.returncode != 0
    assert "production-approval has no required reviewers: nobody was asked" in run.stdout
    assert asked == ["/repos/ada/registry/environments/production-approval"]
    assert not [p for p in scratch.listed("deployments") if "production" in p]


def test_a_batch_in_parts(scratch: Operated) -> None:
    items = scratch.work / "items.jsonl"
    items.write_text("".join(f'{{"text": "one two three {n}"}}\n' for n in range(6)))
    scratch.commit("Add items")
    scratch.git("push", "--quiet", "origin", "main")
    asked = {"workflow": NAME, "items": "items.jsonl", "shards": "2"}
    passed(scratch.ask("batch.yml", "", **asked))
    (merged,) = scratch.kept("results")
    lines = (merged / "results.jsonl").read_text().splitlines()
    results = [json.loads(line) for line in lines]
    assert [result["status"] for result in results] == ["success"] * 6
    assert [path.name for path in scratch.kept("ledger-*")] == ["ledger-1-1", "ledger-2-1"]
    answer = passed(scratch.ask("batch.yml", "", again=2, **asked))
    assert "Artifact not found" not in answer
    assert [path.parent.name for path in scratch.kept("results")] == ["2"]
    assert (scratch.kept("results")[0] / "results.jsonl").read_text().splitlines() == lines
    (ledger,) = scratch.kept("ledger-1-2")
    assert {p.name for p in scratch.kept("ledger-1-1")[0].iterdir()} <= {
        p.name for p in ledger.iterdir()
    }


def routine_release(scratch: Operated, forge: StandIn) -> str:
    """Its owner's pull request for a patch, an hour old and validated; the head."""
    scratch.git("pull", "--quiet", "origin", "main")
    scratch.git("checkout", "--quiet", "-b", "patch")
    line = scratch.work / "registry/workflows" / NAME
    shutil.copytree(line / "1.1.0", line / "1.1.1")
    manifest = line / "1.1.1/manifest.yaml"
    manifest.write_text(manifest.read_text().replace('"1.1.0"', '"1.1.1"'))
    subprocess.run(
        [BIN / "registry-tool", "check", "--fix"],
        cwd=scratch.work,
        check=False,
        capture_output=True,
    )
    scratch.commit("Publish a patch")
    scratch.git("push", "--quiet", "origin", "patch:refs/sent/patch")
    head = scratch.git("rev-parse", "HEAD")
    scratch.git("checkout", "--quiet", "main")
    forge.repositories[FORGE] = Repository(FORGE, scratch.remote, {OWNER[1], "github-actions[bot]"})
    forge.people |= {
        "gho_of-the-owner-01": Person(OWNER[1], OWNER[0]),
        "a-token": Person("github-actions[bot]", 41_898_282, "", app=True),
    }
    forge.now = (SystemClock().now() - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    owner = GitHub(FORGE, "gho_of-the-owner-01", forge.address)
    owner.objects.create_branch("patch", head)
    owner.pulls.open_pull_request(PullRequest("Publish a patch", "", "patch", "main"))
    forge.checks[head] = [{"name": "Validate", "status": "completed", "conclusion": "success"}]
    return head


def test_what_happens_by_the_clock(scratch: Operated, tmp_path: Path) -> None:
    settings = scratch.work / "registry/registry.yaml"
    schedule = (
        f"\nschedules:\n  - {{ name: often, cron: '* * * * *', environment: development, "
        f"workflow: {NAME}, inputs: {{ text: by the clock }} }}\n"
    )
    policy = "\n  auto_merge: { wait: { new_version: 1m }, score: 10 }\n"
    settings.write_text(settings.read_text().rstrip() + policy + schedule)
    scratch.commit("Add a schedule, and merge routine releases")
    scratch.git("push", "--quiet", "origin", "main")
    with stand_in(tmp_path) as forge:
        head = routine_release(scratch, forge)
        job = [f"--env=GITHUB_API_URL={forge.address}", f"--env=GITHUB_REPOSITORY={FORGE}"]
        passed(scratch.ask("scheduled.yml", "", part="often", words=job))
        (pull,) = forge.pulls(FORGE)
        assert (pull["state"], len(pull["comments"])) == ("closed", 1)
        assert scratch.remote_git("rev-parse", "main^2").strip() == head
        assert forge.started == ["publish.yml on main"]
    begun = json.loads(scratch.remote_file("schedules", "development/often.json"))
    assert begun  # a schedule that is seen for the first time begins then
    later = (SystemClock().now() + timedelta(minutes=2)).isoformat(timespec="minutes")
    words = ("scheduled", "--env", "development", "--remote", "origin", "--now", later)
    scratch.git("pull", "--quiet", "origin", "main")
    for _ in range(2):
        scratch.tool("registry-tool", *words, environment="development")
    listed = scratch.tool("puppy-cli", "runs", NAME, "--remote", "origin", "--format", "json")
    runs = [run["execution_id"] for run in json.loads(listed)["runs"]]
    assert len([name for name in runs if name.startswith("sched-often-")]) == 1


def test_the_daily_part(scratch: Operated) -> None:
    run = scratch.ask("scheduled.yml", "", part="daily", words=["--job", "environment"])
    assert "Drop what is too old" in run.stdout
    assert "Look for models that retire" in run.stdout


def test_the_nightly_count_of_downloads(scratch: Operated) -> None:
    with running() as forge:
        counted = release(("keyword-extractor-1.0.1.wfpkg", 7))
        forge.replies = [Reply(200, [counted]), Reply(200, {"data": page()})]
        words = [f"--env=GITHUB_API_URL={forge.address}", f"--env=GITHUB_REPOSITORY={FORGE}"]
        words += ["--job", "stats"]
        passed(scratch.ask("scheduled.yml", "", part="daily", words=words))
        assert [asked.method for asked in forge.asked] == ["GET", "POST"]
    document = json.loads(scratch.remote_file("main", "registry/metadata/downloads.json"))
    assert document == {"keyword-extractor": 7}


def test_every_change_is_in_the_audit_log(scratch: Operated) -> None:
    result = scratch.tool("registry-tool", "audit", "verify", "--remote", "origin")
    assert "Whole" in result
    listed = scratch.tool("registry-tool", "audit", "list", "--remote", "origin")
    for action in ("deploy", "promote", "rollback"):
        assert action in listed


@pytest.mark.parametrize(
    ("file", "said"),
    [("deploy.yml", "is not a reference"), ("execute.yml", "the request's 'workflow'")],
)
def test_a_hostile_request_is_only_text(scratch: Operated, file: str, said: str) -> None:
    hostile = {"workflow": 'x"; touch pwned; # ${{ github.token }}\n::set-output name=a::b'}
    run = scratch.ask(file, hostile, correlation_id="x-y")
    assert run.returncode != 0
    assert said in run.stdout, run.stdout[-3000:]
    assert not list(scratch.work.parent.rglob("pwned"))
