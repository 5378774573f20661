"""Who gave data to a workflow under its promises is not left with weaker ones by another release, unseen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from registry_tool.core.clock import seconds
from registry_tool.core.finding import Problem, Severity
from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.model import Workflow
from registry_tool.manifest.strictest import handling_rank
from registry_tool.rules.base import Rule, Subject
from registry_tool.rules.neighbouring_version import neighbouring_version

_PRIVACY = ("security", "data_privacy")
_ACCESS = ("security", "access_control")


def _check(subject: Subject) -> Iterator[Problem]:
    other, new = neighbouring_version(subject), subject.workflow
    if other is not None:
        yield from _handling(other, new)
        yield from _marks(other, new)
        yield from _retention(other, new)
        yield from _recipients(other, new)
        yield from _lists(other, new)


def _handling(other: Workflow, new: Workflow) -> Iterator[Problem]:
    was, now = other.security.pii_handling, new.security.pii_handling
    if handling_rank(now) < handling_rank(was):
        words = f"{other.version} has pii_handling: {was}, this version {now}"
        yield _held((*_PRIVACY, "pii_handling"), words, f"write pii_handling: {was}")


def _marks(other: Workflow, new: Workflow) -> Iterator[Problem]:
    marked = {port.name for port in other.interface.inputs if port.pii}
    for position, port in enumerate(new.interface.inputs):
        if port.name in marked and not port.pii:
            yield _held(
                ("spec", "interface", "inputs", position),
                f"{other.version} takes the input {port.name!r} for personal, this version does not",
                "write pii: true at the input",
            )


def _retention(other: Workflow, new: Workflow) -> Iterator[Problem]:
    was, now = other.security.data_retention, new.security.data_retention
    if was and (not now or seconds(now) > seconds(was)):
        words = f"{other.version} keeps data for {was}, this version {f'for {now}' if now else 'without end'}"
        yield _held((*_PRIVACY, "data_retention"), words, f"write data_retention: {was}")


def _recipients(other: Workflow, new: Workflow) -> Iterator[Problem]:
    """Who may get personal data, or gets it, and did not in the other release."""
    personal = {port.name for flow in (other, new) for port in flow.interface.inputs if port.pii}
    known = {*other.security.recipients, *_ends(_sent(other, personal))}
    for position, name in enumerate(new.security.recipients):
        if name not in known:
            yield _held(
                (*_PRIVACY, "recipients", position),
                f"personal data may go to {name}, which {other.version} does not name",
                f"take {name!r} out of security.data_privacy.recipients",
            )
    known |= set(new.security.recipients)
    before = {port.name for port in other.interface.inputs}
    places = {port.name: n for n, port in enumerate(new.interface.inputs)}
    for flow in sorted(_sent(new, personal)):
        if flow.input in before and not known & _ends([flow]):
            yield _held(
                ("spec", "interface", "inputs", places[flow.input]),
                f"the personal input {flow.input!r} reaches {flow.destination}, unlike in {other.version}",
                "don't send the input there",
            )


def _sent(workflow: Workflow, inputs: Collection[str]) -> list[Flow]:
    return [flow for flow in egress(workflow) if flow.input in inputs]


def _ends(flows: Sequence[Flow]) -> set[str]:
    return {name for flow in flows for name in (flow.recipient, flow.destination)}


def _lists(other: Workflow, new: Workflow) -> Iterator[Problem]:
    for action in ("read", "execute"):
        was: Sequence[str] = getattr(other.security, action)
        now: Sequence[str] = getattr(new.security, action)
        if _lets_in(was, now):
            words = f"{other.version} lets {_named(was)} {action} it, this version {_named(now)}"
            yield _held((*_ACCESS, action), words, f"write {action}: [{', '.join(was)}]")


def _lets_in(was: Sequence[str], now: Sequence[str]) -> bool:
    """Whether a list lets somebody in whom the other keeps out; owners are collaborators, too."""
    for everybody in ("public", "authenticated"):
        if everybody in was or everybody in now:
            return everybody not in was
    held = {*was, *(("owner",) if "collaborator" in was else ())}
    return bool(set(now) - held)


def _named(who: Sequence[str]) -> str:
    return ", ".join(who) or "nobody"


def _held(route: tuple[str | int, ...], words: str, fix: str) -> Problem:
    return Problem(
        route,
        f"{words}: who asks for a run can't tell which one serves",
        f"{fix}, or a maintainer accepts it",
        Severity.HOLD,
    )


RULE = Rule("privacy-kept", "No release gives up a promise of privacy unseen.", _check)
