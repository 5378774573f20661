"""Every request of ours fits GitHub's own OpenAPI description, and we read the answers that it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import Answer, Ask, exchange
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.github.tree import GitHubTree
from registry_tool.forge.model import (
    ActionRun,
    Artifact,
    Dispatch,
    EnvironmentRules,
    FoundRequest,
    Issue,
    Job,
    JobStep,
    PullRequest,
)
from tests.forge.prism import description, github_prism, prism, used_part

pytestmark = pytest.mark.e2e

QUICK = Pace(sleep=lambda _: None)
INPUTS = {"request": '{"workflow": "greet"}', "environment": "staging", "correlation_id": "abc"}


@pytest.fixture
def github() -> GitHub:
    return GitHub("octocat/hello-world", "token", github_prism(), pace=QUICK)


def test_a_pull_request(github: GitHub) -> None:
    opened = github.pulls.open_pull_request(PullRequest("Publish", "What", "publish/x", "main"))
    assert opened == "https://github.com/octocat/Hello-World/pull/1347"


def test_a_known_pull_request(github: GitHub) -> None:
    found = github.pulls.find_pull_request("publish/x", "main")
    assert found == "https://github.com/octocat/Hello-World/pull/1347"


def watched(github: GitHub) -> list[str]:
    """What is asked from now on, as `METHOD path`."""
    asked: list[str] = []

    def watching(ask: Ask) -> Answer:
        asked.append(f"{ask.method} {ask.url.partition('/hello-world')[2].partition('?')[0]}")
        return exchange(ask)

    github.http._exchange = watching
    return asked


@pytest.mark.parametrize(
    ("title", "path"),
    [("Something new", "/issues"), ("Found a bug", "/issues/1347/comments")],
    ids=["new", "known"],
)
def test_an_issue(github: GitHub, title: str, path: str) -> None:
    asked = watched(github)
    reported = github.issues.report(Issue(title, "The difference", ("drift", "greet")))
    assert reported == "https://github.com/octocat/Hello-World/issues/1347"
    assert asked == ["GET /issues", f"POST {path}"]


def test_downloads_of_releases(github: GitHub) -> None:
    assert github.releases.downloads() == {"example.zip": 42}


def test_an_issue_is_closed(github: GitHub) -> None:
    asked = watched(github)
    closed = github.issues.resolve(Issue("Found a bug", "It is gone", ("drift",)))
    assert closed == "https://github.com/octocat/Hello-World/issues/1347"
    assert asked == ["GET /issues", "POST /issues/1347/comments", "PATCH /issues/1347"]


def test_whose_token_it_is(github: GitHub) -> None:
    assert github.token_owner() == 1


@pytest.mark.parametrize("status", [403, 404])
def test_an_apps_token_is_nobodys(github: GitHub, status: int) -> None:
    github.http._exchange = lambda ask: Answer(status, {}, b'{"message": "not accessible"}')
    assert github.token_owner() == 0


def test_a_wrong_token_is_an_error(github: GitHub) -> None:
    github.http._exchange = lambda ask: Answer(401, {}, b'{"message": "Bad credentials"}')
    with pytest.raises(GitHubRefusedError, match="Bad credentials"):
        github.token_owner()


def test_a_dispatch_names_its_run(github: GitHub) -> None:
    run = github.dispatches.dispatch(Dispatch("deploy.yml", "deploy staging abc", INPUTS))
    assert run == ActionRun(1, "https://github.com/octo-org/octo-repo/actions/runs/1")


def test_a_run_and_its_jobs(github: GitHub) -> None:
    run = github.dispatches.run(30433642)
    assert run == ActionRun(
        30433642, "https://github.com/octo-org/octo-repo/actions/runs/30433642", "queued"
    )
    job = github.dispatches.jobs(30433642)[0]
    assert isinstance(job, Job)
    assert (job.id, job.name, job.status, job.conclusion) == (
        399444496,
        "build",
        "completed",
        "success",
    )
    assert job.steps[0] == JobStep("Set up job", "completed", "success")


def test_how_the_repository_is_set_up(github: GitHub) -> None:
    settings = github.settings
    assert settings.environment("production-approval") == EnvironmentRules(2, True)
    assert settings.secrets("production") == {"GH_TOKEN", "GIST_ID"}
    assert settings.rules("main").kinds == {
        "commit_message_pattern",
        "commit_author_email_pattern",
    }
    assert settings.pages_source() == "legacy"
    assert settings.jobs_may() == ("read", True)


def test_artifacts(github: GitHub) -> None:
    assert github.artifacts.of_run(1) == (
        Artifact(13, "Test output", 453, created="2020-01-10T14:59:22.000Z"),
        Artifact(11, "Rails", 556, created="2020-01-10T14:59:22.000Z"),
    )


def test_artifacts_are_found_by_name(github: GitHub) -> None:
    asked = watched(github)
    (found,) = github.artifacts.named("Rails")
    assert (found.id, found.created) == (11, "2020-01-10T14:59:22.000Z")
    assert github.artifacts.named("Django") == ()
    assert asked == ["GET /actions/artifacts"] * 2


def test_artifacts_are_removed_by_name(github: GitHub) -> None:
    asked = watched(github)
    assert github.artifacts.remove("Rails")
    assert not github.artifacts.remove("Django")
    assert asked == [
        "GET /actions/artifacts",
        "DELETE /actions/artifacts/11",
        "GET /actions/artifacts",
    ]


def test_a_download_leads_to_a_store(github: GitHub) -> None:
    """The answer is a redirect to another host; here it is stopped before anybody is asked there."""
    github.http._exchange = lambda ask: exchange(replace(ask, anywhere=False))
    with pytest.raises(RegistryError, match=r"pipelines\.actions\.githubusercontent\.com"):
        github.artifacts.files(Artifact(11, "Rails", 556))


def test_a_file(github: GitHub) -> None:
    """The example's content is not base64, which shows that it was read."""
    with pytest.raises(RegistryError, match="not base64"):
        github.contents.read("deployments", "environments/staging/greet.json")


def test_a_branch(github: GitHub) -> None:
    """Blobs, tree, commit and ref; each is refused where it does not fit."""
    github.contents.add_branch("requests/abc", {"a.json": b"{}", "b.json": b"\xff"}, "A request")


def test_whose_token_it_is_by_name(github: GitHub) -> None:
    account = github.accounts.who()
    assert account is not None
    assert (account.login, account.id) == ("octocat", 1)


def test_a_repository_and_its_fork(github: GitHub) -> None:
    about = github.repositories.about("octocat/hello-world")
    assert (about.name, about.default_branch) == ("octocat/Hello-World", "master")
    assert (
        github.repositories.create_fork("octocat/hello-world", "master").name
        == "octocat/Hello-World"
    )
    github.repositories.sync("octocat/hello-world", "main")


def test_objects_and_branches(github: GitHub) -> None:
    objects = github.objects
    blob = objects.blob(b"x")
    tree = objects.tree({"registry/a.yaml": blob, "registry/b.yaml": None}, "a" * 40)
    commit = objects.commit(tree, ("b" * 40,), "Publish")
    assert {len(sha) for sha in (blob, tree, commit, objects.tree_of(commit))} == {40}
    objects.create_branch("publish/x-1.0.0", commit)
    objects.move_branch("publish/x-1.0.0", commit)
    assert len(objects.tip("publish/x-1.0.0")) == 40
    assert objects.read_blob(blob)


def test_a_tree_of_a_commit(github: GitHub) -> None:
    """The example of contents is one file whatever is asked for; its content is not base64, so it was read."""
    with pytest.raises(RegistryError, match="not base64"):
        GitHubTree(github.http, "octocat/hello-world", "main").folders("registry/workflows/x")


def test_requests_of_a_fork(github: GitHub) -> None:
    found = github.pulls.find("ada", "publish/x-1.0.0", "main")
    assert found == FoundRequest(
        "https://github.com/octocat/Hello-World/pull/1347", 1, "octocat", 1347
    )
    asked = watched(github)
    github.pulls.change(found.number, "Publish", "What it does")
    assert github.pulls.closed("ada", "publish/x-1.0.0", "main", "a" * 40) is None
    assert asked == ["PATCH /pulls/1347", "GET /pulls"]


def test_an_open_request_and_what_was_done_to_it(github: GitHub) -> None:
    requests = github.open_requests
    asked = watched(github)
    (found,) = requests.into("main")
    assert (found.number, found.repository, found.branch, found.author_id, found.draft) == (
        *(1347, "octocat/Hello-World", "new-topic", 1),
        False,
    )
    assert [event.kind for event in requests.events(1347)] == ["closed"]
    assert [(r.state, r.reviewer, r.may_push) for r in requests.reviews(1347)] == [
        ("APPROVED", "octocat", True)
    ]
    assert [(c.body, c.is_bots) for c in requests.comments(1347)] == [("Me too", False)]
    requests.comment(1347, "Waits.")
    requests.change_comment(1, "Merged.")
    push = requests.newest_push("octocat/hello-world", "main")
    assert push is not None
    assert (push.pusher, f"{push.at:%Y-%m-%d %H:%M}") == ("octocat", "2011-01-26 19:06")
    assert len(requests.merge(1347, "a" * 40, "squash", "Merge #1347")) == 40
    github.dispatches.start("publish.yml", "main")
    assert asked[-3:] == [
        "GET /activity",
        "PUT /pulls/1347/merge",
        "POST /actions/workflows/publish.yml/dispatches",
    ]


def test_checks_and_their_notes(github: GitHub) -> None:
    run, *statuses = github.checks.of("a" * 40)
    assert (run.name, run.status, run.conclusion) == ("mighty_readme", "completed", "neutral")
    assert {status.name for status in statuses} == {
        "continuous-integration/jenkins",
        "security/brakeman",
    }
    (note,) = github.checks.notes(run)
    assert (note.path, note.line, note.level) == ("README.md", 2, "warning")


def test_an_enterprise_server_that_names_no_run(tmp_path: Path) -> None:
    """Its description knows neither `return_run_details` nor an answer to a dispatch: the run is found by name."""
    part = used_part(description("ghes-3.17"))
    path = "/repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches"
    body = part["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert "return_run_details" not in body["properties"]
    body["additionalProperties"] = True
    with prism(part, tmp_path) as running:
        github = GitHub("octocat/hello-world", "token", running, pace=QUICK)
        run = github.dispatches.dispatch(Dispatch("deploy.yml", "Update README.md", INPUTS))
    assert run.id == 30433642


@pytest.mark.parametrize(
    "wrong",
    [
        lambda github: github.http.post(
            "/repos/a/b/actions/workflows/x.yml/dispatches", {"inputs": {}}, resend=False
        ),
        lambda github: github.http.post(
            "/repos/a/b/git/refs", {"ref": "refs/heads/x", "sha": 5}, resend=False
        ),
        lambda github: github.http.post(
            "/repos/a/b/pulls", {"head": "x", "base": "y", "titel": "z"}, resend=False
        ),
        lambda github: github.http.get("/repos/a/b/actions/runs/many/jobs"),
    ],
)
def test_what_does_not_fit_is_noticed(github: GitHub, wrong: Callable[[GitHub], object]) -> None:
    with pytest.raises(GitHubRefusedError, match="422"):
        wrong(github)


def test_every_request_is_marked(github: GitHub) -> None:
    asked: list[Ask] = []

    def watched(ask: Ask) -> Answer:
        asked.append(ask)
        return exchange(ask)

    github.http._exchange = watched
    github.dispatches.run(1)
    assert asked[0].headers["x-github-api-version"] == "2022-11-28"
    assert asked[0].headers["user-agent"]
