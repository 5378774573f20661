"""Changes outside workflows wait for a human: the tool, its Action files, the registry's settings."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Finding, Severity
from registry_tool.rules.change_set import ChangeRule, ChangeSet, on_path
from registry_tool.store import paths

_WORKFLOWS = (f"{paths.WORKFLOWS}/", f"{paths.INDEXES}/", f"{paths.METADATA}/")


def _check(subject: ChangeSet) -> Iterator[Finding]:
    if subject.touched_names():
        return  # `one-concern` refuses the mixture
    outside = [change for change in subject.changes if not change.path.startswith(_WORKFLOWS)]
    if outside:
        more = f" and {len(outside) - 1} other files" if len(outside) > 1 else ""
        yield on_path(
            RULE.id,
            outside[0].path,
            f"{outside[0].path}{more} can't be judged by this check: not part of a workflow",
            "a maintainer reviews it",
            Severity.HOLD,
        )


RULE = ChangeRule("tooling", "Changes outside workflows wait for a maintainer.", _check)
