"""`load`: brings content into the graph.

A text or structured source is passed on as it is. With `path` (template), or with a file block that names one
({path}, or [{path}] …), a file of the workflow's `resources/` is read: JSON as its value, CSV and Excel as lists
of objects, PDF, Word and HTML as their text (extra `files`), sounds as their words by the environment's
`transcription_model`, anything else as UTF-8 text. A `weblink` source is the address of a page (or, with
`mode: scrapes`, a list of them) of a declared host, whose text is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from registry_tool.core.threads import run_in_daemon_thread
from registry_tool.core.values import Value
from registry_tool.engine.edges.base import EdgeCall, EdgeError, MissingServiceError, Services
from registry_tool.engine.edges.config import EdgeConfig
from registry_tool.engine.edges.resource_files import paths_in, resource_file
from registry_tool.engine.edges.text.documents import LARGEST, SOUNDS, read_document
from registry_tool.engine.edges.text.readability import readable
from registry_tool.engine.providers.http.base import FetchRequest
from registry_tool.engine.providers.web_search.service_client import decoded
from registry_tool.manifest.template import render

_OK = 200


BlockType = Literal["text", "structured", "file", "weblink", "database", "switch"]


@dataclass(frozen=True, kw_only=True)
class LoadConfig(EdgeConfig):
    """A file, or how the source is read where not as its own type says."""

    path: str = ""
    block_type: BlockType | None = None


class LoadEdge:
    """Read a block's content or a file."""

    type = "load"
    config = LoadConfig

    async def run(self, call: EdgeCall, config: LoadConfig, services: Services) -> dict[str, Value]:
        """The content for every target."""
        if config.path:
            return call.to_all(await read_resource(services, render(config.path, call.scope)))
        source = call.sources[0]
        kind = config.block_type or source.type
        content = call.inputs[source.id]
        if kind == "weblink":
            return call.to_all(await _pages(services, content))
        if kind == "database":
            raise EdgeError(
                "this engine connects to no database",
                location=source.id,
                hint="export the table as a .csv file below resources/",
            )
        if kind != "file":
            return call.to_all(content)
        paths = list(paths_in(content))
        if not paths:
            raise EdgeError(
                "the file block names no file",
                location=source.id,
                hint="give it {path: …}, a file below resources/",
            )
        values = [await read_resource(services, path) for path in paths]
        return call.to_all(values[0] if len(values) == 1 else list[Value](values))


async def _pages(services: Services, content: Value) -> Value:
    """The text of the page at an address, or of several in a list of texts."""
    if isinstance(content, list):
        return [await read_page(services, str(address)) for address in content]
    return await read_page(services, str(content or ""))


async def read_resource(services: Services, path: str) -> Value:
    """The content of a file below the run's resources; never of one outside."""
    file = resource_file(services, path)
    if file.suffix.lower() in SOUNDS:
        return await _written_down(file, path, services)
    return await run_in_daemon_thread(partial(read_document, file, path))


async def _written_down(file: Path, shown: str, services: Services) -> str:
    if services.transcriber is None:
        raise EdgeError(
            f"a {file.suffix} file needs speech recognition, and this environment names none",
            location=shown,
            hint="set transcription_model in the environment, and OPENAI_API_KEY or OPENAI_BASE_URL; "
            "or give its text as a .txt file",
        )
    if file.stat().st_size > LARGEST:
        raise EdgeError(f"the file is larger than {LARGEST} bytes", location=shown)
    return await services.transcriber.transcribe(file)


async def read_page(services: Services, address: str) -> str:
    """The text of a web page of a declared host."""
    if services.fetcher is None:
        raise MissingServiceError("this run has no way to other hosts")
    answer = await services.fetcher.fetch(
        FetchRequest(address, headers={"accept": "text/html, text/plain, application/json"})
    )
    if answer.status != _OK:
        raise EdgeError(f"the page answered {answer.status}", location=address)
    text = decoded(answer)
    if "html" not in answer.headers.get("content-type", "html"):
        return text
    return await run_in_daemon_thread(partial(readable, text))
