"""`list`, `search`, `info`, `versions`, `tree`: what a registry tells its readers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from registry_tool.catalogue.score import Score, score_of
from registry_tool.core.errors import NotFoundError
from registry_tool.core.values import Object
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.recorded import recorded_models
from registry_tool.sources.configuration.choice import AnyRegistry
from registry_tool.sources.program import Program
from registry_tool.sources.reader import near_in, open_reader
from registry_tool.sources.reference import open_reference
from registry_tool.sources.search import SearchResults
from registry_tool.store import paths


def list_workflows(
    registry: AnyRegistry, category: str = "", author: str = "", tag: str = ""
) -> list[dict[str, object]]:
    """WorkflowSummary objects by name; an empty filter admits all."""
    return [
        cast(dict[str, object], item)
        for item in open_reader(registry).summaries()
        if category in ("", item["category"])
        and author in ("", item["author"])
        and (not tag or tag in cast(list[str], item["tags"]))
    ]


def search_workflows(registry: AnyRegistry, query: str, sort: str = "") -> SearchResults:
    """What a query finds, as the catalogue's own page finds and ranks it (docs/search.md).

    Raises:
        UsageError: `sort` is not an order.
    """
    return open_reader(registry).search(query, sort)


def info(reference: str, registry: AnyRegistry) -> Object:
    """The compiled workflow with its status."""
    opened = open_reference(reference, registry)
    candidate = opened.candidate
    return {
        **compile_value(opened.program.workflow),
        "status": {
            "digest": opened.program.digest,
            "yanked": bool(candidate and candidate.yanked),
            "notice": candidate.notice.to_value() if candidate and candidate.notice else None,
            "published": candidate is not None,
            "score": _score(opened.program).to_value(),
        },
    }


def _score(program: Program) -> Score:
    """The score that the registry's documents give the version, or would give it."""
    readme = program.files.get(paths.README, b"").decode("utf-8", "replace")
    recorded = bool(recorded_models(program.files.get(paths.CASSETTES, b"")))
    return score_of(program.workflow, readme, recorded=recorded)


def versions(name: str, registry: AnyRegistry) -> list[dict[str, object]]:
    """Version, digest and yanked of every version, newest first."""
    reader = open_reader(registry)
    candidates = reader.versions(name)
    if not candidates:
        raise NotFoundError(
            f"there is no workflow {name}",
            location=reader.location,
            hint=near_in(reader, name),
        )
    return [
        {
            "version": c.version,
            "digest": c.digest,
            "yanked": c.yanked,
            "notice": c.notice.to_value() if c.notice else None,
        }
        for c in map(reader.with_digest, reversed(candidates))
    ]


class DependencyNode(NamedTuple):
    """A workflow in a tree of dependencies: how deep, which version, and the range that asked for it."""

    depth: int
    reference: str
    wanted: str

    def __str__(self) -> str:
        return self.reference + (f"  ({self.wanted})" if self.wanted else "")

    def to_value(self) -> Object:
        """As JSON."""
        return self._asdict()


def dependency_tree(reference: str, registry: AnyRegistry) -> Iterator[DependencyNode]:
    """A reference and everything below it, each before what it requires, as resolved now."""
    opened = open_reference(reference, registry)
    programs = {opened.program.workflow.name: opened.program, **opened.program.callees}

    def walk(name: str, wanted: str, depth: int) -> Iterator[DependencyNode]:
        workflow = programs[name].workflow
        yield DependencyNode(depth, workflow.reference, wanted)
        for need in workflow.requires:
            yield from walk(need.name, need.range, depth + 1)

    yield from walk(opened.program.workflow.name, "", 0)
