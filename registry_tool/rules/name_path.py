"""The manifest's name and version are those of its path, and the name can be used everywhere."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.names import bad_name
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    about = subject.workflow.metadata
    if reason := bad_name(about.name):
        yield Problem(
            ("metadata", "name"), f"the name {about.name!r} {reason}", "such as my-workflow"
        )
    if subject.is_project:
        return
    for key, written, expected in (
        ("name", about.name, subject.name),
        ("version", about.version, subject.version),
    ):
        if written != expected:
            yield Problem(
                ("metadata", key),
                f"the {key} is {written!r}, but the folder says {expected!r}",
                "a version lives in registry/workflows/<name>/<version>/",
            )


RULE = Rule("name-path", "Name and version are valid and match the path.", _check)
