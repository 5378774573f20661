"""An author's project against every rule."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.author.validate import validate
from registry_tool.core.errors import NotFoundError
from tests.conftest import MANIFEST, RegistryFolder

GOOD = MANIFEST.replace("NAME", "mine").replace("VERSION", "1.0.0")


NOWHERE = Path()
"""No registry is named, and none is around."""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "mine"
    (folder / "docs").mkdir(parents=True)
    (folder / "docs/README.md").write_text("# mine\n\nGreets.\n")
    (folder / "workflow-resource.yaml").write_text(GOOD.replace("REQUIRES", "[]"))
    return folder


def rules(path: Path, registry: Path) -> list[str]:
    return [
        finding.rule
        for finding in validate(path, "" if registry == NOWHERE else str(registry)).findings
    ]


def test_a_good_project_has_no_findings_by_its_folder_or_its_manifest(project: Path) -> None:
    assert rules(project, NOWHERE) == rules(project / "workflow-resource.yaml", NOWHERE) == []


def test_a_folder_without_a_manifest_is_shown_how_to_start_one(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match=r"there is no workflow-resource\.yaml") as caught:
        validate(tmp_path, str(tmp_path))
    assert "puppy-cli init" in caught.value.hint


def test_what_the_door_refuses_is_a_finding_with_its_place(project: Path) -> None:
    file = project / "workflow-resource.yaml"
    file.write_text("kind: &x Workflow\n")
    (finding,) = validate(project, "").findings
    assert (finding.path, finding.line, finding.column) == (str(file), 1, 7)


@pytest.mark.parametrize(
    ("was", "now", "rule", "hint"),
    [
        ('version: "1.0.0"', 'version: "1.0"', "version", 'write "1.0.0"'),
        ('version: "1.0.0"', "version: v2", "version", 'write "2.0.0"'),
        ("name: mine", "name: My Flow", "name-path", "such as my-workflow"),
    ],
)
def test_a_name_or_version_that_is_none_is_reported_once_where_it_stands(
    project: Path, was: str, now: str, rule: str, hint: str
) -> None:
    file = project / "workflow-resource.yaml"
    assert was in file.read_text()
    file.write_text(file.read_text().replace(was, now, 1))
    (finding,) = validate(project, "").findings
    assert (finding.rule, finding.path, finding.help) == (rule, str(file), hint)
    line = file.read_text().splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].strip('"') in now.strip('"')


def test_a_test_that_asserts_nothing_is_reported_once(project: Path) -> None:
    file = project / "workflow-resource.yaml"
    text = file.read_text()
    before, after = text.split("  tests:\n")
    file.write_text(f"{before}  tests:\n    - {{ name: nothing, inputs: {{ who: x }} }}\n")
    assert after
    assert rules(project, NOWHERE) == ["tests-assert"]


def test_other_files_of_the_project_are_judged_too(project: Path) -> None:
    (project / "docs/README.md").write_text("key: ghp_" + "a1B2" * 9)
    assert rules(project, NOWHERE) == ["secrets"]


def test_the_registrys_settings_and_versions_count_where_there_is_one(
    project: Path, make_registry: Callable[..., RegistryFolder]
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    file = project / "workflow-resource.yaml"
    needs = "[{ name: hello, version: '^1' }]"
    file.write_text(GOOD.replace("REQUIRES", needs).replace("category: text", "category: odd"))
    assert rules(project, registry.root) == ["category"]
    file.write_text(GOOD.replace("REQUIRES", needs.replace("^1", "^2")))
    assert rules(project, registry.root) == ["dependencies-resolve"]


def test_what_is_published_already_or_looks_like_another_is_reported_with_its_line(
    project: Path, make_registry: Callable[..., RegistryFolder]
) -> None:
    registry = make_registry()
    registry.add("mine", "1.0.0")
    registry.add("sentiment", "1.0.0")
    file = project / "workflow-resource.yaml"
    text = file.read_text()
    for name, rule, location in (
        ("mine", "immutable", (5, 12)),
        ("sentimemt", "look-alike", (4, 9)),
    ):
        file.write_text(
            text.replace("name: mine", f"name: {name}").replace("Greets who", "Hails who")
        )
        found = validate(project, str(registry.root)).findings
        assert [(f.path, (f.line, f.column)) for f in found if f.rule == rule] == [
            (str(file), location)
        ]


def test_a_join_that_the_schema_refuses_is_reported_once(project: Path) -> None:
    file = project / "workflow-resource.yaml"
    case = "{ block: who, condition: is_empty, operation: nad }"
    moves = "[{ from: who, to: greeting }]"
    file.write_text(
        file.read_text()
        .replace("type: modify", "type: branch")
        .replace(
            'config: { modify_type: edit_text, content: "Hello, {{who}}!" }',
            f"config: {{ cases: {{ a: {{ conditions: [{case}], thens: {moves} }} }} }}",
        )
    )
    assert rules(project, NOWHERE) == ["edge-config"]
