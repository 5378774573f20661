"""Files below a run's `resources/`, as values name them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from registry_tool.core.beneath import file_beneath
from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeError, Services

_PATH_KEYS = ("path", "file_path", "local_path", "mounted_path", "file_name")


def paths_in(content: Value) -> Iterator[str]:
    """The paths that a value names: a text, an object with a `path`, or a list of those."""
    if isinstance(content, str) and content:
        yield content
    elif isinstance(content, list):
        for item in content:
            yield from paths_in(item)
    elif isinstance(content, dict):
        for key in _PATH_KEYS:
            if isinstance(content.get(key), str) and content[key]:
                yield str(content[key])
                return


def resource_file(services: Services, path: str) -> Path:
    """A file below the run's resources; never one outside. `EdgeError` where there is none."""
    if services.resources is None:
        raise EdgeError(f"there are no resources to read {path!r} from", hint="add resources/")
    try:
        file = file_beneath(services.resources, path.removeprefix("resources/"))
    except RegistryError as error:
        raise EdgeError(error.reason, location=error.location, hint=error.hint) from None
    except OSError:  # a name that no file can have
        file = None
    if file is None:
        raise EdgeError(
            "there is no such file in resources/",
            location=path,
            hint="put it there, or give the path of another",
        )
    return file
