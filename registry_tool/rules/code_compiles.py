"""The code of every `code` edge is Python with a function to call."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.python_code import (
    CodeProblem,
    called_function,
    defined_functions,
    parse_code,
)
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import configurations


def _check(subject: Subject) -> Iterator[Problem]:
    document = subject.manifest.document
    for found in configurations(subject.workflow, "code"):
        code, route = found.config.get("code"), (*found.route, "code")
        if not isinstance(code, str) or not code.strip():
            continue  # the schema says so
        try:
            tree = parse_code(code)
            function = called_function(tree)
        except CodeProblem as error:
            yield Problem(
                route,
                f"the code of the edge {found.edge.id} is not Python: {error.reason} (line {error.line})",
                "the sandbox runs Python 3.12" if error.doubtful else "fix the line",
                Severity.WARNING if error.doubtful else Severity.ERROR,
                location=document.place_inside(route, error.line, error.column),
            )
            continue
        if function is None:
            yield Problem(
                route,
                f"the code of the edge {found.edge.id} defines no function",
                "write def main(…): … return value",
            )
        elif function.name != "main" and len(names := defined_functions(tree)) > 1:
            yield Problem(
                route,
                f"the code defines {', '.join(names[:10])} and no main: the first one is called",
                "call the one that is meant main",
                Severity.WARNING,
                location=document.place_inside(route, function.line, function.column),
            )
        if function is not None and function.is_async:
            yield Problem(
                route,
                f"the function {function.name} is async, and nobody awaits it",
                "write def instead of async def",
                location=document.place_inside(route, function.line, function.column),
            )


RULE = Rule("code-compiles", "The code of code edges is Python that defines a function.", _check)
