"""Everything that the SDK raises on purpose: one hierarchy, each error with its place and its fix.

| error | when |
| --- | --- |
| `WorkflowError` | the base of all |
| `InvalidRequestError` | a wrong argument, input, range or builder's call (also a `ValueError`) |
| `NotFoundError` | no such workflow, version, environment or run; 404 |
| `FindingsError` | checks refused a manifest; `findings` says where and why; 422 |
| `IntegrityError` | what was read is not what was published: digest, package, index |
| `MissingExtraError` | an optional part is not installed; `install` is the command that brings it |
| `RunFailedError` | the run ended badly; `result` holds what there is |
| `NotSupportedError` | this kind of registry, or this version of its server, can't do that; 405, 501 |
| `UnreachableError`, `TimedOutError` | no whole answer came; none within the time |
| `AuthenticationError`, `PermissionDeniedError`, `ConflictError` | 401, 403, 409 |
| `RateLimitedError`, `ServerError` | 429, 5xx |
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from registry_tool.core import errors as tool
from registry_tool.core.finding import Finding
from registry_tool.core.finding import FindingsError as _ToolFindingsError

if TYPE_CHECKING:
    from puppyai.workflows.result import Result


class WorkflowError(tool.RegistryError):
    """Something that whoever calls can mend.

    `reason` says what is wrong, `location` where, `hint` the fix. `status` is the HTTP status where a server
    refused, and `request_id` what it calls the request: quote it when you ask who runs the registry.
    """

    def __init__(
        self,
        reason: str,
        *,
        location: str = "",
        hint: str = "",
        status: int | None = None,
        request_id: str = "",
    ) -> None:
        super().__init__(reason, location=location, hint=hint)
        self.status = status
        self.request_id = request_id

    def __str__(self) -> str:
        asked = f" [request {self.request_id}]" if self.request_id else ""
        return super().__str__() + asked


class InvalidRequestError(WorkflowError, tool.UsageError, ValueError):
    """An argument or an input is wrong."""


class NotFoundError(WorkflowError, tool.NotFoundError):
    """A named thing does not exist, or is not shown to who asks."""


class FindingsError(WorkflowError, _ToolFindingsError):
    """Checks refused a manifest; `findings` are in order of their place."""

    def __init__(
        self, findings: Iterable[Finding], *, status: int | None = None, request_id: str = ""
    ) -> None:
        _ToolFindingsError.__init__(self, findings)
        self.status = status
        self.request_id = request_id

    def __str__(self) -> str:
        lines = (
            f"{f.path}:{f.line}:{f.column}: {f.severity.value}[{f.rule}]: {f.message}"
            + (f" ({f.help})" if f.help else "")
            for f in self.findings
        )
        return "\n".join(lines)


class IntegrityError(WorkflowError):
    """What was read is not what was published, or can't be shown to be."""


class MissingExtraError(WorkflowError, tool.MissingToolError):
    """An optional part is not installed; `install` is the command that brings it."""

    @property
    def install(self) -> str:
        """Such as `pip install 'puppyai-workflows[run]'`."""
        return self.hint


class NotSupportedError(WorkflowError, tool.UsageError):
    """This kind of registry can't do that; `hint` says what can."""


class RunFailedError(WorkflowError):
    """A run ended badly. `result` holds its id, status, usage and the blocks that were computed."""

    def __init__(self, reason: str, result: Result, *, hint: str = "") -> None:
        super().__init__(reason, location=result.execution_id, hint=hint)
        self.result = result


class UnreachableError(WorkflowError):
    """No whole answer came: the address, the network or the server."""


class TimedOutError(UnreachableError):
    """Nothing whole came within the time that it may take."""


class AuthenticationError(WorkflowError):
    """Who asks is not known: no token, or one that is wrong or expired (401)."""


class PermissionDeniedError(WorkflowError, tool.AccessDeniedError):
    """Who asks is known and may not do that (403)."""


class ConflictError(WorkflowError):
    """It was changed meanwhile, or is there already (409)."""


class RateLimitedError(WorkflowError):
    """Too many requests (429). `retry_after` are the seconds to wait, None where the server did not say."""

    retry_after: float | None = None


class ServerError(WorkflowError):
    """The server failed (5xx), also when it was asked again."""


BY_STATUS: dict[int, type[WorkflowError]] = {
    400: InvalidRequestError,
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: NotSupportedError,
    409: ConflictError,
    422: InvalidRequestError,
    429: RateLimitedError,
    501: NotSupportedError,
}
"""The error of an HTTP status; other 5xx are `ServerError`, all others `WorkflowError`."""


def error_class(status: int) -> type[WorkflowError]:
    """The error of an HTTP status."""
    return BY_STATUS.get(status) or (ServerError if status >= 500 else WorkflowError)
