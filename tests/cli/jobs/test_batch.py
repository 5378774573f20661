"""Schedules and the parts of a batch through the real command."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.deploy.deploy import deploy
from registry_tool.state.target import Target
from tests import forked
from tests.cli.jobs.test_options import read
from tests.conftest import RegistryFolder

pytestmark = pytest.mark.e2e


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    settings = made.root / "registry/registry.yaml"
    inputs = "environment: development, workflow: hello, inputs: { who: Ada }"
    line = f'- {{ name: nightly, cron: "0 3 * * *", {inputs} }}'
    settings.write_text(f"{settings.read_text()}schedules:\n  {line}\n")
    made.commit("Publish")
    deploy(Target(made.root), "hello", "development")
    return made


def run(registry: RegistryFolder, *words: str | Path) -> forked.Ended:
    own = {"ENVIRONMENT": "development", "BATCH_ID": "b1", "ACTOR_ID": "8", "GITHUB_ACTIONS": ""}
    fields = {**os.environ, **own}
    return forked.run(["registry-tool", *words], cwd=registry.root, env=fields)


def test_a_schedule_runs_when_it_is_due(registry: RegistryFolder, tmp_path: Path) -> None:
    messages = []
    for now in ("2026-11-25T02:00", "2026-11-25T03:10Z", "2026-11-25T09:00+05:00"):
        done = run(registry, "scheduled", "--now", now, "--folder", tmp_path / "kept")
        assert done.returncode == 0, done.stderr
        (one,) = json.loads(done.stdout)["schedules"]
        messages.append(one["status"])
    assert messages == ["begins", "success", "not-due"]
    (result,) = (tmp_path / "kept").glob("sched-nightly-*/result.json")
    assert json.loads(result.read_text())["outputs"] == {"greeting": "Hello, Ada!"}
    assert run(registry, "scheduled", "--now", "tomorrow").returncode == 2


def test_a_batch_over_a_matrix(registry: RegistryFolder, tmp_path: Path) -> None:
    items, outputs = tmp_path / "items.jsonl", tmp_path / "outputs"
    items.write_text("".join(f'{{"who": "{number}"}}\n' for number in range(6)))
    plan = run(registry, "batch-plan", "--shards", "2", "--inputs", items, "--outputs", outputs)
    jobs = json.loads(plan.stdout)["include"]
    shards = [job["shard"] for job in jobs]
    assert json.loads(read(outputs)["matrix"]) == {"include": jobs}
    words = ["--workflow", "hello", "--inputs", items]
    ledgers = [tmp_path / f"ledger-{shard[0]}" for shard in shards]
    for shard, ledger in zip(shards, ledgers, strict=True):
        output = tmp_path / "part.jsonl"
        done = run(
            registry,
            *("batch-shard", *words, "--output", output, "--shard", shard, "--ledger", ledger),
        )
        assert done.returncode == 0, done.stderr
    output = tmp_path / "all.jsonl"
    done = run(
        registry,
        *("batch-merge", *words, "--output", output, "--shards", "2"),
        *("--into", tmp_path / "all", *ledgers),
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["succeeded"] == 6
    assert len(output.read_text().splitlines()) == 6
    missing = run(
        registry,
        *("batch-merge", *words, "--output", output, "--shards", "2"),
        *("--into", tmp_path / "some", ledgers[0]),
    )
    assert missing.returncode == 1
    assert "part 2/2 lacks" in missing.stderr
