"""A maintainer lifts a tombstone that was made by mistake; nobody else does, and only the same files come back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from registry_tool.commands.maintain.yank import certify, lift, remove, uncertify
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.commands.review.pr_result import PrResult
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.finding import FindingsError, Severity
from registry_tool.manifest.owners import Certification, OwnerAccount, read_owners
from registry_tool.rules.change_set import Actor
from tests.conftest import RegistryFolder

OWNERS = "registry/workflows/hello/owners.yaml"
POLICY = "policy: { maintainers: [{ login: eve, id: 3 }] }\n"


@pytest.fixture
def registry(make_registry: Callable[..., RegistryFolder]) -> RegistryFolder:
    """hello 1.0.0; tombstones for 1.1.0, removed by mistake, and 2.0.0, which never was. Eve is the maintainer."""
    made = make_registry(git=True)
    settings = made.root / "registry/registry.yaml"
    settings.write_text(settings.read_text() + POLICY)
    made.add("hello", "1.0.0")
    made.add("hello", "1.1.0")
    made.commit("Publish")
    remove(made.root, "hello:1.1.0", "A mistake.")
    owners = made.root / OWNERS
    owners.write_text(owners.read_text().replace("1.1.0:", "2.0.0: Never was.\n  1.1.0:"))
    made.commit("Remove")
    made.git("checkout", "--quiet", "-b", "change")
    return made


def judged(registry: RegistryFolder, actor: int) -> PrResult:
    registry.commit("Lift")
    return check_pr(registry.root, "main", actor=Actor(actor))


def errors(result: PrResult) -> list[str]:
    return [finding.message for finding in result.findings if finding.severity is Severity.ERROR]


def test_a_number_that_never_was_is_free_again(registry: RegistryFolder) -> None:
    lift(registry.root, "hello:2.0.0", "It never was.")
    result = judged(registry, 3)
    assert errors(result) == []
    (found,) = [finding for finding in result.findings if finding.rule == "tombstones"]
    assert (found.severity, found.message) == (
        Severity.INFO,
        "a maintainer lifts the tombstone of 2.0.0: It never was.",
    )
    assert errors(check_pr(registry.root, "main", actor=Actor(1)))[0].endswith("2.0.0 is gone")
    registry.git("checkout", "--quiet", "main")
    registry.git("merge", "--quiet", "change")
    registry.git("checkout", "--quiet", "-b", "next")
    registry.add("hello", "2.0.0")
    assert errors(judged(registry, 1)) == []


def test_a_published_version_comes_back_with_the_same_files_only(registry: RegistryFolder) -> None:
    lift(registry.root, "hello:1.1.0", "The wrong one was removed.")
    (alone,) = errors(judged(registry, 3))
    assert alone.startswith("1.1.0 was published")
    registry.git("checkout", "main^", "--", "registry/workflows/hello/1.1.0")
    assert errors(judged(registry, 3)) == []
    assert errors(check_pr(registry.root, "main", actor=Actor(1)))
    readme = registry.root / "registry/workflows/hello/1.1.0/docs/README.md"
    readme.write_text("# Others\n")
    assert [text for text in errors(judged(registry, 3)) if text.startswith("1.1.0 was published")]


def test_the_reason_stays(registry: RegistryFolder) -> None:
    lift(registry.root, "hello:2.0.0", "It never was.")
    registry.commit("Lift")
    registry.git("checkout", "--quiet", "-b", "later")
    owners = registry.root / OWNERS
    assert read_owners(owners.read_bytes(), OWNERS).lifted == {"2.0.0": "It never was."}
    owners.write_text(owners.read_text().partition("lifted:")[0])
    registry.commit("Forget")
    found = check_pr(registry.root, "change", actor=Actor(3)).findings
    assert "the record that 2.0.0 was lifted is gone" in [finding.message for finding in found]


def test_a_mistyped_name_is_told_the_one_that_was_meant(registry: RegistryFolder) -> None:
    with pytest.raises(NotFoundError, match=r"no workflow helo .did you mean hello"):
        remove(registry.root, "helo:1.0.0", "x")
    (registry.root / OWNERS).unlink()
    with pytest.raises(NotFoundError, match="has no owners' file"):
        remove(registry.root, "hello:1.0.0", "x")


def test_what_has_no_tombstone_is_reported(registry: RegistryFolder) -> None:
    before = (registry.root / OWNERS).read_bytes()
    for reference in ("hello:1.0.0", "hello:9.9.9", "hello"):
        with pytest.raises(NotFoundError, match="has no tombstone"):
            lift(registry.root, reference, "x")
    assert (registry.root / OWNERS).read_bytes() == before


def test_a_mistake_in_the_file_is_reported_before_it_is_written(registry: RegistryFolder) -> None:
    owners = registry.root / OWNERS
    owners.write_text(owners.read_text() + "nonsense: 1\n")
    with pytest.raises(FindingsError):
        lift(registry.root, "hello:2.0.0", "x")


def test_a_maintainer_certifies_and_takes_it_back(
    make_registry: Callable[..., RegistryFolder],
) -> None:
    registry = make_registry()
    registry.add("hello", "1.0.0")
    settings = registry.root / "registry/registry.yaml"
    settings.write_text("name: Test\npolicy: { maintainers: [{ login: Eve, id: 1000 }] }\n")
    file = certify(registry.root, "hello:1.0.0", "eve", "2026-01-20")
    found = read_owners(file.read_bytes(), "owners.yaml").certified
    assert found == {"1.0.0": Certification(OwnerAccount("Eve", 1000), "2026-01-20")}
    uncertify(registry.root, "hello:1.0.0")
    assert not read_owners(file.read_bytes(), "owners.yaml").certified
    with pytest.raises(NotFoundError, match="is not certified"):
        uncertify(registry.root, "hello:1.0.0")
    with pytest.raises(UsageError, match="is not a published version"):
        certify(registry.root, "hello:2.0.0", "eve", "2026-01-20")
    with pytest.raises(UsageError, match="'ada' is not a maintainer") as refused:
        certify(registry.root, "hello:1.0.0", "ada", "2026-01-20")
    assert "Eve" in refused.value.hint
