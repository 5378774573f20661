from __future__ import annotations

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.review.acceptance import acceptance_from
from registry_tool.commands.review.check_pr import check_merge, check_pr
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.finding import Severity
from registry_tool.report.summary import summary
from registry_tool.store.git.open_objects import close_objects
from registry_tool.store.git.repository import Repository
from tests.commands.review.requests import branch, publish, rules
from tests.conftest import RegistryFolder


def test_a_good_version_passes_and_is_summed_up(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    result = check_pr(registry.root, "main")  # type: ignore[attr-defined]
    assert (result.findings, result.versions) == ((), 1)
    text = summary(result.new, result.findings, result.verdict, result.key)
    assert "hello&#58;1\\.1\\.0" in text
    assert "a **patch** release after 1\\.0\\.0. This is a **minor** release" in text


def test_the_second_of_two_that_publish_one_version_is_refused(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    registry.git("branch", "--move", "first")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    branch(registry, "second")
    folder = registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    (folder / "extra.txt").write_text("mine")
    registry.commit("The same version")  # type: ignore[attr-defined]
    assert rules(registry) == []
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    registry.git("merge", "--quiet", "first")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "second")  # type: ignore[attr-defined]
    assert rules(registry) == ["immutable"]


def test_a_broken_version_elsewhere_blocks_nobody(registry: object) -> None:
    folder = registry.add("other", "1.0.0")  # type: ignore[attr-defined]
    (folder / "manifest.yaml").write_text("nonsense: [")
    (folder / "workflow.json").write_text("nonsense")
    registry.commit("Break another one")  # type: ignore[attr-defined]
    publish(registry, "hello", "1.1.0")
    assert rules(registry) == []


def test_a_conflict_and_an_unknown_ref_are_reported(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    with pytest.raises(NotFoundError, match="no commit 'nowhere'"):
        check_pr(registry.root, "nowhere")  # type: ignore[attr-defined]
    settings = registry.root / "registry/registry.yaml"  # type: ignore[attr-defined]
    settings.write_text("name: Mine\n")
    registry.commit("Mine")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    settings.write_text("name: Theirs\n")
    registry.commit("Theirs")  # type: ignore[attr-defined]
    with pytest.raises(RegistryError, match=r"conflicts with main in registry/registry\.yaml"):
        check_pr(registry.root, "main", "hello-1.1.0")  # type: ignore[attr-defined]


def test_the_cost_is_that_of_the_difference(registry: object) -> None:
    def calls() -> int:
        repository = Repository(registry.root)  # type: ignore[attr-defined]
        check_merge(repository, "main", "HEAD")
        return repository.calls

    publish(registry, "hello", "1.1.0")
    few = calls()
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    for number in range(60):
        registry.lay(f"line-{number}", "1.0.0")  # type: ignore[attr-defined]
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Many more")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "hello-1.1.0")  # type: ignore[attr-defined]
    assert calls() <= few <= 12


def test_a_held_request_waits_for_a_maintainer_not_for_its_author(registry: object) -> None:
    settings = registry.root / "registry/registry.yaml"  # type: ignore[attr-defined]
    settings.write_text(settings.read_text() + "policy: { maintainers: [{ login: eve, id: 3 }] }\n")
    registry.commit("Name a maintainer")  # type: ignore[attr-defined]
    publish(registry, "helo", "1.0.0")

    def verdict(labels: str = "", by: str = "") -> str:
        acceptance = acceptance_from([labels], by)
        return check_pr(registry.root, "main", acceptance=acceptance).verdict  # type: ignore[attr-defined]

    key = check_pr(registry.root, "main").key  # type: ignore[attr-defined]
    assert (
        verdict()
        == verdict(key)
        == verdict(key, "1")
        == verdict("accept-01234567-0123456789abcdef0123456789abcdef", "3")
        == "held"
    )
    assert verdict(key, "3") == "passed"


def test_a_bare_repository_is_enough(registry: object, tmp_path: Path) -> None:
    publish(registry, "hello", "1.1.0")
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))  # type: ignore[attr-defined]
    assert check_pr(bare, "main", "hello-1.1.0").verdict == "passed"


def test_branches_without_a_common_start_are_reported(registry: object) -> None:
    registry.git("checkout", "--quiet", "--orphan", "alien")  # type: ignore[attr-defined]
    registry.commit("From nowhere")  # type: ignore[attr-defined]
    with pytest.raises(RegistryError, match="unrelated histories"):
        check_pr(registry.root, "main")  # type: ignore[attr-defined]


@pytest.mark.parametrize("start", ["warm", "cold"])
def test_nothing_is_left_among_the_temporary_files(
    start: str,
    make_registry: Callable[..., RegistryFolder],
    tmp_path: Path,
    request: pytest.FixtureRequest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if start == "cold":
        request.getfixturevalue("cold_children")
    registry = make_registry(git=True)
    registry.git("checkout", "--quiet", "-b", "change")
    registry.add("hello", "1.0.0")
    registry.commit("A version")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    findings = check_pr(registry.root, "main", "change").findings
    assert [f for f in findings if f.severity is Severity.ERROR] == []
    close_objects()  # what this process itself borrows of the clone goes with its owners
    gc.collect()
    assert list(temporary.iterdir()) == []
