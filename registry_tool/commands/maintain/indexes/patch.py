"""Index documents that were current for one commit, brought to another by what differs between them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

import msgspec

from registry_tool.catalogue.dependency_documents import dependency_path, is_in_parts
from registry_tool.catalogue.summaries import Summary, public
from registry_tool.commands.maintain.indexes.identity import FILES
from registry_tool.commands.maintain.output.changed import changed_lines, history_since
from registry_tool.commands.maintain.output.difference import CommitDifference
from registry_tool.commands.maintain.output.facts import LineFacts, facts_of
from registry_tool.commands.maintain.output.lists import keys_of
from registry_tool.commands.maintain.output.source import OutputSource
from registry_tool.commands.maintain.output.state import (
    REGISTRY,
    LineRecord,
    RegistryState,
    States,
    line_path,
)
from registry_tool.core.files import pretty_json
from registry_tool.core.large_json import joined, members, spelled
from registry_tool.core.values import Object, Value
from registry_tool.store import paths
from registry_tool.store.git.commit_tree import GitTree
from registry_tool.store.tree import blob_id


def index_patch(
    source: OutputSource, states: States, origin: str, found: CommitDifference, documents: GitTree
) -> dict[str, bytes | None] | None:
    """What to write so that `documents`, which are those of the commit `origin`, are those of `source`.

    `states` are those of the output of `origin`. None where the documents change their form.
    """
    versions = (states.find(RegistryState, REGISTRY) or RegistryState()).versions
    parts = is_in_parts(versions)
    if is_in_parts(versions + len(found.added)) is not parts:
        return None
    history = history_since(source, origin)
    lines = changed_lines(source, origin, found, states, history)
    facts = {name: facts_of(line, *source.numbers) for name, line in lines.items()}
    before = {name: states.find(LineRecord, line_path(name)) or LineRecord() for name in lines}
    wanted = {
        **dict(_by_group(documents, before, facts)),
        **dict(_dependents(documents, before, facts)),
    }
    wanted |= _dependencies(documents, found, facts, parts=parts)
    return {path: data for path, data in wanted.items() if not _is_there(documents, path, data)}


def _is_there(tree: GitTree, path: str, data: bytes | None) -> bool:
    """Whether a tree has these bytes, told by their id: documents are large, and none is read for it."""
    return tree.object_id(path) == ("" if data is None else blob_id(data))


def _read(tree: GitTree, path: str) -> bytes | None:
    return tree.read(path) if tree.has(path) else None


def _by_group(
    documents: GitTree, before: Mapping[str, LineRecord], facts: Mapping[str, LineFacts]
) -> Iterator[tuple[str, bytes]]:
    changed = {
        name: (before[name].summary, line.summary)
        for name, line in facts.items()
        if before[name].summary != line.summary
    }
    for kind, file in FILES.items() if changed else ():
        path = f"{paths.INDEXES}/{file}.json"
        groups: dict[str, bytes | msgspec.Raw] = {**members(documents.read(path))}
        touched = {
            key: None
            for summaries in changed.values()
            for summary in summaries
            if summary
            for key in keys_of(summary)[kind]
        }
        for key in touched:
            listed = _listed(groups.get(key, b"[]"), kind, key, changed)
            if listed:
                groups[key] = spelled(listed, 1)
            else:
                groups.pop(key, None)
        yield path, joined(groups) + b"\n"


def _listed(
    old: bytes | msgspec.Raw, kind: str, key: str, changed: Mapping[str, tuple[Summary, Summary]]
) -> list[Value]:
    entries = {str(e["name"]): e for e in msgspec.json.decode(old, type=list[Object])}
    for name, (_, new) in changed.items():
        entries.pop(name, None)
        if key in keys_of(new)[kind]:
            entries[name] = public(new)
    return [entries[name] for name in sorted(entries)]


def _dependents(
    documents: GitTree, before: Mapping[str, LineRecord], facts: Mapping[str, LineFacts]
) -> Iterator[tuple[str, bytes | None]]:
    needs: dict[str, dict[str, Object | None]] = {}
    for name, line in facts.items():
        for need in {*before[name].requires, *line.requires}:
            entry: Object | None = None
            if need in line.requires:
                entry = {
                    "name": name,
                    "version": line.summary["version"],
                    "range": line.requires[need],
                }
            needs.setdefault(need, {})[name] = entry
    for need, changed in needs.items():
        path = paths.dependents_file(need)
        old = _read(documents, path)
        listed = cast(list[Object], msgspec.json.decode(old)["dependents"]) if old else []
        entries = {str(entry["name"]): entry for entry in listed}
        entries |= {name: entry for name, entry in changed.items() if entry}
        kept = [entries[n] for n in sorted(entries) if changed.get(n, entries[n]) is not None]
        yield path, pretty_json({"dependents": list[Value](kept)}).encode() if kept else None


def _dependencies(
    documents: GitTree,
    found: CommitDifference,
    facts: Mapping[str, LineFacts],
    *,
    parts: bool,
) -> dict[str, bytes]:
    """The documents of dependencies that new versions touch: the whole, or the parts of what they require."""
    more: dict[str, set[str]] = {}
    for name, number in found.added:
        for need in facts[name].versions[number].requires:
            more.setdefault(need, set()).add(f"{name}:{number}")
    names_by_path: dict[str, list[str]] = {}
    for name in sorted({*more, *(name for name, _ in found.added)}):
        names_by_path.setdefault(dependency_path(name, parts=parts), []).append(name)
    added = {name: facts[name] for name, _ in found.added}
    return {
        path: _updated_document(_read(documents, path), names, added, more)
        for path, names in names_by_path.items()
    }


def _updated_document(
    data: bytes | None,
    names: Sequence[str],
    added: Mapping[str, LineFacts],
    more: Mapping[str, set[str]],
) -> bytes:
    """A document with new entries of these workflows."""
    document = msgspec.json.decode(data or b"{}", type=dict[str, dict[str, msgspec.Raw]])
    requires: dict[str, bytes | msgspec.Raw] = {**document.get("requires", {})}
    dependents: dict[str, bytes | msgspec.Raw] = {**document.get("dependents", {})}
    for name in names:
        if name in added:
            versions = added[name].versions
            requires[name] = spelled({n: dict(v.requires) for n, v in versions.items()}, 2)
        if name in more:
            old = msgspec.json.decode(dependents.get(name, b"[]"), type=list[str])
            dependents[name] = spelled(list[Value](sorted({*old, *more[name]})), 2)
    parts = {"dependents": joined(dependents, 1), "requires": joined(requires, 1)}
    return joined(parts) + b"\n"
