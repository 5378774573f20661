"""Every rule against its case folders.

A case of a rule on versions holds the version's files, one of a rule on changes the trees `before/` and `after/`.
Its `expect.json` says what the rule must find there; in cases named `good…` no rule may find an error.
`context.json` may give `name`, `version` (of the path), `published`, `known` (other workflows), `compile`,
`files` (further ones, by mode and size), `replayed`, `dependents`, `public`, `addition` (false: it is published
already), `policy` (what the registry asks of additions); for changes `actor`, `login`,
`approvals`, `trees` (objects that no git command writes, see `tests/raw_trees.py`),
and `owners` (false: none are added where there is no owners' file). `before.yaml` is the release
below. Files may hold the marks of `tests/marks.py`.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from registry_tool.commands.review.check import VersionFolder, subject_of
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.finding import Finding, FindingsError, Severity
from registry_tool.manifest.compile import compile_bytes
from registry_tool.manifest.load import load
from registry_tool.manifest.publish_policy import PUBLISH_POLICY
from registry_tool.resolver.candidates import Candidate, FixedSource
from registry_tool.rules.all_rules import (
    CHANGE_RULES,
    SUMMARIES,
    judge,
    judge_files,
    judge_tests,
)
from registry_tool.rules.base import Dependent, Replayed, RuleContext
from registry_tool.rules.change_set import Actor
from registry_tool.rules.file_set import REGULAR_MODE, FileSet, VersionContent
from tests.marks import expanded
from tests.raw_trees import commit_raw

CASES = Path(__file__).parent / "cases"
CHANGES = {rule.id for rule in CHANGE_RULES}
RULES = set(SUMMARIES)


def found_in_version(case: Path) -> tuple[Finding, ...]:
    around = context_of(case)
    files = {
        path.relative_to(case).as_posix(): VersionContent(expanded(path.read_text()).encode())
        for path in case.rglob("*")
        if path.is_file() and path.name not in {"expect.json", "context.json", "before.yaml"}
    }
    callees = {
        name: load(files.pop(file).content, file).workflow
        for name, file in around.get("callees", {}).items()
    }
    for path, about in around.get("files", {}).items():
        files[expanded(path)] = VersionContent(
            b"", about.get("mode", REGULAR_MODE), about.get("size", 0)
        )
    known = {
        name: [Candidate(name, version) for version in versions]
        for name, versions in around.get("known", {}).items()
    }
    before = case / "before.yaml"
    went = around.get("replayed")
    context = RuleContext(
        FixedSource(known),
        tuple(around.get("categories", ())),
        tuple(around.get("registries", ())),
        tuple(around.get("published", ())),
        load(before.read_bytes(), "before.yaml").workflow if before.exists() else None,
        thorough=True,
        replayed=replayed(went) if went else None,
        dependents=tuple(
            Dependent(d["reference"], d["range"], replayed(d["before"]), replayed(d["after"]))
            for d in around.get("dependents", ())
        ),
        workflow_of=lambda candidate: callees.get(candidate.name),
        public=around.get("public", False),
        addition=around.get("addition", True),
        policy=frozenset(around.get("policy", PUBLISH_POLICY)),
    )
    if found := judge_files(FileSet(files)):
        return found
    try:
        workflow = load(files["manifest.yaml"].content, "manifest.yaml").workflow
        if around.get("compile", True):
            files.setdefault("workflow.json", VersionContent(compile_bytes(workflow)))
        entry = VersionFolder(
            around.get("name", workflow.name), around.get("version", workflow.version), files
        )
        subject = subject_of(entry, context)
        return (*judge(subject), *judge_tests(subject))
    except FindingsError as refused:
        return refused.findings


def context_of(case: Path) -> dict[str, Any]:
    file = case / "context.json"
    return json.loads(file.read_text()) if file.exists() else {}


def replayed(about: dict[str, Any]) -> Replayed:
    return Replayed(
        "",
        about.get("passed", 0),
        tuple(about.get("failures", ())),
        tuple(about.get("missing", ())),
        about.get("crash", ""),
    )


def found_in_change(case: Path, folder: Path) -> tuple[Finding, ...]:
    def git(*words: str) -> None:
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
        subprocess.run(["git", *identity, *words], cwd=folder, check=True, capture_output=True)

    def lay(side: str) -> None:
        for path in folder.iterdir():
            if path.name != ".git":
                subprocess.run(["rm", "-r", path], check=True)
        subprocess.run(["cp", "-r", f"{case / side}/.", folder], check=True)
        for line in (folder / "registry/workflows").iterdir():
            if line.is_dir() and around.get("owners", True) and not (line / "owners.yaml").exists():
                (line / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
        for manifest in folder.rglob("manifest.yaml"):
            (manifest.parent / "workflow.json").write_bytes(
                compile_bytes(load(manifest.read_bytes(), "x").workflow)
            )
        git("add", "--all")
        git("commit", "--quiet", "-m", side)

    around = context_of(case)
    git("init", "--quiet", "--initial-branch=main")
    lay("before")
    git("checkout", "--quiet", "-b", "change")
    lay("after")
    commit_raw(folder, around.get("trees", []))
    actor = Actor(
        around.get("actor", 1), around.get("login", "ada"), frozenset(around.get("approvals", ()))
    )
    return check_pr(folder, "main", "change", actor=actor).findings


def cases() -> list[Path]:
    return sorted(case for rule in CASES.iterdir() for case in rule.iterdir())


@pytest.mark.parametrize("case", cases(), ids=lambda case: f"{case.parent.name}/{case.name}")
def test_case(case: Path, tmp_path: Path) -> None:
    rule = case.parent.name
    found = found_in_change(case, tmp_path) if rule in CHANGES else found_in_version(case)
    if case.name.startswith("good"):
        assert [f for f in found if f.severity is Severity.ERROR or f.rule == rule] == []
        return
    expected = json.loads((case / "expect.json").read_text())
    assert expected, "a bad case expects something"
    listed = [
        {
            "path": finding.path.removeprefix("registry/workflows/"),
            "line": finding.line,
            "column": finding.column,
            "severity": finding.severity.value,
            "message": finding.message,
            "help": finding.help,
        }
        for finding in found
        if finding.rule == rule
    ]
    assert listed == expected


def test_every_rule_has_a_good_and_a_bad_case() -> None:
    assert {rule.name for rule in CASES.iterdir()} == RULES
    for rule in CASES.iterdir():
        names = [case.name for case in rule.iterdir()]
        assert [name for name in names if name.startswith("good")], rule.name
        assert [name for name in names if not name.startswith("good")], rule.name


def test_every_rule_has_its_heading_in_the_docs() -> None:
    text = (Path(__file__).parents[2] / "docs/rules.md").read_text()
    assert re.findall(r"^## (\S+)$", text, re.MULTILINE) == list(SUMMARIES)


def test_every_heading_shows_a_bad_and_a_good_example() -> None:
    text = (Path(__file__).parents[2] / "docs/rules.md").read_text()
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        words = part.split("\n\n")[1]
        assert words.startswith("**"), part[:40]
        assert words.rpartition("**")[2].strip(), f"no reason given: {part[:40]}"
        assert part.count("Bad:\n\n```yaml") == part.count("Good:\n\n```yaml") == 1, part[:40]


def test_every_rule_has_a_file_of_its_own() -> None:
    """The rule `schema` is the door itself, manifest/load.py."""
    found = [
        (path.stem.replace("_", "-"), id_)
        for path in sorted((Path(__file__).parents[2] / "registry_tool/rules").glob("*.py"))
        for id_ in re.findall(r'^RULE = \w+\(\s*"([^"]+)"', path.read_text(), re.MULTILINE)
    ]
    assert sorted(id_ for _, id_ in found) == sorted(RULES - {"schema"})
    assert len({stem for stem, _ in found}) == len(found)
    assert all(stem.startswith(id_) for stem, id_ in found)


def test_no_rule_finds_anything_without_a_way_out() -> None:
    """Words for words: an error says what to do, unless its own sentence does."""
    silent = [
        (case.parent.name, case.name)
        for case in cases()
        if not case.name.startswith("good")
        for finding in json.loads((case / "expect.json").read_text())
        if not finding["help"]
    ]
    assert len(silent) <= 12, silent
