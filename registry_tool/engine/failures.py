"""What was wrong in a run: its class, and whether it is the run's affair and not an edge's."""

from __future__ import annotations

import re
from typing import Final

from registry_tool.core.errors import RegistryError

UNRECORDED: Final = "not-recorded"
"""The class of a `NotRecordedError`."""
_OF_THE_RUN: Final = frozenset(
    {"cap", "missing-secret", "missing-service", "missing-tool", UNRECORDED}
)


class RunError(RegistryError):
    """A run failed; names edge, target block, attempt and cause.

    `kind` is the class of what was wrong in a called workflow's run, whose error itself ended there.
    """

    def __init__(self, reason: str, *, kind: str = "", location: str = "", hint: str = "") -> None:
        super().__init__(reason, location=location, hint=hint)
        self.kind = kind


def kind_of(error: BaseException, plain: str = "workflow") -> str:
    """The class of what was really wrong, `provider` for a `ProviderError`: it holds nothing of a run's data.

    What has no class of its own is the workflow's: an edge that failed, a value that doesn't fit its schema.
    """
    seen = {id(error)}
    while isinstance(error.__cause__, RegistryError) and id(error.__cause__) not in seen:
        error = error.__cause__
        seen.add(id(error))
    if type(error) is RegistryError:
        return plain
    if isinstance(error, RunError) and error.kind:
        return error.kind
    name = type(error).__name__.removesuffix("Error") or "error"
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name).lower()


def ends_run(failure: RegistryError) -> bool:
    """Whether no `on_error`, of an edge or of a map, gets over it.

    A cap is reached; a model, sandbox, secret or tool is missing; a replay has no recorded answer.
    """
    return kind_of(failure) in _OF_THE_RUN
