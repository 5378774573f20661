"""Workflows as resources: find them, run them, build them, publish them.

from puppyai.workflows import WorkflowClient

client = WorkflowClient(registry_url="https://registry.example.com")
workflow = client.get_workflow("sentiment-analysis", version="1.2.0")
result = workflow.execute(inputs={"text": "Hello World"})
print(result.sentiment)
"""

from typing import TYPE_CHECKING

from puppyai.workflows.async_workflow import AsyncWorkflow
from puppyai.workflows.builder import WorkflowBuilder
from puppyai.workflows.built_workflow import BuiltWorkflow
from puppyai.workflows.client import WorkflowClient
from puppyai.workflows.embedded import install_models
from puppyai.workflows.errors import (
    AuthenticationError,
    ConflictError,
    FindingsError,
    IntegrityError,
    InvalidRequestError,
    MissingExtraError,
    NotFoundError,
    NotSupportedError,
    PermissionDeniedError,
    RateLimitedError,
    RunFailedError,
    ServerError,
    TimedOutError,
    UnreachableError,
    WorkflowError,
)
from puppyai.workflows.listing import AsyncListing, Listing
from puppyai.workflows.models import (
    Dependency,
    Notice,
    Port,
    Published,
    RunEvent,
    Usage,
    VersionInfo,
    WorkflowSummary,
)
from puppyai.workflows.package import Package, verify_package
from puppyai.workflows.result import Result
from puppyai.workflows.run import AsyncRun, Run
from puppyai.workflows.values import JsonInput, JsonObject, JsonValue
from puppyai.workflows.workflow import Via, Workflow

if TYPE_CHECKING:
    from puppyai.workflows.async_client import AsyncWorkflowClient

__all__ = [
    "AsyncListing",
    "AsyncRun",
    "AsyncWorkflow",
    "AsyncWorkflowClient",
    "AuthenticationError",
    "BuiltWorkflow",
    "ConflictError",
    "Dependency",
    "FindingsError",
    "IntegrityError",
    "InvalidRequestError",
    "JsonInput",
    "JsonObject",
    "JsonValue",
    "Listing",
    "MissingExtraError",
    "NotFoundError",
    "NotSupportedError",
    "Notice",
    "Package",
    "PermissionDeniedError",
    "Port",
    "Published",
    "RateLimitedError",
    "Result",
    "Run",
    "RunEvent",
    "RunFailedError",
    "ServerError",
    "TimedOutError",
    "UnreachableError",
    "Usage",
    "VersionInfo",
    "Via",
    "Workflow",
    "WorkflowBuilder",
    "WorkflowClient",
    "WorkflowError",
    "WorkflowSummary",
    "install_models",
    "verify_package",
]


def __getattr__(name: str) -> object:
    """The asynchronous client, imported by those who use it: asyncio takes a third of all imports' time."""
    if name == "AsyncWorkflowClient":
        from puppyai.workflows.async_client import AsyncWorkflowClient

        return AsyncWorkflowClient
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
