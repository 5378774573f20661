"""The MCP server over some workflows, and its way through standard input and output."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from mcp.server import NotificationOptions, Server, ServerRequestContext
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
    Tool,
)

from registry_tool import __version__
from registry_tool.core.errors import NotFoundError, UsageError
from registry_tool.core.suggest import did_you_mean
from registry_tool.manifest.model import Workflow
from registry_tool.server.mcp.calls import Caller
from registry_tool.server.mcp.prompts import message_of, prompt_of
from registry_tool.server.mcp.resources import read_resource, resources_of
from registry_tool.server.mcp.tools import WorkflowTool, described
from registry_tool.store import paths

NAME: Final = "workflows"
_INSTRUCTIONS: Final = (
    "Each tool runs one published workflow. Its description says what for; `_meta` names its version, digest and "
    "where it sends what it gets."
)
Context = ServerRequestContext[Any, Any]  # what a lifespan and a transport give: nothing here


def _listed(tool: WorkflowTool) -> Tool:
    cassettes = tool.program.files.get(paths.CASSETTES, b"")
    return described(tool.name, tool.workflow, tool.program.digest, cassettes)


def mcp_server(tools: Mapping[str, WorkflowTool], caller: Caller) -> Server[Any]:
    """A server whose tools are these, the same as long as it lives."""
    listed = [_listed(tool) for tool in tools.values()]
    resources = list(resources_of(tools))

    async def list_tools(_: Context, __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=listed)

    async def call_tool(context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = tools.get(params.name)
        if tool is None:
            hint = did_you_mean(params.name, tools)
            raise MCPError(
                INVALID_PARAMS, f"there is no tool {params.name[:64]!r}; {hint}".rstrip("; ")
            )
        return await caller.call(tool, params.arguments or {}, context.session.report_progress)

    async def list_resources(_: Context, __: PaginatedRequestParams | None) -> ListResourcesResult:
        return ListResourcesResult(resources=resources)

    async def read(_: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        try:
            return ReadResourceResult(contents=[read_resource(tools, str(params.uri))])
        except NotFoundError as error:
            raise MCPError(INVALID_PARAMS, str(error)) from None

    async def list_prompts(_: Context, __: PaginatedRequestParams | None) -> ListPromptsResult:
        return ListPromptsResult(
            prompts=[prompt_of(name, tool.workflow) for name, tool in tools.items()]
        )

    async def get_prompt(_: Context, params: GetPromptRequestParams) -> GetPromptResult:
        if params.name not in tools:
            hint = did_you_mean(params.name, tools)
            raise MCPError(
                INVALID_PARAMS, f"there is no prompt {params.name[:64]!r}; {hint}".rstrip("; ")
            )
        return prompted(params, tools[params.name].workflow)

    return make_server(list_tools, call_tool, list_resources, read, list_prompts, get_prompt)


def prompted(params: GetPromptRequestParams, workflow: Workflow) -> GetPromptResult:
    """The prompt of a workflow; a wrong argument is the client's mistake."""
    try:
        return message_of(params.name, workflow, params.arguments or {})
    except UsageError as error:
        raise MCPError(INVALID_PARAMS, str(error)) from None


def make_server(  # noqa: PLR0913, PLR0917 - what the protocol asks
    list_tools: Callable[[Context, PaginatedRequestParams | None], Awaitable[ListToolsResult]],
    call_tool: Callable[[Context, CallToolRequestParams], Awaitable[CallToolResult]],
    list_resources: Callable[
        [Context, PaginatedRequestParams | None], Awaitable[ListResourcesResult]
    ],
    read: Callable[[Context, ReadResourceRequestParams], Awaitable[ReadResourceResult]],
    list_prompts: Callable[[Context, PaginatedRequestParams | None], Awaitable[ListPromptsResult]],
    get_prompt: Callable[[Context, GetPromptRequestParams], Awaitable[GetPromptResult]],
) -> Server[Any]:
    """A server that answers with these, and says who it is."""
    return Server(
        NAME,
        version=__version__,
        title="Workflows",
        instructions=_INSTRUCTIONS,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
        on_list_resources=list_resources,
        on_read_resource=read,
        on_list_prompts=list_prompts,
        on_get_prompt=get_prompt,
    )


async def serve_stdio(server: Server[Any]) -> None:
    """Serve one client over standard input and output until it goes."""
    from mcp.server.stdio import stdio_server  # this system's own streams

    options = server.create_initialization_options(NotificationOptions())
    async with stdio_server() as (incoming, outgoing):
        await server.run(incoming, outgoing, options)
