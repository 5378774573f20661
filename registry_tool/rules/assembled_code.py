"""Code says what it does: it puts no hidden text together, and runs none that is made while it runs."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, most_severe
from registry_tool.core.values import Route
from registry_tool.manifest.python_code import CodeProblem, parse_code
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.configurations import configurations
from registry_tool.security.scanning.assembled import CodeConstants
from registry_tool.security.scanning.commands import commands_in
from registry_tool.security.scanning.orders import orders_in

_HELP = "write it out"
MOST_IN_AN_EDGE = 20


def _check(subject: Subject) -> Iterator[Problem]:
    for found in configurations(subject.workflow, "code"):
        code, route = found.config.get("code"), (*found.route, "code")
        if isinstance(code, str):
            yield from most_severe(_in_code(subject, code, route), MOST_IN_AN_EDGE)


def _in_code(subject: Subject, code: str, route: Route) -> Iterator[Problem]:
    try:
        constants = CodeConstants(parse_code(code))
    except CodeProblem:
        return  # another rule tells
    reported = set()
    for text in constants.texts():
        if (words := _hidden(text.text)) and (text.line, words) not in reported:
            reported.add((text.line, words))
            place = text.line, text.column
            yield _problem(subject, route, place, f"the code puts together {words}", _HELP)
    for place in constants.runs():
        words = "the code runs a text as code, which is known only then"
        yield _problem(subject, route, place, words, "call what is meant by its name")


def _hidden(text: str) -> str:
    if next(orders_in(text), None):
        return "words to an AI that reads them"
    return "a command" if next(commands_in(text), None) else ""


def _problem(
    subject: Subject, route: Route, place: tuple[int, int], words: str, help_: str
) -> Problem:
    location = subject.manifest.document.place_inside(route, *place)
    return Problem(route, words, help_, subject.severity_of_policy, location=location)


RULE = Rule("assembled-code", "Code hides no text in pieces and runs none that is made.", _check)
