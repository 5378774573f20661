"""What a client can read of a workflow: its README, its manifest, and the compiled workflow."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mcp_types import Resource, TextResourceContents

from registry_tool.core.errors import NotFoundError
from registry_tool.core.suggest import did_you_mean
from registry_tool.server.mcp.tools import WorkflowTool
from registry_tool.store import paths

FILES = (
    (paths.README, "text/markdown", "README"),
    (paths.COMPILED, "application/json", "The compiled workflow"),
    *(
        (name, "application/yaml", "The manifest")
        for name in (paths.MANIFEST, paths.PROJECT_MANIFEST)
    ),
)


def uri_of(name: str, path: str) -> str:
    """`workflow://<tool>/<path>`."""
    return f"workflow://{name}/{path}"


def resources_of(tools: Mapping[str, WorkflowTool]) -> Iterator[Resource]:
    """What there is to read."""
    for tool in tools.values():
        sizes = {path: len(data) for path, data in tool.program.files.items()}
        yield from resources_in(tool.name, tool.workflow.reference, sizes)


def resources_in(name: str, reference: str, sizes: Mapping[str, int]) -> Iterator[Resource]:
    """Those of one version, whose files have these sizes, under a tool's name."""
    for path, kind, title in FILES:
        if path in sizes:
            yield Resource(
                name=f"{name}/{path}",
                title=f"{title} of {reference.replace(':', ' ')}",
                uri=uri_of(name, path),
                mime_type=kind,
                size=sizes[path],
            )


def read_resource(tools: Mapping[str, WorkflowTool], uri: str) -> TextResourceContents:
    """One of them; `NotFoundError` for any other address."""
    known = {
        uri_of(tool.name, path): (tool, path, kind)
        for tool in tools.values()
        for path, kind, _ in FILES
        if path in tool.program.files
    }
    if uri not in known:
        raise NotFoundError(f"there is no resource {uri[:200]!r}", hint=did_you_mean(uri, known))
    tool, path, kind = known[uri]
    text = tool.program.files[path].decode("utf-8", "replace")
    return TextResourceContents(uri=uri, mime_type=kind, text=text)
