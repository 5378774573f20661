"""What checks say of a commit: https://docs.github.com/rest/checks, https://docs.github.com/rest/commits/statuses."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote

from registry_tool.core.values import Object
from registry_tool.forge.github.fields import address, number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.model import Check, CheckNote

_STATES = {"success": "success", "failure": "failure", "error": "failure"}


@dataclass(frozen=True, slots=True)
class GitHubChecks:
    """Checks of the commits of `owner/name`."""

    http: GitHubHttp
    repository: str

    def of(self, commit: str) -> tuple[Check, ...]:
        """GET …/commits/{ref}/check-runs and …/status: the newest of each name, a hundred at most."""
        base = f"/repos/{self.repository}/commits/{quote(commit, safe='')}"
        runs = objects(self.http.get(f"{base}/check-runs?filter=latest&per_page=100"), "check_runs")
        statuses = objects(self.http.get(f"{base}/status?per_page=100"), "statuses")
        return (*map(_run, runs), *map(_status, statuses))

    def notes(self, check: Check) -> tuple[CheckNote, ...]:
        """GET …/check-runs/{check_run_id}/annotations: the first hundred; none of a mere status."""
        if not check.id:
            return ()
        path = f"/repos/{self.repository}/check-runs/{check.id}/annotations?per_page=100"
        return tuple(map(_note, self.http.get_list(path)))


def _run(value: Object) -> Check:
    output = value.get("output")
    return Check(
        text(value, "name"),
        text(value, "status"),
        text(value, "conclusion"),
        address(value, "html_url"),
        text(output, "summary") if isinstance(output, dict) else "",
        number(value, "id"),
    )


def _status(value: Object) -> Check:
    conclusion = _STATES.get(text(value, "state"), "")
    return Check(
        text(value, "context"),
        "completed" if conclusion else "in_progress",
        conclusion,
        address(value, "target_url"),
        text(value, "description"),
    )


def _note(value: Object) -> CheckNote:
    return CheckNote(
        text(value, "path"),
        number(value, "start_line"),
        text(value, "annotation_level"),
        text(value, "message"),
        text(value, "title"),
    )
