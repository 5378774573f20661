"""What a version must have to be published: asked of additions, waived by a maintainer, told of what is there."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.review.acceptance import acceptance_from
from registry_tool.commands.review.check import check
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.commands.review.pr_result import PrResult
from tests.conftest import RegistryFolder

TESTS = '  tests:\n    - { name: greets, inputs: { who: world }, expected: { greeting: "Hello, world!" } }\n'
BARE = ("  license: MIT\n", "  description: Greets whoever you name\n", TESTS)


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    add(made, "bare", "1.0.0", *BARE)
    made.commit("From before anybody asked")
    return made


def add(registry: RegistryFolder, name: str, version: str, *without: str) -> None:
    manifest = registry.add(name, version) / "manifest.yaml"
    text = manifest.read_text()
    for part in without:
        assert part in text
        text = text.replace(part, "")
    manifest.write_text(text)
    registry.compile()


def proposed(
    registry: RegistryFolder, *without: str, policy: str = "", label: str = ""
) -> PrResult:
    settings = registry.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + policy)
    registry.commit("Settings")
    registry.git("checkout", "--quiet", "-b", "new")
    add(registry, "news", "1.0.0", *without)
    registry.commit("Publish news")
    first = check_pr(registry.root, "main", "new")
    acceptance = acceptance_from([first.key if label else ""], "")
    return check_pr(registry.root, "main", "new", acceptance=acceptance)


@pytest.mark.parametrize(
    ("part", "rule"),
    list(zip(BARE, ("license", "publishable", "publishable"), strict=True)),
)
def test_what_lacks_a_part_is_held(registry: RegistryFolder, part: str, rule: str) -> None:
    result = proposed(registry, part)
    assert [(f.rule, f.severity.value) for f in result.findings] == [(rule, "hold")]
    assert (result.verdict, bool(result.key)) == ("held", True)


def test_a_label_lets_it_through(registry: RegistryFolder) -> None:
    assert proposed(registry, *BARE, label="accept").verdict == "passed"


def test_a_registry_may_ask_for_less(registry: RegistryFolder) -> None:
    policy = "policy: { publish: { license: false, description: false, tests: false } }\n"
    result = proposed(registry, *BARE, policy=policy)
    assert (result.verdict, {f.severity.value for f in result.findings}) == ("passed", {"warning"})


def test_what_is_published_is_told_and_fails_nobody(registry: RegistryFolder) -> None:
    told = check(registry.root)
    assert {(f.rule, f.severity.value) for f in told.findings} == {
        ("license", "warning"),
        ("publishable", "warning"),
    }
    assert not told.refused
    result = proposed(registry)
    assert (result.verdict, result.findings) == ("passed", ())


def test_a_test_that_asserts_nothing_is_refused_whatever_the_policy(
    registry: RegistryFolder,
) -> None:
    registry.git("checkout", "--quiet", "-b", "new")
    add(registry, "news", "1.0.0", ', expected: { greeting: "Hello, world!" }')
    registry.commit("Publish news")
    result = check_pr(registry.root, "main", "new")
    assert result.verdict == "refused"
    assert "tests-assert" in {f.rule for f in result.findings if f.severity.value == "error"}
