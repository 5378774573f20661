"""A pull request publishes versions of one workflow, or changes its owners' file, or changes the tooling."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store import paths

_NAMED = 3


def _check(subject: ChangeSet) -> Iterator[Finding]:
    names = subject.touched_names()
    if not names:
        return
    others = f" and {len(names) - _NAMED} others" if len(names) > _NAMED else ""
    for name in names[1:]:
        yield on_path(
            RULE.id,
            paths.workflow_dir(name),
            f"{' and '.join(names[:_NAMED])}{others} are changed together",
            "make one pull request for each workflow",
        )
    yield from _owners_alone(subject)
    for change in subject.changes:
        if not change.path.startswith(
            (f"{paths.WORKFLOWS}/", f"{paths.INDEXES}/", f"{paths.METADATA}/")
        ):
            yield on_path(
                RULE.id,
                change.path,
                "tooling is changed together with a workflow",
                "make a pull request of its own for it",
            )


def _owners_alone(subject: ChangeSet) -> Iterator[Finding]:
    """Who may publish is not decided in the pull request that publishes; a first version brings its owners."""
    for line in subject.owners_changed():
        added = [
            version
            for name, version in subject.versions()
            if name == line.name and version in line.now and version not in line.was
            if version not in line.restored
        ]
        if added and not line.is_new:
            yield on_path(
                RULE.id,
                paths.owners_file(line.name),
                f"the owners' file is changed together with {line.name}:{added[0]}",
                "make a pull request of its own for it",
            )


RULE = ChangeRule("one-concern", "One workflow, one kind of change.", _check)
