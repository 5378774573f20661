"""`validate`, `publish --dry-run` and `check-pr` say the same about the same files, over every case of every rule.

A case of a rule on versions becomes a project beside a registry that its `context.json` describes; one of a
rule on changes where what it changes is one new version. Tests are not replayed here (that costs a process each).
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.author.base_registry import ground_of
from registry_tool.commands.author.candidate import (
    UnpublishedVersion,
    candidate_of,
    judge_candidate,
    owners_bytes,
)
from registry_tool.commands.author.validate import validate
from registry_tool.commands.review.check_pr import check_merge
from registry_tool.commands.review.rule_contexts import Scope
from registry_tool.core.finding import Finding, FindingsError
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules.all_rules import CHANGE_RULES
from registry_tool.rules.change_set import Actor
from registry_tool.store.git.new_objects import Identity
from registry_tool.store.git.objects import EMPTY_TREE
from registry_tool.store.git.repository import Repository
from tests.conftest import MANIFEST
from tests.marks import expanded, expanded_bytes
from tests.rules.test_cases import CASES, context_of

ADA = OwnerAccount("ada", 1)
OWNERS = owners_bytes(ADA).decode()
CHANGES = {rule.id for rule in CHANGE_RULES}
WHO = Identity("Ada", "ada@example.com", "2024-01-01T00:00:00Z")
BESIDE = {"expect.json", "context.json", "before.yaml"}
HELLO = "registry/workflows/hello/owners.yaml"
VERSION = "registry/workflows/hello/1.0.0"
SOURCE, TARGET = "workflow-resource.yaml", "manifest.yaml"
THREATS = Path(__file__).parents[2] / "threats/cases"
MANIFESTS = {"project", "annotations", "terminal", "run", "code"}
"""Kinds of hostile input that are a manifest."""
UNASKED = frozenset({"tests-pass", "dependents"})
NO_PROJECT = frozenset({"compiled-current"})
"""Rules on what a project has not, but gets from `publish`."""
ABOUT = {"immutable": "version", "layout": "version", "tombstones": "version", "look-alike": "name"}
"""What a rule on folders finds is shown to an author at this line, which a folder has not got."""
ALSO = {"version": "version", "name-path": "name"}
"""Rules that say of a manifest's version or name what `layout` says of the folder: an author is told once."""
CALLED = {"version": "the folder", "name": "the name"}
"""How `layout` begins then."""
FindingKeys = set[tuple[str, str, str, int, int, str]]


def cases() -> list[Path]:
    return sorted(case for rule in CASES.iterdir() for case in rule.iterdir())


def as_project(case: Path, folder: Path) -> tuple[Path, dict[str, str]] | None:
    """A project and its registry's files; None where no project could be what the case shows."""
    if case.parent.name in CHANGES:
        return _of_change(case, folder)
    if case.parent.name in NO_PROJECT or "files" in context_of(case):
        return None
    project = folder / "project"
    shutil.copytree(case, project, ignore=shutil.ignore_patterns(*BESIDE))
    for path in project.rglob("*"):
        if path.is_file():
            path.write_text(expanded(path.read_text()))
    (project / "manifest.yaml").rename(project / "workflow-resource.yaml")
    return project, _registry_around(case)


def _registry_around(case: Path) -> dict[str, str]:
    around = context_of(case)
    settings: dict[str, Any] = {
        "name": "Cases",
        "categories": dict.fromkeys(around.get("categories", ()), "A"),
        "registries": dict.fromkeys(around.get("registries", ()), "https://example.com"),
        "access": {"visibility": "public" if around.get("public") else "private"},
    }
    if "policy" in around:
        parts = ("description", "license", "tests")
        settings["policy"] = {"publish": {part: part in around["policy"] for part in parts}}
    files = {"registry/registry.yaml": json.dumps(settings)}
    for name, versions in around.get("known", {}).items():
        for version in versions:
            files |= _version(name, version)
    before = case / "before.yaml"
    if before.exists():
        workflow = load(before.read_bytes(), "before.yaml").workflow
        files |= _version(workflow.name, workflow.version, before.read_text())
    for version in around.get("published", ()):
        files |= _version(around.get("name", "hello"), version)
    return files


def _version(name: str, version: str, text: str = "") -> dict[str, str]:
    plain = MANIFEST.replace("NAME", name).replace("VERSION", version).replace("REQUIRES", "[]")
    folder = f"registry/workflows/{name}/{version}"
    manifest = text or plain
    compiled = compile_bytes(load(manifest.encode(), "x").workflow).decode()
    return {
        f"registry/workflows/{name}/owners.yaml": OWNERS,
        f"{folder}/manifest.yaml": manifest,
        f"{folder}/workflow.json": compiled,
    }


def _of_change(case: Path, folder: Path) -> tuple[Path, dict[str, str]] | None:
    before, after = (_texts(case / side) for side in ("before", "after"))
    if any(after.get(path) != text for path, text in before.items()):
        return None
    new = {path for path in after if path not in before}
    locations = {tuple(path.split("/")[2:4]) for path in new if not path.endswith("owners.yaml")}
    owners = {path for path in new if path.endswith("owners.yaml")}
    if len(locations) != 1 or owners or not all(path.count("/") > 3 for path in new):
        return None
    ((name, version),) = locations
    source = case / "after/registry/workflows" / name / version
    if not (source / "manifest.yaml").is_file() or any(
        path.startswith(f"registry/workflows/{name}/{version}/") for path in before
    ):
        return None
    workflow = load((source / "manifest.yaml").read_bytes(), "x").workflow
    if (workflow.name, workflow.version) != (name, version):
        return None
    shutil.copytree(source, folder / "project")
    (folder / "project/manifest.yaml").rename(folder / "project/workflow-resource.yaml")
    for path in [path for path in before if path.endswith("manifest.yaml")]:
        workflow = load(before[path].encode(), path).workflow
        before[f"{Path(path).parent}/workflow.json"] = compile_bytes(workflow).decode()
        before.setdefault(f"{Path(path).parents[1]}/owners.yaml", OWNERS)
    return folder / "project", before


def _texts(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("registry")
    subprocess.run(["git", "init", "--quiet", "-b", "main", str(folder)], check=True)
    (folder / "registry").mkdir()  # what makes a folder a registry; the commit is what is read
    (folder / "registry/registry.yaml").write_text("name: Cases\n")
    made = Repository(folder)
    made.run("config", "user.email", "1+ada@users.noreply.github.com")
    return made


def committed(repository: Repository, files: dict[str, bytes], *above: str) -> str:
    base = above[0] if above else EMPTY_TREE
    return repository.commit_with(base, files, above, "A commit\n", WHO)


@cache
def based(repository: Repository, files: tuple[tuple[str, str], ...]) -> str:
    return committed(repository, {path: text.encode() for path, text in files})


def keys_of(findings: Iterable[Finding], candidate: UnpublishedVersion) -> FindingKeys:
    """Findings by their place inside the version, whatever it is called there."""
    return {
        (f.rule, f.severity.value, _inside(f.path, candidate), f.line, f.column, f.message)
        for f in findings
        if f.rule not in UNASKED
    }


def _inside(path: str, candidate: UnpublishedVersion) -> str:
    if path in {candidate.manifest, candidate.location, candidate.location.rsplit("/", 1)[0]}:
        return "manifest.yaml"
    return path.removeprefix(f"{candidate.location}/").removeprefix(f"{candidate.folder}/")


def as_shown(findings: tuple[Finding, ...], candidate: UnpublishedVersion) -> Iterator[Finding]:
    """A pull request's findings as its author's project shows them."""
    document = load(candidate.files["manifest.yaml"].content, "manifest.yaml").document
    folders = {"version": candidate.location, "name": candidate.location.rsplit("/", 1)[0]}
    wrong = [ALSO[f.rule] for f in findings if f.rule in ALSO]
    twice = {(folders[part], CALLED[part]) for part in wrong}
    for finding in findings:
        start = finding.message.partition("'")[0].strip()
        if finding.rule == "layout" and (finding.path, start) in twice:
            continue
        if finding.rule in ABOUT and not finding.line and finding.path in folders.values():
            line, column = document.location(("metadata", ABOUT[finding.rule]))
            yield replace(finding, line=line, column=column)
        else:
            yield finding


def judged(project: Path, files: dict[str, str], repository: Repository) -> Iterator[FindingKeys]:
    """What each of the three says."""
    base = based(repository, tuple(sorted(files.items())))
    (repository.git_dir / "refs/heads/main").write_text(f"{base}\n")
    location = repository.location
    candidate = candidate_of(project)
    yield keys_of(validate(project, location).findings, candidate)
    dry = judge_candidate(ground_of(location), candidate, ADA, replay=False)
    yield keys_of(dry.findings, candidate)
    laid = {f"{candidate.location}/{path}": data for path, data in candidate.plain().items()}
    owners = f"registry/workflows/{candidate.name}/owners.yaml"
    if not any(path.startswith(f"{owners.rsplit('/', 1)[0]}/") for path in files):
        laid[owners] = OWNERS.encode()
    head = committed(repository, laid, base)
    actor = Actor(ADA.id, ADA.login)
    merged = check_merge(repository, base, head, actor=actor, scope=Scope(replay=False))
    yield keys_of(as_shown(merged.findings, candidate), candidate)


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_the_three_agree(case: Path, repository: Repository, tmp_path: Path) -> None:
    made = as_project(case, tmp_path)
    if made is None:
        assert case.parent.name in CHANGES | NO_PROJECT or "files" in context_of(case)
        return
    project, files = made
    agree(project, files, repository)


def agree(project: Path, files: dict[str, str], repository: Repository) -> None:
    try:
        candidate_of(project)
    except FindingsError as refused:  # what `publish` says, with and without --dry-run
        assert validate(project, repository.location).findings == refused.findings
        laid = {
            f"{VERSION}/{path.name.replace(SOURCE, TARGET)}": path.read_bytes()
            for path in project.iterdir()
            if path.is_file()
        }
        base = based(repository, tuple(sorted(files.items())))
        head = committed(repository, {**laid, HELLO: OWNERS.encode()}, base)
        merged = check_merge(repository, base, head, scope=Scope(replay=False)).findings
        inside = {_at(f) for f in merged if f.path.startswith(f"{VERSION}/")}
        assert inside == {_at(f) for f in refused.findings}
        return
    valid, dry, checked = judged(project, files, repository)
    assert valid == dry == checked


def _at(finding: Finding) -> tuple[str, int, int, str]:
    return finding.rule, finding.line, finding.column, finding.message


def threats() -> list[Path]:
    rows = [row for row in THREATS.iterdir() if _kind(row) in MANIFESTS]
    return sorted(path for row in rows for path in row.iterdir() if path.suffix == ".yaml")


def _kind(row: Path) -> str:
    return str(json.loads((row / "expect.json").read_text())["kind"])


@pytest.mark.parametrize("path", threats(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_they_agree_on_hostile_manifests(
    path: Path, repository: Repository, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (project / "workflow-resource.yaml").write_bytes(expanded_bytes(path.read_text()))
    agree(project, {"registry/registry.yaml": "name: Cases\n"}, repository)


def test_enough_cases_are_compared(tmp_path: Path) -> None:
    made = [as_project(case, tmp_path / str(n)) for n, case in enumerate(cases())]
    assert sum(one is not None for one in made) > 0.6 * len(made)
