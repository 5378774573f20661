"""A tag of the author's own repository names the version that is published from it."""

from __future__ import annotations

from typing import Final

from registry_tool.core.errors import UsageError

_JOINTS: Final = ("-", "@", "/")


def demand_tag(tag: str, name: str, version: str) -> None:
    """`UsageError` where a tag doesn't name the version: `1.2.0`, `v1.2.0`, or with `NAME-` before it."""
    numbers = {version, f"v{version}"}
    if tag in numbers | {f"{name}{joint}{number}" for joint in _JOINTS for number in numbers}:
        return
    raise UsageError(
        f"the tag {tag[:200]!r} doesn't name {name} {version}, which the manifest says",
        hint=f"write the tag's number into metadata.version, or tag the commit v{version}",
    )
