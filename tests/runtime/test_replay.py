"""What the confined process says of replayed tests, and what is made of its end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from registry_tool.core.values import Object
from registry_tool.rules.base import Replayed
from registry_tool.rules.planted import CanaryReport
from registry_tool.runtime.confined import PLANTING, REPLAYING, ConfinedError
from registry_tool.runtime.replay import Replayer
from registry_tool.sources.program import Program
from tests.engine.small import asking

PROGRAMS = [(name, Program(asking(), {}, "")) for name in ("a:1.0.0", "b:1.0.0")]


class ScriptedChild:
    """A confined process that says what it was told to, or ends; the real one: test_confined.py."""

    def __init__(self, *lines: Object, bug: bool = False) -> None:
        self._lines, self._bug = lines, bug
        self.closed = False

    def ask(self, kind: str, what: object) -> Iterator[Object]:
        """The lines."""
        assert kind == "replay"
        yield from self._lines
        if self._bug:
            raise ConfinedError("Traceback …")

    def stopped(self, limits: object) -> str:
        """A limit."""
        assert limits is REPLAYING
        return "more than 120 s of processor time"

    def close(self) -> None:
        """End."""
        self.closed = True


def replayed(value: ScriptedChild) -> Any:
    return Replayer(value).replay(PROGRAMS)  # type: ignore[arg-type]


def test_each_program_has_what_was_said_of_it() -> None:
    found = replayed(
        ScriptedChild(
            {
                "a:1.0.0": {"passed": 2, "failures": [], "missing": []},
                "b:1.0.0": {
                    "passed": 1,
                    "failures": ["one is 2"],
                    "missing": ["why?"],
                    "crash": "",
                },
            }
        )
    )
    assert found == {
        "a:1.0.0": Replayed("a:1.0.0", passed=2),
        "b:1.0.0": Replayed("b:1.0.0", 1, ("one is 2",), ("why?",)),
    }
    assert (found["a:1.0.0"].fine, found["b:1.0.0"].fine) == (True, False)


@pytest.mark.parametrize(
    ("expected", "crash"),
    [
        (ScriptedChild(), "they took more than 120 s of processor time"),
        (ScriptedChild(bug=True), "they used more memory, time or disk than they may"),
    ],
)
def test_where_it_ended_every_program_has_crashed(expected: ScriptedChild, crash: str) -> None:
    found = replayed(expected)
    assert [(label, one.crash, one.fine) for label, one in found.items()] == [
        (label, crash, False) for label, _ in PROGRAMS
    ]


def test_planted_tests_are_reported_or_say_why_not() -> None:
    class Planting(ScriptedChild):
        def ask(self, kind: str, what: object) -> Iterator[Object]:
            assert kind == "plant"
            yield from self._lines
            if self._bug:
                raise ConfinedError("Traceback …")

        def stopped(self, limits: object) -> str:
            assert limits is PLANTING
            return "more than 60 s of processor time"

    def planted(child: ScriptedChild) -> list[CanaryReport]:
        return list(Replayer(child).plant(PROGRAMS).values())  # type: ignore[arg-type]

    report = CanaryReport(("the input a",), 1)
    assert planted(Planting({name: report.to_value() for name, _ in PROGRAMS})) == [report, report]
    late = CanaryReport(untold="they took more than 60 s of processor time")
    assert planted(Planting()) == [late, late]
    crashed = CanaryReport(untold="they used more memory, time or disk than they may")
    assert planted(Planting(bug=True)) == [crashed, crashed]


def test_closing_ends_the_process() -> None:
    result = ScriptedChild()
    Replayer(result).close()  # type: ignore[arg-type]
    assert result.closed
