"""`workflow.json` is exactly what the manifest compiles to."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem
from registry_tool.manifest.compile import compile_bytes
from registry_tool.rules.base import Rule, Subject
from registry_tool.store.paths import COMPILED

_HELP = "run `registry-tool check --fix`, or publish with `puppy-cli publish`"


def _check(subject: Subject) -> Iterator[Problem]:
    if subject.is_project:
        return
    file = subject.files.get(COMPILED)
    if file is None:
        yield Problem((), f"{COMPILED} is missing", _HELP)
    elif file.content != compile_bytes(subject.workflow):
        yield Problem(
            (),
            f"{COMPILED} is not what the manifest compiles to",
            _HELP,
            path=COMPILED,
            location=(1, 1),
        )


RULE = Rule("compiled-current", "The compiled workflow is up to date.", _check)
