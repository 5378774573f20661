"""Find, read, run and publish the workflows of a registry."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from puppyai.workflows.errors import InvalidRequestError
from puppyai.workflows.listing import Listing
from puppyai.workflows.models import Published, VersionInfo, WorkflowSummary
from puppyai.workflows.registry import Registry
from puppyai.workflows.result import Result
from puppyai.workflows.run import Run
from puppyai.workflows.translate import translated
from puppyai.workflows.transport import Transport, checked_address, checked_token
from puppyai.workflows.values import JsonInput, plain_object
from puppyai.workflows.workflow import Workflow

if TYPE_CHECKING:
    from puppyai.workflows.built_workflow import BuiltWorkflow
    from registry_tool.sources.configuration.choice import RegistryChoice
    from registry_tool.sources.reference import Reference


class WorkflowClient:
    """Reads a registry, runs what it holds, and publishes to it.

    Args:
        registry_url: an http(s) address, the folder of a built site, a clone, or `OWNER/REPO`. Without one, the
            registry that the commands use: `PUPPY_REGISTRY`, the project's `puppy.toml`, the clone around, your
            settings.
        auth_token: who asks, for registries that want to know. It is sent to the registry's own host alone, over
            https or to this machine; it never shows in messages or in `repr`.
        timeout: seconds that one request may take.
        retries: how often a request is sent again that was lost or refused for a while (408, 429, 502, 503, 504),
            where a second time does no harm.
        root: the pinned root of an address or a built site, as `workflow.lock` and settings spell it
            (`1:sha256:6ab0…`). Every document is held against it. Without one, those of the project's lock and of
            your settings count.
        now: tells the time by which signatures expire; without it, the machine's clock does.

    Nothing is asked before a method is called. One client serves many threads.
    """

    def __init__(  # noqa: PLR0913 - a client has that many settings
        self,
        registry_url: str = "",
        auth_token: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 2,
        sleep: Callable[[float], None] = time.sleep,
        root: str | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        transport = None
        if registry_url.startswith(("http://", "https://")):
            registry_url = checked_address(registry_url)
        choice = _pinned(_choice(registry_url), root, now)
        if choice.location.startswith(("http://", "https://")) and not choice.order[0].repository:
            address = checked_address(choice.location)
            token = checked_token(auth_token, address)
            transport = Transport(address, token, timeout, retries, sleep)
        self._registry = Registry(choice, transport, auth_token or "")

    @property
    def registry_url(self) -> str:
        """The registry's address or folder."""
        return self._registry.location

    def get_workflow(self, name: str, version: str | None = None) -> Workflow:
        """A workflow, its package verified; without a version the latest release.

        Args:
            name: the workflow's name, or a reference: `name:1.2.0`, `name@^1.2`.
            version: one version (`1.2.0`), or an npm-style range (`^1.2`): the highest release in it.

        Raises:
            NotFoundError: no such workflow or version; `hint` names those that there are.
            IntegrityError: the package is not what the registry says.
        """
        from registry_tool.sources.reference import choose

        with translated(integrity=True):
            reader = self._registry.reader
            candidate = choose(_reference(name, version), reader)
            return Workflow(self._registry, candidate, reader.files(candidate))

    def list_workflows(
        self, *, category: str = "", author: str = "", tag: str = ""
    ) -> Listing[WorkflowSummary]:
        """All workflows, or those of a category, author or tag: newest updates first, fetched page by page."""
        return Listing(self._registry.pages(category, author, tag))

    def search(self, query: str, *, sort: str = "") -> Listing[WorkflowSummary]:
        """Workflows as the catalogue's search finds and ranks them, fetched page by page.

        Args:
            query: words, typos and Chinese included, and qualifiers: `sentiment tag:nlp model:gpt-4 offline:`.
            sort: `relevance` (where it is empty), `updated`, `downloads`, `rating`, `score` or `name`.
        """
        return Listing(self._registry.found(query, sort))

    def versions(self, name: str) -> list[VersionInfo]:
        """All versions of a workflow, newest first; `NotFoundError` where there is none."""
        return self._registry.versions(name)

    def execute(
        self,
        reference: str,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        timeout: float | None = None,
    ) -> Result:
        """Have a live registry run a workflow, whose package is not fetched, and wait for the result.

        Args:
            reference: `name`, `name:1.2.0` or `name@^1.2`.
            inputs: a value for each input of the interface, by name.
            environment: whose deployment runs, such as `production`; empty: the registry's usual.
            timeout: seconds to wait for it.

        Raises:
            NotSupportedError: the registry is static; `get_workflow(reference).execute(inputs)` runs it here.
            RunFailedError: it ended badly; the error's `result` holds what there is.
        """
        with self.start(reference, inputs, environment) as run:
            return run.result(timeout)

    def start(
        self,
        reference: str,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
    ) -> Run:
        """Begin a run on a live registry, with the arguments of `execute`; iterate over it for its events."""
        from puppyai.workflows.run_live import begin

        given = plain_object(inputs or {}, "inputs")
        with translated():
            meant = _reference(reference, None)
            version = meant.version or meant.range
            return Run(begin(self._registry.live(), meant.name, version, environment, given))

    def run(self, id: str) -> Run:
        """A run of a live registry that began earlier, by its execution id."""
        from puppyai.workflows.run_live import RunLive

        with translated():
            return Run(RunLive(self._registry.live(), "", "", id))

    def publish(self, workflow: BuiltWorkflow) -> Published:
        """Publish a built workflow.

        To a clone: a branch `publish/<name>-<version>`, from which a pull request publishes. To `OWNER/REPO`: the
        pull request, as whom `auth_token` (else `puppy-cli login`) says. To a live registry: a post. Safely
        repeated: what is there already is found.

        Raises:
            FindingsError: checks refuse it; nothing was written then.
            NotSupportedError: a static registry takes nothing.
        """
        from puppyai.workflows.publishing import publish

        with translated():
            return publish(self._registry, workflow)

    def __repr__(self) -> str:
        return f"WorkflowClient({self.registry_url!r})"


def _choice(registry_url: str) -> RegistryChoice:
    from registry_tool.sources.configuration.choice import as_choice, choose_registry

    with translated():
        choice = as_choice(registry_url) if registry_url else choose_registry()
    if not choice.is_known:
        raise InvalidRequestError(
            "no registry is named, and none is around",
            hint="give registry_url: an address, a built site's folder, a clone or OWNER/REPO",
        )
    return choice


def _pinned(
    choice: RegistryChoice, root: str | None, now: Callable[[], datetime] | None
) -> RegistryChoice:
    """The choice with a root for its first registry, and with what tells the time."""
    from registry_tool.core.clock import FunctionClock

    clock = FunctionClock(now) if now else choice.clock
    if root is None:
        return replace(choice, clock=clock)
    from registry_tool.security.tuf.pin import parse_pin

    with translated():
        parse_pin(root, "root")
    if choice.folder is not None and _is_clone(choice.folder):
        raise InvalidRequestError(
            "a clone has no signatures that could be held against root",
            location=str(choice.folder),
            hint="leave root out, or give the registry's address or the folder of its built site",
        )
    return replace(choice, clock=clock, given_root=root)


def _is_clone(folder: Path) -> bool:
    from registry_tool.sources.api_reader import is_built_api
    from registry_tool.store import paths

    return (folder / paths.REGISTRY_FILE).is_file() or not is_built_api(folder)


def _reference(name: str, version: str | None) -> Reference:
    from registry_tool.manifest.names import bad_name, bad_version
    from registry_tool.sources.reference import parse_reference

    if version is None:
        return parse_reference(name)
    if reason := bad_name(name):
        raise InvalidRequestError(f"the name {name!r} {reason}", hint="give a workflow's name")
    return parse_reference(f"{name}:{version}" if not bad_version(version) else f"{name}@{version}")
