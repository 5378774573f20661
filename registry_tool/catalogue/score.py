"""A version's score: points for documentation, tests, discoverability, safety, reproducibility, with reasons.

Pure: the same version, the same score, whatever the day and whoever uses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registry_tool.catalogue.model import PublishedVersion
from registry_tool.catalogue.retiring_models import retiring_models
from registry_tool.core.once import once
from registry_tool.core.values import Object
from registry_tool.manifest.asserting import asserted, asserting_tests
from registry_tool.manifest.egress import Flow, egress
from registry_tool.manifest.model import Workflow

REASONS: Final[dict[str, tuple[int, str, str]]] = {
    "description": (
        5,
        "The description has 20 characters or more.",
        "Describe it in the manifest, in 20 characters or more.",
    ),
    "readme": (
        10,
        "The README has 200 characters or more.",
        "Write a README of 200 characters or more.",
    ),
    "ports": (10, "Every input and output has a description.", "Describe every input and output."),
    "asserting": (
        10,
        "There is a test that asserts something.",
        "Add a test with `expected` or `assert`.",
    ),
    "outputs-tested": (
        10,
        "Every required output is asserted.",
        "Assert every required output in a test.",
    ),
    "recorded": (
        10,
        "Answers are recorded, or none is needed.",
        "Record the answers: `puppy-cli test --record`.",
    ),
    "pass-rate": (5, "Every test has to pass every time.", "Raise each test's `pass_rate` to 1."),
    "category": (5, "It stands in a category.", "Set `metadata.category`."),
    "tags": (5, "It has two tags or more.", "Add two tags or more."),
    "licence": (5, "Its licence is stated.", "State a licence as an SPDX expression."),
    "egress": (
        5,
        "Every host that it talks to is declared.",
        "Declare each host below `external_apis`.",
    ),
    "recipients": (
        5,
        "Every recipient of personal data is named, or there is none.",
        "Name each recipient below `security.data_privacy.recipients`.",
    ),
    "models": (
        5,
        "No model that it names has a date of retirement.",
        "Move to a model that stays.",
    ),
    "offline": (
        5,
        "It sends nothing outside, or its answers are recorded.",
        "Record the answers, so that it replays without a network.",
    ),
    "ranges": (
        5,
        "Every dependency has a range with an upper end.",
        "Give each dependency a range such as `^1.2`.",
    ),
}
"""By id: points, why they were given, how to earn them."""

_DESCRIPTION, _README, _TAGS = 20, 200, 2


@dataclass(frozen=True, slots=True)
class Reason:
    """One criterion. `given` says why it has all its points, `how` what earns the missing ones; one is empty."""

    id: str
    points: int
    of: int
    given: str
    how: str


@dataclass(frozen=True, slots=True)
class Score:
    """The points of all reasons together."""

    reasons: tuple[Reason, ...]

    @property
    def total(self) -> int:
        """Points that were given."""
        return sum(reason.points for reason in self.reasons)

    @property
    def of(self) -> int:
        """Points that there are."""
        return sum(reason.of for reason in self.reasons)

    def to_value(self) -> Object:
        """As JSON (SPEC.md §8)."""
        return {
            "total": self.total,
            "of": self.of,
            "reasons": [
                {
                    "id": reason.id,
                    "points": reason.points,
                    "of": reason.of,
                    "given": reason.given or None,
                    "how": reason.how or None,
                }
                for reason in self.reasons
            ],
        }


@once
def score(version: PublishedVersion) -> Score:
    """The score of a published version."""
    return score_of(version.workflow, version.readme, recorded=bool(version.recorded))


def score_of(workflow: Workflow, readme: str, *, recorded: bool) -> Score:
    """The score of a workflow with this README; `recorded` says whether models' answers were recorded with it."""
    flows = egress(workflow)
    shares = {
        **_documentation(workflow, readme),
        **_tests(workflow, recorded=recorded or not _asks(flows)),
        **_discoverability(workflow),
        **_safety(workflow, flows),
        "offline": float(recorded or not flows),
        "ranges": _share(_bounded(need.range) for need in workflow.requires),
    }
    return Score(tuple(_reason(name, shares[name]) for name in REASONS))


def _reason(name: str, share: float) -> Reason:
    of, given, how = REASONS[name]
    points = int(of * share)
    full = points == of
    return Reason(name, points, of, given if full else "", "" if full else how)


def _share(answers: Iterator[bool]) -> float:
    """How many of the answers are yes; all of none."""
    found = list(answers)
    return sum(found) / len(found) if found else 1.0


def _documentation(workflow: Workflow, readme: str) -> dict[str, float]:
    ports = (*workflow.interface.inputs, *workflow.interface.outputs)
    return {
        "description": float(len(workflow.metadata.description) >= _DESCRIPTION),
        "readme": float(len(readme.strip()) >= _README),
        "ports": _share(bool(port.description) for port in ports),
    }


def _tests(workflow: Workflow, *, recorded: bool) -> dict[str, float]:
    outputs = workflow.interface.outputs
    wanted = [port.name for port in outputs if port.required] or [port.name for port in outputs]
    looked_at = {name for test in workflow.tests for name in asserted(test, workflow).outputs}
    has_tests = bool(workflow.tests)
    return {
        "asserting": float(bool(asserting_tests(workflow))),
        "outputs-tested": _share(name in looked_at for name in wanted) if has_tests else 0.0,
        "recorded": float(has_tests and recorded),
        "pass-rate": float(has_tests and all(test.pass_rate >= 1 for test in workflow.tests)),
    }


def _discoverability(workflow: Workflow) -> dict[str, float]:
    about = workflow.metadata
    return {
        "category": float(about.category != "uncategorized"),
        "tags": float(len(about.tags) >= _TAGS),
        "licence": float(bool(about.license)),
    }


def _safety(workflow: Workflow, flows: frozenset[Flow]) -> dict[str, float]:
    declared = {host for api in workflow.external_apis for host in api.hosts}
    hosts = {flow.recipient for flow in flows if flow.destination.startswith("the host ")}
    personal = {flow.recipient for flow in flows if flow.personal}
    models = {flow.recipient for flow in flows if flow.destination.startswith("the model ")}
    return {
        "egress": float(hosts <= declared),
        "recipients": float(personal <= set(workflow.security.recipients)),
        "models": float(not models & retiring_models()),
    }


def _asks(flows: frozenset[Flow]) -> bool:
    """Whether a model has to answer."""
    return any("model" in flow.destination for flow in flows)


def _bounded(range_: str) -> bool:
    """Whether a range has an upper end."""
    return range_.strip() not in {"", "*", "x", "latest"} and not range_.strip().startswith(">")
