"""How a repository is set up: https://docs.github.com/rest, environments, rules, Pages, Actions' permissions."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from registry_tool.core.values import Object
from registry_tool.forge.github.fields import number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import BranchRules, EnvironmentRules

_MOST_SECRETS = 100
_REVIEWERS = "required_reviewers"


@dataclass(frozen=True, slots=True)
class GitHubSettings:
    """The settings of `owner/name`, only read. `NotFoundError` is also GitHub's word for a lacking right."""

    http: GitHubHttp
    repository: str

    def environment(self, name: str) -> EnvironmentRules | None:
        """GET …/environments/{environment_name}; None where there is none. Takes the right to read Actions."""
        found = self.http.find(f"{self._base}/environments/{quote(name, safe='')}")
        if found is None:
            return None
        rules = objects(found, "protection_rules")
        reviewers = [r for rule in rules for r in objects(rule, "reviewers") if _asks(rule)]
        return EnvironmentRules(
            reviewers=len(reviewers),
            bound_to_branches=isinstance(found.get("deployment_branch_policy"), dict),
        )

    def secrets(self, environment: str) -> frozenset[str]:
        """GET …/environments/{environment_name}/secrets: their names. Takes the right to read environments."""
        query = urlencode({"per_page": _MOST_SECRETS})
        path = f"{self._base}/environments/{quote(environment, safe='')}/secrets?{query}"
        found = self.http.get(path)
        number(found, "total_count")
        return frozenset(text(secret, "name") for secret in objects(found, "secrets"))

    def rules(self, branch: str) -> BranchRules:
        """GET …/rules/branches/{branch}: what its rulesets demand of everybody, empty where none does."""
        listed = self.http.get_list(
            f"{self._base}/rules/branches/{quote(branch, safe='')}?per_page=100"
        )
        checks, owners = set[str](), False
        for rule in listed:
            given = rule.get("parameters")
            parameters: Object = given if isinstance(given, dict) else {}
            checks |= {text(c, "context") for c in objects(parameters, "required_status_checks")}
            owners |= parameters.get("require_code_owner_review") is True
        kinds = frozenset(text(rule, "type") for rule in listed)
        return BranchRules(kinds, frozenset(checks), owners)

    def pages_source(self) -> str:
        """GET …/pages: `workflow` where Actions build the site, `legacy` for a branch, empty where it is off."""
        found = self.http.find(f"{self._base}/pages")
        return "" if found is None else text(found, "build_type") or "legacy"

    def jobs_may(self) -> tuple[str, bool]:
        """GET …/actions/permissions/workflow: a job's usual rights (read, write), and whether it may open PRs."""
        found = self.http.get(f"{self._base}/actions/permissions/workflow")
        may = found.get("can_approve_pull_request_reviews") is True
        return text(found, "default_workflow_permissions"), may

    @property
    def _base(self) -> str:
        return f"/repos/{self.repository}"


def _asks(rule: Object) -> bool:
    return text(rule, "type") == _REVIEWERS
