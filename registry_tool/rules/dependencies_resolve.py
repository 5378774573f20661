"""Every dependency has a range that some version of the registry satisfies, and no cycle."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.rules.base import Rule, Subject

_ROUTE = ("spec", "runtime", "dependencies", "workflows")


def _check(subject: Subject) -> Iterator[Problem]:
    seen: set[str] = set()
    for position, need in enumerate(subject.workflow.requires):
        route = (*_ROUTE, position)
        if need.name in seen:
            yield Problem((*route, "name"), f"{need.name} is required twice", "keep one entry")
        seen.add(need.name)
        if need.name == subject.workflow.name:
            yield Problem((*route, "name"), "a workflow can't require itself", "remove it")
        elif not is_valid(need.range):
            yield Problem(
                (*route, "version"),
                f"{need.range!r} is not a version range",
                "write an npm-style range such as ^1.5.0, ~2.1 or >=1.0.0 <3.0.0",
            )
        elif need.registry == "public":
            yield from _in_registry(subject, position)


def _in_registry(subject: Subject, position: int) -> Iterator[Problem]:
    need = subject.workflow.requires[position]
    candidates = subject.surroundings.source.versions(need.name)
    if not candidates:
        yield Problem(
            (*_ROUTE, position, "name"),
            f"{need.name} is not in the registry",
            "publish it first, or name its registry",
        )
    elif not any(admits(need.range, c.version) and not c.yanked for c in candidates):
        have = ", ".join(c.version + (" (yanked)" if c.yanked else "") for c in candidates)
        yield Problem(
            (*_ROUTE, position, "version"),
            f"no version of {need.name} is in {need.range}",
            f"published: {have}",
        )


RULE = Rule("dependencies-resolve", "Every dependency can be resolved.", _check)
