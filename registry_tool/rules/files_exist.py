"""Every file that a `load` edge loads, or an `llm` edge shows, is in the project."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.core.values import Route, Value
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import Configuration, configurations, near

_FOLDER = "resources/"
_PATH_KEYS = ("path", "file_path", "local_path", "mounted_path", "file_name")


def _check(subject: Subject) -> Iterator[Problem]:
    seen: set[Route] = set()
    for found in configurations(subject.workflow, "load"):
        for path, route in _paths(subject, found):
            if route not in seen and "{{" not in path:
                seen.add(route)
                yield from _missing(subject, path, route)
    for found in configurations(subject.workflow, "llm"):
        for path, route in _named(found.config.get("images"), (*found.route, "images")):
            if "{{" not in path:
                yield from _unseen(subject, path, route)


def _paths(subject: Subject, found: Configuration) -> Iterator[tuple[str, Route]]:
    if path := found.config.get("path"):
        yield from [(path, (*found.route, "path"))] if isinstance(path, str) else []
        return
    source = found.sources[0] if found.sources else None
    kind = source and str(found.config.get("block_type") or source.type)
    if source is None or kind != "file" or not source.has_value:
        return
    position = subject.workflow.blocks.index(source)
    yield from _named(source.value, ("spec", "blocks", position, "value"))


def _named(value: Value, route: Route) -> Iterator[tuple[str, Route]]:
    """The paths in a file block's value, as `load` reads them."""
    if isinstance(value, str) and value:
        yield value, route
    elif isinstance(value, list):
        for position, item in enumerate(value):
            yield from _named(item, (*route, position))
    elif isinstance(value, dict):
        for key in _PATH_KEYS:
            if isinstance(path := value.get(key), str) and path:
                yield path, (*route, key)
                return


def _unseen(subject: Subject, path: str, route: Route) -> Iterator[Problem]:
    """What is wrong with a picture that a manifest names itself."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]*://", path):
        yield Problem(
            route,
            f"{path[:120]!r} is an address, and no picture at one is shown to a model",
            "put the file into the folder resources/ and write its path",
        )
    elif path[:5].lower() != "data:":
        yield from _missing(subject, path, route)


def _missing(subject: Subject, path: str, route: Route) -> Iterator[Problem]:
    name = path.removeprefix(_FOLDER)
    there = [file.removeprefix(_FOLDER) for file in subject.files if file.startswith(_FOLDER)]
    if posixpath.normpath(name) in there and not name.startswith("/"):
        return
    if posixpath.normpath(name).startswith(("../", "/")):
        yield Problem(
            route,
            f"{path[:120]!r} leads out of resources/, and only what lies there is read",
            f"put the file into the folder resources/ and write {posixpath.basename(name)[:120]!r}",
        )
        return
    yield Problem(
        route,
        f"there is no file {path[:120]!r} in resources/",
        near(name, there, "files there") if there else "put it into the folder resources/",
    )


RULE = Rule("files-exist", "Files that are loaded or shown to a model are in the project.", _check)
