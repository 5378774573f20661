"""`load`: brings content into the graph.

A text or structured source is passed on as it is. With `path` (template), or with a file block that names one
({path}, or [{path}] …), a file of the workflow's `resources/` is read: JSON as its value, CSV as a list of
objects, PDF as its text (extra `files`), anything else as UTF-8 text.
"""

from __future__ import annotations

import csv
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from registry_tool.core.errors import MissingToolError, RegistryError
from registry_tool.core.files import inside, parse_json
from registry_tool.core.values import Object, Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, Services
from registry_tool.manifest.template import render

_SERVICES = {
    "weblink": "a web page reader",
    "database": "a database connection",
}
_PATH_KEYS = ("path", "file_path", "local_path", "mounted_path", "file_name")
_LARGEST = 32 * 2**20


class LoadEdge:
    """Read a block's content or a file."""

    type = "load"

    async def run(self, call: EdgeCall, services: Services) -> dict[str, Value]:
        """The content for every target."""
        if path := call.config.get("path"):
            return call.to_all(read_resource(services, render(str(path), call.scope)))
        source = call.sources[0]
        kind = str(call.config.get("block_type") or source.type)
        content = call.inputs[source.id]
        if kind in _SERVICES:
            raise EdgeError(
                f"loading a {kind} needs {_SERVICES[kind]}, which this engine does not have yet",
                place=source.id,
            )
        if kind != "file":
            return call.to_all(content)
        paths = list(_paths(content))
        if not paths:
            raise EdgeError(
                "the file block names no file",
                place=source.id,
                way_out="give it {path: …}, a file below resources/",
            )
        values = [read_resource(services, path) for path in paths]
        return call.to_all(values[0] if len(values) == 1 else list[Value](values))


def _paths(content: Value) -> Iterator[str]:
    if isinstance(content, str) and content:
        yield content
    elif isinstance(content, list):
        for item in content:
            yield from _paths(item)
    elif isinstance(content, dict):
        for key in _PATH_KEYS:
            if isinstance(content.get(key), str) and content[key]:
                yield str(content[key])
                return


def read_resource(services: Services, path: str) -> Value:
    """The content of a file below the run's resources; never of one outside."""
    if services.resources is None:
        raise EdgeError(f"there are no resources to read {path!r} from", way_out="add resources/")
    name = path.removeprefix("resources/")
    file = inside(services.resources, name)
    if not file.is_file() or file.is_symlink():
        raise EdgeError("there is no such file in resources/", place=path)
    if file.stat().st_size > _LARGEST:
        raise EdgeError(f"the file is larger than {_LARGEST} bytes", place=path)
    return _content(file, path)


def _content(file: Path, shown: str) -> Value:
    match file.suffix.lower():
        case ".json":
            return parse_json(file.read_bytes(), place=shown)
        case ".csv":
            rows = csv.DictReader(io.StringIO(_text(file, shown)))
            return [cast(Object, {str(k): v for k, v in row.items()}) for row in rows]
        case ".pdf":
            return _pdf(file, shown)
        case _:
            return _text(file, shown)


def _text(file: Path, shown: str) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise EdgeError("the file is not UTF-8 text", place=shown) from None


def _pdf(file: Path, shown: str) -> str:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise MissingToolError(
            "reading PDF files needs pypdf",
            place=shown,
            way_out="pip install 'puppyai-workflow-registry[files]'",
        ) from None
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of what it mends by itself
    try:
        return "\n".join(page.extract_text() for page in PdfReader(file).pages)
    except (PyPdfError, ValueError, KeyError) as error:
        raise RegistryError(f"the PDF file can't be read: {error}", place=shown) from None
