from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.check_pr import check_merge, check_pr
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.report.summary import summary
from registry_tool.store.git import Repository


@pytest.fixture
def registry(make_registry: Callable[..., object]) -> object:
    made = make_registry(git=True)
    made.add("hello", "1.0.0")
    made.commit("Publish")
    return made


def branch(registry: object, name: str, start: str = "main") -> None:
    registry.git("checkout", "--quiet", "-b", name, start)  # type: ignore[attr-defined]


def publish(registry: object, name: str, version: str, **requires: str) -> None:
    branch(registry, f"{name}-{version}")
    registry.add(name, version, **requires)  # type: ignore[attr-defined]
    registry.commit(f"Publish {name} {version}")  # type: ignore[attr-defined]


def rules(registry: object, base: str = "main") -> list[str]:
    return [finding.rule for finding in check_pr(registry.root, base).findings]  # type: ignore[attr-defined]


def test_a_good_version_passes_and_is_summed_up(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    result = check_pr(registry.root, "main")  # type: ignore[attr-defined]
    assert (result.findings, result.versions) == ((), 1)
    text = summary(result.new, result.findings)
    assert "hello\\:1\\.1\\.0" in text
    assert "A minor release after 1\\.0\\.0" in text


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


def test_a_dependency_is_looked_up_in_the_merge_result(registry: object) -> None:
    publish(registry, "caller", "1.0.0", hello="^1.0.0")
    assert rules(registry) == []
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    publish(registry, "caller", "2.0.0", hello="^7.0.0")
    assert rules(registry) == ["dependencies-resolve"]


def test_a_conflict_and_an_unknown_ref_are_told(registry: object) -> None:
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
        registry.add(f"line-{number}", "1.0.0")  # type: ignore[attr-defined]
    registry.commit("Many more")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "hello-1.1.0")  # type: ignore[attr-defined]
    assert calls() == few <= 12
