"""One call of a tool: a run, reported while it goes on, ended where the caller cancels it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

from mcp_types import CallToolResult, TextContent

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json
from registry_tool.core.records import Record
from registry_tool.core.values import Object, Value
from registry_tool.engine.answerers import answered_words
from registry_tool.engine.events import EDGE_CACHED, EDGE_FINISHED, EDGE_SKIPPED, Event
from registry_tool.runtime.run_program import RunOptions, run_in_loop
from registry_tool.server.mcp.tools import META, WorkflowTool

Progress = Callable[[float, float, str], Awaitable[None]]
"""Takes edges that are done, edges that there are, and a word on the last one."""
_DONE = frozenset({EDGE_FINISHED, EDGE_SKIPPED, EDGE_CACHED})


class Caller(Record, frozen=True):
    """How tools are run: `provider` and `environment` as of `puppy-cli run`."""

    provider: str = ""
    environment: str = ""

    async def call(
        self, tool: WorkflowTool, arguments: Mapping[str, Value], progress: Progress
    ) -> CallToolResult:
        """The outputs, or what went wrong in words that the model can act on. Cancelling it ends the run."""
        events: asyncio.Queue[Event | None] = asyncio.Queue()
        forwarding = asyncio.create_task(
            forward_progress(events, len(tool.workflow.edges), progress)
        )
        how = RunOptions(
            environment=self.environment,
            provider=self.provider,
            listeners=(events.put_nowait,),
        )
        try:
            result = await run_in_loop(tool.program, arguments, how)
            events.put_nowait(None)
            await forwarding
        except RegistryError as error:
            return refused(str(error))
        finally:
            forwarding.cancel()
        return answered(result.to_value())


async def forward_progress(
    events: asyncio.Queue[Event | None], total: int, progress: Progress
) -> None:
    """Tell of each edge that is done, until nothing more comes."""
    done = 0
    while (event := await events.get()) is not None:
        if event.name in _DONE:
            done += 1
            await progress(min(done, total), total, str(event.metadata.get("edge", "")))


def refused(reason: str) -> CallToolResult:
    """A call that failed; the reason is for the model that made it."""
    return CallToolResult(content=[TextContent(text=reason)], is_error=True)


def answered(document: Object) -> CallToolResult:
    """What a run's document (SPEC.md §4) says."""
    if document["status"] != "success":
        return refused(str(document.get("error") or f"the run ended with {document['status']}"))
    outputs, usage = cast(Object, document["outputs"]), cast(dict[str, int], document["usage"])
    words = answered_words(
        str(document.get("answered_by", "")), str(document.get("instead_of", ""))
    )
    notices = cast(list[str], document.get("notices", []))
    notes = (*((words,) if words else ()), *notices)
    return CallToolResult(
        content=[TextContent(text=text) for text in (canonical_json(outputs).decode(), *notes)],
        structured_content=outputs,
        _meta={
            f"{META}execution_id": document["execution_id"],
            f"{META}seconds": document["seconds"],
            f"{META}tokens": usage["input_tokens"] + usage["output_tokens"],
        },
    )
