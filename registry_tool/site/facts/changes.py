"""What changed between two versions, by what it is about, with the bump that it requires. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.core.once import once
from registry_tool.manifest.egress import Flow, egress
from registry_tool.resolver.bump import needed_after
from registry_tool.resolver.differences import Difference, differences, required_bump
from registry_tool.resolver.version import Bump, bump_between
from registry_tool.site.contexts import Context, Words
from registry_tool.site.facts.data_flow import split

_ORDER = "interface prompts models graph dependencies runtime security about".split()  # noqa: SIM905
_GROUPS = {
    "inputs": "interface",
    "outputs": "interface",
    "blocks": "graph",
    "edges": "graph",
    "security": "security",
    "runtime": "runtime",
}
# What the resolver's sentences end with; the last is said of a dependency, where an input only changes.
_GONE = (" is gone", " are gone", " is no longer required")
_NEW = (" is new", " are new", " is required now")
_SIZES = ("none", "prerelease", "patch", "minor", "major")


@dataclass(frozen=True, slots=True)
class Changes:
    """Everything that differs; `bump` is what the newer version's number says, `required` what it has to say."""

    found: tuple[Difference, ...]
    flows: tuple[Context, ...]
    bump: Bump
    required: Bump

    def worded(self, words: Words) -> Context:
        """For templates: `bump`, `required`, `enough`, `groups` as (title, changes), and `flows` of data."""
        return {
            "bump": self.bump,
            "required": self.required,
            "enough": _SIZES.index(self.bump) >= _SIZES.index(self.required),
            "groups": _grouped(self.found, words),
            "flows": self.flows,
        }


@once
def changes_between(before: PublishedVersion, after: PublishedVersion) -> Changes:
    """What changed from one version to a later one."""
    found = differences(before.workflow, after.workflow)
    required = required_bump(found)
    return Changes(
        found,
        tuple(_flows(before, after)),
        bump_between(before.number, after.number) or "none",
        needed_after(required if required != "none" else "patch", before.number),
    )


def _grouped(changes: tuple[Difference, ...], words: Words) -> list[tuple[str, list[Context]]]:
    """What changed is described in English by the resolver, in other languages by one word."""
    found: dict[str, list[Context]] = {}
    english = words["other_language"] != "English"
    for change in changes:
        kind = _kind(change)
        sentence = change.words if english else words[f"change_{kind}"]
        shown: Context = {
            "field": change.field,
            "bump": change.bump,
            "kind": kind,
            "words": sentence,
        }
        found.setdefault(_group(change), []).append(shown)
    return [(words[f"group_{group}"], found[group]) for group in _ORDER if group in found]


def _group(change: Difference) -> str:
    if change.field.startswith("runtime.dependencies."):
        return "dependencies"
    group = _GROUPS.get(re.split(r"[.\[]", change.field, maxsplit=1)[0], "about")
    if (
        group == "graph"
    ):  # the resolver begins these sentences: no name of a stranger's comes before
        for word in ("prompt", "model"):
            if change.words.startswith(f"the {word} of the "):
                return f"{word}s"
    return group


def _kind(change: Difference) -> str:
    depends = change.field.startswith("runtime.dependencies.")
    gone, new = (_GONE, _NEW) if depends else (_GONE[:2], _NEW[:2])
    if change.words.endswith(gone):
        return "gone"
    return "new" if change.words.endswith(new) else "changed"


def _flows(before: PublishedVersion, after: PublishedVersion) -> list[Context]:
    old, new = egress(before.workflow), egress(after.workflow)
    return [*_flow(old - new, "gone"), *_flow(new - old, "new")]


def _flow(flows: frozenset[Flow], kind: str) -> list[Context]:
    return [
        {"kind": kind, "input": flow.input, "to": to, "name": name}
        for flow in sorted(flows)
        for to, name in [split(flow.destination)]
    ]
