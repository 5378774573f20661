"""Jobs that are asked for, and how they go: https://docs.github.com/rest/actions/workflows and …/workflow-runs."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from registry_tool.core.errors import RegistryError
from registry_tool.core.http import LostError
from registry_tool.core.values import Object
from registry_tool.forge.github.errors import GitHubRefusedError
from registry_tool.forge.github.fields import address, number, objects, text
from registry_tool.forge.github.http import GitHubHttp
from registry_tool.forge.github.rate_limits import Pace, back_off
from registry_tool.forge.model import ActionRun, Dispatch, Job, JobStep

_LOOKS = 8
"""How often to look for a run that GitHub did not name; about a minute with the pauses."""
_MOST_PAGES = 10


@dataclass(frozen=True, slots=True)
class GitHubRuns:
    """The runs of `owner/name`."""

    http: GitHubHttp
    repository: str
    pace: Pace = field(default_factory=Pace)

    def dispatch(self, request: Dispatch) -> ActionRun:
        """POST …/dispatches; the run that GitHub names, else the one whose name is the request's.

        A dispatch whose answer is lost is not sent again: the run is looked for, and `RegistryError` says where.
        """
        try:
            answer = self._ask(request)
        except LostError:
            return self._look_for(request, accepted=False)
        except GitHubRefusedError as error:
            if error.status < 500:
                raise
            return self._look_for(request, accepted=False)
        return self._look_for(request, accepted=True) if answer is None else self._started(answer)

    def start(self, file: str, ref: str) -> None:
        """POST …/dispatches without inputs, of a file whose second run does no harm."""
        path = f"{self._actions}/workflows/{file}/dispatches"
        self.http.post(path, {"ref": ref}, resend=True)

    def run(self, id: int) -> ActionRun:
        """GET …/actions/runs/{run_id}."""
        return _run(self.http.get(f"{self._actions}/runs/{id}"))

    def jobs(self, id: int) -> tuple[Job, ...]:
        """GET …/actions/runs/{run_id}/jobs, up to a thousand."""
        found: list[Object] = []
        for page in range(1, _MOST_PAGES + 1):
            query = urlencode({"filter": "latest", "per_page": 100, "page": page})
            answer = self.http.get(f"{self._actions}/runs/{id}/jobs?{query}")
            listed = objects(answer, "jobs")
            found += listed
            if len(listed) < 100:
                break
        return tuple(map(_job, found))

    @property
    def _actions(self) -> str:
        return f"/repos/{self.repository}/actions"

    def _ask(self, request: Dispatch) -> Object | None:
        path = f"{self._actions}/workflows/{request.workflow_file}/dispatches"
        body: Object = {"ref": request.ref, "inputs": dict(request.inputs)}
        try:
            return self.http.post(path, {**body, "return_run_details": True}, resend=False)
        except GitHubRefusedError as error:
            # An older server may not know the key, and has started nothing then.
            if error.status != 422 or "return_run_details" not in error.reason:
                raise
            return self.http.post(path, body, resend=False)

    def _started(self, answer: Object) -> ActionRun:
        return ActionRun(number(answer, "workflow_run_id"), address(answer, "html_url"))

    def _look_for(self, request: Dispatch, *, accepted: bool) -> ActionRun:
        """The newest runs of this Action file are compared by name: names hold a random part."""
        query = urlencode({"event": "workflow_dispatch", "per_page": 50})
        path = f"{self._actions}/workflows/{request.workflow_file}/runs?{query}"
        for look in range(_LOOKS):
            self.pace.sleep(back_off(look, self.pace))
            for found in objects(self.http.get(path), "workflow_runs"):
                if text(found, "display_title") == request.run_name:
                    return _run(found)
        raise RegistryError(
            f"no run named {request.run_name!r} appeared"
            if accepted
            else "GitHub did not say whether it took the request, and no run of it appeared",
            location=request.workflow_file,
            hint=f"look at the repository's Actions page; a run named {request.run_name!r} is this one",
        )


def _run(value: Object) -> ActionRun:
    return ActionRun(
        number(value, "id"),
        address(value, "html_url"),
        text(value, "status"),
        text(value, "conclusion"),
    )


def _job(value: Object) -> Job:
    return Job(
        number(value, "id"),
        text(value, "name"),
        text(value, "status"),
        text(value, "conclusion"),
        tuple(
            JobStep(text(step, "name"), text(step, "status"), text(step, "conclusion"))
            for step in objects(value, "steps")
        ),
    )
