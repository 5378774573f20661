"""Personal inputs reach only recipients that the manifest names."""

from __future__ import annotations

from collections.abc import Iterator

from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.egress import egress
from registry_tool.rules.base import Rule, Subject


def _check(subject: Subject) -> Iterator[Problem]:
    workflow = subject.workflow
    allowed = set(workflow.security.recipients)
    positions = {port.name: number for number, port in enumerate(workflow.interface.inputs)}
    for flow in sorted(egress(workflow)):
        if flow.personal and not allowed & {flow.recipient, flow.destination}:
            yield Problem(
                ("spec", "interface", "inputs", positions[flow.input]),
                f"the personal input {flow.input!r} reaches {flow.destination}",
                f"name {flow.recipient!r} in security.data_privacy.recipients, or don't send the input",
                severity=Severity.WARNING,
            )


RULE = Rule("personal-egress", "Personal inputs reach only named recipients.", _check)
