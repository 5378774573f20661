"""Every dependency has a range that some version of the registry satisfies, all agree, and none leads back."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.errors import RegistryError
from registry_tool.core.finding import Problem
from registry_tool.core.values import Route
from registry_tool.resolver.ranges import admits, is_valid
from registry_tool.resolver.solve import ConflictError, CycleError, solve
from registry_tool.rules.base import Rule, Subject

_ROUTE = ("spec", "runtime", "dependencies", "workflows")
_PUBLIC = "public"


def _check(subject: Subject) -> Iterator[Problem]:
    alone = list(_one_by_one(subject))
    yield from alone
    if subject.context.thorough and not alone:
        yield from _together(subject)


def _one_by_one(subject: Subject) -> Iterator[Problem]:
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
        elif need.registry == _PUBLIC:
            yield from _in_registry(subject, position)
        elif need.registry not in subject.context.registries:
            known = ", ".join((_PUBLIC, *subject.context.registries))
            yield Problem(
                (*route, "registry"), f"there is no registry {need.registry!r}", f"known: {known}"
            )


def _in_registry(subject: Subject, position: int) -> Iterator[Problem]:
    need = subject.workflow.requires[position]
    candidates = subject.context.source.versions(need.name)
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


def _together(subject: Subject) -> Iterator[Problem]:
    """What only shows when all are resolved: conflicts further down, and cycles."""
    workflow = subject.workflow
    needs = [need for need in workflow.requires if need.registry == _PUBLIC]
    try:
        solve(needs, subject.context.source, by=workflow.reference)
    except ConflictError as error:
        first = error.chains[0][0].requirement.name
        yield Problem(_entry(subject, first, "version"), error.reason, error.hint)
    except CycleError as error:
        after = error.names[error.names.index(workflow.name) + 1] if _here(error, subject) else ""
        yield Problem(_entry(subject, after, "name"), error.reason, error.hint)
    except RegistryError as error:
        yield Problem(_ROUTE, error.reason, error.hint)


def _here(error: CycleError, subject: Subject) -> bool:
    return subject.workflow.name in error.names[:-1]


def _entry(subject: Subject, name: str, key: str) -> Route:
    """The place of a direct dependency; of all of them where it is not direct."""
    for position, need in enumerate(subject.workflow.requires):
        if need.name == name:
            return (*_ROUTE, position, key)
    return _ROUTE


RULE = Rule("dependencies-resolve", "Every dependency can be resolved.", _check)
