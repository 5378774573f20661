"""What makes a result: the workflow with everything it calls, the settings of the run, and the inputs.

Texts about a workflow (its version, description, documents, tests) make no result, so a result outlives them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, cast

from registry_tool.core.errors import RegistryError
from registry_tool.core.files import canonical_json
from registry_tool.core.values import Frozen, Object, Value
from registry_tool.manifest.compile import compile_value
from registry_tool.manifest.digest import digest
from registry_tool.manifest.model import Workflow

_FORMAT: Final = "puppyai.com/batch/v1"


@dataclass(frozen=True, slots=True)
class Code:
    """A workflow and what it may read and call. `resources` are contents by path, `callees` by name."""

    workflow: Workflow
    resources: Mapping[str, bytes] = field(default_factory=dict)
    callees: Mapping[str, Code] = field(default_factory=dict)

    def to_value(self) -> Object:
        """What of it makes results; callees stand with the content that the lock chose."""
        spec = dict(cast(Object, compile_value(self.workflow)["spec"]))
        spec.pop("tests", None)
        callees: Object = {name: code.to_value() for name, code in sorted(self.callees.items())}
        return {"spec": spec, "resources": digest(self.resources), "callees": callees}


class Keys:
    """Keys of items: hex SHA-256. `about` holds the settings that make results (environment, provider, …)."""

    def __init__(self, code: Code, about: Frozen) -> None:
        made: Object = {"format": _FORMAT, "code": code.to_value(), "about": dict(about)}
        self._start = hashlib.sha256(canonical_json(made))

    def of(self, inputs: Mapping[str, Value]) -> str:
        """The key of inputs; `RegistryError` where they can't be written as JSON that every reader reads."""
        try:
            data = canonical_json(dict(inputs))
        except (ValueError, RecursionError):
            raise RegistryError("holds text or numbers that JSON can't carry") from None
        hashed = self._start.copy()
        hashed.update(data)
        return hashed.hexdigest()
