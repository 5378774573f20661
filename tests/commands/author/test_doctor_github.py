from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from click.testing import CliRunner

from registry_tool.catalogue.environments import Approval, EnvironmentSettings
from registry_tool.cli.puppy import cli
from registry_tool.commands.author.doctor_github import SettingStatus, doctor_github
from registry_tool.core.errors import NotFoundError
from registry_tool.forge.github.client import GitHub
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import BranchRules, EnvironmentRules
from tests.commands.deploying import Make
from tests.forge.prism import github_prism

KEPT = frozenset({"non_fast_forward", "deletion"})
ENVIRONMENTS = {
    "staging": EnvironmentSettings("staging"),
    "production": EnvironmentSettings(
        "production", approval=Approval.ENVIRONMENT, secrets=("OPENAI_API_KEY",)
    ),
}


@dataclass
class Repository:
    """A hand-written repository's settings: those of a real one can't be set in a test."""

    environments: dict[str, EnvironmentRules] = field(
        default_factory=lambda: {
            "staging": EnvironmentRules(0, True),
            "production": EnvironmentRules(0, True),
            "production-approval": EnvironmentRules(1, False),
        }
    )
    known: frozenset[str] = frozenset({"PUPPY_ENVIRONMENT_KEY", "OPENAI_API_KEY"})
    main: BranchRules = BranchRules(KEPT | {"pull_request"}, frozenset({"Validate"}), True)  # noqa: RUF009
    others: BranchRules = BranchRules(KEPT)  # noqa: RUF009
    pages: str = "workflow"
    rights: str = "read"
    admin: bool = True

    def environment(self, name: str) -> EnvironmentRules | None:
        return self.environments.get(name)

    def secrets(self, environment: str) -> frozenset[str]:
        if not self.admin:
            raise NotFoundError("GitHub answered 404: Not Found")
        return self.known

    def rules(self, branch: str) -> BranchRules:
        return self.main if branch == "main" else self.others

    def pages_source(self) -> str:
        return self.pages

    def jobs_may(self) -> tuple[str, bool]:
        if not self.admin:
            raise NotFoundError("GitHub answered 404: Not Found")
        return self.rights, False


def missing(repository: Repository, seen: SettingStatus = SettingStatus.MISSING) -> list[str]:
    found = doctor_github(repository, ENVIRONMENTS)
    return [setting.name for setting in found if setting.seen is seen]


def test_a_repository_that_is_set_up() -> None:
    found = doctor_github(Repository(), ENVIRONMENTS)
    assert {setting.seen for setting in found} == {SettingStatus.FINE}
    assert len(found) == 12


def test_a_registry_that_has_a_root_needs_its_online_key() -> None:
    for known, missing_ones in (
        (frozenset({"REGISTRY_TRUST_KEY"}), []),
        (frozenset[str](), ["secret REGISTRY_TRUST_KEY of github-pages"]),
    ):
        found = doctor_github(Repository(known=known), {}, is_signed=True)
        assert [one.name for one in found if one.seen is SettingStatus.MISSING] == missing_ones


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rights": "write"}, ["rights of jobs"]),
        ({"pages": "legacy"}, ["Pages"]),
        ({"pages": ""}, ["Pages"]),
        ({"known": frozenset({"PUPPY_ENVIRONMENT_KEY"})}, ["secret OPENAI_API_KEY of production"]),
        ({"main": BranchRules(KEPT | {"pull_request"}, frozenset(), True)}, ["branch main"]),
        ({"main": BranchRules(KEPT, frozenset({"Validate"}), True)}, ["branch main"]),
        (
            {"others": BranchRules(frozenset({"deletion"}))},
            ["branch deployments", "branch audit", "branches publish/*"],
        ),
    ],
)
def test_what_is_missing(wrong: dict[str, object], said: list[str]) -> None:
    assert missing(Repository(**wrong)) == said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "rules"),
    [
        ("production-approval", EnvironmentRules(0, True)),
        ("production", EnvironmentRules(0, False)),
        ("production", EnvironmentRules(1, True)),  # reviewers would hold up every run
    ],
)
def test_an_environment_that_lets_in_too_many_or_too_few(
    name: str, rules: EnvironmentRules
) -> None:
    repository = Repository()
    repository.environments[name] = rules
    assert missing(repository) == [f"environment {name}"]
    del repository.environments[name]
    assert missing(repository) == [f"environment {name}"]


def test_what_the_token_does_not_see_is_neither_fine_nor_missing() -> None:
    repository = Repository(environments={}, pages="", admin=False)
    assert missing(repository) == []
    hidden = missing(repository, SettingStatus.NOT_SEEN)
    assert {"rights of jobs", "environment staging", "Pages"} <= set(hidden)
    assert "branch main" not in hidden


@pytest.mark.e2e
def test_against_github_s_own_description() -> None:
    forge = GitHub("octocat/hello-world", "token", github_prism(), pace=Pace(sleep=lambda _: None))
    found = {s.name: s.seen for s in doctor_github(forge.settings, ENVIRONMENTS)}
    assert found["environment production-approval"] is SettingStatus.FINE
    assert found["environment production"] is SettingStatus.MISSING  # the example has reviewers
    assert found["branch main"] is SettingStatus.MISSING
    assert SettingStatus.NOT_SEEN not in found.values()


@pytest.mark.e2e
def test_the_command(make_registry: Make, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    registry = make_registry(git=True)
    for name, value in (
        ("GITHUB_TOKEN", "t"),
        ("GITHUB_API_URL", github_prism()),
        ("GITHUB_REPOSITORY", "octocat/hello-world"),
    ):
        monkeypatch.setenv(name, value)
    words = ["doctor", "--github", "--root", str(registry.root)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 1
    assert "missing   branch main: pull requests, code owners, the check Validate" in done.output
    done = CliRunner().invoke(cli, [*words, "--format", "json"])
    named = {one["name"]: one["status"] for one in json.loads(done.output)["settings"]}
    assert named["rights of jobs"] == "fine"
    monkeypatch.delenv("GITHUB_TOKEN")
    done = CliRunner().invoke(cli, words)
    assert "no token for GitHub is set" in str(done.exception)
