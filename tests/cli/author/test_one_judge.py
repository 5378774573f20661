"""`validate`, `publish --dry-run`, `check-pr` as typed: one judge, and "valid" only of what was looked at."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from registry_tool.cli.errors import HELD
from registry_tool.rules.all_rules import CHANGE_RULES, LAST, SUMMARIES
from tests.conftest import MANIFEST, RegistryFolder
from tests.forked import Ended, run

GOOD = MANIFEST.replace("NAME", "mine").replace("VERSION", "1.1.0").replace("REQUIRES", "[]")
SECRET = "ghp_" + "A1b2C3d4E5f6G7h8I9j0" * 2
OWNER = ("--owner", "ada", "--owner-id", "1")
PROJECTS = {
    "good": GOOD,
    "no licence": GOOD.replace("  license: MIT\n", ""),
    "another category": GOOD.replace("category: text", "category: txt"),
    "no such dependency": GOOD.replace("workflows: []", "workflows: [{ name: far, version: ^1 }]"),
    "a name that is nowhere": GOOD.replace("{{who}}", "{{whom}}"),
    "a block that is nowhere": GOOD.replace("source: who", "source: whom"),
    "not the schema": GOOD.replace("type: modify", "type: modifies"),
    "not YAML": GOOD.replace("spec:", "spec: ]"),
    "a token": GOOD.replace("Greets whoever you name", SECRET),
    "a test that fails": GOOD.replace('"Hello, world!"', '"Bye, world!"'),
    "too small a step": GOOD.replace("1.1.0", "1.0.1")
    .replace("Hello, {{", "Hi, {{")
    .replace("Hello, w", "Hi, w"),
    "published already": GOOD.replace("1.1.0", "1.0.0").replace("Greets", "Welcomes"),
}


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder], tmp_path: Path) -> RegistryFolder:
    made = make_registry(git=True)
    made.add("mine", "1.0.0")
    made.commit("Publish mine 1.0.0")
    (tmp_path / "mine/docs").mkdir(parents=True)
    (tmp_path / "mine/docs/README.md").write_text("# Mine\n\nGreets.\n")
    return made


def findings_of(done: Ended) -> set[tuple[str, int, str]]:
    findings: list[Any] = json.loads(done.stdout)["findings"]
    return {(one["rule"], one["line"], one["message"]) for one in findings}


@pytest.mark.parametrize("name", PROJECTS)
def test_three_commands_say_the_same(name: str, registry: RegistryFolder, tmp_path: Path) -> None:
    (tmp_path / "mine/workflow-resource.yaml").write_text(PROJECTS[name])
    words = ("--registry", registry.root, "--format", "json")
    validated = run(["puppy-cli", "validate", "mine", *words], cwd=tmp_path)
    judged = run(["puppy-cli", "publish", "mine", "--dry-run", *OWNER, *words], cwd=tmp_path)
    only_replayed = {rule.id for rule in LAST}
    if validated.stdout and judged.stdout:
        replayed = {one for one in findings_of(judged) if one[0] in only_replayed}
        assert findings_of(validated) == findings_of(judged) - replayed, name
    published = run(["puppy-cli", "publish", "mine", *OWNER, *words[:2]], cwd=tmp_path)
    if published.returncode:
        assert validated.returncode == 1 or replayed, published.stderr
        return
    head = ("--base", "main", "--head", "publish/mine-1.1.0", "--actor-id", "1")
    checked = run(["registry-tool", "check-pr", *head, *words], cwd=tmp_path)
    assert findings_of(checked) == findings_of(judged)
    assert (validated.returncode, judged.returncode) == (0, 0)
    held = {one["severity"] for one in json.loads(judged.stdout)["findings"]} == {"hold"}
    assert checked.returncode == (HELD if held else 0)


def test_the_good_end_says_what_was_looked_at(registry: RegistryFolder, tmp_path: Path) -> None:
    (tmp_path / "mine/workflow-resource.yaml").write_text(GOOD)
    all_ = len(SUMMARIES)
    where = ("--registry", registry.root)
    done = run(["puppy-cli", "publish", "mine", "--dry-run", *OWNER, *where], cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == f"valid: 1 version, {all_} checks"
    done = run(["puppy-cli", "validate", "mine", *where], cwd=tmp_path)
    unowned = all_ - len(LAST) - 1
    assert done.stdout == f"valid: 1 version, {unowned} checks\n"
    done = run(["puppy-cli", "validate", "mine", *where, "--format", "json"], cwd=tmp_path)
    assert json.loads(done.stdout)["checked"] == {"versions": 1, "rules": unowned}
    done = run(["registry-tool", "check", *where], cwd=tmp_path)
    assert done.stdout == f"valid: 1 version, {all_ - len(LAST) - len(CHANGE_RULES)} checks\n"
    done = run(["puppy-cli", "validate", "mine"], cwd=tmp_path)
    assert done.stdout.startswith("valid as far as it was checked: 1 version, ")


def test_sarif_leads_to_the_registrys_pages_on_rules(
    registry: RegistryFolder, tmp_path: Path
) -> None:
    (tmp_path / "mine/workflow-resource.yaml").write_text(GOOD)
    settings = registry.root / "registry/registry.yaml"
    words = ("--registry", registry.root, "--format", "sarif")
    commands: list[list[Any]] = [
        ["registry-tool", "check", *words],
        ["registry-tool", "check-pr", "--base", "main", *words],
        ["puppy-cli", "validate", "mine", *words],
        ["puppy-cli", "publish", "mine", "--dry-run", *OWNER, *words],
    ]
    assert "helpUri" not in run(commands[2], cwd=tmp_path).stdout  # nobody knows the address
    settings.write_text(settings.read_text() + "url: https://example.com/ours/\n")
    registry.commit("Say where the site is")
    for command in commands:
        [log] = json.loads(run(command, cwd=tmp_path).stdout)["runs"]
        found = {rule["id"]: rule["helpUri"] for rule in log["tool"]["driver"]["rules"]}
        assert found["limits"] == "https://example.com/ours/rules/limits/", command


def test_nothing_is_valid_that_was_not_there(registry: RegistryFolder, tmp_path: Path) -> None:
    words = ("--base", "main", "--head", "main", "--actor-id", "1", "--registry", registry.root)
    done = run(["registry-tool", "check-pr", *words], cwd=tmp_path)
    assert done.stdout == f"no new version to check; {len(CHANGE_RULES)} checks of the rest\n"


def test_tests_are_replayed_whoever_publishes(registry: RegistryFolder, tmp_path: Path) -> None:
    """Nobody's finding on ownership, which is not told, kept them from being run, and that was not told either."""
    text = PROJECTS["a test that fails"].replace(
        "name: mine", "name: other"
    )  # which nobody owns yet
    (tmp_path / "mine/workflow-resource.yaml").write_text(text)
    words = ("puppy-cli", "publish", "mine", "--dry-run", "--registry", registry.root)
    done = run(words, cwd=tmp_path)
    assert done.returncode == 1
    assert "error[tests-pass]" in done.stdout


def test_a_dry_run_without_a_registry_runs_what_it_can(tmp_path: Path) -> None:
    (tmp_path / "mine/docs").mkdir(parents=True)
    (tmp_path / "mine/docs/README.md").write_text("# Mine\n\nGreets.\n")
    words = ("puppy-cli", "publish", "mine", "--dry-run")
    (tmp_path / "mine/workflow-resource.yaml").write_text(PROJECTS["a test that fails"])
    done = run(words, cwd=tmp_path)
    assert "error[tests-pass]" in done.stdout
    (tmp_path / "mine/workflow-resource.yaml").write_text(PROJECTS["no such dependency"])
    done = run(words, cwd=tmp_path)
    assert "whether the tests pass" in done.stderr
    assert "valid as far as it was checked: " in done.stdout
