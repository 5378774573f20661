"""A pull request publishes versions or changes the tooling, not both; and versions of one workflow only."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store import paths


def _check(subject: ChangeSet) -> Iterator[Finding]:
    names = list(dict.fromkeys(name for name, _ in subject.versions()))
    if not names:
        return
    if len(names) > 1:
        for name in names[1:]:
            yield on_path(
                RULE.id,
                paths.workflow_dir(name),
                f"versions of {' and '.join(names)} are published together",
                "make one pull request for each workflow",
            )
    for change in subject.changes:
        if not change.path.startswith(
            (f"{paths.WORKFLOWS}/", f"{paths.INDEXES}/", f"{paths.METADATA}/")
        ):
            yield on_path(
                RULE.id,
                change.path,
                "tooling is changed together with a version",
                "make a pull request of its own for it",
            )


RULE = ChangeRule("one-concern", "A version is published alone.", _check)
