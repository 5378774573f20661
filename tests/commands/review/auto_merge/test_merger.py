"""The job that merges routine releases, over real git and a forge that remembers."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.commands.review.auto_merge.decision import MergeOutcome
from registry_tool.commands.review.auto_merge.merger import has_policy
from registry_tool.core.errors import UsageError
from registry_tool.forge.model import PullRequest
from registry_tool.store.git.repository import Repository
from tests.commands.review.auto_merge.operated import EVE, NAME, START, ZOE, Operated
from tests.forge.stand_in import requests
from tests.forge.stand_in.server import Fault


def validated(operated: Operated, commit: str) -> None:
    """The check passed."""
    fields = {"name": "Validate", "status": "completed", "conclusion": "success"}
    operated.forge.checks[commit] = [fields]


def test_a_routine_release_waits_and_is_merged_once(operated: Operated) -> None:
    before, pull = operated.main(), operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    (looked,) = operated.look(1)
    assert (looked.decision.outcome, looked.decision.until) == (
        MergeOutcome.WAITS,
        START + timedelta(hours=24),
    )
    assert "Waits until 2031-05-05 12:00 UTC" in operated.comments(pull)[0]
    assert operated.merger(2).due() == ()
    assert operated.look(2) == []
    (looked,) = operated.look(24)
    assert (looked.decision.outcome, looked.problem) == (MergeOutcome.MERGE, "")
    here = operated.forge.repositories[NAME]
    assert here.line("rev-parse", "main^1", "main^2").split() == [before, pull["head.sha"]]
    assert here.line("log", "-1", "--format=%s", "main") == "Merge #1: publish hello 1.0.1"
    (comment,) = operated.comments(pull)
    assert "**Merged**" in comment
    assert operated.main() in comment
    assert operated.forge.started == ["publish.yml on main"]
    assert operated.look(25) == []


def test_comments_stop_nothing_and_hide_nothing(operated: Operated) -> None:
    """A stranger's copy of the comment, written first, is neither read nor changed, however many there are."""
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    operated.look(1)
    (ours,) = operated.comments(pull)
    forged = ours.replace("2031-05-05", "2099-01-01")
    pull["comments"].insert(
        0, {**pull["comments"][0], "id": 5, "body": forged, "user.type": "User"}
    )
    for _ in range(120):
        requests.comment(operated.forge, pull, "Do not merge! /hold", EVE, "User")
    requests.review(pull, "CHANGES_REQUESTED", EVE, "NONE")
    (looked,) = operated.look(24)
    assert looked.merged
    assert pull["comments"][0]["body"] == forged
    assert len(operated.comments(pull)) == 2


def test_a_maintainers_label_stops_until_a_maintainer_takes_it_off(operated: Operated) -> None:
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    operated.look(1)
    operated.now(2)
    operated.label(pull, "labeled", ZOE)
    (looked,) = operated.look(3)
    assert looked.decision.outcome is MergeOutcome.STOPPED
    operated.now(23)
    operated.label(pull, "unlabeled", (1, "ada"))
    (looked,) = operated.look(24)
    assert looked.decision.reasons == ("zoe set the label `hold-merge`",)
    operated.now(25)
    operated.label(pull, "unlabeled", ZOE)
    (looked,) = operated.look(26)
    assert looked.merged
    assert len(operated.comments(pull)) == 1


def test_another_push_begins_anew_also_one_that_comes_back(operated: Operated) -> None:
    """What was looked at for a day is not what is merged: by the forge's clock, whatever a commit's date says."""
    pull = operated.propose("hello", "1.0.1")
    first = pull["head.sha"]
    operated.look(1)
    here = operated.forge.repositories[NAME]
    other = operated.commit(
        "hello", "1.0.1", lambda folder: (folder / "docs/more.md").write_text("x")
    )
    for hours, commit in ((23, other), (23.5, first)):
        operated.now(hours)
        old = here.line("rev-parse", "publish/hello-1.0.1")
        here.git("update-ref", "refs/heads/publish/hello-1.0.1", commit)
        here.git("update-ref", "refs/pull/1/head", commit)
        here.moves.append(
            {
                **here.moves[-1],
                "before": old,
                "after": commit,
                "timestamp": operated.forge.now,
                "activity_type": "force_push",
            }
        )
        pull["head.sha"], pull["updated_at"] = commit, operated.forge.now
    validated(operated, first)
    (looked,) = operated.look(24)
    assert looked.decision.until == START + timedelta(hours=23.5 + 24)
    assert operated.look(47.5)[0].merged


def test_who_pushed_is_judged_as_the_forge_names_them(operated: Operated) -> None:
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    operated.forge.repositories[NAME].moves[-1] |= {"actor.login": "eve", "actor.id": EVE[0]}
    (looked,) = operated.look(24)
    assert looked.decision.reasons == ("the check refuses it: ownership",)


def test_a_push_that_the_forge_does_not_tell_of(operated: Operated) -> None:
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    operated.forge.repositories[NAME].moves.clear()
    (looked,) = operated.look(48)
    assert looked.decision.outcome is MergeOutcome.PERSON
    assert "when this commit was pushed" in operated.comments(pull)[0]


def test_a_place_that_is_given_to_another_repository_meanwhile(operated: Operated) -> None:
    """Its name leads to one where the commit was pushed long ago, until that has been asked."""
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    moves, told = operated.forge.repositories[NAME].moves, operated.forge.checks.copy()
    late = {**moves[-1], "timestamp": "2031-05-05T11:59:00Z"}

    def renamed(method: str, path: str) -> None:
        if "/check-runs" in path:
            moves[:] = [late]

    operated.forge.fault = renamed
    before = operated.main()
    assert (operated.look(24), operated.main()) == ([], before)
    assert operated.forge.checks == told
    (looked,) = operated.look(24.25)
    assert looked.decision.outcome is MergeOutcome.WAITS


@pytest.mark.parametrize("key", ["base", "draft", "labels"])
def test_what_changes_while_it_is_judged_waits_for_the_next_look(
    operated: Operated, key: str
) -> None:
    pull, before = operated.propose("hello", "1.0.1"), operated.main()
    validated(operated, pull["head.sha"])

    def changed(method: str, path: str) -> None:
        if "/check-runs" in path:
            pull["as_asked"] = {**pull["as_asked"], **({"base": "site"} if key == "base" else {})}
            pull["draft"] = key == "draft"
            pull["labels"] = [{"name": "hold-merge"}] if key == "labels" else []

    operated.forge.fault = changed
    assert (operated.look(24), operated.main()) == ([], before)


def test_a_head_that_can_not_be_fetched_keeps_no_other_waiting(operated: Operated) -> None:
    first = operated.propose("hello", "1.0.1")
    second = operated.propose("hello", "1.0.2")
    for pull in (first, second):
        validated(operated, pull["head.sha"])
    here = operated.forge.repositories[NAME]
    here.git("update-ref", "-d", f"refs/pull/{first['number']}/head")
    assert [looked.request.number for looked in operated.look(24) if looked.merged] == [2]


@pytest.mark.parametrize("fault", ["moved", "rules"])
def test_what_the_forge_refuses(operated: Operated, fault: str) -> None:
    pull, before = operated.propose("hello", "1.0.1"), operated.main()
    validated(operated, pull["head.sha"])
    refusals = {
        "moved": Fault(409, {"message": "Head branch was modified."}),
        "rules": Fault(405, {"message": "At least 1 `approving` review\nis required"}),
    }
    operated.forge.fault = lambda method, path: refusals[fault] if method == "PUT" else None
    found = operated.look(24)
    listed = [reason for looked in found for reason in looked.decision.reasons]
    answer = "`GitHub answered 405: At least 1 approving review is required`"
    assert listed == ([] if fault == "moved" else [f"GitHub refuses the merge: {answer}"])
    assert (operated.main(), operated.forge.started) == (before, [])
    operated.forge.fault = lambda method, path: None
    assert operated.look(26)[0].merged


def test_an_answer_that_was_lost_is_looked_after(operated: Operated) -> None:
    """It was merged: that is told as not known, the site is published, and nothing is merged twice."""
    pull = operated.propose("hello", "1.0.1")
    validated(operated, pull["head.sha"])
    operated.forge.fault = lambda method, path: Fault(after=True) if method == "PUT" else None
    (looked,) = operated.look(24)
    assert "whether it was merged is not known" in looked.problem
    assert looked.problem in operated.comments(pull)[0]
    assert (pull["state"], operated.forge.started) == ("closed", ["publish.yml on main"])
    assert operated.look(25) == []


def test_main_that_moves_under_a_merge_is_noticed(operated: Operated) -> None:
    """Another version of the workflow, merged by hand between judging and merging."""
    pull = operated.propose("hello", "1.0.1")
    other = operated.propose("hello", "1.0.2")
    validated(operated, pull["head.sha"])
    here, left = operated.forge.repositories[NAME], [other["head.sha"]]

    def meanwhile(method: str, path: str) -> None:
        if method == "PUT" and left:
            here.git("update-ref", "refs/heads/main", left.pop())

    operated.forge.fault = meanwhile
    looked, *_ = operated.look(24)
    assert looked.merged
    assert "is not what was judged" in looked.problem
    assert looked.problem in operated.comments(pull)[0]


def test_two_that_exclude_each_other(operated: Operated) -> None:
    """The second is judged on what the first one made of main."""
    first = operated.propose("hello", "1.0.1")
    second = operated.propose("hello", "1.0.2")
    third = operated.commit("hello", "1.0.1", lambda folder: (folder / "docs/x.md").write_text("x"))
    operated.github("ada").objects.create_branch("publish/other", third)
    asked = PullRequest("Publish", "", "publish/other", "main")
    operated.github("ada").pulls.open_pull_request(asked)
    for pull in operated.forge.pulls(NAME):
        validated(operated, pull["head.sha"])
    found = {looked.request.number: looked for looked in operated.look(24)}
    assert [bool(found[n].merged) for n in (1, 2, 3)] == [True, True, False]
    assert found[3].decision.outcome is MergeOutcome.REFUSED
    assert (first["state"], second["state"]) == ("closed", "closed")


def test_a_dry_run_writes_nothing(operated: Operated) -> None:
    pull, before = operated.propose("hello", "1.0.1"), operated.main()
    validated(operated, pull["head.sha"])
    asked = len(operated.forge.changes())
    (looked,) = operated.look(24, dry_run=True)
    assert looked.decision.outcome is MergeOutcome.MERGE
    assert (operated.main(), operated.comments(pull)) == (before, [])
    assert len(operated.forge.changes()) == asked


def test_drafts_are_left_alone_and_a_flood_is_taken_by_turns(
    operated: Operated, monkeypatch: pytest.MonkeyPatch
) -> None:
    operated.propose("hello", "1.0.1")["draft"] = True
    assert operated.merger(24).due() == ()
    for number in (2, 3, 4):
        operated.propose("hello", f"1.0.{number}")
    monkeypatch.setattr("registry_tool.commands.review.auto_merge.merger.MOST", 2)
    seen = [{one.number for one in operated.merger(hours).due()} for hours in (24, 24.25, 24.5)]
    assert set.union(*seen) == {2, 3, 4}
    assert all(len(one) <= 2 for one in seen)
    assert "3 requests are open" in operated.warnings[0]


def test_a_registry_without_a_policy(operated: Operated, tmp_path: Path) -> None:
    operated.propose("hello", "1.0.1")
    operated.registry.git("checkout", "--quiet", "main")
    settings = operated.registry.root / "registry/registry.yaml"
    settings.write_text(settings.read_text().split("\npolicy:")[0] + "\n")
    operated.registry.commit("No policy")
    assert has_policy(Repository(operated.clone), "origin", "main")
    operated.registry.git("push", "--quiet", "origin", "main")
    assert not has_policy(Repository(operated.clone), "origin", "main")
    assert (operated.merger(48).due(), operated.look(48)) == ((), [])
    with pytest.raises(UsageError, match="no branch nowhere"):
        has_policy(Repository(operated.clone), "origin", "nowhere")
