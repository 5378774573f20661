"""The client for asyncio: the same calls, awaited."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from puppyai.workflows.async_workflow import AsyncWorkflow, begun_in_thread
from puppyai.workflows.client import WorkflowClient
from puppyai.workflows.listing import AsyncListing
from puppyai.workflows.models import Published, VersionInfo, WorkflowSummary
from puppyai.workflows.result import Result
from puppyai.workflows.run import AsyncRun
from puppyai.workflows.values import JsonInput

if TYPE_CHECKING:
    from puppyai.workflows.built_workflow import BuiltWorkflow


class AsyncWorkflowClient:
    """`WorkflowClient` for asyncio, with the same arguments and errors.

    Requests happen in threads: a cancelled call returns at once, and its request ends within `timeout` seconds. A
    cancelled run is cancelled itself.
    """

    def __init__(  # noqa: PLR0913 - a client has that many settings
        self,
        registry_url: str = "",
        auth_token: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 2,
        root: str | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._client = WorkflowClient(
            registry_url, auth_token, timeout=timeout, retries=retries, root=root, now=now
        )

    @property
    def registry_url(self) -> str:
        """The registry's address or folder."""
        return self._client.registry_url

    async def get_workflow(self, name: str, version: str | None = None) -> AsyncWorkflow:
        """A workflow, its package verified; without a version the latest release."""
        return AsyncWorkflow(await asyncio.to_thread(self._client.get_workflow, name, version))

    def list_workflows(
        self, *, category: str = "", author: str = "", tag: str = ""
    ) -> AsyncListing[WorkflowSummary]:
        """All workflows, or those of a category, author or tag, for `async for`."""
        client = self._client
        return AsyncListing(
            lambda: client.list_workflows(category=category, author=author, tag=tag)
        )

    def search(self, query: str, *, sort: str = "") -> AsyncListing[WorkflowSummary]:
        """Workflows as the catalogue's search finds and ranks them, for `async for`."""
        return AsyncListing(lambda: self._client.search(query, sort=sort))

    async def versions(self, name: str) -> list[VersionInfo]:
        """All versions of a workflow, newest first; `NotFoundError` where there is none."""
        return await asyncio.to_thread(self._client.versions, name)

    async def execute(
        self,
        reference: str,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
        *,
        timeout: float | None = None,
    ) -> Result:
        """Have a live registry run a workflow, as `WorkflowClient.execute` does; a cancelled task cancels it."""
        async with await self.start(reference, inputs, environment) as run:
            return await run.result(timeout)

    async def start(
        self,
        reference: str,
        inputs: Mapping[str, JsonInput] | None = None,
        environment: str = "",
    ) -> AsyncRun:
        """Begin a run on a live registry; `async for event in run` says what happens."""
        return await begun_in_thread(lambda: self._client.start(reference, inputs, environment))

    async def run(self, id: str) -> AsyncRun:
        """A run of a live registry that began earlier, by its execution id."""
        return AsyncRun(await asyncio.to_thread(self._client.run, id))

    async def publish(self, workflow: BuiltWorkflow) -> Published:
        """Publish a built workflow, as `WorkflowClient.publish` does."""
        return await asyncio.to_thread(self._client.publish, workflow)

    def __repr__(self) -> str:
        return f"AsyncWorkflowClient({self.registry_url!r})"
