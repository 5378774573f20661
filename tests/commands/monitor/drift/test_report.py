"""What was found of drift, as files and as metrics."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from registry_tool.state.target import Target
from tests.commands.monitor.drift.published import Publish, said
from tests.forge.fault_server import FaultServer, Reply, running
from tests.monitoring.pushgateway import free_port


def cli(target: Target, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    command = [Path(sys.executable).with_name("registry-tool"), "drift", "--root", target.root]
    return subprocess.run(
        [*command, "--env", "development", "--provider", "openai", *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environ},
    )


def test_the_command_opens_the_issue_and_writes_what_it_found(
    publish: Publish, model: FaultServer, tmp_path: Path
) -> None:
    target = publish()
    quiet = tmp_path / "quiet.md"
    same = cli(target, "--summary", str(quiet))
    assert same.stdout.startswith("mood:1.0.0 in development: as recorded (1 same")
    assert "as recorded" in quiet.read_text()
    assert "roll back" not in quiet.read_text()
    model.replies = [said("sad <img src=x> @everyone\n::error::x")]
    with running() as forge:
        forge.replies = [
            Reply(200, []),
            Reply(201, {"html_url": "https://github.com/i/7", "number": 7}),
        ]
        summary, metrics = tmp_path / "drift.md", tmp_path / "drift.om"
        done = cli(
            target,
            *(
                "--open-issue",
                "--format",
                "json",
                "--summary",
                str(summary),
                "--metrics",
                str(metrics),
                "--push-gateway",
                f"http://127.0.0.1:{free_port()}",  # nobody listens: all else is done
            ),
            GITHUB_REPOSITORY="ada/registry",
            GITHUB_TOKEN="t",
            GITHUB_API_URL=forge.address,
        )
    assert done.returncode == 1, done.stderr
    assert "https://github.com/i/7" in done.stderr
    assert "the Pushgateway took no metrics" in done.stderr
    assert json.loads(done.stdout)["checked"][0]["drifted"] is True
    opened = forge.asked[-1].body
    assert opened["title"] == "Drift: mood in development"
    assert opened["body"] == summary.read_text()
    assert "\n+sad <img src=x> @everyone\n" in opened["body"].partition("```diff")[2]
    assert (
        'workflow_drift{environment="development",workflow_name="mood"} 1.0' in metrics.read_text()
    )
