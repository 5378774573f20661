"""Publishing by the forge's API: from a fork or to the registry itself, once, and judged by `check-pr` for real.

The forge is hand-written (tests/forge/stand_in); its objects are git's own.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from registry_tool.commands.author.candidate import UnpublishedVersion, candidate_of
from registry_tool.commands.author.publishing.forge import ForgeProposal, ForgePublisher
from registry_tool.commands.author.publishing.plan import NEW, SAME, UPDATED
from registry_tool.commands.review.check_pr import check_pr
from registry_tool.core.clock import FixedClock
from registry_tool.core.errors import RegistryError, UsageError
from registry_tool.core.finding import FindingsError
from registry_tool.manifest.owners import OwnerAccount
from registry_tool.rules.change_set import Actor
from tests.commands.author.publishing.conftest import NAME, TOKENS, connected
from tests.forge.stand_in.server import Fault, Person, StandIn

START = datetime(2031, 5, 4, 12, tzinfo=UTC)
FOLDER = "registry/workflows/mine/1.0.0"
BRANCH = "publish/mine-1.0.0"


def publish(
    forge: StandIn, candidate: UnpublishedVersion, who: str = "ada", now: datetime = START
) -> ForgeProposal:
    return ForgePublisher(connected(forge, who), FixedClock(now)).publish(candidate)


def files_of(forge: StandIn, ref: str = "refs/pull/1/head") -> dict[str, str]:
    here = forge.repositories[NAME]
    names = here.line("diff", "--name-only", "main", ref).splitlines()
    return {name: here.git("show", f"{ref}:{name}").decode() for name in names}


def test_from_a_fork(forge: StandIn, candidate: UnpublishedVersion) -> None:
    made = publish(forge, candidate)
    assert (made.url, made.opened) == (f"https://github.example/{NAME}/pull/1", True)
    assert (made.repository, made.branch, made.plan.state) == ("ada/registry", BRANCH, NEW)
    (pull,) = forge.pulls(NAME)
    assert (pull["head.label"], pull["title"]) == (f"ada:{BRANCH}", "Publish mine 1.0.0")
    files = files_of(forge)
    assert set(files) == {
        "registry/workflows/mine/owners.yaml",
        *(f"{FOLDER}/{name}" for name in candidate.files),
    }
    assert files["registry/workflows/mine/owners.yaml"] == (
        'owners:\n  - { login: "ada", id: 1001 }\n'
    )
    assert 'created: "2031-05-04T12:00:00Z"' in files[f"{FOLDER}/manifest.yaml"]
    assert 'updated: "2031-05-04T12:00:00Z"' in files[f"{FOLDER}/manifest.yaml"]


def test_the_registrys_own_check_passes_it(forge: StandIn, candidate: UnpublishedVersion) -> None:
    made = publish(forge, candidate)
    bare = forge.repositories[NAME].folder
    result = check_pr(bare, "main", made.commit, actor=Actor(1001, "ada"))
    assert (result.refused, result.findings, result.versions) == (False, (), 1)
    other = check_pr(bare, "main", made.commit, actor=Actor(1002, "bob"))
    assert {finding.rule for finding in other.findings} == {"ownership"}


def test_to_the_registry_itself(forge: StandIn, candidate: UnpublishedVersion) -> None:
    made = publish(forge, candidate, "bob")
    assert (made.repository, made.opened) == (NAME, True)
    assert set(forge.repositories) == {NAME}
    assert forge.repositories[NAME].find(f"refs/heads/{BRANCH}") == made.commit


def test_the_same_again_finds_the_request(forge: StandIn, candidate: UnpublishedVersion) -> None:
    first = publish(forge, candidate)
    before = forge.changes()
    again = publish(forge, candidate, now=START + timedelta(days=3))
    assert (again.url, again.opened, again.plan.state) == (first.url, False, SAME)
    assert forge.changes() == before


def test_a_changed_project_updates_its_request(
    forge: StandIn, project: Path, candidate: UnpublishedVersion
) -> None:
    (project / "docs/old.md").write_text("Old.\n")
    publish(forge, candidate_of(project))
    (project / "docs/old.md").unlink()
    (project / "docs/README.md").write_text("# Mine\n\nGreets, and better.\n")
    made = publish(forge, candidate_of(project), now=START + timedelta(days=3))
    assert (made.opened, made.plan.state) == (False, UPDATED)
    assert len(forge.pulls(NAME)) == 1
    files = files_of(forge)
    assert f"{FOLDER}/docs/old.md" not in files
    assert "and better" in files[f"{FOLDER}/docs/README.md"]
    assert 'created: "2031-05-04T12:00:00Z"' in files[f"{FOLDER}/manifest.yaml"]
    assert 'updated: "2031-05-07T12:00:00Z"' in files[f"{FOLDER}/manifest.yaml"]


def test_only_what_is_new_is_sent(forge: StandIn, project: Path) -> None:
    publish(forge, candidate_of(project))
    sent = len([change for change in forge.changes() if change.endswith("/blobs")])
    assert sent > 2
    (project / "docs/README.md").write_text("# Mine\n\nGreets, and better.\n")
    publish(forge, candidate_of(project), now=START + timedelta(days=3))
    again = [change for change in forge.changes() if change.endswith("/blobs")][sent:]
    assert len(again) == 3, "the page, the manifest with its new date, and what is compiled of it"


@pytest.mark.parametrize("wrong", ["published", "refused", "foreign"])
def test_what_is_refused_sends_nothing(forge: StandIn, project: Path, wrong: str) -> None:
    manifest = project / "workflow-resource.yaml"
    text = manifest.read_text()
    if wrong == "published":
        manifest.write_text(text.replace("mine", "greet"))
    elif wrong == "foreign":
        manifest.write_text(text.replace("mine", "greet").replace("1.0.0", "1.0.1"))
    else:
        (project / "docs/README.md").write_text("key: ghp_" + "a1B2" * 9)
    with pytest.raises((RegistryError, FindingsError)) as refused:
        publish(forge, candidate_of(project))
    message = str(refused.value) + "".join(str(f) for f in getattr(refused.value, "findings", ()))
    wanted = {"published": "published and never changes", "foreign": "owner", "refused": "secret"}
    assert wanted[wrong] in message
    assert forge.changes() == []
    assert set(forge.repositories) == {NAME}


def test_a_fork_that_fell_behind_is_brought_up_to_date(
    forge: StandIn, project: Path, tmp_path: Path
) -> None:
    """Its objects are its own, so that the registry's newest commit is not there at first."""
    publish(forge, candidate_of(project))
    fork = forge.repositories["ada/registry"]
    fork.git("repack", "-a", "-d", "--quiet")
    (fork.folder / "objects/info/alternates").unlink()
    here = forge.repositories[NAME]
    tree = here.line("rev-parse", "main^{tree}")
    here.git(
        "update-ref", "refs/heads/main", here.line("commit-tree", tree, "-p", "main", "-m", "x")
    )
    manifest = project / "workflow-resource.yaml"
    manifest.write_text(manifest.read_text().replace("mine", "other"))
    publish(forge, candidate_of(project))
    assert any("merge-upstream" in change for change in forge.changes())
    assert len(forge.pulls(NAME)) == 2


def test_a_fork_of_another_name_is_found_again(
    forge: StandIn, candidate: UnpublishedVersion, tmp_path: Path
) -> None:
    """Somebody has a repository of the registry's name already, which is not a fork."""
    folder = tmp_path / "unrelated.git"
    forge.repositories[NAME].fork("x/y", folder, "ada")
    forge.repositories["ada/registry"] = type(forge.repositories[NAME])(
        "ada/registry", folder, {"ada"}
    )
    assert publish(forge, candidate).repository == "ada/registry-1"
    again = publish(forge, candidate, now=START + timedelta(days=3))
    assert (again.plan.state, again.opened, len(forge.pulls(NAME))) == (SAME, False, 1)


def test_a_fork_that_takes_its_time(forge: StandIn, candidate: UnpublishedVersion) -> None:
    forge.late_forks = 3
    assert publish(forge, candidate).opened


def test_what_others_opened_is_reported(forge: StandIn, candidate: UnpublishedVersion) -> None:
    forge.repositories[NAME].writers.add("ada")
    publish(forge, candidate, "ada")
    assert publish(forge, candidate, "bob").author == "ada"
    assert len(forge.pulls(NAME)) == 1


def test_an_archived_registry(forge: StandIn, candidate: UnpublishedVersion) -> None:
    forge.repositories[NAME].archived = True
    with pytest.raises(RegistryError, match="is archived"):
        publish(forge, candidate)


class KilledError(BaseException):
    """The command is ended here."""


def cut(forge: StandIn, candidate: UnpublishedVersion, call: int) -> None:
    """Publish until a call was answered that changes something: 0 the fork, then each file, tree, commit, …"""
    github = connected(forge)
    whole, changing = github.http._exchange, 0

    def exchange(ask):  # type: ignore[no-untyped-def]
        nonlocal changing
        answer = whole(ask)
        changing += ask.method != "GET"
        if changing == call + 1:
            raise KilledError
        return answer

    github.http._exchange = exchange
    with pytest.raises(KilledError):
        ForgePublisher(github, FixedClock(START)).publish(candidate)


CALLS = ("forks", "blobs", "blobs", "blobs", "blobs", "trees", "commits", "refs", "pulls")


@pytest.mark.parametrize("call", [0, 1, 4, 5, 6, 7, 8], ids=lambda call: f"{CALLS[call]}-{call}")
def test_it_is_said_again_after_it_was_killed_anywhere(
    forge: StandIn, candidate: UnpublishedVersion, call: int
) -> None:
    cut(forge, candidate, call)
    assert [change.rsplit("/", 1)[1] for change in forge.changes()] == [*CALLS[: call + 1]]
    made = publish(forge, candidate, now=START + timedelta(minutes=5))
    assert len(forge.pulls(NAME)) == 1
    assert made.url.endswith("/pull/1")
    folder = [name for name in files_of(forge, made.commit) if name.startswith(FOLDER)]
    assert len(folder) == len(candidate.files)
    here = forge.repositories[NAME]
    assert here.line("rev-list", "--count", f"main..{made.commit}") == "1"


@pytest.mark.parametrize("kind", ["cut", "502"])
def test_an_answer_that_was_lost_opens_no_second_request(
    forge: StandIn, candidate: UnpublishedVersion, kind: str
) -> None:
    lost = {"cut": Fault(after=True), "502": Fault(502, {}, after=True)}[kind]
    left = [lost]
    forge.fault = lambda method, path: (
        left.pop() if left and method == "POST" and path.endswith("/pulls") else None
    )
    assert publish(forge, candidate).url.endswith("/pull/1")
    assert len(forge.pulls(NAME)) == 1


def test_an_app_publishes_where_it_may_write(forge: StandIn, candidate: UnpublishedVersion) -> None:
    """Its token tells neither who it is nor what it may: both are found by trying, and no fork is made."""
    forge.people[TOKENS["bob"]] = Person("publisher[bot]", 41, "", app=True)
    forge.repositories[NAME].writers.add("publisher[bot]")
    owner = OwnerAccount("ada", 1001)
    made = ForgePublisher(connected(forge, "bob"), FixedClock(START)).publish(candidate, owner)
    assert (made.repository, made.opened, set(forge.repositories)) == (NAME, True, {NAME})
    assert publish(forge, candidate, "bob").plan.state == SAME


def test_an_app_that_may_not_write(forge: StandIn, candidate: UnpublishedVersion) -> None:
    forge.people[TOKENS["bob"]] = Person("publisher[bot]", 41, "", app=True)
    owner = OwnerAccount("ada", 1001)
    with pytest.raises(UsageError, match=r"app's, and may not write.*403") as refused:
        ForgePublisher(connected(forge, "bob"), FixedClock(START)).publish(candidate, owner)
    assert "Contents: write" in refused.value.hint
    assert (forge.pulls(NAME), set(forge.repositories)) == ([], {NAME})
