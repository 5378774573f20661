"""What an erasure leaves in the hand: what went, and what a tool can't reach, in sentences."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from registry_tool.core.values import Object, Value
from registry_tool.state.runs import local_logs
from registry_tool.state.runs.keys import RunKey
from registry_tool.store import paths

FORMAT = "puppyai.com/erasure/v1"


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was erased, and what a tool can't reach; signed where something was done."""

    environment: str
    by: str
    time: str
    dry_run: bool
    executions: tuple[str, ...]
    keys: int = 0
    log_lines: int = 0
    artifacts: tuple[str, ...] = ()
    remaining: tuple[str, ...] = ()
    audit: str = ""
    signature: str = ""

    def to_value(self) -> Object:
        """As JSON."""
        value: Object = {
            "format": FORMAT,
            "environment": self.environment,
            "by": self.by,
            "time": self.time,
            "dry_run": self.dry_run,
            "executions": list[Value](self.executions),
            "erased": {
                "wrapped_keys": self.keys,
                "log_lines": self.log_lines,
                "artifacts": list[Value](self.artifacts),
            },
            "remaining": list[Value](self.remaining),
            "audit": self.audit,
        }
        return {**value, "signature": self.signature} if self.signature else value


def remaining(
    keys: Sequence[RunKey],
    artifacts: Sequence[str],
    cleared: local_logs.ClearResult,
    executions: Sequence[str],
    *,
    removed: bool,
) -> tuple[str, ...]:
    """What the command can't reach. `removed` says that a forge was asked to remove artifacts."""
    if not executions:
        return (
            "no run was found (no record, no key, no log line here): look for a mistyped name or id; one that was "
            "recorded under a key that is given no longer can't be found by person",
        )
    return tuple(_sentences(keys, artifacts, cleared, removed=removed))


def _sentences(
    keys: Sequence[RunKey],
    artifacts: Sequence[str],
    cleared: local_logs.ClearResult,
    *,
    removed: bool,
) -> Iterator[str]:
    yield "results that somebody was given or downloaded; logs and files on other machines"
    yield (
        "the runs' records: pseudonym, workflow, times and usage, until `registry-tool prune` drops their month"
    )
    if keys:
        ids = ", ".join(sorted({key.wrapped.key_id for key in keys}))
        yield (
            f"clones that fetched the branch {paths.RUN_KEYS_BRANCH} before, and commits that nothing names "
            "any more: run `git gc --prune=now` in clones and on your own server; a hosted forge collects on "
            f"its own schedule. What is left there opens nothing once the key {ids} is out of use: "
            "`registry-tool keys new`, `registry-tool keys rotate`, then drop the old key from the secret"
        )
    if artifacts:
        why = "the forge had none by that name" if removed else "no forge was asked"
        yield f"artifacts ({why}; no key opens them any more): {', '.join(artifacts)}"
    for path in cleared.busy:
        yield f"{path} is being written to: run this again"
