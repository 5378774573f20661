"""The job that evaluates: only for its label, only where a maintainer set it, and never in anybody's way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.scratch import OWNER, Scratch, new_version, passed

MAINTAINER = {"id": 1000, "login": "puppyai-registry"}

pytestmark = pytest.mark.e2e


def labelled(scratch: Scratch, folder: Path, label: str, sender: dict[str, Any]) -> Any:
    """The job on the present branch, pushed, whose label somebody sets."""
    head = scratch.git("rev-parse", "HEAD")
    event = folder / "event.json"
    request = {"number": 1, "base": {"ref": "main"}, "head": {"sha": head}}
    about = {"action": "labeled", "label": {"name": label}, "sender": sender, "number": 1}
    event.write_text(json.dumps({"pull_request": request, **about}))
    return scratch.act("pull_request", "evaluate.yml", f"--eventpath={event}")


def test_a_maintainers_label_evaluates_and_no_other_one(tmp_path: Path) -> None:
    scratch = Scratch(tmp_path)
    new_version(scratch)
    output = passed(labelled(scratch, tmp_path, "evaluate", MAINTAINER))
    assert "neither version asks a model: the check says all that there is" in output
    stranger = {"id": OWNER[0], "login": OWNER[1]}
    refused = labelled(scratch, tmp_path, "evaluate", stranger)
    assert refused.returncode != 0
    assert "is not a maintainer of this registry" in refused.stdout
    assert "Evaluate" not in passed(labelled(scratch, tmp_path, "another", MAINTAINER))
