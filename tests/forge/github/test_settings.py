"""A repository's settings, where GitHub misbehaves; test_github_description.py has the usual answers."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.model import BranchRules, EnvironmentRules
from tests.forge.fault_server import FaultServer, Reply

RULES = [
    {"type": "pull_request", "parameters": {"require_code_owner_review": True}},
    {
        "type": "required_status_checks",
        "parameters": {"required_status_checks": [{"context": "Validate"}]},
    },
    {"type": "deletion"},
]


def test_an_environment_without_reviewers(server: FaultServer, github: GitHub) -> None:
    server.replies = [
        Reply(200, {"protection_rules": [{"type": "wait_timer"}], "deployment_branch_policy": None})
    ]
    assert github.settings.environment("a/b") == EnvironmentRules()
    assert server.asked[0].path == "/repos/ada/registry/environments/a%2Fb"


def test_no_environment_and_no_pages(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(404)]
    assert github.settings.environment("staging") is None
    assert github.settings.pages_source() == ""


def test_rules(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, RULES)]
    kinds = frozenset({"pull_request", "required_status_checks", "deletion"})
    assert github.settings.rules("main") == BranchRules(kinds, frozenset({"Validate"}), True)


def test_what_the_token_may_not_see(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(404, {"message": "Not Found"})]
    with pytest.raises(NotFoundError):
        github.settings.secrets("production")
    server.replies = [Reply(403, {"message": "Resource not accessible by integration"})]
    with pytest.raises(RegistryError, match="Resource not accessible"):
        github.settings.jobs_may()


def test_an_answer_of_another_shape(server: FaultServer, github: GitHub) -> None:
    server.replies = [Reply(200, {"protection_rules": "none"})]
    with pytest.raises(RegistryError, match="protection_rules"):
        github.settings.environment("staging")
    server.replies = [Reply(200, {"secrets": []})]
    with pytest.raises(RegistryError, match="total_count"):
        github.settings.secrets("staging")
