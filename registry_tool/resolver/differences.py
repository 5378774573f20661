"""What changed between two versions of a workflow, field by field, and the bump that each change requires.

Inputs may widen and outputs may narrow freely; the other way round breaks a caller (SPEC.md §5).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from typing import TypeVar

from registry_tool.core.files import same
from registry_tool.core.once import once
from registry_tool.core.values import Route
from registry_tool.manifest.model import Block, Edge, ExternalApi, Requirement, Workflow
from registry_tool.manifest.scope import TEMPLATED
from registry_tool.resolver.difference import Difference, required_bump
from registry_tool.resolver.port_diff import port_differences
from registry_tool.resolver.version import Bump

__all__ = ["Difference", "differences", "required_bump"]

T = TypeVar("T")

MODEL_KEYS = frozenset({"model", "llm_model", "models", "provider", "base_url", "model_settings"})


@once
def differences(old: Workflow, new: Workflow) -> tuple[Difference, ...]:
    """Everything that differs, interface first. Name, version and dates don't count."""
    return (
        *port_differences("inputs", old.interface.inputs, new.interface.inputs),
        *port_differences("outputs", old.interface.outputs, new.interface.outputs),
        *_blocks(old, new),
        *_edges(old, new),
        *_runtime(old, new),
        *_security(old, new),
        *_about(old, new),
    )


def _by_id(items: Iterable[T]) -> dict[str, tuple[int, T]]:
    return {str(getattr(item, "id")): (n, item) for n, item in enumerate(items)}  # noqa: B009


def _blocks(old: Workflow, new: Workflow) -> Iterator[Difference]:
    yield from _graph("block", "blocks", _by_id(old.blocks), _by_id(new.blocks), _block)


def _edges(old: Workflow, new: Workflow) -> Iterator[Difference]:
    yield from _graph("edge", "edges", _by_id(old.edges), _by_id(new.edges), _edge)


def _graph(
    word: str,
    key: str,
    before: Mapping[str, tuple[int, T]],
    after: Mapping[str, tuple[int, T]],
    compare: Callable[[T, T, Route], Iterator[Difference]],
) -> Iterator[Difference]:
    for name in sorted(before.keys() - after.keys()):
        yield Difference(f"{key}.{name}", "minor", f"the {word} {name} is gone", ("spec", key))
    for name, (position, item) in after.items():
        route: Route = ("spec", key, position)
        if name not in before:
            yield Difference(f"{key}.{name}", "minor", f"the {word} {name} is new", route)
        else:
            yield from compare(before[name][1], item, route)


def _block(old: Block, new: Block, route: Route) -> Iterator[Difference]:
    field = f"blocks.{new.id}"
    for key in ("type", "schema", "value", "looped"):
        if not same(getattr(old, key), getattr(new, key)):
            words = f"the {key} of the block {new.id} changed"
            yield Difference(f"{field}.{key}", "minor", words, (*route, key))
    if old.has_value != new.has_value and old.value is new.value:
        words = f"the block {new.id} {'holds' if new.has_value else 'no longer holds'} null"
        yield Difference(f"{field}.value", "minor", words, (*route, "value"))
    yield from _config(old, new, "block", route)
    if (old.label, old.description, old.metadata) != (new.label, new.description, new.metadata):
        words = f"the words about the block {new.id} changed"
        yield Difference(f"{field}.metadata", "patch", words, (*route, "metadata"))


def _edge(old: Edge, new: Edge, route: Route) -> Iterator[Difference]:
    field = f"edges.{new.id}"
    for key, written in (
        ("type", "type"),
        ("sources", "source"),
        ("targets", "target"),
        ("when", "when"),
        ("on_error", "on_error"),
    ):
        if getattr(old, key) != getattr(new, key):
            words = f"the {written} of the edge {new.id} changed"
            yield Difference(f"{field}.{written}", "minor", words, (*route, written))
    yield from _config(old, new, "edge", route)
    if old.metadata != new.metadata:
        words = f"the words about the edge {new.id} changed"
        yield Difference(f"{field}.metadata", "patch", words, (*route, "metadata"))


def _config(old: Block | Edge, new: Block | Edge, owner: str, route: Route) -> Iterator[Difference]:
    before, after = old.config, new.config
    for key in sorted(before.keys() | after.keys()):
        if (key in before) != (key in after) or not same(before.get(key), after.get(key)):
            words = f"the {_kind(key, new.type)} of the {owner} {new.id} changed"
            field = f"{owner}s.{new.id}.config.{key}"
            yield Difference(field, "minor", words, (*route, "config", key))


def _kind(key: str, type_: str) -> str:
    if key in MODEL_KEYS:
        return "model"
    if type_ in {"llm", "generate"} and key in TEMPLATED[type_]:
        return "prompt"
    return "code" if key == "code" else f"setting {key}"


def _requirement_words(name: str, was: object, now: object) -> str:
    if not was:
        return f"the requirement {name} ({now}) is new"
    return (
        f"the requirement {name} was {was}, now {now}"
        if now
        else f"the requirement {name} ({was}) is gone"
    )


def _runtime(old: Workflow, new: Workflow) -> Iterator[Difference]:
    root: Route = ("spec", "runtime")
    for field in fields(old.requirements):
        was, now = (getattr(w.requirements, field.name) for w in (old, new))
        if was != now:
            words = _requirement_words(field.name, was, now)
            route: Route = (*root, "requirements", field.name)
            yield Difference(f"runtime.requirements.{field.name}", "minor", words, route)
    yield from _needs(old, new, root)
    before, after = old.environment_by_name, new.environment_by_name
    for name in sorted(before.keys() | after.keys()):
        route = (*root, "environments", name)
        if name not in after:
            words = f"the environment {name} is gone"
            yield Difference(f"runtime.environments.{name}", "major", words, route)
        elif name not in before:
            words = f"the environment {name} is new"
            yield Difference(f"runtime.environments.{name}", "minor", words, route)
        elif before[name] != after[name]:
            words = f"the environment {name} changed"
            yield Difference(f"runtime.environments.{name}", "minor", words, route)


def _needs(old: Workflow, new: Workflow, root: Route) -> Iterator[Difference]:
    kinds: tuple[
        tuple[str, Sequence[Requirement | ExternalApi], Sequence[Requirement | ExternalApi]], ...
    ] = (
        ("workflows", old.requires, new.requires),
        ("external_apis", old.external_apis, new.external_apis),
    )
    for key, was, now in kinds:
        before = {need.name: need for need in was}
        after = {need.name: (n, need) for n, need in enumerate(now)}
        field, route = f"runtime.dependencies.{key}", (*root, "dependencies", key)
        for name in sorted(before.keys() - after.keys()):
            yield Difference(f"{field}.{name}", "minor", f"{name} is no longer required", route)
        for name, (position, need) in after.items():
            if before.get(name) != need:
                verb = "is required otherwise" if name in before else "is required now"
                yield Difference(f"{field}.{name}", "minor", f"{name} {verb}", (*route, position))


def _security(old: Workflow, new: Workflow) -> Iterator[Difference]:
    for field in fields(old.security):
        key = field.name
        was, now = getattr(old.security, key), getattr(new.security, key)
        if was == now:
            continue
        narrowed = key in {"read", "execute"} and _shuts_out(was, now)
        group = "access_control" if key in {"read", "execute", "modify"} else "data_privacy"
        words = f"{group}.{key} {'shuts out who had access' if narrowed else 'changed'}"
        bump: Bump = "major" if narrowed else "minor"
        yield Difference(f"security.{group}.{key}", bump, words, ("security", group, key))


def _shuts_out(old: Sequence[str], new: Sequence[str]) -> bool:
    if "public" in new or ("authenticated" in new and "public" not in old):
        return False
    return bool(set(old) - set(new))


def _about(old: Workflow, new: Workflow) -> Iterator[Difference]:
    skipped = {"name", "version", "created", "updated", "certified"}
    for field in fields(old.metadata):
        key = field.name
        if key not in skipped and getattr(old.metadata, key) != getattr(new.metadata, key):
            bump: Bump = "minor" if key == "license" else "patch"
            yield Difference(f"metadata.{key}", bump, f"the {key} changed", ("metadata", key))
    if old.tests != new.tests:
        yield Difference("tests", "patch", "the tests changed", ("spec", "tests"))
    if old.extensions != new.extensions:
        yield Difference("x-", "patch", "keys of the author's own changed", ())
