"""A run that was admitted: what it is bounded by, and what is kept of it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import replace

from registry_tool.commands.run.admitted_run import readable
from registry_tool.commands.run.execute import execute
from registry_tool.core.files import pretty_json
from registry_tool.runtime.run_program import RunOptions
from registry_tool.state.target import Target
from tests.commands.running import BOB, steps


def test_records_hold_nothing_of_what_a_run_was_about(served: Target) -> None:
    execute(served, "hello", {"who": "Ada Lovelace"}, RunOptions("production"), requester=BOB)
    branch = "runs-2026-11"
    output = subprocess.run(
        ["git", "log", "-p", "--format=%an %ae %s", branch],
        cwd=served.root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert "exec-" in output
    for secret in ("Ada", "Lovelace", "Hello,", "bob", '"8"'):
        assert secret not in output


def test_limits_of_the_environment_reach_the_run(served: Target) -> None:
    settings = served.root / "registry/registry.yaml"
    text = settings.read_text()
    limits = "tokens_per_run: 7, requests_per_minute: 3"
    settings.write_text(text.replace("tokens_per_run: 500", limits))
    admission, _ = steps(served)
    how = admission.how(RunOptions(max_tokens=900, timeout=5))
    assert (how.max_tokens, how.timeout) == (7, 5)
    assert how.overlay == {"limits": {"tokens_per_run": 7, "requests_per_minute": 3}}


def test_an_answer_with_half_a_character_is_kept_all_the_same(served: Target) -> None:
    done, _ = steps(served)[1].run()
    broken = replace(done, outputs={"greeting": "\ud83d"}, blocks={})
    assert json.loads(readable(broken))["outputs"] == {"greeting": "\ud83d"}
    assert readable(done).decode() == pretty_json(done.to_value())
