"""What a rule is: it ends with the last error that anybody reads."""

from __future__ import annotations

import re
from itertools import islice

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import MOST_ERRORS, _bounded


def test_a_rule_ends_with_the_last_error_that_anybody_reads() -> None:
    endless = (Problem((), "wrong") for _ in iter(int, 1))
    result = list(islice(_bounded(endless), MOST_ERRORS + 2))
    assert len(result) == MOST_ERRORS + 1
    assert (result[-1].severity, re.match("there may be more", result[-1].message) is not None) == (
        Severity.INFO,
        True,
    )
