"""The report is safe to print, and depth costs no recursion."""

from __future__ import annotations

from typing import Any

import pytest

from registry_tool.importers.puppyflow.model import ForeignError, Loss, refuse_depth


def test_a_loss_in_words() -> None:
    assert str(Loss("blocks.a", "x\x1b[31m", "why")) == "blocks.a: x\\x1b[31m (why)"


def test_depth() -> None:
    value: Any = 1
    for _ in range(3):
        value = {"a": [value]}
    refuse_depth(value, "here", 6)
    with pytest.raises(ForeignError, match="more than 5 deep"):
        refuse_depth(value, "here", 5)
