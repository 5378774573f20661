"""A registry's tree → the catalogue. Machines read `workflow.json`, never the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Annotated, Final, TypeVar

import msgspec

from registry_tool.catalogue.downloads import load_weeks
from registry_tool.catalogue.model import (
    Catalogue,
    Line,
    PublishedVersion,
    RegistrySettings,
    VersionFile,
)
from registry_tool.catalogue.settings import read_settings
from registry_tool.core.codec import FileFormat
from registry_tool.core.errors import NotFoundError, RegistryError
from registry_tool.core.files import parse_json
from registry_tool.manifest.digest import content_hash, digest_of_entries
from registry_tool.manifest.load import workflow_from
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.notice import Notice
from registry_tool.manifest.owners import Owners, read_owners
from registry_tool.manifest.recorded import CASSETTES, recorded_models
from registry_tool.resolver.latest import latest
from registry_tool.resolver.version import parse
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree, Tree, TreeFile, contents_below

N = TypeVar("N", int, float)

_HINT: Final = "take it back from git, or remove it and run `registry-tool refresh-stats`"
DOWNLOADS: Final = FileFormat[dict[str, int]](
    dict[str, Annotated[int, msgspec.Meta(ge=0)]], "table of downloads", hint=_HINT
)
RATINGS: Final = FileFormat[dict[str, float]](
    dict[str, Annotated[float, msgspec.Meta(ge=0)]], "table of ratings", hint=_HINT
)


def load_settings(tree: Tree) -> RegistrySettings:
    """The registry's settings; `NotFoundError` where the tree is not a registry."""
    try:
        data = tree.read(paths.REGISTRY_FILE)
    except NotFoundError:
        raise NotFoundError(
            "this is not a registry",
            location=paths.REGISTRY_FILE,
            hint="run it in a registry's folder, or name one with --registry",
        ) from None
    return read_settings(data, paths.REGISTRY_FILE)


def load_catalogue(
    tree: Tree, commit: str = "", *, part: Callable[[Line], Line] = lambda line: line
) -> Catalogue:
    """Everything in a registry; `RegistryError` names the first version that can't be read.

    `part` is asked for each workflow: what it leaves out is never in memory for all of them at once.
    """
    groups = groupby(tree.files(paths.WORKFLOWS), key=lambda file: file.path.split("/")[2])
    found = ((name, list(group)) for name, group in groups)
    lines = (
        _line(tree, name, files)
        for name, files in found
        if files[0].path != f"{paths.WORKFLOWS}/{name}"  # a file that lies beside workflows
    )
    return Catalogue(
        load_settings(tree),
        _dated(tree, [part(line) for line in lines if line is not None]),
        commit,
        _by_name(tree, "downloads", DOWNLOADS),
        _by_name(tree, "ratings", RATINGS),
    )


def load_line(tree: Tree, name: str, published: Mapping[str, str]) -> Line | None:
    """One workflow with all its versions, None where it has none; `published` are git's moments by version."""
    line = _line(tree, name, list(tree.files(paths.workflow_dir(name))))
    if line is None:
        return None
    return _line_dated(
        replace(line, weeks=load_weeks(tree, name)),
        {v.manifest_path: published.get(v.number, "") for v in line.versions if not v.stated},
    )


def load_latest(tree: RegistryTree, names: Iterable[str]) -> Iterator[Line]:
    """Each workflow with its latest version alone, and that version's moment; those that have none are left out.

    Of the other versions only their folders' names are read.
    """
    found = [line for name in names if (line := _latest_alone(tree, name))]
    yield from _dated(tree, found)


def _latest_alone(tree: RegistryTree, name: str) -> Line | None:
    numbers = [n for n in tree.folders(paths.workflow_dir(name)) if not bad_version(n)]
    if not numbers:
        return None
    path = paths.owners_file(name)
    owners = read_owners(tree.read(path), path) if tree.has(path) else Owners()
    number = latest(numbers, {number for number in numbers if owners.blocked(number)})
    version = load_version(tree, name, number, owners.notice(number))
    return Line(name, (version,), version, owners)


def load_numbers(tree: Tree) -> tuple[Mapping[str, int], Mapping[str, float]]:
    """Downloads and ratings by name."""
    return _by_name(tree, "downloads", DOWNLOADS), _by_name(tree, "ratings", RATINGS)


def _dated(tree: Tree, lines: list[Line]) -> tuple[Line, ...]:
    """The lines, with git's moment for every version whose manifest names none."""
    from registry_tool.store.first_published import first_published  # what asks git

    silent = {v.manifest_path for line in lines for v in line.versions if not v.stated}
    dates = first_published(tree, silent)
    return tuple(_line_dated(line, dates) if dates else line for line in lines)


def _line_dated(line: Line, dates: Mapping[str, str]) -> Line:
    versions = tuple(replace(v, published=dates.get(v.manifest_path, "")) for v in line.versions)
    latest = next(v for v in versions if v.number == line.latest.number)
    return replace(line, versions=versions, latest=latest)


def _by_name(tree: Tree, kind: str, form: FileFormat[dict[str, N]]) -> dict[str, N]:
    path = f"{paths.METADATA}/{kind}.json"
    try:
        return form.read(tree.read(path), path)
    except NotFoundError:
        return {}


def _line(tree: Tree, name: str, files: list[TreeFile]) -> Line | None:
    owners = _owners(tree, name, files)
    inside = [(file, paths.version_of(file.path)) for file in files]
    found = [(file, location) for file, location in inside if location is not None]
    versions = [
        load_version(tree, name, number, owners.notice(number))
        for number in dict.fromkeys(location[1] for _, location in found)
    ]
    if not versions:
        return None
    versions.sort(key=lambda version: parse(version.number))
    numbers = [version.number for version in versions]
    best = latest(numbers, {number for number in numbers if owners.blocked(number)})
    newest = next(version for version in versions if version.number == best)
    return Line(name, tuple(versions), newest, owners)


def _owners(tree: Tree, name: str, files: Iterable[TreeFile]) -> Owners:
    path = paths.owners_file(name)
    if any(file.path == path for file in files):
        return read_owners(tree.read(path), path)
    return Owners()


def load_version(
    tree: Tree, name: str, number: str, notice: Notice | None = None
) -> PublishedVersion:
    """One version from its files."""
    directory = paths.version_dir(name, number)
    contents = contents_below(tree, directory)
    if paths.COMPILED not in contents:
        raise RegistryError(
            "the version has no compiled workflow",
            location=f"{directory}/{paths.COMPILED}",
            hint="run `registry-tool check --fix`",
        )
    entries = tuple(
        VersionFile(path, len(content), content_hash(content))
        for path, content in sorted(contents.items())
    )
    location = f"{directory}/{paths.COMPILED}"
    return PublishedVersion(
        workflow=workflow_from(parse_json(contents[paths.COMPILED], location=location), location),
        digest=digest_of_entries((file.path, file.size, file.sha256) for file in entries),
        files=entries,
        directory=directory,
        readme=contents.get(paths.README, b"").decode("utf-8", "replace"),
        notice=notice,
        recorded=recorded_models(contents.get(CASSETTES, b"")),
        manifest=contents.get(paths.MANIFEST, b"").decode("utf-8", "replace"),
        cassettes=contents.get(CASSETTES, b""),
    )
