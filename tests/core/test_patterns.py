"""A pattern is compiled when it is first asked for, and once."""

from __future__ import annotations

import re

import pytest

from registry_tool.core.patterns import compiled_once


def test_it_is_compiled_once_with_its_flags() -> None:
    pattern = compiled_once("a+", re.IGNORECASE)
    assert pattern() is pattern()
    assert pattern().fullmatch("aA")


def test_nothing_is_compiled_before_it_is_asked_for() -> None:
    broken = compiled_once("(")
    with pytest.raises(re.error):
        broken()
