"""The bound on processor time is real."""

from __future__ import annotations

import itertools
import re

import pytest

from tests import bounded


def test_what_never_ends_fails() -> None:
    with pytest.raises(AssertionError, match="not over"), bounded.ends(0.05):
        for _ in itertools.count():
            pass


def test_so_does_an_expression_in_its_midst() -> None:
    with pytest.raises(AssertionError, match="not over"), bounded.ends(0.05):
        re.match("(a+)+$", "a" * 60 + "!")


def test_what_ends_passes() -> None:
    with bounded.ends():
        assert sum(range(1000)) == 499500
