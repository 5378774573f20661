"""Commands that deploy, in this process, with what they print."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from registry_tool.cli.puppy import cli as puppy

Run = Callable[..., tuple[int, str, str]]


def asked(run: Run, *words: str) -> Any:
    code, out, err = run(puppy, *words, "--format", "json")
    assert code == 0, err
    return json.loads(out)
