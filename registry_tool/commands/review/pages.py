"""Makes what publishing would make of a new version, while it is judged: what can't be made must not be merged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise
from typing import Final

from registry_tool.api import documents as api
from registry_tool.api.discovery import line_discovery, version_discovery
from registry_tool.catalogue.load import load_version
from registry_tool.catalogue.model import Line, PublishedVersion, RegistrySettings
from registry_tool.catalogue.summaries import Summary, summarise
from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json, unsafe_path
from registry_tool.core.finding import Finding, Problem
from registry_tool.core.values import Object, Route
from registry_tool.manifest.names import bad_version
from registry_tool.manifest.positions import locate
from registry_tool.package.build import package_bytes
from registry_tool.resolver.version import parse
from registry_tool.rules import pages
from registry_tool.rules.base import RenderFailure, Subject
from registry_tool.runtime.confined import RENDERING
from registry_tool.site import render
from registry_tool.site.diagram import Diagram, diagram
from registry_tool.site.facts import data_flow, parts
from registry_tool.site.facts import version as shown
from registry_tool.site.facts.manifest import highlighted
from registry_tool.site.facts.tests import tests
from registry_tool.site.markdown import clean_html
from registry_tool.site.search.index import search_files
from registry_tool.site.site import Site, WorkflowList
from registry_tool.store import paths
from registry_tool.store.tree import RegistryTree, contents_below

MOST_FILE: Final = 4 * 2**20
"""Bytes of a page or of another file that a reader's browser loads."""
MOST_ENTRY: Final = 64 * 2**10
"""Bytes of what each list keeps of a workflow."""
Files = Iterable[tuple[str, bytes]]


@dataclass(frozen=True, slots=True)
class PagePart:
    """A part of what is published, in words, and where the version says it: a route, or another file's path."""

    what: str
    route: Route = ()
    path: str = ""

    @property
    def location(self) -> tuple[int, int] | None:
        """The beginning of another file; None where the manifest's own route tells it."""
        return (1, 1) if self.path else None

    def unmade(self, reason: str) -> RenderFailure:
        """This part, which can't be made."""
        return RenderFailure(self.route, reason, self.path, self.location)


def page_findings(
    tree: RegistryTree,
    settings: RegistrySettings,
    subject: Subject,
    send: Callable[[Object], object],
) -> tuple[Finding, ...]:
    """What could not be made of a version; `send` hears `{"page": [path, line, column, words]}` of each part."""

    def begins(place: PagePart) -> None:
        problem = Problem(
            place.route, place.what, help="", path=place.path, location=place.location
        )
        (at,) = locate([problem], pages.RULE.id, subject.manifest.document)
        send({"page": [at.path, at.line, at.column, at.message]})

    RENDERING.from_here()
    unmade = PublishedPages(tree, settings, begins).unmade(subject.name, subject.version)
    around = replace(subject.context, unmade=unmade)
    return tuple(pages.RULE.findings(replace(subject, context=around)))


@dataclass(frozen=True, slots=True)
class PublishedPages:
    """Makes what publishing would make of one version of a tree; `begins` is called with each part first."""

    tree: RegistryTree
    settings: RegistrySettings
    begins: Callable[[PagePart], object]

    def unmade(self, name: str, number: str) -> tuple[RenderFailure, ...]:
        """What can't be made, with its place; nothing where all can."""
        try:
            version = self._load(name, number)
            return tuple(self._looked_at(version))
        except RegistryError as error:
            return (RenderFailure((), f"what is published can't be made: {error}"),)

    def _looked_at(self, version: PublishedVersion) -> Iterator[RenderFailure]:
        sizes: dict[PagePart, int] = {}
        for place, make in _facts(version):
            self.begins(place)
            sizes[place] = len(str(make()).encode())
        largest = max(sizes, key=lambda place: sizes[place])
        for place, files in self._files(version):
            self.begins(place)
            most = max((len(content), path) for path, content in files)
            if most[0] > MOST_FILE:
                words = (
                    f"{place.what} would have {most[0]} bytes ({most[1]}), more than {MOST_FILE}"
                )
                yield largest.unmade(f"{words}; most of it is {largest.what}")
        yield from self._entries(version)

    def _files(self, version: PublishedVersion) -> Iterator[tuple[PagePart, Files]]:
        site, beside = Site(self.settings, self.settings.url), self._neighbours(version)
        line = Line(version.name, tuple(beside), version)
        yield PagePart("its page"), render.version_part(version, site)
        lines = render.line_part(line, summarise(line), (), site)
        documents = (
            api.version_document(line.owners, version),
            api.line_documents(line, ()),
            version_discovery(line.owners, version, site.known_address),
            line_discovery(line, site.known_address),
        )
        yield PagePart("the workflow's page"), chain(lines, *documents)
        for before, after in pairwise(beside):
            other = before if after is version else after
            yield (
                PagePart(f"what differs from {other.number}"),
                render.diff_part(before, after, site),
            )

    def _entries(self, version: PublishedVersion) -> Iterator[RenderFailure]:
        """What lists, feeds and search keep of the workflow."""
        place = PagePart("its entry in lists and search", ("metadata",))
        self.begins(place)
        summary = summarise(Line(version.name, (version,), version))
        size = len(canonical_json(summary))
        if size > MOST_ENTRY:
            words = f"{place.what} would have {size} bytes, more than {MOST_ENTRY}"
            yield place.unmade(f"{words}: it tells all models and hosts that are asked")
            return
        for path, _ in chain(self._lists(version, summary), search_files([(0, summary)])):
            if reason := unsafe_path(path):
                yield place.unmade(f"{place.what} can't be made: the path {path} {reason}")
        package_bytes(self._contents(version))

    def _lists(self, version: PublishedVersion, summary: Summary) -> Iterator[tuple[str, bytes]]:
        """The pages, feeds and documents of every list that the version joins."""
        about, site = version.workflow.metadata, Site(self.settings, self.settings.url)
        keys = {"workflows": ("",), "categories": (about.category,), "tags": about.tags}
        keys["authors"] = (about.author,) if about.author else ()
        for kind, key in ((kind, key) for kind, found in keys.items() for key in found):
            of = WorkflowList(kind, key)
            yield from render.page_part(of, 1, 1, [summary], site)
            yield from render.front_part(of, 1, 1, [summary], site)
            if key:
                yield from api.group_document(kind, key, [summary])

    def _contents(self, version: PublishedVersion) -> dict[str, bytes]:
        return contents_below(self.tree, version.directory)

    def _load(self, name: str, number: str) -> PublishedVersion:
        return load_version(self.tree, name, number)

    def _neighbours(self, version: PublishedVersion) -> list[PublishedVersion]:
        """The version between the one below it and the one above it, as far as they can be read."""
        folders = self.tree.folders(paths.workflow_dir(version.name))
        numbers = sorted((n for n in folders if not bad_version(n)), key=parse)
        at = numbers.index(version.number)
        found: list[PublishedVersion] = []
        for number in numbers[max(at - 1, 0) : at + 2]:
            if number == version.number:
                found.append(version)
                continue
            try:
                found.append(self._load(version.name, number))
            except RegistryError:
                continue  # not this request's fault, and reported where it is
        return found


def _facts(version: PublishedVersion) -> Iterator[tuple[PagePart, Callable[[], object]]]:
    """The parts of a page that grow with what the version says, each with the place that says it."""
    drawn = Diagram(version.workflow)
    readme = shown.readme_text(version)
    recorded = paths.CASSETTES if version.cassettes else ""
    yield PagePart("the README", path=paths.README), partial(clean_html, readme)
    yield PagePart("its manifest"), partial(highlighted, version.manifest)
    edges = ("spec", "edges")
    yield PagePart("the picture of its graph", edges), partial(diagram, drawn, version.reference)
    yield PagePart("its blocks", ("spec", "blocks")), partial(parts.blocks, drawn, {})
    yield PagePart("its edges", edges), partial(parts.edges, drawn, {})
    flows = PagePart("where its inputs go", ("spec", "interface", "inputs"))
    yield flows, partial(data_flow.destinations, version.workflow)
    meetings = PagePart("where untrusted text and private data go together", edges)
    yield meetings, partial(data_flow.toxic, version.workflow)
    answers = PagePart("its tests with recorded answers", ("spec", "tests"), recorded)
    yield answers, partial(tests, version, drawn)
