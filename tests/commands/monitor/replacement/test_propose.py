"""A workflow's move to a successor: proposed once, with evidence; never twice, never over somebody's work."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from pathlib import Path

import pytest

from registry_tool.commands.monitor.replacement import evidence
from registry_tool.commands.monitor.replacement.access import ModelAccess
from registry_tool.commands.monitor.replacement.propose import proposals
from registry_tool.commands.monitor.retirements import retirements
from registry_tool.core.errors import UsageError
from registry_tool.engine.providers.models.metered import Budget
from registry_tool.forge.model import PullRequest
from tests.commands.monitor.replacement.conftest import NOW, REGISTRY, Retiring, ScriptedAnswers
from tests.forge.stand_in.server import StandIn

BRANCH = "successor/asker"
NEW = "registry/workflows/asker/1.1.0"


def read(markdown: str) -> str:
    """As a reader sees it, but for the emphasis."""
    return html.unescape(re.sub(r"\\([.|_*`-])", r"\1", markdown))


def test_a_move_is_proposed_once_with_its_evidence(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    (one,) = retiring.propose()
    assert (one.state, one.reference, one.verdict) == ("opened", "asker:1.1.0", "inconclusive")
    (pull,) = forge.pulls(REGISTRY)
    assert (pull["head.ref"], pull["title"]) == (BRANCH, "Move asker to new-8b")
    for words in (
        "| old-7b | new-8b | 2026-12-24 |",
        "asker:1.1.0 beside asker:1.0.0: inconclusive",
        "1 pair: 1 pass on both",
        "the base has no recorded answers",
        "an owner (ada) decides",
    ):
        assert words in read(pull["body"]), words
    git = retiring.made.git
    git("fetch", "--quiet", "origin", BRANCH)
    assert git("diff", "--stat=200", "--diff-filter=a", "HEAD", "FETCH_HEAD") == ""
    was = (retiring.made.root / "registry/workflows/asker/1.0.0/manifest.yaml").read_text()
    wanted = was.replace("old-7b", "new-8b").replace('"1.0.0"', '"1.1.0"')
    wanted = wanted.replace('updated: "2024-01-01T00:00:00Z"', 'updated: "2026-11-25T00:00:00Z"')
    assert git("show", f"FETCH_HEAD:{NEW}/manifest.yaml") == wanted.strip()
    assert "Hello!" in git("show", f"FETCH_HEAD:{NEW}/tests/cassettes.json")
    message = git("log", "-1", "--format=%B", "FETCH_HEAD")
    assert "- old-7b to new-8b: the first one retires 2026-12-24, says https://example" in message
    assert "\nasker:1.1.0 beside asker:1.0.0: inconclusive\n" in message
    assert not re.search(r"\\|&#|\*\*", message), message  # a commit message is plain text
    asked = len(answers.asked)
    (again,) = retiring.propose()
    assert (again.state, again.url) == ("kept", one.url)
    assert len(answers.asked) == asked
    assert len(forge.pulls(REGISTRY)) == 1


def test_one_that_was_closed_or_taken_over_stays(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    retiring.propose()
    (pull,) = forge.pulls(REGISTRY)
    pull["state"] = "closed"
    assert retiring.propose()[0].state == "declined"
    git = retiring.made.git
    git("fetch", "--quiet", "origin", BRANCH)
    git("checkout", "--quiet", "FETCH_HEAD")
    retiring.made.commit("Mend the prompt")
    git("push", "--quiet", "origin", f"HEAD:{BRANCH}")
    git("checkout", "--quiet", "main")
    (left,) = retiring.propose()
    assert (left.state, left.failed) == ("skipped", False)
    assert "it is theirs now" in left.reason
    assert len(forge.pulls(REGISTRY)) == 1


def test_a_push_whose_request_was_lost_gets_it_from_the_branch(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    requests, retiring.requests = retiring.requests, None
    assert retiring.propose()[0].state == "pushed"
    answers.asked.clear()
    retiring.requests = requests
    assert retiring.propose()[0].state == "opened"
    assert answers.asked == []
    assert "asker:1.1.0 beside asker:1.0.0" in read(forge.pulls(REGISTRY)[0]["body"])


def test_another_successor_changes_the_same_request(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    retiring.propose()
    ends = retiring.made.root / "registry/model-retirements.json"
    ends.write_text(ends.read_text().replace("new-8b", "newest-9b"))
    answers.says["newest-9b"] = "Bye."
    (one,) = retiring.propose()
    assert (one.state, one.reason) == ("updated", "")
    (pull,) = forge.pulls(REGISTRY)
    assert pull["title"] == "Move asker to newest-9b"
    assert "The check refuses it: tests-pass." in read(pull["body"])
    assert "0 better and 1 worse" in read(pull["body"])


def test_a_dry_run_asks_and_leaves_nothing(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    (one,) = retiring.propose(dry_run=True)
    assert (one.state, one.reference, one.branch) == ("planned", "asker:1.1.0", BRANCH)
    assert (answers.asked, forge.changes()) == ([], [])
    assert BRANCH not in retiring.made.git("ls-remote", "origin")


def test_an_author_who_proposes_a_version_is_not_disturbed(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    git = retiring.made.git
    git("checkout", "--quiet", "-b", "publish/asker-1.1.0")
    retiring.made.commit("Publish asker 1.1.0")
    git("push", "--quiet", "origin", "publish/asker-1.1.0")
    git("checkout", "--quiet", "main")
    assert retiring.requests is not None
    request = PullRequest("Publish asker 1.1.0", "", "publish/asker-1.1.0", "main")
    retiring.requests.github.pulls.open_pull_request(request)
    (one,) = retiring.propose()
    assert (one.state, answers.asked) == ("skipped", [])
    assert "proposes publish/asker-1.1.0 already" in one.reason


def test_without_a_model_that_can_be_asked_nothing_is_proposed(
    retiring: Retiring, answers: ScriptedAnswers
) -> None:
    retiring.access = ModelAccess("replay", None, Budget())
    (one,) = retiring.propose()
    assert (one.state, one.failed) == ("skipped", True)
    assert "its tests need a model's answers, and none can be asked" in one.reason
    assert "name a provider" in one.reason
    answers.says["new-8b"] = None
    retiring.access = ModelAccess("openai", None, Budget())
    (gone,) = retiring.propose()
    assert "there is no model new-8b" in gone.reason
    retiring.access = ModelAccess("openai", None, Budget(max_tokens=1))
    assert "the budget is spent" in retiring.propose()[0].reason
    assert retiring.made.git("branch", "--list", "successor/*") == ""


def test_a_mistyped_provider_ends_it_at_once(retiring: Retiring) -> None:
    found = retirements(retiring.target, NOW, timedelta(days=90))
    with pytest.raises(UsageError, match="there is no provider 'opnai'"):
        proposals(retiring.target, found, {}, ModelAccess("opnai", None, Budget()))


def test_a_remote_that_refuses_the_push_costs_one_workflows_answers(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers
) -> None:
    git, root = retiring.made.git, retiring.made.root / "registry/workflows"
    was = (root / "asker/1.0.0/manifest.yaml").read_text()
    retiring.made.lay("other", "1.0.0")
    (root / "other/1.0.0/manifest.yaml").write_text(was.replace("name: asker", "name: other"))
    retiring.made.compile()
    retiring.made.commit("Publish other 1.0.0")
    hook = Path(git("remote", "get-url", "origin")) / "hooks/pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no branches here\nexit 1\n")
    hook.chmod(0o755)
    first, second = retiring.propose()
    assert (first.base, first.failed, second.base, second.failed) == (
        "asker:1.0.0",
        True,
        "other:1.0.0",
        True,
    )
    assert "no branches here" in first.reason
    assert "git push origin refs/registry-tool-unpushed/successor/asker:" in first.reason
    assert second.reason == "not tried: the remote refused the push for asker:1.0.0"
    asked = len(answers.asked)
    hook.unlink()
    git("push", "--quiet", "origin", f"refs/registry-tool-unpushed/{BRANCH}:refs/heads/{BRANCH}")
    first, second = retiring.propose()
    assert (first.state, second.state) == ("opened", "opened")
    assert len(answers.asked) == 2 * asked  # the first one's answers were paid for once


def test_tests_with_answers_by_hand_are_proposed_unevaluated(retiring: Retiring) -> None:
    folder = retiring.made.root / "registry/workflows/asker/1.0.0"
    text = (folder / "manifest.yaml").read_text()
    by_hand = "value: Hello }], answers: { greet: Hello } }"
    (folder / "manifest.yaml").write_text(text.replace("value: Hello }] }", by_hand))
    retiring.made.compile()
    retiring.made.commit("Write the answer")
    retiring.access = ModelAccess("replay", None, Budget())
    (one,) = retiring.propose()
    assert (one.state, one.branch) == ("pushed", BRANCH)
    message = retiring.made.git("log", "-1", "--format=%B", BRANCH)
    assert "Not evaluated: recorded answers say nothing of another model" in message


def test_killed_before_all_is_known_there_is_no_branch(
    retiring: Retiring, forge: StandIn, answers: ScriptedAnswers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(evidence, "evaluated_pair", killed)
    with pytest.raises(KeyboardInterrupt):
        retiring.propose()
    assert BRANCH not in retiring.made.git("ls-remote", "origin")
    assert retiring.made.git("branch", "--list", "successor/*") == ""


def test_what_only_its_author_can_change_is_skipped_without_failure(retiring: Retiring) -> None:
    file = retiring.made.root / "registry/workflows/asker/1.0.0/manifest.yaml"
    file.write_text(file.read_text().replace("model: old-7b", "model: { old-7b: {} }"))
    retiring.made.compile()
    retiring.made.commit("Name the model as older editors did")
    (one,) = retiring.propose()
    assert (one.state, one.failed) == ("skipped", False)
    assert "in a form that can't be changed in its place" in one.reason
