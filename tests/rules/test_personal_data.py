"""Personal data in a version's files: what is told, and the bound on phone numbers that are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.load import load
from registry_tool.resolver.candidates import FixedSource
from registry_tool.rules import personal_data
from registry_tool.rules.base import RuleContext, Subject
from registry_tool.rules.file_set import VersionContent
from registry_tool.rules.personal_data import MOST_IN_A_FILE, RULE
from registry_tool.security.pii.phones import Judging
from registry_tool.security.pii.recognise import find_personal_data, mask
from tests.security.recogniser_corpora import CARD

CASE = Path(__file__).parent / "cases/personal-data/good-documented-examples/manifest.yaml"
REAL = "+44 20 7946 1958"
ODD = [f"+999 20 {number:07}" for number in range(30)]


def found(
    monkeypatch: pytest.MonkeyPatch, files: dict[str, str], most: int
) -> list[tuple[str, int, Severity]]:
    monkeypatch.setattr(personal_data, "MOST_JUDGED", most)
    content = {"manifest.yaml": CASE.read_bytes(), **{k: v.encode() for k, v in files.items()}}
    subject = Subject(
        load(content["manifest.yaml"], "manifest.yaml"),
        {path: VersionContent(data) for path, data in content.items()},
        RuleContext(FixedSource({})),
    )
    return [(p.path, p.location[0] if p.location else 0, p.severity) for p in RULE.check(subject)]


def test_within_the_bound_the_real_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "\n".join([*ODD, REAL])
    assert found(monkeypatch, {"docs/a.md": text}, 10_000) == [("docs/a.md", 31, Severity.WARNING)]


def test_past_the_bound_the_file_is_held_where_judging_ended(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "\n".join([*ODD, REAL])
    result = found(monkeypatch, {"docs/a.md": text, "docs/b.md": REAL}, 25)
    assert [one for one in result if one[0].startswith("docs/")] == [
        ("docs/a.md", result[0][1], Severity.HOLD),
        ("docs/b.md", 1, Severity.HOLD),
    ]
    assert 1 < result[0][1] < 31


def test_one_spelling_is_judged_once_and_certain_kinds_need_no_judging(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "\n".join([ODD[0]] * 50 + ["13800138001", "4539159775502426123", REAL])
    result = found(monkeypatch, {"docs/a.md": text}, 10)
    assert [one for one in result if one[0].startswith("docs/")] == [
        ("docs/a.md", 52, Severity.HOLD),
        ("docs/a.md", 51, Severity.WARNING),
        ("docs/a.md", 53, Severity.WARNING),
    ]


def test_masking_judges_all_of_them() -> None:
    text = "\n".join([*ODD, REAL])
    assert mask(text).endswith("[PHONE]")
    judging = Judging(5)
    assert list(find_personal_data(text, judging)) == []
    assert text[judging.unjudged :].startswith("+999")


MANIFEST = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata:
  name: hello
  version: "1.0.0"
  author: "Ada <ada@corp.com>"
  homepage: https://corp.com/@ada@corp.com
  description: {description}
spec:
  blocks: []
  edges: []
"""


def problems(description: str = "Says hello", **files: bytes) -> list[Problem]:
    path = "registry/workflows/hello/1.0.0/manifest.yaml"
    text = MANIFEST.format(description=description)
    content = {"manifest.yaml": text.encode(), **files}
    subject = Subject(
        load(text, path),
        {name: VersionContent(data) for name, data in content.items()},
        RuleContext(FixedSource()),
        "hello",
        "1.0.0",
    )
    return list(RULE.check(subject))


def test_who_signs_the_manifest_is_not_judged() -> None:
    assert problems() == []
    (problem,) = problems("Ask ada@corp.com")
    assert (problem.path, problem.location) == ("manifest.yaml", (8, 20))
    assert problem.severity is Severity.WARNING


def test_another_value_on_the_authors_line_is_judged() -> None:
    text = (
        "{apiVersion: puppyai.com/v1, kind: Workflow, metadata: {name: hello, version: 1.0.0-a, "
        f'author: ada@corp.com, description: "{CARD}" }}, spec: {{blocks: [], edges: []}}}}'
    )
    subject = Subject(
        load(text, "manifest.yaml"),
        {"manifest.yaml": VersionContent(text.encode())},
        RuleContext(FixedSource()),
    )
    assert [problem.severity for problem in RULE.check(subject)] == [Severity.HOLD]


def test_values_are_never_repeated() -> None:
    (problem,) = problems(a=f"one\n  {CARD}\n".encode())
    assert (problem.path, problem.location, problem.severity) == ("a", (2, 3), Severity.HOLD)
    assert CARD not in problem.message + problem.help


def test_many_addresses_do_not_hide_a_card() -> None:
    found_there = problems(a=b"ada@corp.com\n" * 30 + CARD.encode())
    assert len(found_there) == MOST_IN_A_FILE
    assert found_there[0].severity is Severity.HOLD
    assert found_there[0].location == (31, 1)


def test_binary_and_compiled_files_are_left() -> None:
    files = {"workflow.json": CARD.encode(), "a.bin": b"\xff " + CARD.encode()}
    assert problems(**files) == []
