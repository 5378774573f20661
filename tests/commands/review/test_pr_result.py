"""What a version must have to be published: asked of additions, waived by a maintainer, told of what is there."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from registry_tool.commands.review.acceptance import acceptance_from
from registry_tool.commands.review.check import check
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.commands.review.pr_result import PrResult
from tests.commands.review.requests import branch, publish
from tests.conftest import RegistryFolder

TESTS = '  tests:\n    - { name: greets, inputs: { who: world }, expected: { greeting: "Hello, world!" } }\n'
BARE = ("  license: MIT\n", "  description: Greets whoever you name\n", TESTS)


@pytest.fixture
def asking(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    made = make_registry(git=True)
    add(made, "bare", "1.0.0", *BARE)
    made.commit("From before anybody asked")
    return made


def add(asking: RegistryFolder, name: str, version: str, *without: str) -> None:
    manifest = asking.add(name, version) / "manifest.yaml"
    text = manifest.read_text()
    for part in without:
        assert part in text
        text = text.replace(part, "")
    manifest.write_text(text)
    asking.compile()


def proposed(asking: RegistryFolder, *without: str, policy: str = "", label: str = "") -> PrResult:
    settings = asking.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + policy)
    asking.commit("Settings")
    asking.git("checkout", "--quiet", "-b", "new")
    add(asking, "news", "1.0.0", *without)
    asking.commit("Publish news")
    first = check_pr(asking.root, "main", "new")
    acceptance = acceptance_from([first.key if label else ""], "")
    return check_pr(asking.root, "main", "new", acceptance=acceptance)


@pytest.mark.parametrize(
    ("part", "rule"),
    list(zip(BARE, ("license", "publishable", "publishable"), strict=True)),
)
def test_what_lacks_a_part_is_held(asking: RegistryFolder, part: str, rule: str) -> None:
    result = proposed(asking, part)
    assert [(f.rule, f.severity.value) for f in result.findings] == [(rule, "hold")]
    assert (result.verdict, bool(result.key)) == ("held", True)


def test_a_label_lets_it_through(asking: RegistryFolder) -> None:
    assert proposed(asking, *BARE, label="accept").verdict == "passed"


def test_a_registry_may_ask_for_less(asking: RegistryFolder) -> None:
    policy = "policy: { publish: { license: false, description: false, tests: false } }\n"
    result = proposed(asking, *BARE, policy=policy)
    assert (result.verdict, {f.severity.value for f in result.findings}) == ("passed", {"warning"})


def test_what_is_published_is_reported_and_fails_nobody(asking: RegistryFolder) -> None:
    answer = check(asking.root)
    assert {(f.rule, f.severity.value) for f in answer.findings} == {
        ("license", "warning"),
        ("publishable", "warning"),
    }
    assert not answer.refused
    result = proposed(asking)
    assert (result.verdict, result.findings) == ("passed", ())


def test_a_test_that_asserts_nothing_is_refused_whatever_the_policy(
    asking: RegistryFolder,
) -> None:
    asking.git("checkout", "--quiet", "-b", "new")
    add(asking, "news", "1.0.0", ', expected: { greeting: "Hello, world!" }')
    asking.commit("Publish news")
    result = check_pr(asking.root, "main", "new")
    assert result.verdict == "refused"
    assert "tests-assert" in {f.rule for f in result.findings if f.severity.value == "error"}


def test_a_queue_holds_only_what_others_may_have_caused(registry: object) -> None:
    def queued() -> str:
        acceptance = acceptance_from([], queued=True)
        return check_pr(registry.root, "main", acceptance=acceptance).verdict  # type: ignore[attr-defined]

    branch(registry, "tool")
    (registry.root / "README.md").write_text("# Ours\n")  # type: ignore[attr-defined]
    registry.commit("Say what this is")  # type: ignore[attr-defined]
    assert (check_pr(registry.root, "main").verdict, queued()) == ("held", "passed")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    publish(registry, "helo", "1.0.0")
    assert queued() == "held"


def test_a_push_between_review_and_label_voids_the_label(registry: object) -> None:
    """Same files, same findings, another commit: the maintainer hasn't seen it."""
    publish(registry, "helo", "1.0.0")
    seen = registry.git("rev-parse", "HEAD")  # type: ignore[attr-defined]
    label = check_pr(registry.root, "main").key  # type: ignore[attr-defined]
    assert label.split("-")[1] == seen[:8]
    accepted = acceptance_from([label])
    assert check_pr(registry.root, "main", acceptance=accepted).verdict == "passed"  # type: ignore[attr-defined]
    registry.git("commit", "--quiet", "--allow-empty", "-m", "Pushed meanwhile")  # type: ignore[attr-defined]
    after = check_pr(registry.root, "main", acceptance=accepted)  # type: ignore[attr-defined]
    assert (after.verdict, after.key != label) == ("held", True)
    assert check_pr(registry.root, "main", seen, acceptance=accepted).verdict == "passed"  # type: ignore[attr-defined]


def test_a_label_is_for_one_base_and_holds_128_bits(registry: object) -> None:
    publish(registry, "helo", "1.0.0")
    label = check_pr(registry.root, "main").key  # type: ignore[attr-defined]
    assert re.fullmatch(r"accept-[0-9a-f]{8}-[0-9a-f]{32}", label)
    assert len(label) <= 50
    registry.git("checkout", "--quiet", "main")  # type: ignore[attr-defined]
    registry.git("commit", "--quiet", "--allow-empty", "-m", "Go on")  # type: ignore[attr-defined]
    assert check_pr(registry.root, "main", "helo-1.0.0").key not in {"", label}  # type: ignore[attr-defined]
