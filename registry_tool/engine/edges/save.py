"""`save`: writes a source block into a file of the run's workspace.

Config: `path` (template; or the editor's `file_name` and `file_type`), `content` (template; default: the first
source). The path is relative and plain: it leaves the workspace neither by `..` nor through a link, and no part of
it begins with a dot. Text is written as it is, everything else as JSON. The target gets {path, size}.
"""

from __future__ import annotations

from registry_tool.core.beneath import demand_storable, write_beneath
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.manifest.template import expand, render
from registry_tool.security.hidden_text import hidden_in


class SaveEdge:
    """Write a file."""

    type = "save"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """Path and size in bytes of the written file, for every target."""
        if services.workspace is None:
            raise EdgeError(
                "this run has no workspace to save files in", way_out="add --workspace FOLDER"
            )
        path = _path(call)
        content = (
            expand(call.config["content"], call.scope)
            if "content" in call.config
            else call.inputs[call.edge.sources[0]]
        )
        data = (content if isinstance(content, str) else pretty_json(content)).encode()
        _demand_visible(path)
        try:
            demand_storable(path)
            services.room.take(len(data), path)
            write_beneath(services.workspace, path, data)
        except RegistryError as error:
            raise EdgeError(error.reason, place=error.place, way_out=error.way_out) from None
        except OSError as error:
            raise EdgeError(f"can't be written: {error.strerror}", place=path[:200]) from None
        return call.to_all({"path": path, "size": len(data)})


def _demand_visible(path: str) -> None:
    """A name that isn't what it looks like may be another tool's file to a system that ignores such characters."""
    if next(hidden_in(path), None) is not None:
        raise EdgeError("the path holds a hidden character", place=path[:200], way_out="rename it")


def _path(call: EdgeCall) -> str:
    path = call.config.get("path")
    if path is None and (name := call.config.get("file_name")):
        kind = str(call.config.get("file_type") or "").lstrip(".")
        path = f"{name}.{kind}" if kind and not str(name).endswith(f".{kind}") else name
    if not isinstance(path, str) or not path:
        raise EdgeError("a save edge needs a path", place="config.path")
    return render(path, call.scope)
