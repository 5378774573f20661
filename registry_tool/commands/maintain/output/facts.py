"""What aggregates need of a workflow: its summary, its groups over time, what it requires; from one `Line`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from registry_tool.api.discovery import entry_of
from registry_tool.catalogue.model import Line, PublishedVersion
from registry_tool.catalogue.summaries import Summary, summarise
from registry_tool.commands.maintain.output.lists import group_keys
from registry_tool.manifest.dating import at
from registry_tool.manifest.model import Metadata
from registry_tool.resolver.explain import PUBLIC


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """A version: its groups by kind, the ranges that it requires, its month, and git's moment where it counts.

    `stated` is the date that its manifest names, in seconds; what goes by it has no history.
    """

    groups: Mapping[str, tuple[str, ...]]
    requires: Mapping[str, str]
    month: str
    published: str
    stated: float


@dataclass(frozen=True, slots=True)
class LineFacts:
    """A workflow: its summary, the ranges of what its latest version requires, and its versions by number."""

    summary: Summary
    requires: Mapping[str, str]
    versions: Mapping[str, VersionFacts]


def facts_of(
    line: Line, downloads: Mapping[str, int], ratings: Mapping[str, float], address: str = ""
) -> LineFacts:
    """The facts of a workflow; `address` is the registry's, which its skill names.

    Versions of the same groups share them.
    """
    summary = summarise(line, downloads.get(line.name, 0), ratings.get(line.name))
    groups: dict[object, Mapping[str, tuple[str, ...]]] = {}

    def groups_of(about: Metadata) -> Mapping[str, tuple[str, ...]]:
        key = (about.category, about.author, about.tags)
        if key not in groups:
            groups[key] = group_keys(*key)
        return groups[key]

    return LineFacts(
        {**summary, "agent": entry_of(line, address)},
        _requires(line.latest),
        {
            version.number: VersionFacts(
                groups_of(version.workflow.metadata),
                _requires(version),
                version.released[:7],
                version.published,
                (at(version.stated) - at("")).total_seconds(),
            )
            for version in line.versions
        },
    )


def _requires(version: PublishedVersion) -> dict[str, str]:
    """The ranges of what it requires of this registry."""
    needs = version.workflow.requires
    return {need.name: need.range for need in needs if need.registry == PUBLIC}


def for_lists(facts: LineFacts) -> LineFacts:
    """The facts without what versions require: a build from nothing has all workflows' in memory at once."""
    return replace(facts, versions={n: replace(v, requires={}) for n, v in facts.versions.items()})


def shown_to(dependent: Summary) -> Summary:
    """What is shown of a workflow where another one tells who requires it: all but what changes by itself."""
    return {key: value for key, value in dependent.items() if key not in {"downloads", "rating"}}
