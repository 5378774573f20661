"""A published version has a description and tests that assert its required outputs (the registry's policy).

`policy.publish` of registry.yaml turns each part off; a maintainer's label lets one version through. The licence
has a rule of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.asserting import Asserted, asserted
from registry_tool.manifest.publish_policy import DESCRIPTION, TESTS
from registry_tool.rules.base import Rule, Subject

_TESTS = ("spec", "tests")
_HOW = "name the output in expected, or in assert with output"


def _check(subject: Subject) -> Iterator[Problem]:
    severity = subject.severity_of_policy
    if subject.asks(DESCRIPTION) and not subject.workflow.metadata.description.strip():
        yield Problem(
            ("metadata",),
            "there is no description, so nobody finds the workflow or knows what it is for",
            "say in a sentence what it does: description: Sorts letters by subject",
            severity,
        )
    if subject.asks(TESTS) and subject.workflow.interface.outputs:
        yield from _tests(subject, severity)


def _tests(subject: Subject, severity: Severity) -> Iterator[Problem]:
    workflow = subject.workflow
    proved = [asserted(case, workflow) for case in workflow.tests]
    route = _TESTS if workflow.tests else ("spec",)
    if proved and subject.is_addition and not any(one.anything for one in proved):
        return  # the rule `tests-assert` refuses each of them
    if not any(one.about_outputs for one in proved):
        how = "no test asserts any output" if workflow.tests else "there is no test"
        help_ = "add a test with inputs and what they must give as expected (docs/tests.md)"
        yield Problem(route, f"{how}, so nobody knows whether the workflow works", help_, severity)
        return
    yield from _outputs(subject, proved, severity)


def _outputs(subject: Subject, proved: list[Asserted], severity: Severity) -> Iterator[Problem]:
    """Outputs that no test looks at: those that are always there by their word, others for information."""
    seen = frozenset[str]().union(*(one.outputs for one in proved))
    for position, port in enumerate(subject.workflow.interface.outputs):
        if port.name not in seen and (port.required or subject.is_addition):
            kind = "required output" if port.required else "output"
            yield Problem(
                ("spec", "interface", "outputs", position),
                f"no test asserts the {kind} {port.name!r}",
                _HOW,
                severity if port.required else Severity.INFO,
            )


RULE = Rule(
    "publishable",
    "A published version has a description and tests that assert its outputs.",
    _check,
)
