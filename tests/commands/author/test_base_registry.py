"""What a candidate is judged on, and what is said of what can't be judged."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from registry_tool.commands.author.validate import validate
from tests.rules.test_cases import CASES


def test_a_warning_says_what_was_not_looked_at(tmp_path: Path) -> None:
    shutil.copytree(CASES / "license/none", tmp_path / "mine")
    result = validate(tmp_path / "mine", str(tmp_path))
    assert [f.rule for f in result.findings if f.severity.value == "hold"] == [
        "license",
        "publishable",
    ]
    (nowhere, tests) = result.not_checked
    assert nowhere.warns
    assert "there is no registry" in str(nowhere)
    assert replace(tests, help="").rules == ("tests-pass", "dependents")
