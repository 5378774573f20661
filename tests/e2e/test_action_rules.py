"""What `act` can't show of the Action files is read in them: who waits for whom, names, permissions, records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from registry_tool.commands.jobs.dispatch import send_deploy, send_execute
from registry_tool.commands.requests.request import Action, DeployRequest, ExecuteRequest
from registry_tool.forge.model import Dispatch
from tests.commands.jobs.test_dispatch import Post, forge
from tests.expressions import evaluate, filled

ROOT = Path(__file__).parents[2]
FILES = {
    path.stem: yaml.safe_load(path.read_text())
    for path in (ROOT / ".github/workflows").glob("*.yml")
}
NEEDS = {
    "actions/checkout": {"contents"},
    "actions/deploy-pages": {"pages", "id-token"},
    "actions/attest-build-provenance": {"attestations", "id-token"},
    "github/codeql-action/analyze": {"security-events"},
}
OWN_RUN = "release/publish"
"""Takes what its own run kept, so that it needs no right but to say who it is."""
WAY_BACK = ("rollback", "abort", "pause")


def jobs() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every job as `file/job`."""
    for name, file in FILES.items():
        for key, job in file["jobs"].items():
            yield f"{name}/{key}", job


def steps() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for name, job in jobs():
        yield from ((name, job, step) for step in job["steps"])


def request(action: str) -> dict[str, str]:
    asked = {"workflow": "greet", **({"action": action} if action else {})}
    return {"request": json.dumps(asked), "environment": "production", "correlation_id": "abc"}


def group(action: str, run_id: str) -> str:
    text = FILES["deploy"]["jobs"]["deploy"]["concurrency"]["group"]
    return filled(text, inputs=request(action), github={"run_id": run_id})


def test_who_waits_for_reviewers_holds_nobody_up() -> None:
    """A workflow's own concurrency group would be held while its first job waits, for up to 30 days."""
    assert "concurrency" not in FILES["deploy"]
    text = FILES["deploy"]["jobs"]["approve"]["concurrency"]["group"]
    names = {filled(text, inputs=request(""), github={"run_id": run}) for run in ("1", "2")}
    assert len({*names, group("", "1")}) == 3


def test_deployments_to_an_environment_follow_each_other() -> None:
    assert (
        group("", "1") == group("deploy", "2") == group("promote", "3") == group("reconcile", "4")
    )
    concurrency = FILES["deploy"]["jobs"]["deploy"]["concurrency"]
    assert (concurrency["cancel-in-progress"], concurrency["queue"]) == (False, "max")


@pytest.mark.parametrize("action", WAY_BACK)
def test_the_way_back_never_waits(action: str) -> None:
    assert group(action, "1") not in {group(action, "2"), group("deploy", "1")}
    condition = FILES["deploy"]["jobs"]["approve"]["if"]
    assert not evaluate(condition, inputs=request(action))
    assert evaluate(condition, inputs=request("deploy"))
    assert evaluate(condition, inputs=request(""))


def test_a_large_request_is_a_deployment_like_others() -> None:
    inputs = {**request(""), "request": '{"blob":"sha256:00"}'}
    assert evaluate(FILES["deploy"]["jobs"]["approve"]["if"], inputs=inputs)


def test_an_artifact_can_be_uploaded_again_by_a_re_run() -> None:
    """GitHub refuses a name that is there, or later shows both, unless it says `overwrite`."""
    found = 0
    for name, _, step in steps():
        if "upload" in step.get("uses", ""):
            found += 1
            given = step["with"]
            assert "github.run_attempt" in given["name"] or given.get("overwrite") is True, name
    assert found >= 5


def test_pages_gets_the_artifact_of_this_attempt() -> None:
    given = [step["with"] for _, _, step in steps() if "pages" in step.get("uses", "")]
    assert given[0]["name"] == given[1]["artifact_name"]
    assert given[0]["include-hidden-files"] is True


def test_a_merged_batch_is_uploaded_when_it_is_complete() -> None:
    step = FILES["batch"]["jobs"]["merge"]["steps"][-1]
    assert "steps.merge.outputs.complete == 'true'" in step["if"]


def test_who_looks_for_earlier_attempts_brings_a_token() -> None:
    for name, job, step in steps():
        if "download-artifact" in step.get("uses", "") and name != OWN_RUN:
            assert "github.token" in step["with"]["github-token"], name
            assert job["permissions"]["actions"] == "read", name


def test_each_action_has_the_permissions_that_it_needs() -> None:
    for name, job, step in steps():
        wanted = NEEDS.get(step.get("uses", "").partition("@")[0], set())
        assert wanted <= set(job["permissions"]), name


def test_only_what_publishes_can_prove_who_it_is() -> None:
    """A job that builds or tests runs dependencies' code: it gets no identity to publish with."""
    able = {name for name, job in jobs() if "id-token" in job.get("permissions", {})}
    assert able == {"publish/publish", "release/publish"}
    release = FILES["release"]
    assert (release["permissions"], FILES["test"]["permissions"]) == ({}, {})
    used = [step.get("uses", "") for step in release["jobs"]["publish"]["steps"]]
    assert [name.partition("@")[0] for name in used] == [
        *["actions/download-artifact"] * 2,  # files and their bills of materials
        "actions/attest-build-provenance",
        "pypa/gh-action-pypi-publish",
    ]


def test_no_checkout_leaves_the_token_behind() -> None:
    for name, _, step in steps():
        if step.get("uses", "").startswith("actions/checkout@"):
            assert step["with"]["persist-credentials"] is False, name


def test_only_deployments_make_deployment_records() -> None:
    recorded = {name for name, job in jobs() if _records(job.get("environment"))}
    assert recorded == {"deploy/deploy", "publish/publish", "release/publish"}


def _records(environment: str | dict[str, Any] | None) -> bool:
    if environment is None:
        return False
    return isinstance(environment, str) or environment.get("deployment", True)


def test_a_run_is_named_as_the_command_looks_for_it() -> None:
    post = Post()
    send_deploy(forge(post), DeployRequest("greet:1.2.0"), "production", "abc")
    send_deploy(forge(post), DeployRequest("greet", Action.ROLLBACK), "production", "abc")
    send_execute(forge(post), ExecuteRequest("greet", {"text": "x"}), "staging", "abc")
    send_execute(forge(post), ExecuteRequest("greet", {"text": "x" * 70_000}), "staging", "abc")
    names = [_named(sent) for sent in post.sent if isinstance(sent, Dispatch)]
    assert names == [
        "deploy greet:1.2.0 to production (abc)",
        "rollback greet to production (abc)",
        "execute greet in staging (abc)",
        "execute a large request in staging (abc)",
    ]


def _named(dispatch: Dispatch) -> str:
    """As the Action file names the run that this asks for; it must be what is looked for."""
    file = FILES[dispatch.workflow_file.removesuffix(".yml")]
    name = filled(file["run-name"], inputs=dispatch.inputs)
    assert name == dispatch.run_name
    return name


def test_a_run_by_hand_is_named_too() -> None:
    inputs = {**request(""), "request": '{"workflow": "greet:1.2.0"}', "correlation_id": ""}
    assert filled(FILES["deploy"]["run-name"], inputs=inputs) == "deploy greet:1.2.0 to production"


def test_an_action_has_one_version() -> None:
    used: dict[str, set[str]] = {}
    for _, _, step in steps():
        name, _, ref = step.get("uses", "./").partition("@")
        used.setdefault(name, set()).add(ref)
    assert {name for name, refs in used.items() if len(refs) > 1} == set()
