"""Where a request is carried out: here, or by a job of the registry's repository on GitHub."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from urllib.parse import urlsplit

from registry_tool.commands.requests.blob import (
    blob_file,
    branch_of,
    checked_correlation_id,
    packed,
)
from registry_tool.commands.requests.request import (
    DeployRequest,
    ExecuteRequest,
    read_deploy_request,
    read_execute_request,
)
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.values import Object
from registry_tool.forge.base import Forge
from registry_tool.forge.github.client import GitHub, Remote, remote_of
from registry_tool.forge.github.http import API
from registry_tool.forge.github.rate_limits import Pace
from registry_tool.forge.model import ActionRun, Dispatch
from registry_tool.forge.tokens.found import token_store
from registry_tool.forge.tokens.token import forge_of_api
from registry_tool.store.git.repository import Repository
from registry_tool.store.state.home import state_remote

_ENVIRONMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")


class Via(StrEnum):
    """Who carries a request out. `auto`: GitHub where the registry's remote is there."""

    AUTO = "auto"
    LOCAL = "local"
    GITHUB = "github"


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request that a job carries out."""

    run: ActionRun
    environment: str
    correlation_id: str

    def to_value(self) -> Object:
        """As the commands print it."""
        return {
            "run": self.run.id,
            "url": self.run.url,
            "environment": self.environment,
            "correlation_id": self.correlation_id,
        }


def forge_of(
    via: Via,
    root: Path,
    remote: str,
    environ: Mapping[str, str],
    notify: Callable[[str], None] = lambda _: None,
) -> GitHub | None:
    """The forge whose jobs carry requests out, None for doing it here.

    The repository is that of the clone's remote (`remote`, else the state's home), else `GITHUB_REPOSITORY`. The
    token is what `puppy-cli login` kept for the forge, else `GITHUB_TOKEN` or `GH_TOKEN`. `UsageError` where
    GitHub is wanted and one of them is missing. `notify` hears of long waits.
    """
    if via is Via.LOCAL:
        return None
    found = _remote(root, remote)
    api = _api(found, environ)
    if via is Via.AUTO and (found is None or not api):
        return None
    repository = found.repository if found else environ.get("GITHUB_REPOSITORY", "")
    if not repository:
        raise UsageError(
            "the registry's repository on GitHub is not known",
            location=str(root),
            hint="run it in a clone whose remote is there, or set GITHUB_REPOSITORY=OWNER/NAME",
        )
    if not api:
        raise UsageError(
            f"{found.host if found else repository} is not github.com",
            hint="set GITHUB_API_URL to the API's address, such as https://github.example/api/v3",
        )
    return GitHub(repository, token_of(environ, api), api, pace=Pace(notify=notify))


def token_of(environ: Mapping[str, str], api: str = API) -> str:
    """The token of who asks the forge with this API; `UsageError` where nobody is logged in and none is set."""
    found = token_store(environ).find(forge_of_api(api))
    if found is None:
        raise UsageError(
            "no token for GitHub is set, and nobody is logged in",
            hint="run `puppy-cli login`, set GITHUB_TOKEN (docs/github.md says which rights it needs), "
            "or do it without GitHub",
        )
    return found.secret


def sender_of(root: Path, remote: str, environ: Mapping[str, str]) -> int:
    """The numeric id of who would dispatch a job from here, by their token; 0 where no forge or token tells."""
    try:
        forge = forge_of(Via.AUTO, root, remote, environ)
    except UsageError:  # there is no token
        return 0
    return forge.token_owner() if forge else 0


def _remote(root: Path, name: str) -> Remote | None:
    """The remote as a forge's, None where it is a folder, or there is none."""
    try:
        repository = Repository(root)
        return remote_of(repository.remote_address(state_remote(repository, name)))
    except (NotFoundError, UsageError):
        return None


def _api(remote: Remote | None, environ: Mapping[str, str]) -> str:
    """The API of a remote's host, empty where it is not known: a token goes to no host that nobody named."""
    api = environ.get("GITHUB_API_URL", "")
    if remote is None:
        return api or API
    if remote.host == "github.com":
        return api or API
    server = urlsplit(environ.get("GITHUB_SERVER_URL", "")).netloc.lower()
    return api if remote.host in {server, _host(api)} else ""


def _host(api: str) -> str:
    return urlsplit(api).netloc.lower().removeprefix("api.")


def new_correlation_id() -> str:
    """Names one request; nobody else's has the same."""
    return secrets.token_hex(8)


def send_deploy(
    forge: Forge, request: DeployRequest, environment: str, correlation_id: str = ""
) -> SentRequest:
    """Ask for a deployment, promotion, rollback …; `UsageError` where the job would refuse to read it."""
    text, blob = packed(request.to_value())
    read_deploy_request(text, lambda _: blob)
    what = f"{request.action.value} {_named(request.workflow, blob)} to"
    return _JobRequest("deploy", what, text, blob).send(forge, environment, correlation_id)


def send_execute(
    forge: Forge, request: ExecuteRequest, environment: str, correlation_id: str = ""
) -> SentRequest:
    """Ask for a run of what the environment serves; `UsageError` where the job would refuse to read it."""
    text, blob = packed(request.to_value())
    read_execute_request(text, lambda _: blob)
    what = f"execute {_named(request.workflow, blob)} in"
    return _JobRequest("execute", what, text, blob).send(forge, environment, correlation_id)


def _named(workflow: str, blob: bytes) -> str:
    """What the Action file can know of the request when it names the run."""
    return "a large request" if blob else workflow


@dataclass(frozen=True, slots=True)
class _JobRequest:
    """A packed request for one kind of job; `what` begins the run's name, as the Action file's `run-name` does."""

    job: str
    what: str
    text: str
    blob: bytes

    def send(self, forge: Forge, environment: str, correlation_id: str) -> SentRequest:
        if not _ENVIRONMENT.fullmatch(environment):
            raise UsageError(f"{environment[:80]!r} names no environment")
        chosen = checked_correlation_id(correlation_id or new_correlation_id())
        if self.blob:
            files = {blob_file(self.blob): self.blob}
            forge.contents.add_branch(branch_of(chosen), files, "A request")
        inputs = {"request": self.text, "environment": environment, "correlation_id": chosen}
        name = f"{self.what} {environment} ({chosen})"
        run = forge.dispatches.dispatch(Dispatch(f"{self.job}.yml", name, inputs))
        return SentRequest(run, environment, chosen)
