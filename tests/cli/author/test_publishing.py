"""`publish --registry OWNER/REPO` as an author runs it, from an empty home to an open request and its verdict."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import forked
from tests.commands.author.publishing import conftest
from tests.commands.author.publishing.conftest import NAME, TOKENS
from tests.forge.stand_in.server import Fault, StandIn

forge, registry, project = conftest.forge, conftest.registry, conftest.project
URL = f"https://github.example/{NAME}/pull/1"


class Author:
    """Somebody at an empty home who is logged in as ada."""

    def __init__(self, forge: StandIn, home: Path, project: Path) -> None:
        home.mkdir()
        self.forge, self.home, self.project = forge, home, project
        self.shown = ""
        assert self.run("login", "--token-stdin", text=TOKENS["ada"]).returncode == 0

    def run(self, *words: str, text: str = "") -> forked.Ended:
        kept = {key: os.environ[key] for key in ("PATH", "LANG") if key in os.environ}
        env = {**kept, "HOME": str(self.home), **self.forge.environment()}
        env["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
        ended = forked.run(["puppy-cli", *words], cwd=self.project, env=env, text=text)
        self.shown += ended.stdout + ended.stderr
        return ended

    def publish(self, *words: str) -> forked.Ended:
        return self.run("publish", "--registry", NAME, *words)


@pytest.fixture
def author(forge: StandIn, tmp_path: Path, project: Path) -> Iterator[Author]:
    made = Author(forge, tmp_path / "home", project)
    yield made
    assert TOKENS["ada"] not in made.shown
    assert "Traceback" not in made.shown


def check(conclusion: str) -> list[dict[str, Any]]:
    address = f"https://github.example/{NAME}/runs/1"
    return [
        {
            "id": 1,
            "name": "Validate",
            "status": "completed",
            "conclusion": conclusion,
            "html_url": address,
        }
    ]


def test_a_request_is_opened_and_found_again(author: Author) -> None:
    ended = author.publish()
    assert (ended.returncode, ended.stdout.splitlines()) == (
        0,
        [
            "mine:1.0.0 is on the branch publish/mine-1.0.0 of ada/registry.",
            "Filled in: metadata.created, metadata.updated.",
            f"The pull request: {URL}",
        ],
    )
    again = author.publish()
    assert again.stdout.splitlines() == [
        "mine:1.0.0 is on the branch publish/mine-1.0.0 of ada/registry already.",
        f"Its pull request is open: {URL}",
    ]


def test_as_json_with_the_verdict(author: Author) -> None:
    document = json.loads(author.publish("--format", "json").stdout)
    assert (document["url"], document["opened"], document["state"], document["checks"]) == (
        URL,
        True,
        "new",
        None,
    )
    author.forge.checks[document["commit"]] = check("failure")
    note = {
        "path": "registry/workflows/mine/1.0.0/manifest.yaml",
        "start_line": 7,
        "end_line": 7,
        "annotation_level": "failure",
        "message": "not a key",
    }
    author.forge.annotations[1] = [note]
    ended = author.publish("--wait", "--wait-limit", "1m")
    assert ended.returncode == 1
    assert "registry/workflows/mine/1.0.0/manifest.yaml:7: failure: not a key" in ended.stdout


def test_a_dry_run_judges_and_sends_nothing(author: Author) -> None:
    ended = author.publish("--dry-run")
    assert ended.returncode == 0
    assert "registry/workflows/mine/1.0.0/manifest.yaml" in ended.stdout
    assert "not checked" in ended.stderr
    assert author.forge.changes() == []


def test_what_a_rule_refuses_is_shown_in_the_authors_file(author: Author) -> None:
    (author.project / "docs/README.md").write_text("key: ghp_" + "a1B2" * 9)
    ended = author.publish()
    assert ended.returncode == 1
    assert "docs/README.md:1" in ended.stderr
    assert author.forge.changes() == []


REFUSALS = [
    (Fault(401, {"message": "Bad credentials"}), "puppy-cli login"),
    (Fault(403, {"message": "Resource not accessible"}), "docs/github.md"),
    (Fault(404, {"message": "Not Found"}), "hides it"),
    (Fault(409, {"message": "Conflict"}), "try again"),
    (Fault(422, {"message": "Validation Failed"}), "the reason"),
    (
        Fault(403, {"message": "API rate limit exceeded"}, {"retry-after": "7200"}),
        "rate limit is used up for 120 minutes",
    ),
    (
        Fault(
            429,
            {"message": "limit"},
            {
                "x-ratelimit-remaining": "0",
                "x-ratelimit-reset": "1900003600",
                "date": "Sun, 17 Mar 2030 17:46:40 GMT",
            },
        ),
        "rate limit is used up for 60 minutes",
    ),
]


@pytest.mark.parametrize(
    ("fault", "expected"),
    REFUSALS,
    ids=[str(n) for n in (401, 403, 404, 409, 422, "403-rate", "429")],
)
def test_every_refusal_has_a_way_out(author: Author, fault: Fault, expected: str) -> None:
    author.forge.fault = lambda method, path: fault if path.endswith("/git/trees") else None
    ended = author.publish()
    assert (ended.returncode, "error: " in ended.stderr) == (1, True)
    assert expected in ended.stderr
    assert author.forge.pulls(NAME) == []
    author.forge.fault = lambda method, path: None
    assert author.publish().returncode == 0
    assert len(author.forge.pulls(NAME)) == 1


def test_who_is_not_logged_in(author: Author) -> None:
    author.run("logout")
    ended = author.publish()
    assert ended.returncode == 2
    assert f"puppy-cli login --host {author.forge.host}" in ended.stderr
    assert author.forge.asked[-1][1] == "/user", "nothing was asked but at the login"


@pytest.mark.parametrize("option", ["--base=HEAD", "--remote=origin"])
def test_what_belongs_to_a_clone(author: Author, option: str) -> None:
    ended = author.publish(option)
    assert ended.returncode == 2
    assert "are for a clone" in ended.stderr
