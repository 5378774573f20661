from __future__ import annotations

import gc
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from registry_tool.commands.review.acceptance import acceptance_from
from registry_tool.commands.review.check import check
from registry_tool.commands.review.check_pr import check_merge, check_pr
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.finding import Severity
from registry_tool.report.summary import summary
from registry_tool.rules.change_set import Actor
from registry_tool.store.git.open_objects import close_objects
from registry_tool.store.git.repository import Repository
from tests.conftest import RegistryFolder
from tests.raw_trees import commit_raw


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


def changed(folder: Path, old: str, new: str) -> None:
    """Change a version's manifest."""
    file = folder / "manifest.yaml"
    file.write_text(file.read_text().replace(old, new))


def test_versions_of_one_request_are_judged_against_each_other(registry: object) -> None:
    """A request that brings a version and what breaks it would else pass where two requests would not."""
    branch(registry, "two")
    lay: Callable[[str, str], Path] = registry.lay  # type: ignore[attr-defined]
    more = "outputs: [{ name: who, type: string }, {"
    changed(lay("hello", "1.1.0"), "outputs: [{", more)
    lay("hello", "1.1.1")
    changed(lay("new", "2.0.0"), "outputs: [{", more)
    lay("new", "2.0.1")
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish four")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    told = [finding.path for finding in found if finding.rule == "bump"]
    folders = [f"registry/workflows/{version}" for version in ("hello/1.1.1", "new/2.0.1")]
    assert [path.rpartition("/")[0] for path in told] == folders


def test_two_versions_of_one_precedence_are_refused_in_one_request_and_in_a_registry(
    registry: object,
) -> None:
    branch(registry, "two")
    for number in ("1.1.0", "1.1.0+x"):
        registry.lay("hello", number)  # type: ignore[attr-defined]
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Publish both")  # type: ignore[attr-defined]
    assert rules(registry) == ["version"]
    told = [f.message for f in check(registry.root).findings]  # type: ignore[attr-defined]
    assert told == ["hello:1.1.0+x and 1.1.0 have the same precedence"]


def test_a_broken_version_elsewhere_blocks_nobody(registry: object) -> None:
    folder = registry.add("other", "1.0.0")  # type: ignore[attr-defined]
    (folder / "manifest.yaml").write_text("nonsense: [")
    (folder / "workflow.json").write_text("nonsense")
    registry.commit("Break another one")  # type: ignore[attr-defined]
    publish(registry, "hello", "1.1.0")
    assert rules(registry) == []


def test_what_can_not_be_compared_waits(registry: object) -> None:
    compiled = registry.root / "registry/workflows/hello/1.0.0/workflow.json"  # type: ignore[attr-defined]
    compiled.write_text("nonsense")
    registry.commit("Break the release before")  # type: ignore[attr-defined]
    branch(registry, "next")
    registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    compiled.write_text("nonsense")
    registry.commit("Publish hello 1.1.0")  # type: ignore[attr-defined]
    assert (rules(registry), check_pr(registry.root, "main").verdict) == (["bump"], "held")  # type: ignore[attr-defined]


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
        registry.lay(f"line-{number}", "1.0.0")  # type: ignore[attr-defined]
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Many more")  # type: ignore[attr-defined]
    registry.git("checkout", "--quiet", "hello-1.1.0")  # type: ignore[attr-defined]
    assert calls() <= few <= 12


def test_recorded_tests_are_replayed_and_must_pass(registry: object) -> None:
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"  # type: ignore[attr-defined]
    manifest.write_text(manifest.read_text().replace('greeting: "Hello', 'greeting: "Bye'))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Break the test")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    assert [(f.rule, f.line > 0) for f in found] == [("tests-pass", True)]


CALLER = """\
apiVersion: puppyai.com/v1
kind: Workflow
metadata: { name: NAME, version: "1.0.0", license: MIT, description: Calls hello }
spec:
  blocks: [{ id: who, type: text }, { id: said, type: text }]
  edges:
    - id: ask
      source: who
      target: said
      type: workflow
      config: { name: hello, inputs: { who: "{{who}}" }, output: greeting }
  runtime: { dependencies: { workflows: [{ name: hello, version: ^1.0.0 }] } }
  interface:
    inputs: [{ name: who, type: string, required: true }]
    outputs: [{ name: said, type: string }]
  tests: [{ name: says, inputs: { who: you }, expected: { said: "EXPECTED" } }]
"""


def move_indexes(registry: object, location: str) -> None:
    """Take the generated documents off the work tree, onto a branch of their own."""
    folders = ("indexes", "registry/metadata")
    git = registry.git  # type: ignore[attr-defined]
    git("add", *folders)
    commit = git("commit-tree", "-m", "Indexes", git("write-tree").strip()).strip()
    git("update-ref", f"refs/heads/{location}", commit)
    git("rm", "-r", "--quiet", "-f", *folders)


@pytest.mark.parametrize("location", ["main", "indexes"])
def test_breakage_of_dependents_is_told_apart(registry: object, location: str) -> None:
    """Who depends on it stands on main, or beside a main that takes no push from a job."""
    from registry_tool.commands.maintain.index import index

    for name, expected in (("sound", "Hello, you!"), ("broken", "Nothing of the kind")):
        folder = registry.root / "registry/workflows" / name / "1.0.0"  # type: ignore[attr-defined]
        folder.mkdir(parents=True)
        text = CALLER.replace("NAME", name).replace("EXPECTED", expected)
        (folder / "manifest.yaml").write_text(text)
        (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    registry.compile()  # type: ignore[attr-defined]
    index(registry.root)  # type: ignore[attr-defined]
    if location != "main":
        move_indexes(registry, location)
    registry.commit("Two that depend on it")  # type: ignore[attr-defined]
    publish(registry, "hello", "1.1.0")
    manifest = registry.root / "registry/workflows/hello/1.1.0/manifest.yaml"  # type: ignore[attr-defined]
    manifest.write_text(manifest.read_text().replace("Hello, ", "Good day, "))
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("Other words")  # type: ignore[attr-defined]
    result = check_pr(registry.root, "main")  # type: ignore[attr-defined]
    told = {(f.severity.value, f.message.split(",")[0]) for f in result.findings}
    assert told == {("hold", "sound:1.0.0"), ("info", "broken:1.0.0")}
    assert result.verdict == "held"
    text = summary(result.new, result.findings, result.verdict, result.key)
    assert "**fails now, and did not before**" in text
    assert "fails, and failed before" in text


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


def test_a_bare_repository_is_enough(registry: object, tmp_path: Path) -> None:
    publish(registry, "hello", "1.1.0")
    bare = tmp_path / "bare.git"
    registry.git("clone", "--quiet", "--bare", ".", str(bare))  # type: ignore[attr-defined]
    assert check_pr(bare, "main", "hello-1.1.0").verdict == "passed"


def test_branches_without_a_common_start_are_told(registry: object) -> None:
    registry.git("checkout", "--quiet", "--orphan", "alien")  # type: ignore[attr-defined]
    registry.commit("From nowhere")  # type: ignore[attr-defined]
    with pytest.raises(RegistryError, match="unrelated histories"):
        check_pr(registry.root, "main")  # type: ignore[attr-defined]


def test_a_hostile_graph_is_stopped(registry: object) -> None:
    """Forty doublings of a text: the process that replays it may not grow for ever."""
    folder = registry.root / "registry/workflows/bomb/1.0.0"  # type: ignore[attr-defined]
    branch(registry, "bomb")
    folder.mkdir(parents=True)
    blocks = ", ".join(f"{{ id: b{n}, type: text }}" for n in range(41))
    edges = "\n".join(
        f"    - {{ id: e{n}, source: b{n}, target: b{n + 1}, type: modify, "
        f'config: {{ modify_type: edit_text, content: "{{{{b{n}}}}}{{{{b{n}}}}}" }} }}'
        for n in range(40)
    )
    (folder / "manifest.yaml").write_text(
        "apiVersion: puppyai.com/v1\nkind: Workflow\n"
        'metadata: { name: bomb, version: "1.0.0", license: MIT, description: Grows }\n'
        f"spec:\n  blocks: [{blocks}]\n  edges:\n{edges}\n"
        "  interface:\n    inputs: [{ name: b0, type: string, required: true }]\n"
        "    outputs: [{ name: b40, type: string }]\n"
        "  tests: [{ name: grows, inputs: { b0: 0123456789 }, expected: { b40: x } }]\n".replace(
            "0123456789", '"0123456789"'
        )
    )
    (folder.parent / "owners.yaml").write_text("owners: [{ login: ada, id: 1 }]\n")
    registry.compile()  # type: ignore[attr-defined]
    registry.commit("A bomb")  # type: ignore[attr-defined]
    found = check_pr(registry.root, "main").findings  # type: ignore[attr-defined]
    assert [f.rule for f in found] == ["tests-pass"]
    assert "could not be run" in found[0].message or "large" in found[0].message


def test_who_may_publish_is_never_guessed(registry: object) -> None:
    """An unreadable newest version on the base: not the usual list, but nobody."""
    owners = "owners: [{ login: ada, id: 1 }]\ncollaborators: [{ login: bob, id: 2 }]\n"
    (registry.root / "registry/workflows/hello/owners.yaml").write_text(owners)  # type: ignore[attr-defined]
    registry.commit("Add Bob")  # type: ignore[attr-defined]
    commit_raw(registry.root, [{"at": "registry/workflows/hello/9.9.9", "entries": []}])  # type: ignore[attr-defined]
    registry.git("reset", "--quiet", "--hard")  # type: ignore[attr-defined]
    publish(registry, "hello", "10.0.0")
    for actor in (1, 2):
        (found,) = [
            finding
            for finding in check_pr(registry.root, "main", actor=Actor(actor)).findings  # type: ignore[attr-defined]
            if finding.rule == "ownership"
        ]
        assert "9.9.9, which can't be read on the base" in found.message
        assert found.severity is Severity.ERROR


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


@pytest.mark.parametrize(
    "number", ["1.0", "01.2.3", "v2", "1.0.0-01", "\uff11.0.0", "9" * 30 + ".0.0", ""]
)
def test_a_bad_version_in_the_manifest_is_a_finding(registry: object, number: str) -> None:
    branch(registry, "next")
    folder = registry.add("hello", "1.1.0")  # type: ignore[attr-defined]
    manifest = folder / "manifest.yaml"
    manifest.write_text(manifest.read_text().replace('version: "1.1.0"', f'version: "{number}"', 1))
    registry.commit("Publish")  # type: ignore[attr-defined]
    result = check_pr(registry.root, "main", actor=Actor(1))  # type: ignore[attr-defined]
    assert result.verdict == "refused"
    assert [f for f in result.findings if f.path.endswith("manifest.yaml") and f.line]
    assert summary(result.new, result.findings, result.verdict, result.key, result.unread)


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
