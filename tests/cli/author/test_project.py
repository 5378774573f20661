"""From `init` to `build`, as an author types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from registry_tool.core.errors import UsageError
from tests.cli.invoked import invoke
from tests.cli.typed import run


def test_a_test_report_overwrites_no_manifest(project: Path) -> None:
    before = (project / "workflow-resource.yaml").read_text()
    result = invoke("test", "base", "--junit", "base/workflow-resource.yaml")
    assert isinstance(result.exception, UsageError)
    assert (project / "workflow-resource.yaml").read_text() == before


@pytest.mark.e2e
def test_a_new_project_validates_tests_builds_and_runs(tmp_path: Path) -> None:
    for template, given, output in (
        ("text", "text=Ada", "greeting: Hello, Ada!"),
        ("code", "numbers=[1,2,3]", "sum: 6"),
    ):
        folder = tmp_path / template
        assert (
            run(
                tmp_path, "puppy-cli", "init", "mine", "--template", template, "-o", folder
            ).returncode
            == 0
        )
        for command in ("validate", "test", "build"):
            done = run(folder, "puppy-cli", command)
            assert done.returncode == 0, done.stdout + done.stderr
        assert (folder / "dist/mine-1.0.0.wfpkg").is_file()
        done = run(folder, "puppy-cli", "run", ".", "--input", given)
        assert output in done.stdout, done.stderr
        packed = run(folder, "puppy-cli", "run", "dist/mine-1.0.0.wfpkg", "--input", given)
        assert packed.stdout == done.stdout


@pytest.mark.e2e
def test_a_mistake_is_shown_where_it_stands(tmp_path: Path) -> None:
    run(tmp_path, "puppy-cli", "init", "mine")
    manifest = tmp_path / "mine/workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("Hello, {{text}}!", "Hello, {{txt}}!"))
    done = run(tmp_path, "puppy-cli", "validate", "mine")
    assert done.returncode == 1
    assert "mine/workflow-resource.yaml:25:26: error[template-names]" in done.stdout
    assert "did you mean {{text}}?" in done.stdout
    found = json.loads(run(tmp_path, "puppy-cli", "validate", "mine", "--format", "json").stdout)
    assert set(found["findings"][0]) == {
        "rule",
        "severity",
        "path",
        "line",
        "column",
        "message",
        "help",
    }
