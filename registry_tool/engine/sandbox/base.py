"""What a sandbox is: it runs a stranger's Python and gives back a JSON value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from registry_tool.core.errors import RegistryError
from registry_tool.core.values import Value


class CodeError(RegistryError):
    """The author's code failed; `reason` ends with the author's own line numbers."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one call: `seconds` of wall time, `memory` and `output` in bytes."""

    seconds: float = 10.0
    memory: int = 256 * 2**20
    output: int = 4 * 2**20


class Sandbox(Protocol):
    """A place where code can do no harm: no files, environment, processes or network."""

    name: str

    async def call(self, code: str, arguments: Mapping[str, Value], limits: Limits) -> Value:
        """What `code` returns for `arguments`; `CodeError` where it fails or breaks a limit."""
