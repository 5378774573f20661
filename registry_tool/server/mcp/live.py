"""The MCP server of a live registry: every workflow is a tool, whoever calls one is asked who they are."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import Any, Final, NoReturn, cast

from mcp.server import Server, ServerRequestContext
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    GetPromptRequestParams,
    GetPromptResult,
    ListPromptsResult,
    ListResourcesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextResourceContents,
)
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.commands.live.runs.found_run import WantedRun
from registry_tool.commands.live.view import chosen
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.engine.events import Event
from registry_tool.manifest.names import bad_name
from registry_tool.runtime.run_program import RunOptions
from registry_tool.security.tokens.principal import RUN
from registry_tool.server.authorisation import demand, requester, view
from registry_tool.server.context import Context
from registry_tool.server.mcp.calls import answered, forward_progress, refused
from registry_tool.server.mcp.prompts import prompt_of
from registry_tool.server.mcp.resources import FILES, resources_in, uri_of
from registry_tool.server.mcp.server import make_server, prompted
from registry_tool.server.mcp.tools import described
from registry_tool.server.problems import ProblemError
from registry_tool.server.runs import refusal
from registry_tool.server.watching import until_ended

PAGE: Final = 100
"""Workflows on a page of a list."""
LONGEST: Final = 3600.0
"""Seconds that a call waits: no run lasts longer where nothing else is said."""
McpContext = ServerRequestContext[Any, Any]


class LiveTools:
    """What a registry offers, as its newest commit shows it."""

    def __init__(self, shared: Context) -> None:
        self._shared = shared

    def page(
        self, request: Request, cursor: str | None
    ) -> tuple[list[tuple[str, PublishedVersion]], str | None]:
        """The next versions that can be tools, by name, and the cursor of those after them."""
        if cursor and bad_name(cursor):
            raise MCPError(INVALID_PARAMS, "the cursor was not issued by this server")
        found = list(islice(self._versions(request, cursor or ""), PAGE + 1))
        after = found[PAGE - 1][0] if len(found) > PAGE else None
        return found[:PAGE], after

    def _versions(self, request: Request, after: str) -> Iterator[tuple[str, PublishedVersion]]:
        snapshot = view(request)
        for name, wanted in sorted(self._shared.runs.offered().items()):
            if name > after and name in snapshot.summaries:
                with suppress(NotFoundError):  # deployed, and taken out of the registry since
                    version = chosen(snapshot.line(name), wanted)
                    if version.workflow.interface.outputs:
                        yield name, version

    def version(self, request: Request, name: str) -> PublishedVersion:
        """The version behind a tool's name."""
        line = view(request).line(name)  # says what is near, where there is none
        return chosen(line, self._shared.runs.offered().get(name, ""))

    def text(self, request: Request, uri: str) -> TextResourceContents:
        """A resource's content."""
        name, _, path = uri.removeprefix("workflow://").partition("/")
        kinds = {path: kind for path, kind, _ in FILES}
        version = self.version(request, name)
        if uri != uri_of(name, path) or path not in kinds:
            raise NotFoundError(f"there is no resource {uri[:200]!r}")
        tree = self._shared.registry.snapshot().tree
        text = tree.read(f"{version.directory}/{path}").decode("utf-8", "replace")
        return TextResourceContents(uri=uri, mime_type=kinds[path], text=text)

    async def call(self, context: McpContext, params: CallToolRequestParams) -> CallToolResult:
        """Run it for who asks. Whoever gives the call up gives the run up."""
        request = _request(context)
        try:
            who = await run_in_threadpool(demand, request, RUN, params.name)
            version = await run_in_threadpool(self.version, request, params.name)
        except ProblemError as error:
            return refused(f"{error.detail} ({error.help})")
        except NotFoundError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None
        loop, events = asyncio.get_running_loop(), asyncio.Queue[Event | None]()

        def listen(event: Event) -> None:
            with suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(events.put_nowait, event)

        wanted = WantedRun(params.name, params.arguments or {}, how=RunOptions(listeners=(listen,)))
        runs, edges = self._shared.runs, version.workflow.edges
        try:
            found = await run_in_threadpool(runs.begin, wanted, requester(who))
        except RegistryError as error:
            return _refused(error)
        forwarding = asyncio.create_task(
            forward_progress(events, len(edges), context.session.report_progress)
        )
        try:
            await until_ended(found, LONGEST)
            events.put_nowait(None)
            await forwarding
        finally:
            forwarding.cancel()
            runs.cancel(found)
        return answered(await run_in_threadpool(found.document))


def _refused(error: RegistryError) -> CallToolResult:
    """In words for the model where it can mend something, else of the server's log alone."""
    problem = refusal(error)
    if isinstance(problem, ProblemError):
        return refused(f"{problem.detail} ({problem.help})" if problem.help else problem.detail)
    raise error


def live_server(shared: Context) -> Server[Any]:
    """The server over a registry that moves on."""
    tools = LiveTools(shared)

    async def list_tools(on: McpContext, params: PaginatedRequestParams | None) -> ListToolsResult:
        found, after = await run_in_threadpool(
            tools.page, _request(on), params.cursor if params else None
        )
        listed = [
            described(
                *(name, one.workflow, one.digest, one.cassettes),
                shared.latency.of(one.workflow.name, one.number),
            )
            for name, one in found
        ]
        return ListToolsResult(tools=listed, next_cursor=after)

    async def list_resources(
        on: McpContext, params: PaginatedRequestParams | None
    ) -> ListResourcesResult:
        found, after = await run_in_threadpool(
            tools.page, _request(on), params.cursor if params else None
        )
        listed = [
            resource
            for name, one in found
            for resource in resources_in(
                name, one.workflow.reference, {file.path: file.size for file in one.files}
            )
        ]
        return ListResourcesResult(resources=listed, next_cursor=after)

    async def read(on: McpContext, params: ReadResourceRequestParams) -> ReadResourceResult:
        try:
            content = await run_in_threadpool(tools.text, _request(on), str(params.uri))
        except NotFoundError as error:
            _unknown(error)
        return ReadResourceResult(contents=[content])

    async def list_prompts(
        on: McpContext, params: PaginatedRequestParams | None
    ) -> ListPromptsResult:
        found, after = await run_in_threadpool(
            tools.page, _request(on), params.cursor if params else None
        )
        listed = [prompt_of(name, one.workflow) for name, one in found]
        return ListPromptsResult(prompts=listed, next_cursor=after)

    async def get_prompt(on: McpContext, params: GetPromptRequestParams) -> GetPromptResult:
        try:
            version = await run_in_threadpool(tools.version, _request(on), params.name)
        except NotFoundError as error:
            _unknown(error)
        return prompted(params, version.workflow)

    return make_server(list_tools, tools.call, list_resources, read, list_prompts, get_prompt)


def _request(context: McpContext) -> Request:
    return cast(Request, context.request)


def _unknown(error: NotFoundError) -> NoReturn:
    raise MCPError(INVALID_PARAMS, str(error)) from None
