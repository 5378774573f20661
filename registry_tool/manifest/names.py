"""Names of workflows, blocks and versions: what they may look like."""

from __future__ import annotations

import re

from registry_tool.core.files import is_device_name

MAX_NAME = 64
MAX_NUMBER = 2**53 - 1
"""https://github.com/npm/node-semver refuses larger ones, and takes those of a pre-release for words."""
NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
# SemVer 2.0.0, https://semver.org/#is-there-a-suggested-regular-expression-regex-to-check-a-semver-string
SEMVER = re.compile(
    r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)"
    r"(-((0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*))?"
    r"(\+([0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*))?",
    re.ASCII,
)


def bad_name(name: str) -> str | None:
    """Why `name` can't name a workflow, or None where it can."""
    if len(name) > MAX_NAME:
        return f"has {len(name)} characters, more than {MAX_NAME}"
    if not NAME.fullmatch(name):
        return "must be lower-case letters and digits in words joined by single hyphens"
    if is_device_name(name):
        return "is a device name on Windows"
    return None


def bad_version(version: str) -> str | None:
    """Why `version` is not a SemVer 2.0.0 version, or None where it is."""
    if len(version) > MAX_NAME or not SEMVER.fullmatch(version):
        return "is not a SemVer 2.0.0 version"
    plain = version.split("+", 1)[0].replace("-", ".")
    if any(part.isdigit() and int(part) > MAX_NUMBER for part in plain.split(".")):
        return f"has a number above {MAX_NUMBER}, which not every resolver reads alike"
    return None
