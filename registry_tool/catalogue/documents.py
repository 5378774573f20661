"""The index documents, computed from the catalogue alone.

| file | holds | changes when |
| --- | --- | --- |
| indexes/by-category.json | summaries of latest versions by category | a latest version changes |
| indexes/by-author.json | the same by author | the same |
| indexes/by-tags.json | the same by tag | the same |
| registry/metadata/dependencies.json | requirements of every version, and dependents | any version is added |
| registry/metadata/dependencies/<xx>.json | the same in parts, where versions are many | one of the part is |
| registry/metadata/dependents/<name>.json | latest versions that require it | one of them is published |
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import cast

from registry_tool.catalogue.dependency_documents import dependency_documents
from registry_tool.catalogue.model import Catalogue, Line, PublishedVersion
from registry_tool.core.values import Object, Value
from registry_tool.manifest.model import Workflow
from registry_tool.store import paths


def index_documents(catalogue: Catalogue) -> Iterator[tuple[str, Object]]:
    """(path from the registry's root, document), sorted by path."""
    for name, keys in (
        ("by-author", _author),
        ("by-category", _category),
        ("by-tags", _tags),
    ):
        yield f"{paths.INDEXES}/{name}.json", _index(catalogue, keys)
    known = dependencies(catalogue)
    yield from dependency_documents(
        cast(Object, known["requires"]),
        cast(Object, known["dependents"]),
        sum(len(line.versions) for line in catalogue.lines),
    )
    for name, dependents in sorted(_dependents(catalogue).items()):
        yield paths.dependents_file(name), {"dependents": dependents}


def indexed(line: Line) -> Line:
    """Of a workflow what index documents are made of; for `load_catalogue`, a tenth of its memory."""
    versions = tuple(map(_indexed, line.versions))
    (latest,) = (version for version in versions if version.number == line.latest.number)
    return replace(line, versions=versions, latest=latest)


def _indexed(version: PublishedVersion) -> PublishedVersion:
    workflow = Workflow(version.workflow.metadata, (), (), requires=version.workflow.requires)
    return replace(version, workflow=workflow, files=(), readme="", manifest="", cassettes=b"")


def _dependents(catalogue: Catalogue) -> dict[str, list[Value]]:
    """By name: every line whose latest version requires it, with the range."""
    found: dict[str, list[Value]] = {}
    for line in catalogue.lines:
        for need in line.latest.workflow.requires:
            found.setdefault(need.name, []).append(
                {"name": line.name, "version": line.latest.number, "range": need.range}
            )
    return found


def summary(catalogue: Catalogue, line: Line) -> Object:
    """A WorkflowSummary (design document, components/schemas) of a line's latest version."""
    about = line.latest.workflow.metadata
    return {
        "name": about.name,
        "version": about.version,
        "author": about.author,
        "description": about.description,
        "category": about.category,
        "tags": list(about.tags),
        "downloads": catalogue.downloads.get(about.name, 0),
        "rating": catalogue.ratings.get(about.name),
        "updated": line.latest.released,
    }


def _author(line: Line) -> tuple[str, ...]:
    author = line.latest.workflow.metadata.author
    return (author,) if author else ()


def _category(line: Line) -> tuple[str, ...]:
    return (line.latest.workflow.metadata.category,)


def _tags(line: Line) -> tuple[str, ...]:
    return line.latest.workflow.metadata.tags


def grouped(
    lines: Iterable[Line], keys: Callable[[Line], tuple[str, ...]]
) -> dict[str, list[Line]]:
    """Lines by key, keys sorted, lines in the given order."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        for key in keys(line):
            found.setdefault(key, []).append(line)
    return dict(sorted(found.items()))


def by_author(catalogue: Catalogue) -> dict[str, list[Line]]:
    """Lines by the latest version's author."""
    return grouped(catalogue.lines, _author)


def by_category(catalogue: Catalogue) -> dict[str, list[Line]]:
    """Lines by the latest version's category."""
    return grouped(catalogue.lines, _category)


def by_tag(catalogue: Catalogue) -> dict[str, list[Line]]:
    """Lines by each of the latest version's tags."""
    return grouped(catalogue.lines, _tags)


def _index(catalogue: Catalogue, keys: Callable[[Line], tuple[str, ...]]) -> Object:
    groups = grouped(catalogue.lines, keys)
    return {key: [summary(catalogue, line) for line in lines] for key, lines in groups.items()}


def dependencies(catalogue: Catalogue) -> Object:
    """`requires`: name → version → {dependency: range}; `dependents`: name → [name:version]."""
    requires: Object = {
        line.name: {
            version.number: {need.name: need.range for need in version.workflow.requires}
            for version in line.versions
        }
        for line in catalogue.lines
    }
    dependents: Object = {
        name: list[Value](sorted(version.reference for version in versions))
        for name, versions in catalogue.dependents.items()
    }
    return {"requires": requires, "dependents": dependents}
