"""Depth costs no recursion."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.foreign_values import refuse_depth
from registry_tool.importers.imported import ForeignError


def test_depth() -> None:
    value: Any = 1
    for _ in range(3):
        value = {"a": [value]}
    refuse_depth(value, "here", 6)
    with pytest.raises(ForeignError, match="more than 5 deep"):
        refuse_depth(value, "here", 5)
