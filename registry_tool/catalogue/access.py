"""Access lists that a public repository can't keep are refused, also of versions that were published before."""

from __future__ import annotations

from registry_tool.catalogue.environments import AccessSettings
from registry_tool.core.errors import RegistryError
from registry_tool.manifest.model import Workflow
from registry_tool.security.access import MAKE_PRIVATE, unenforceable


class UnenforceableAccessError(RegistryError):
    """A version promises more than its registry can keep."""


def demand_enforceable(workflow: Workflow, access: AccessSettings) -> None:
    """`UnenforceableAccessError` for the first list that can't be kept."""
    for promise in unenforceable(workflow.security, private=access.private):
        instead = "[public]" if promise.action == "read" else "[authenticated]"
        raise UnenforceableAccessError(
            f"this registry is public: {promise.reason}",
            location=f"{workflow.reference}: security.access_control.{promise.action}",
            hint=f"{MAKE_PRIVATE}{promise.action}: {instead} in a new version",
        )
