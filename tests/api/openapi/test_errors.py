"""Findings have the severities that the rules give."""

from __future__ import annotations

from typing import Any

from registry_tool.api.openapi.errors import SCHEMAS
from registry_tool.core.finding import Severity


def test_every_severity_is_described() -> None:
    finding: Any = SCHEMAS["Finding"]
    assert set(finding["properties"]["severity"]["enum"]) == {str(one.value) for one in Severity}
