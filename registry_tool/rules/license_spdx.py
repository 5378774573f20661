"""The licence is an SPDX expression (https://spdx.org/licenses/)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from registry_tool.core.finding import Problem, Severity
from registry_tool.core.suggest import nearest
from registry_tool.manifest.publish_policy import LICENSE
from registry_tool.rules.base import Rule, Subject

_FORM = re.compile(r"[A-Za-z0-9.+:() -]{1,256}")


@cache
def license_error(expression: str) -> str:
    """What is wrong with an expression; empty where it is one."""
    from packaging.licenses import InvalidLicenseExpression, canonicalize_license_expression

    if not _FORM.fullmatch(expression):
        return "it holds other characters than an SPDX expression may"
    try:
        canonicalize_license_expression(expression)
    except InvalidLicenseExpression as error:
        known = str(error).startswith("Unknown")
        return str(error) if known else "it is not identifiers joined by AND, OR and WITH"
    return ""


@cache
def _ids() -> tuple[str, ...]:
    from packaging import licenses

    return tuple(known["id"] for known in licenses.LICENSES.values())  # type: ignore[attr-defined]


def license_hint(written: str) -> str:
    """The licence that is probably meant, and where all of them stand."""
    plain = re.sub(r"(?i)\b(licen[cs]e|version)\b|,", " ", written[:64])
    words = "-".join(plain.replace(" v", " ").split())
    lower = {one.lower(): one for one in _ids()}
    tries = [words.lower(), f"{words.lower()}.0"]
    meant = next((lower[one] for one in tries if one in lower), "")
    if not meant:
        meant = lower.get(nearest(words.lower(), lower), "")
    wanted = f"did you mean {meant}? " if meant else ""
    return f"{wanted}see https://spdx.org/licenses/"


def _check(subject: Subject) -> Iterator[Problem]:
    written = subject.workflow.metadata.license
    if not written:
        yield Problem(
            ("metadata",),
            "there is no licence, so nobody may use the workflow",
            'add license: "MIT" or another SPDX expression',
            subject.severity_of_policy if subject.asks(LICENSE) else Severity.WARNING,
        )
    elif error := license_error(written):
        yield Problem(
            ("metadata", "license"),
            f"{written!r} is not an SPDX expression: {error}",
            license_hint(written),
        )


RULE = Rule("license", "The licence is an SPDX expression.", _check)
