"""Every sandbox that a person can choose, registered by hand, and which one is meant when nobody chooses."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping

from registry_tool.core.errors import UsageError
from registry_tool.engine.sandbox.base import Sandbox

SETTING = "PUPPY_SANDBOX"


def _wasm() -> Sandbox:
    from registry_tool.engine.sandbox.wasm import WasmSandbox

    return WasmSandbox()


def _native() -> Sandbox:
    from registry_tool.engine.sandbox.native import NativeSandbox

    return NativeSandbox()


ALL_SANDBOXES: dict[str, Callable[[], Sandbox]] = {
    "wasm": _wasm,
    "native": _native,
}


def make_sandbox(environment: Mapping[str, str] | None = None) -> Sandbox:
    """The sandbox that `PUPPY_SANDBOX` names, else `wasm`; `UsageError` for an unknown name.

    Nothing is looked for yet: where its tools are missing, the first call says so and runs no code. There is no
    way back to another sandbox, and none to no sandbox.
    """
    known = os.environ if environment is None else environment
    name = known.get(SETTING) or "wasm"
    if name not in ALL_SANDBOXES:
        raise UsageError(
            f"there is no sandbox {name!r}",
            location=SETTING,
            hint=f"use one of {', '.join(sorted(ALL_SANDBOXES))}, or unset it",
        )
    return ALL_SANDBOXES[name]()
