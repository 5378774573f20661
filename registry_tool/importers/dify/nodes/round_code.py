"""The generated Python of a container's rounds: its first state, and the next one of what a round gave.

A state is `{index, item, more, results, variables, said}`: the round's number and item, whether there is one more
round, and what the rounds before it left.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from registry_tool.importers.dify.nodes.branches import TESTS
from registry_tool.importers.dify.references import ValueReference


def first_state(variables: Mapping[str, str], lines: str) -> str:
    """`lines` set `item` and `more`; `variables` are Python by key."""
    return (
        f"{TESTS}\n\ndef main(inputs):\n"
        f"    variables = {_object(variables)}\n"
        f"{lines}"
        '    state = {"index": 0, "item": item, "more": more, "results": [], "said": ""}\n'
        '    return {**state, "variables": variables}\n'
    )


@dataclass(frozen=True, slots=True)
class RoundEnd:
    """What is made of a round: Python of its result and its variables, and the blocks of what it said.

    `parts` are what each edge runs by and writes, where one that failed ends its round alone; then the result is
    null, or with `drops` left out. `lines` set `item` and `more` of the next round.
    """

    state: str
    result: str
    variables: Mapping[str, str]
    said: Sequence[str]
    parts: Sequence[tuple[tuple[str, ...], str]]
    drops: bool
    lines: str

    @property
    def code(self) -> str:
        """The whole function."""
        failed = self._failed()
        kept = 'state["results"] if failed else ' if failed and self.drops else ""
        return (
            f"{TESTS}\n\ndef main(inputs):\n"
            f"    state = inputs[{self.state!r}]\n"
            '    if not state["more"]:\n        return state\n'
            '    index = state["index"] + 1\n'
            f"    variables = {_object(self.variables)}\n"
            f"    result = {self.result}\n"
            f"{failed}"
            f'    results = {kept}[*state["results"], result]\n'
            f'    said = state["said"]{self._words()}\n'
            f"{self.lines}"
            '    state = {"index": index, "item": item, "more": more, "results": results, "said": said}\n'
            '    return {**state, "variables": variables}\n'
        )

    def _words(self) -> str:
        return "".join(f' + str({ValueReference(one).python} or "")' for one in self.said)

    def _failed(self) -> str:
        """Lines that look for an edge that was to run and wrote nothing."""
        tests = []
        for when, name in self.parts:
            ran = " or ".join(f"{ValueReference(gate).python} is not None" for gate in when)
            tests.append(f"({ran}) and {ValueReference(name).python} is None")
        if not tests:
            return ""
        listed = "".join(f"        {test},\n" for test in tests)
        return f"    failed = any([\n{listed}    ])\n    result = None if failed else result\n"


def _object(items: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{key!r}: {python}" for key, python in items.items()) + "}"
