"""All that is not an operation: the static output of the registry, from a folder that a child keeps current."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response

from registry_tool.api import documents as api
from registry_tool.api.layout import INDEX, ROOT
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.commands.live.rendered import RenderedDocument
from registry_tool.commands.live.view import RegistryView
from registry_tool.core.errors import NotFoundError
from registry_tool.core.output_folder import MARK
from registry_tool.package.build import package_bytes
from registry_tool.server.problems import ProblemError
from registry_tool.server.responses import kept
from registry_tool.store import paths

MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".wfpkg": "application/zip",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".xml": "application/xml",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
_LINES: Final = "text/plain; charset=utf-8"
"""The sparse index: its files are called as workflows are."""
_PAGES: Final = "workflows/page/"
_OTHER: Final = "application/octet-stream"
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache"}


class StaticOutput:
    """Files of a built output below a folder; None for the API's own documents alone."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder.resolve() if folder else None

    @property
    def is_there(self) -> bool:
        """Whether it has been built."""
        return self.folder is not None and (self.folder / MARK).is_file()

    def answer(self, request: Request, path: str) -> Response:
        """The file at a path, a folder's page, or the site's own page for what is missing."""
        found = self._find(path)
        if found is not None and found.is_dir():
            if not request.url.path.endswith("/"):
                # From the root of this server: what begins with `//` would lead to another one.
                way = f"{request.scope.get('root_path', '')}/{path.strip('/')}/"
                return RedirectResponse(way, HTTPStatus.PERMANENT_REDIRECT)
            found = found / "index.html"
        if found is not None and found.is_file():
            return _file(found)
        return self._missing(path)

    def _find(self, path: str) -> Path | None:
        """Where a path leads; None outside the folder and for the output's own notes."""
        parts = path.split("/")
        if self.folder is None or "\0" in path or "\\" in path or ".." in parts or MARK in parts:
            return None
        found = (self.folder / path).resolve()
        return found if found.is_relative_to(self.folder) else None

    def _missing(self, path: str) -> Response:
        if not self.is_there and not path.startswith(f"{ROOT}/"):
            raise ProblemError(
                HTTPStatus.SERVICE_UNAVAILABLE,
                "the pages are being built",
                "try again in a moment; the API answers already",
                headers={"Retry-After": "5"},
            )
        page = self._find("zh/404.html" if path.startswith("zh/") else "404.html")
        if path.startswith(f"{ROOT}/") or page is None or not page.is_file():
            raise ProblemError(HTTPStatus.NOT_FOUND, "there is no such document")
        return _file(page, HTTPStatus.NOT_FOUND)


class _NoDocumentError(Exception):
    """A path that no document of the commit has."""


def _file(path: Path, status: HTTPStatus = HTTPStatus.OK) -> Response:
    kind = MEDIA_TYPES.get(path.suffix, _OTHER)
    return FileResponse(path, int(status), _HEADERS, kind)


def document(
    request: Request, snapshot: RegistryView, path: str, *, built: bool = False
) -> Response | None:
    """A workflow's own document or package as its commit has it, without waiting for a build; None for others.

    `path` is below `api/v1/`; `built` says that there is a build, which knows the order of pages.
    """
    by_name = path.startswith(_PAGES)
    if by_name and built:
        return None

    def render() -> RenderedDocument:
        for found, content in _documents(snapshot, path):
            if found == f"{ROOT}/{path}":
                kind = MEDIA_TYPES.get(Path(path).suffix, _LINES)
                return RenderedDocument(content, kind, _HEADERS)
        raise _NoDocumentError

    try:
        return kept(request, snapshot, render, *(["until it is built"] if by_name else []))
    except _NoDocumentError:
        return None


def _documents(snapshot: RegistryView, path: str) -> Iterator[tuple[str, bytes]]:
    match path.split("/"):
        case ["workflows.json"]:
            yield from snapshot.latest()
        case ["index.json"]:
            yield INDEX, snapshot.index()
        case ["workflows", name] if name.endswith(".json"):
            yield from _of_line(snapshot, name.removesuffix(".json"))
        case ["workflows", name, "versions.json"]:
            yield from _of_line(snapshot, name)
        case ["workflows", "page", file]:
            number = file.removesuffix(".json")
            if number.isascii() and number.isdecimal() and len(number) < 8:
                yield from snapshot.page(int(number))
        case ["workflows", name, number] if number.endswith(".json"):
            line = snapshot.line(name)
            version = _version(line, number.removesuffix(".json"))
            yield from api.version_document(line.owners, version)
        case ["sparse", _, name]:
            yield from _of_line(snapshot, name)
        case ["packages", name, file]:
            yield from _package(snapshot, snapshot.line(name), file)


def _of_line(snapshot: RegistryView, name: str) -> Iterator[tuple[str, bytes]]:
    return api.line_documents(snapshot.line(name), ())


def _version(line: Line, number: str) -> PublishedVersion:
    if number not in line.by_number:
        raise NotFoundError(f"{line.name} has no version {number[:64]}")
    return line.by_number[number]


def _package(snapshot: RegistryView, line: Line, file: str) -> Iterator[tuple[str, bytes]]:
    for number, version in line.by_number.items():
        if paths.package_file(line.name, number) == file:
            tree = snapshot.tree
            files = {f.path: tree.read(f"{version.directory}/{f.path}") for f in version.files}
            yield f"{ROOT}/{api.package_path(version)}", package_bytes(files)
