"""The review summary of a pull request in Markdown (SPEC.md §5); every stranger's string in it is only text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from registry_tool.core.finding import Finding, Severity
from registry_tool.manifest.egress import egress
from registry_tool.manifest.flow.toxic import toxic_flows
from registry_tool.manifest.model import Edge, Workflow
from registry_tool.manifest.names import bad_version
from registry_tool.report.answers import answers_diff, stand_ins
from registry_tool.report.canaries import canary_lines
from registry_tool.report.markdown import fenced, plain
from registry_tool.report.prompts import prompt_diffs
from registry_tool.resolver.bump import needed_after
from registry_tool.resolver.difference import required_bump
from registry_tool.resolver.version import bump_between
from registry_tool.rules.base import Dependent, Replayed, Subject
from registry_tool.rules.bump import changes
from registry_tool.rules.planted import CanaryReport
from registry_tool.store import paths

_MOST = 50
_MOST_FINDINGS = 200
_MOST_ARROWS = 300
_MOST_BYTES = 900_000  # GitHub drops a step's summary of more than 1 MiB whole
_LONGEST_PART = 300_000
_VERDICTS = {
    "passed": "Nothing stands in the way.",
    "held": "This waits for a human.",
    "refused": "This can't be merged as it is.",
}


def summary(
    new: Sequence[Subject],
    findings: Sequence[Finding],
    verdict: str = "passed",
    label: str = "",
    unread: Sequence[str] = (),
) -> str:
    """What is new, what it changes for its users, and what was found; `unread` versions could not be read."""
    head = [*_head(new, verdict, label, unread)]
    shown, left_out = _fitting([*_versions(new), *_findings(findings)])
    if left_out:
        head.append(
            f"**This summary is not whole**: {left_out} of its parts are too long to be shown. "
            "`puppy-cli diff` shows them in a clone.\n"
        )
    return "\n".join((*head, *shown)) + "\n"


def _fitting(parts: Iterable[str]) -> tuple[list[str], int]:
    """The parts that fit, and how many don't: a flood must not hide the rest."""
    shown: list[str] = []
    left, left_out = _MOST_BYTES, 0
    for part in parts:
        size = len(part.encode()) + 1
        if size > min(left, _LONGEST_PART):
            left_out += 1
        else:
            left -= size
            shown.append(part)
    return shown, left_out


def _head(new: Sequence[Subject], verdict: str, label: str, unread: Sequence[str]) -> Iterator[str]:
    yield f"## Review summary\n\n**{_VERDICTS[verdict]}**\n"
    if verdict == "held":
        yield (
            f"A maintainer who accepts it sets the label `{label}`. It is for the commit "
            f"`{''.join(label.split('-')[1:2])}` alone: any push needs another one.\n"
        )
    for reference in unread[:_MOST]:
        yield f"{plain(reference)} is new and could not be read; see the findings.\n"
    if not new and not unread:
        yield "No new version.\n"


def _versions(new: Sequence[Subject]) -> Iterator[str]:
    for subject in new:
        workflow, before = subject.workflow, subject.context.previous
        yield f"### {plain(workflow.reference)}\n"
        yield f"{plain(workflow.metadata.description)}\n"
        if before is None:
            yield "The first version of this workflow.\n"
        else:
            yield from _differences(subject, before)
        yield from _texts(before, workflow)
        if before is not None:
            yield from _answers(subject)
        yield from _graphs(workflow, before)
        yield from _egress(workflow, before)
        yield from _settled(workflow, before)
        yield from _tests(subject.context.replayed)
        yield from _canaries(subject.context.canaries)
        yield from _by_hand(workflow)
        if subject.context.replayed is not None:
            yield from _dependents(subject.context.dependents)


def _differences(subject: Subject, before: Workflow) -> Iterator[str]:
    if bad_version(subject.workflow.version):
        yield f"Its version {plain(subject.workflow.version)} is not a version number, so it can't be compared.\n"
        return
    found = changes(subject)
    required = needed_after(required_bump(found) if found else "patch", before.version)
    actual = bump_between(before.version, subject.workflow.version)
    yield (
        f"Required: a **{required}** release after {plain(before.version)}. "
        f"This is a **{actual}** release.\n"
    )
    if found:
        yield "| field | change | asks for |"
        yield "| --- | --- | --- |"
    for change in found[:_MOST]:
        yield f"| {plain(change.field)} | {plain(change.words)} | {change.bump} |"
    if len(found) > _MOST:
        yield f"| … | {len(found) - _MOST} more changes | |"
    yield ""


def _texts(before: Workflow | None, workflow: Workflow) -> Iterator[str]:
    for location, lines in prompt_diffs(before, workflow):
        yield f"The text of {plain(location)}:\n"
        yield f"{fenced(chr(10).join(lines), 'diff')}\n"


def _answers(subject: Subject) -> Iterator[str]:
    content = subject.files.get(paths.CASSETTES)
    for answered, requested in stand_ins(content.content if content else b""):
        yield f"Its recorded answers are those of {plain(answered)} instead of {plain(requested)}.\n"
    lines = answers_diff(subject.context.previous_answers, content.content if content else b"")
    if lines:
        yield f"Recorded answers:\n\n{fenced(chr(10).join(lines), 'diff')}\n"


def _graphs(workflow: Workflow, before: Workflow | None) -> Iterator[str]:
    new = _mermaid(workflow)
    if before is None:
        yield f"The graph:\n\n{fenced(new, 'mermaid')}\n"
        return
    old = _mermaid(before)
    if old == new:
        yield "The graph has the same blocks and edges as before.\n"
        return
    yield f"The graph before:\n\n{fenced(old, 'mermaid')}\n"
    yield f"The graph after:\n\n{fenced(new, 'mermaid')}\n"


def _mermaid(workflow: Workflow) -> str:
    """Ids and types only: ids hold letters, digits, `_` and `-`, so nothing in them can be obeyed."""
    names = {block.id: f"b{number}" for number, block in enumerate(workflow.blocks)}
    lines = ["flowchart LR"]
    lines += [f'  {names[block.id]}["{block.id}"]' for block in workflow.blocks]
    arrows = (
        line.format(names[source], names[target])
        for edge in workflow.edges
        for line, sources in _arrows(edge)
        for source in sources
        for target in edge.targets
        if source in names and target in names
    )
    lines += islice(arrows, _MOST_ARROWS)
    if next(arrows, None):
        lines.append('  more["…and more arrows than can be drawn"]')
    return "\n".join(lines)


def _arrows(edge: Edge) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """A line for arrows from sources, and a dotted one for those from blocks that decide whether it runs."""
    fails = f", on_error: {edge.on_error.word}" if edge.on_error else ""
    return (
        (f'  {{}} -- "{edge.id} ({edge.type}{fails})" --> {{}}', edge.sources),
        (f'  {{}} -. "{edge.id} (when)" .-> {{}}', edge.when),
    )


def _egress(workflow: Workflow, before: Workflow | None) -> Iterator[str]:
    flows = egress(workflow) - (egress(before) if before else frozenset())
    if not flows:
        yield "No input newly reaches anyone outside.\n"
        return
    yield "New data egress:\n"
    for flow in sorted(flows):
        what = "**personal** input" if flow.personal else "input"
        yield f"- the {what} {plain(flow.input)} reaches {plain(flow.destination)}"
    yield ""


def _settled(workflow: Workflow, before: Workflow | None) -> Iterator[str]:
    """What the author declared, and no finding tells: who may get untrusted text and private data together."""
    known = {flow.words for flow in toxic_flows(before) if flow.settled} if before else set()
    flows = [flow for flow in toxic_flows(workflow) if flow.settled and flow.words not in known]
    if not flows:
        return
    yield "Settled by declared recipients, if they may have this:\n"
    for flow in flows[:_MOST]:
        yield f"- {plain(flow.words)}"
    if len(flows) > _MOST:
        yield f"- and {len(flows) - _MOST} more"
    yield ""


def _tests(replayed: Replayed | None) -> Iterator[str]:
    if replayed is None:
        yield "Its tests, and those of its dependents, wait until nothing else is wrong.\n"
    elif replayed.fine:
        yield f"Its tests ({replayed.passed}) pass on recorded answers.\n"
    else:
        yield f"{replayed.passed} of its tests pass; see the findings.\n"


def _canaries(report: CanaryReport | None) -> Iterator[str]:
    """Where instructions from outside would get to; what a model makes of them no recorded answer tells."""
    if report is None:
        return
    first, *rest = canary_lines(report)
    yield f"{plain(first)}\n"
    yield from (f"- {plain(line)}" for line in rest)
    yield ""


def _by_hand(workflow: Workflow) -> Iterator[str]:
    """Tests whose answers nobody gave: they prove the way, not the model."""
    written = [case for case in workflow.tests if case.answers]
    if not written:
        return
    yield f"{len(written)} of its {len(workflow.tests)} tests run on answers written by hand:\n"
    for case in written[:_MOST]:
        yield f"- {plain(case.name)} (edges {plain(', '.join(case.answers))})"
    if len(written) > _MOST:
        yield f"- and {len(written) - _MOST} more"
    yield ""


def _dependents(dependents: Sequence[Dependent]) -> Iterator[str]:
    if not dependents:
        yield "No workflow takes it up by its range.\n"
        return
    yield "Workflows that take it up by their ranges:\n"
    for dependent in dependents[:_MOST]:
        yield f"- {plain(dependent.reference)} ({plain(dependent.range)}): {_went(dependent)}"
    if len(dependents) > _MOST:
        yield f"- and {len(dependents) - _MOST} more"
    yield ""


def _went(dependent: Dependent) -> str:
    after, before = dependent.after, dependent.before
    if after is None:
        return "not replayed"
    if after.fine:
        return f"its tests ({after.passed}) pass"
    if not after.failures and not after.crash:
        return "its recorded answers don't cover the new questions"
    if before is not None and (before.failures or before.crash):
        return "fails, and failed before"
    return "**fails now, and did not before**"


def _findings(findings: Iterable[Finding]) -> Iterator[str]:
    found = list(findings)
    if not found:
        yield "Nothing was found."
        return
    yield "| severity | rule | place | finding | fix |"
    yield "| --- | --- | --- | --- | --- |"
    found.sort(key=lambda finding: list(Severity).index(finding.severity))
    for finding in found[:_MOST_FINDINGS]:
        location = f"{finding.path}:{finding.line}" if finding.line else finding.path
        cells = (finding.severity, finding.rule, location, finding.message, finding.help)
        yield f"| {' | '.join(plain(str(cell)) for cell in cells)} |"
    if len(found) > _MOST_FINDINGS:
        yield f"| … | | | and {len(found) - _MOST_FINDINGS} more | |"
