"""Which sandbox is meant."""

from __future__ import annotations

import pytest

from registry_tool.core.errors import UsageError
from registry_tool.engine.sandbox.all_sandboxes import ALL_SANDBOXES, make_sandbox


def test_webassembly_is_usual() -> None:
    assert make_sandbox({}).name == "wasm"
    assert make_sandbox({"PUPPY_SANDBOX": ""}).name == "wasm"


@pytest.mark.parametrize("name", ALL_SANDBOXES)
def test_a_sandbox_is_chosen_by_its_name(name: str) -> None:
    assert make_sandbox({"PUPPY_SANDBOX": name}).name == name


def test_an_unknown_name_is_refused() -> None:
    with pytest.raises(
        UsageError, match=r"PUPPY_SANDBOX: there is no sandbox 'none'.*native, wasm"
    ):
        make_sandbox({"PUPPY_SANDBOX": "none"})
