"""The licence is an SPDX expression (https://spdx.org/licenses/)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject


@cache
def _spdx() -> Any:  # license_expression has no stubs
    from license_expression import get_spdx_licensing

    return get_spdx_licensing()


@cache
def _errors(expression: str) -> tuple[str, ...]:
    return tuple(str(error) for error in _spdx().validate(expression).errors)


def _check(subject: Subject) -> Iterator[Problem]:
    written = subject.workflow.metadata.license
    if not written:
        yield Problem(
            ("metadata",),
            "there is no licence, so nobody may use the workflow",
            'add license: "MIT" or another SPDX expression',
            Severity.WARNING if subject.is_project else Severity.ERROR,
        )
    elif errors := _errors(written):
        yield Problem(
            ("metadata", "license"),
            f"{written!r} is not an SPDX expression: {errors[0]}",
            "see https://spdx.org/licenses/",
        )


RULE = Rule("license", "The licence is an SPDX expression.", _check)
