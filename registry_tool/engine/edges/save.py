"""`save`: writes a source block into a file of the run's workspace.

Config: `path` (template; or the editor's `file_name` and `file_type`), `content` (template; default: the first
source). The path is relative and plain: it leaves the workspace neither by `..` nor through a link, and no part of
it begins with a dot. Text is written as it is, everything else as JSON. The target gets {path, size}.
"""

from __future__ import annotations

from dataclasses import dataclass

from registry_tool.core.beneath import demand_storable, write_beneath
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import pretty_json
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import UNSET, EdgeConfig, Unset
from registry_tool.manifest.template import expand, render
from registry_tool.security.hidden_text import hidden_in


@dataclass(frozen=True, kw_only=True)
class SaveConfig(EdgeConfig):
    """Where to, by our `path` or by the editor's name and type, and what (unset: the first source)."""

    path: str = ""
    file_name: str = ""
    file_type: str = ""
    content: Value | Unset = UNSET


class SaveEdge:
    """Write a file."""

    type = "save"
    config = SaveConfig

    async def run(self, call: EdgeCall, config: SaveConfig, services: Services) -> dict[str, Value]:
        """Path and size in bytes of the written file, for every target."""
        if services.workspace is None:
            raise MissingServiceError(
                "this run has no workspace to save files in", hint="add --workspace FOLDER"
            )
        path = render(_path(config), call.scope)
        content = (
            call.inputs[call.edge.sources[0]]
            if isinstance(config.content, Unset)
            else expand(config.content, call.scope)
        )
        data = (content if isinstance(content, str) else pretty_json(content)).encode()
        _demand_visible(path)
        try:
            demand_storable(path)
            services.room.take(len(data), path)
            write_beneath(services.workspace, path, data)
        except RegistryError as error:
            raise EdgeError(error.reason, location=error.location, hint=error.hint) from None
        except OSError as error:
            raise EdgeError(f"can't be written: {error.strerror}", location=path[:200]) from None
        return call.to_all({"path": path, "size": len(data)})


def _demand_visible(path: str) -> None:
    """A name that isn't what it looks like may be another tool's file to a system that ignores such characters."""
    if next(hidden_in(path), None) is not None:
        raise EdgeError("the path holds a hidden character", location=path[:200], hint="rename it")


def _path(config: SaveConfig) -> str:
    if config.path:
        return config.path
    ending = config.file_type.lstrip(".")
    named = not ending or config.file_name.endswith(f".{ending}")
    return config.file_name if named else f"{config.file_name}.{ending}"
