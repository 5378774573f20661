"""The review summary of a pull request in Markdown; every stranger's string in it is only text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from registry_tool.core.finding import Finding
from registry_tool.manifest.model import Port, Workflow
from registry_tool.report.text import inert
from registry_tool.resolver.version import bump_between

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~@:&])")
New = tuple[Workflow, Workflow | None]


def plain(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    return _SPECIAL.sub(r"\\\1", inert(text.replace("\n", " "))).replace("\\<", "&lt;")


def summary(new: Sequence[New], findings: Iterable[Finding]) -> str:
    """What is new, how the interface changes, and what was found."""
    return "\n".join((*_versions(new), *_findings(list(findings)))) + "\n"


def _versions(new: Sequence[New]) -> Iterator[str]:
    yield "## Review summary\n"
    if not new:
        yield "No new version.\n"
    for workflow, before in new:
        yield f"### {plain(workflow.reference)}\n"
        yield f"{plain(workflow.metadata.description)}\n"
        if before is None:
            yield "The first version of this workflow.\n"
            continue
        bump = bump_between(before.version, workflow.version)
        yield f"A {bump} release after {plain(before.version)}.\n"
        yield from _sides(workflow, before)


def _sides(workflow: Workflow, before: Workflow) -> Iterator[str]:
    for name, ports, old in (
        ("input", workflow.interface.inputs, before.interface.inputs),
        ("output", workflow.interface.outputs, before.interface.outputs),
    ):
        yield from _changed(name, _by_name(ports), _by_name(old))
    yield ""


def _by_name(ports: Iterable[Port]) -> dict[str, Port]:
    return {port.name: port for port in ports}


def _changed(side: str, new: dict[str, Port], old: dict[str, Port]) -> Iterator[str]:
    for name in new.keys() - old.keys():
        yield f"- added {side} {plain(name)}{' (required)' if new[name].required else ''}"
    for name in old.keys() - new.keys():
        yield f"- removed {side} {plain(name)}"
    for name in sorted(new.keys() & old.keys()):
        if new[name] != old[name]:
            yield f"- changed {side} {plain(name)}"


def _findings(findings: list[Finding]) -> Iterator[str]:
    if not findings:
        yield "Nothing was found."
        return
    yield "| severity | rule | place | finding | way out |"
    yield "| --- | --- | --- | --- | --- |"
    for finding in findings:
        place = f"{finding.path}:{finding.line}" if finding.line else finding.path
        cells = (finding.severity, finding.rule, place, finding.message, finding.help)
        yield f"| {' | '.join(plain(str(cell)) for cell in cells)} |"
