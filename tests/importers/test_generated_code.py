"""Helpers of generated Python, and what Python of strangers may not import."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.generated_code import AT, missing_modules


def test_the_value_at_a_path_or_none() -> None:
    names: Any = {}
    exec(AT, names)  # noqa: S102 - the helper itself
    at = names["at"]
    assert at({"a": [1, {"b": 2}]}, "a", "1", "b") == 2
    assert at({"a": [1]}, "a", "3") is None
    assert at("text", "a") is None


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        ("import json\nfrom urllib.parse import quote", []),
        ("import requests, numpy.linalg", ["numpy", "requests"]),
        ("from urllib.request import urlopen", ["urllib.request"]),
        ("import subprocess", ["subprocess"]),
    ],
)
def test_what_the_sandbox_has_not(code: str, missing: list[str]) -> None:
    assert missing_modules(code) == missing
