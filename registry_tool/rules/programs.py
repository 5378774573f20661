"""No program and no bytecode: nobody can read what it does, and nothing in a version is run as one."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.rules.base import Rule, Subject
from registry_tool.security.scanning.programs import has_program_name, program_kind

_HELP = "take it out; what has to be computed belongs into a `code` edge, as source"


def _check(subject: Subject) -> Iterator[Problem]:
    severity = Severity.ERROR if subject.is_addition else Severity.WARNING
    for path, file in sorted(subject.files.items()):
        kind = program_kind(file.content)
        if not kind and has_program_name(path):
            kind = "named like a program"
        if kind:
            words = f"the file is {kind}, which nobody can read"
            yield Problem((), words, _HELP, severity, path=path, location=(0, 0))


RULE = Rule("programs", "No program and no bytecode.", _check)
